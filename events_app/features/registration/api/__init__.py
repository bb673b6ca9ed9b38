"""Registrations by the public contract."""

from events_app.features.registration.api import many, registrations

ROUTES = [*registrations.ROUTES, *many.ROUTES]
