"""The article of a body's name in a sentence; what the law asks a site to say of its publisher."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Text, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_columns, column

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
    add_columns(manager, "LegalNotice", "legal_notice", NOTICE)
    add_columns(manager, "Body", "body", [ARTICLE])
    return manager
