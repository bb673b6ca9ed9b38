"""The pages of events: the agenda and one event for everybody, the rest for organisers."""

from events_app.features.events.pages import (
    agenda,
    cover,
    discovery,
    edit,
    event,
    files,
    form_builder,
    history,
    home,
    new,
    programme,
    programme_import,
)

ROUTES = [
    *agenda.ROUTES,
    *event.ROUTES,
    *discovery.ROUTES,
    *cover.ROUTES,
    *files.ROUTES,
    *history.ROUTES,
    *home.ROUTES,
    *new.ROUTES,
    *edit.ROUTES,
    *programme.ROUTES,
    *programme_import.ROUTES,
    *form_builder.ROUTES,
]
