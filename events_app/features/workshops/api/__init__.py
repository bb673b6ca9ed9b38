"""Placements by the public contract (v1)."""

from litestar.types import ControllerRouterHandler

from events_app.features.workshops.api import asking, assignments, choices

ROUTES: list[ControllerRouterHandler] = [*assignments.ROUTES, *asking.ROUTES, *choices.ROUTES]
