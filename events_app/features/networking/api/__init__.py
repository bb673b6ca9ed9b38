"""Networking sessions by the public contract (v1)."""

from events_app.features.networking.api import live, plans

ROUTES = [*plans.ROUTES, *live.ROUTES]
