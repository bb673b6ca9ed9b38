"""Messages that organisers write, and a copy for each person."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Integer, Text, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-28T20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Messages to people"

TABLES: dict[str, tuple[Any, ...]] = {
    "message": (
        "Message",
        ("id", *column(UUID, primary_key=True)),
        ("event", *refers_to("event", OnDelete.cascade, index=True)),
        ("kind", *column(Varchar, length=12, default="")),
        ("subject", *column(Varchar, length=200, default="")),
        ("text", *column(Text, default="")),
        ("audience", *column(Text, default="{}")),
        ("status", *column(Varchar, length=12, default="")),
        ("send_at", *column(Timestamptz, null=True)),
        ("started_at", *column(Timestamptz, null=True)),
        ("created_at", *column(Timestamptz)),
        ("created_by", *column(Varchar, length=200, default="")),
        ("revision", *column(Integer, default=1)),
    ),
    "message_copy": (
        "MessageCopy",
        ("id", *column(UUID, primary_key=True)),
        ("message", *refers_to("message", OnDelete.cascade, index=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("job_id", *column(UUID)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
