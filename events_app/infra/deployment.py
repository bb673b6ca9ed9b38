"""Who this installation is: one row, made once, that outlives every change of its address."""

from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec

from events_app.infra.database import Engine, engine, execute, point, unit_of_work
from events_app.infra.tables import Deployment
from events_app.infra.world import World
from events_app.kernel.web_address import mail_host

_FIRST = "SELECT id, calendar_host FROM deployment ORDER BY created_at, id LIMIT 1"


class Addresses(msgspec.Struct, frozen=True):
    """What calendar entries are written with: where the pages are, and what their UIDs end with."""

    base_url: str
    calendar_host: str

    def uid(self, subject: str) -> str:
        return f"{subject}@{self.calendar_host}"


_hosts: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()


async def deployment_id(world: World) -> UUID:
    """The first call in a new database gives the deployment its identity."""
    if found := await point(_FIRST):
        return UUID(str(found[0]["id"]))
    async with unit_of_work():
        if not await point(_FIRST):
            await Deployment(id=world.new_id(), created_at=world.now()).save()
    # Read again: of two processes that started at once, both take the older row.
    return UUID(str((await point(_FIRST))[0]["id"]))


async def calendar_host(world: World) -> str:
    """What stands behind the `@` of every calendar UID: the host at the installation's first start.

    A UID is how a calendar recognises an entry: if it followed the address, each entry would appear twice
    after a move to another host.
    """
    known = _hosts.get(engine())
    if known is None:
        known = _hosts[engine()] = await _settled_host(world)
    return known


async def addresses(world: World) -> Addresses:
    return Addresses(world.settings.base_url, await calendar_host(world))


async def _settled_host(world: World) -> str:
    first = await deployment_id(world)
    if (found := (await point(_FIRST))[0]["calendar_host"]) is not None:
        return str(found)
    async with unit_of_work():
        await execute(
            "UPDATE deployment SET calendar_host = {} WHERE id = {} AND calendar_host IS NULL",
            mail_host(world.settings.base_url),
            first,
        )
    return str((await point(_FIRST))[0]["calendar_host"])
