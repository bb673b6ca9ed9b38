"""Registrations by the public contract."""

from events_app.features.registration.api import found_again, many, registrations

ROUTES = [*registrations.ROUTES, *many.ROUTES, *found_again.ROUTES]
