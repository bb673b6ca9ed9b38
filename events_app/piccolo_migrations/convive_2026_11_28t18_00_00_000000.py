"""The article of a body's name in a sentence; what the law asks a site to say of its publisher."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Text, Timestamptz, Varchar

from events_app.piccolo_migrations.convive_2026_11_24t02_05_43_975243 import column

ID = "2026-11-28T18:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Articles of bodies, legal notice"

NOTICE: tuple[Any, ...] = (
    ("id", *column(UUID, primary_key=True)),
    ("publisher", *column(Varchar, length=200, default="")),
    ("publisher_address", *column(Text, default="")),
    ("director", *column(Varchar, length=200, default="")),
    ("host", *column(Text, default="")),
    ("data_contact", *column(Varchar, length=300, default="")),
    ("created_at", *column(Timestamptz)),
)
ARTICLE = ("article", *column(Varchar, length=4, default=""))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_table(class_name="LegalNotice", tablename="legal_notice", schema=None, columns=None)
    columns = [("Body", "body", ARTICLE), *(("LegalNotice", "legal_notice", each) for each in NOTICE)]
    for class_name, tablename, (name, kind, params) in columns:
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
