"""Reminders: when an event has them, which were written, who wants none."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Integer, Text, Timestamptz

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-28T20:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Reminders"

TABLES: dict[str, tuple[Any, ...]] = {
    "reminder": (
        "Reminder",
        ("id", *column(UUID, primary_key=True)),
        ("event", *refers_to("event", OnDelete.cascade, index=True)),
        ("minutes", *column(Integer, default=0)),
        ("starts_at", *column(Timestamptz)),
        ("written_at", *column(Timestamptz)),
    ),
    "no_reminders": (
        "NoReminders",
        ("id", *column(UUID, primary_key=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("since", *column(Timestamptz)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="reminders",
        db_column_name="reminders",
        column_class_name="Text",
        column_class=Text,
        params=column(Text, default="[]")[1],
        schema=None,
    )
    return manager
