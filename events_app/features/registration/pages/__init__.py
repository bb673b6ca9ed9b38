"""Registering, the personal page, and the organiser's list."""

from events_app.features.registration.pages import entry, personal

ROUTES = [*entry.ROUTES, *personal.ROUTES]
