"""Networking sessions by the public contract (v1)."""

from events_app.features.networking.api import afterwards, live, plans

ROUTES = [*plans.ROUTES, *live.ROUTES, *afterwards.ROUTES]
