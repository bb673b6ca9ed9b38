"""Tables that follow from others and are kept by triggers: whether they are right, and how to mend them."""

import msgspec

from events_app.infra.database import execute, row, unit_of_work


class Kept(msgspec.Struct, frozen=True):
    """`truth`: a SELECT of the columns, counted from the rows that they follow from."""

    table: str
    columns: tuple[str, ...]
    truth: str
    meaningful: str = "1 = 1"
    """Rows of the table that say something; the others may be there or not."""

    @property
    def names(self) -> str:
        return ", ".join(self.columns)


async def differences(kept: Kept) -> int:
    """Rows that are there and should not be, or should be and are not; 0 is right. Reads everything."""
    there = f"SELECT {kept.names} FROM {kept.table} WHERE {kept.meaningful}"
    found = await row(
        f"SELECT (SELECT count(*) FROM (SELECT * FROM ({there}) a EXCEPT SELECT * FROM ({kept.truth}) b) x)"
        f" + (SELECT count(*) FROM (SELECT * FROM ({kept.truth}) c EXCEPT SELECT * FROM ({there}) d) y) AS n"
    )
    return int(found["n"]) if found else 0


async def count_again(kept: Kept) -> None:
    async with unit_of_work():
        await execute(f"DELETE FROM {kept.table}")
        await execute(f"INSERT INTO {kept.table} ({kept.names}) {kept.truth}")
