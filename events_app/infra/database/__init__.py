"""The one engine layer: SQLite (one writer, several readers) or PostgreSQL, behind the same few functions."""

from events_app.infra.database.access import (
    Engine,
    change_stamp,
    close_database,
    engine,
    engine_for,
    execute,
    is_postgres,
    lock,
    make_engine,
    open_database,
    point,
    read_snapshot,
    row,
    rows,
    unit_of_work,
    use_engine,
    write_transaction,
)
from events_app.infra.database.errors import DatabaseBusy, UniqueViolation
from events_app.infra.database.migrations import migrate, pending_migrations

__all__ = [
    "DatabaseBusy",
    "Engine",
    "UniqueViolation",
    "change_stamp",
    "close_database",
    "engine",
    "engine_for",
    "execute",
    "is_postgres",
    "lock",
    "make_engine",
    "migrate",
    "open_database",
    "pending_migrations",
    "point",
    "read_snapshot",
    "row",
    "rows",
    "unit_of_work",
    "use_engine",
    "write_transaction",
]
