"""Registrations by the public contract."""

from events_app.features.registration.api import everywhere, found_again, many, notes, registrations

ROUTES = [*registrations.ROUTES, *many.ROUTES, *found_again.ROUTES, *everywhere.ROUTES, *notes.ROUTES]
