"""Registering, the personal page, and the organiser's list."""

from events_app.features.registration.pages import (
    address,
    companions,
    deciding,
    desk,
    entry,
    everywhere,
    export,
    found_again,
    importing,
    inviting,
    many,
    people,
    personal,
)

ROUTES = [
    *entry.ROUTES,
    *personal.ROUTES,
    *companions.ROUTES,
    *deciding.ROUTES,
    *desk.ROUTES,
    *export.ROUTES,
    *found_again.ROUTES,
    *importing.ROUTES,
    *many.ROUTES,
    *people.ROUTES,
    *inviting.ROUTES,
    *address.ROUTES,
    *everywhere.ROUTES,
]
