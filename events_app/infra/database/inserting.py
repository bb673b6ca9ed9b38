"""Rows of several tables, written in as few round trips as the database allows."""

from collections.abc import Sequence
from typing import Any

import msgspec

from events_app.infra.database.access import execute, is_postgres


class Rows(msgspec.Struct, frozen=True):
    """For one table. `columns` are names of ours, never a caller's text."""

    table: str
    columns: Sequence[str]
    values: Sequence[Sequence[Any]]

    @property
    def statement(self) -> str:
        marks = "(" + ", ".join("{}" for _ in self.columns) + ")"
        listed = ", ".join([marks] * len(self.values))
        return f"INSERT INTO {self.table} ({', '.join(self.columns)}) VALUES {listed}"

    @property
    def args(self) -> list[Any]:
        return [value for each in self.values for value in each]


async def insert_together(*all_rows: Rows) -> None:
    """On PostgreSQL one statement: whoever waits for this transaction waits a round trip less for each table.

    No row of one table may be looked for by a trigger of another; some hundred rows at most."""
    wanted = [rows for rows in all_rows if rows.values]
    if not is_postgres() or len(wanted) < 2:
        for rows in wanted:
            await execute(rows.statement, *rows.args)
        return
    first, *others = wanted
    beside = ", ".join(f"others_{number} AS ({rows.statement})" for number, rows in enumerate(others))
    args = [value for rows in (*others, first) for value in rows.args]
    await execute(f"WITH {beside} {first.statement}", *args)
