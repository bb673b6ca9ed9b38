"""The organiser's pages of networking sessions."""

from events_app.features.networking.pages import plan, room

ROUTES = [*room.ROUTES, *plan.ROUTES]
