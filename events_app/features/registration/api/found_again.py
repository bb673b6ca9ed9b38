"""Find one's tickets again: a mail to the address, and the same answer for every address."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from events_app.features.registration import found_again
from events_app.features.registration.api.limits import expect_patience, expect_peace
from events_app.infra.world import World
from events_app.kernel.errors import TooManyRequests

AnyRequest = Request[Any, Any, Any]


class FindTickets(msgspec.Struct, forbid_unknown_fields=True):
    email: str


async def ask(request: AnyRequest, world: World, email: str) -> None:
    """A caller who asks too often is told (raises `TooManyRequests`); an address that is asked for too often
    is not written to, and nobody is told: it may be a stranger who asks. Raises `InvalidInput`."""
    expect_patience(request)
    address = found_again.address_of(email)
    try:
        expect_peace(request, address, burst=3)
    except TooManyRequests:
        return
    await found_again.ask(world, address)


@post("/my-tickets", tags=["registrations"], status_code=204)
async def find_tickets(
    request: AnyRequest, data: JSONBody[FindTickets], world: NamedDependency[World]
) -> None:
    """Mail to this address the links to all that it is registered for. The answer is the same for an address
    that nobody knows."""
    await ask(request, world, data.email)


ROUTES = [find_tickets]
