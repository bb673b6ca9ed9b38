"""All that is kept by triggers: compared with what it follows from, and counted again."""

from events_app.features.admission.kept import presence_count
from events_app.features.events.holding import held_together
from events_app.features.registration import kept as registration_kept
from events_app.features.registration.refolding import refold_registrations
from events_app.infra.database import rows, unit_of_work
from events_app.infra.kept import Kept, count_again, differences


def all_kept() -> list[Kept]:
    return [*registration_kept.kept(), presence_count()]


async def wrong() -> dict[str, int]:
    """Rows that differ, by table; empty when all is right."""
    found = {kept.table: await differences(kept) for kept in all_kept()}
    return {table: differing for table, differing in found.items() if differing}


async def recount() -> dict[str, int]:
    """All or nothing; how many rows were wrong, by table."""
    async with unit_of_work():
        # Nobody may write between the counting and the keeping of it.
        await held_together([each["id"] for each in await rows("SELECT id FROM event")])
        refolded = await refold_registrations()
        before = await wrong()
        for kept in all_kept():
            await count_again(kept)
    return before | ({"registration": refolded} if refolded else {})
