"""Sign-in, members, keys, one's own account; the first page of all; bodies and the legal notice."""

from litestar.types import ControllerRouterHandler

from events_app.features.accounts.pages import accesses, account, bodies, keys, members, sign_in, welcome

ROUTES: list[ControllerRouterHandler] = [
    *sign_in.ROUTES,
    *welcome.ROUTES,
    *members.ROUTES,
    *keys.ROUTES,
    *bodies.ROUTES,
    *accesses.ROUTES,
    *account.ROUTES,
]
