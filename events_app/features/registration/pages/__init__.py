"""Registering, the personal page, and the organiser's list."""

from events_app.features.registration.pages import address, desk, entry, inviting, people, personal

ROUTES = [*entry.ROUTES, *personal.ROUTES, *desk.ROUTES, *people.ROUTES, *inviting.ROUTES, *address.ROUTES]
