"""The evening itself: rounds that were announced, who is in the room."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, SmallInt, Timestamptz, Varchar

from events_app.piccolo_migrations.convive_2026_11_24t02_05_43_975243 import column, refers_to

ID = "2026-11-28T19:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Announced rounds, presence in the room"

TABLES: dict[str, tuple[Any, ...]] = {
    "announced_round": (
        "AnnouncedRound",
        ("id", *column(UUID, primary_key=True)),
        ("plan", *refers_to("seating_plan", OnDelete.cascade, index=True)),
        ("number", *column(SmallInt, default=1)),
        ("starts_at", *column(Timestamptz)),
    ),
    "room_presence": (
        "RoomPresence",
        ("id", *column(UUID, primary_key=True)),
        ("session", *refers_to("session", OnDelete.cascade, index=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("state", *column(Varchar, length=6, default="")),
        ("at", *column(Timestamptz)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    for tablename, (class_name, *columns) in TABLES.items():
        manager.add_table(class_name=class_name, tablename=tablename, schema=None, columns=None)
        for name, kind, params in columns:
            manager.add_column(
                table_class_name=class_name,
                tablename=tablename,
                column_name=name,
                db_column_name=name,
                column_class_name=kind.__name__,
                column_class=kind,
                params=params,
                schema=None,
            )
    return manager
