"""Random histories of an event with workshops, and an independent recount of what its pages say."""

from collections.abc import AsyncIterator, Iterable

import httpx

from events_app.app import create_app
from events_app.features.accounts import members, sign_in
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.service import create_api_key, ensure_first_body
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from tests.histories.deeds import History

BASE = "http://testserver.local"


async def play(world: World, numbers: Iterable[int]) -> AsyncIterator[tuple[History, list[str]]]:
    """Each history as it ended, with its faults; on the current database."""
    transport = httpx.ASGITransport(app=create_app(world))  # type: ignore[arg-type]
    body = await ensure_first_body(world)
    key = await create_api_key(world, SYSTEM, body, "histories", Role.ORGANISER)
    account = await members.add_member(
        world, SYSTEM, body, "coach@example.org", "coach", "Inès Coach", invite=False
    )
    english = {"accept-language": "en"}
    async with (
        httpx.AsyncClient(
            transport=transport, base_url=BASE, headers=english | {"authorization": f"Bearer {key}"}
        ) as desk,
        httpx.AsyncClient(transport=transport, base_url=BASE, headers=english) as coach,
    ):
        link = await sign_in.make_link(world, account, LINK_LIFE)
        await coach.post(link.removeprefix(world.settings.base_url))
        for number in numbers:
            history = History(world, desk, coach, number)
            yield history, await history.play(account)
            await history.end()
