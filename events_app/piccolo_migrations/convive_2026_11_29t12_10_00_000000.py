"""Series: groups that meet several times."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Integer, Text, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-29T12:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Series"

TABLES: dict[str, tuple[Any, ...]] = {
    "series": (
        "Series",
        ("id", *column(UUID, primary_key=True)),
        ("body", *refers_to("body", OnDelete.cascade, index=True)),
        ("slug", *column(Varchar, length=80, default="")),
        ("title", *column(Varchar, length=200, default="")),
        ("members", *column(Text, default="[]")),
        ("revision", *column(Integer, default=1)),
        ("created_at", *column(Timestamptz)),
    ),
    "series_event": (
        "SeriesEvent",
        ("id", *column(UUID, primary_key=True)),
        ("series", *refers_to("series", OnDelete.cascade, index=True)),
        ("event", *refers_to("event", OnDelete.cascade, index=True)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
