"""Placements that are being computed: seen from every page and every process."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Boolean, Text, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_columns, column, refers_to

ID = "2026-11-28T10:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Placements being computed"

COLUMNS: tuple[Any, ...] = (
    ("id", *column(UUID, primary_key=True)),
    ("event", *refers_to("event", OnDelete.cascade, index=True)),
    ("status", *column(Varchar, length=12, default="")),
    ("request", *column(Text, default="{}")),
    ("progress", *column(Text, default="{}")),
    ("problem", *column(Text, default="{}")),
    ("run", *column(UUID, null=True)),
    ("cancel_wanted", *column(Boolean, default=False)),
    ("created_at", *column(Timestamptz)),
    ("created_by", *column(Varchar, length=200, default="")),
    ("seen_at", *column(Timestamptz)),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_table(class_name="Computation", tablename="computation", schema=None, columns=None)
    add_columns(manager, "Computation", "computation", COLUMNS)
    return manager
