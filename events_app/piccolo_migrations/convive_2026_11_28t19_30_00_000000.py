"""Speed-dating: what people say of each other before they meet."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Varchar

from events_app.piccolo_migrations.convive_2026_11_24t02_05_43_975243 import column, refers_to

ID = "2026-11-28T19:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Wishes of speed-dating"

TABLES: dict[str, tuple[Any, ...]] = {
    "meeting_wish": (
        "MeetingWish",
        ("id", *column(UUID, primary_key=True)),
        ("session", *refers_to("session", OnDelete.cascade, index=True)),
        ("registration", *refers_to("registration", OnDelete.cascade, index=True)),
        ("about", *refers_to("registration", OnDelete.cascade, index=True)),
        ("value", *column(Varchar, length=4, default="")),
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
