"""Numbers that are given out once."""

from events_app.infra.database import rows


async def count_up(name: str) -> int:
    """The next one, from 1, in the transaction of whatever bears it."""
    (given,) = await rows(
        "INSERT INTO counter (name, value) VALUES ({}, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        name,
    )
    return int(given["value"])
