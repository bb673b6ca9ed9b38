"""The whole application, put together once in a process: each test gives it a world of its own."""

import httpx
from litestar import Litestar

from events_app.app import create_app, serve_instead
from events_app.infra.world import World

BASE = "http://testserver.local"


_put_together: list[Litestar] = []


def app_of(world: World) -> Litestar:
    """As if it had just been made. One at a time: who needs two beside each other makes them."""
    if not _put_together:
        _put_together.append(create_app(world))
    serve_instead(_put_together[0], world)
    return _put_together[0]


def visitor(world: World) -> httpx.AsyncClient:
    """An HTTP client of the whole application, without a socket."""
    transport = httpx.ASGITransport(app=app_of(world))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=BASE)
