"""The pages of events: the agenda and one event for everybody, the rest for organisers."""

from events_app.features.events.pages import agenda, event, files

ROUTES = [*agenda.ROUTES, *event.ROUTES, *files.ROUTES]
