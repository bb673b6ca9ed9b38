"""Committees by the public contract (v1)."""

from events_app.features.committees.api import assemblies, sittings

ROUTES = [*assemblies.ROUTES, *sittings.ROUTES]
