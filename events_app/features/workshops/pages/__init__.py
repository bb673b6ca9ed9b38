"""The organiser's placement pages, and the lists that coaches get."""

from litestar.types import ControllerRouterHandler

from events_app.features.workshops.pages import asking, by_hand, choosing, lists, placement, progress

ROUTES: list[ControllerRouterHandler] = [
    *placement.ROUTES,
    *progress.ROUTES,
    *by_hand.ROUTES,
    *asking.ROUTES,
    *lists.ROUTES,
    *choosing.ROUTES,
]
