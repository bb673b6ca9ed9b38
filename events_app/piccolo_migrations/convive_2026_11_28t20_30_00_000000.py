"""Tags of people, and why somebody was refused."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Varchar

from events_app.infra.database.new_tables import add_columns, column, refers_to

ID = "2026-11-28T20:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Tags of people, reasons of refusals"

TAG_COLUMNS = (
    ("id", *column(UUID, primary_key=True)),
    ("registration", *refers_to("registration", OnDelete.cascade)),
    ("tag", *column(Varchar, length=40, default="")),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    manager.add_table(class_name="RegistrationTag", tablename="registration_tag", schema=None, columns=None)
    add_columns(manager, "RegistrationTag", "registration_tag", TAG_COLUMNS)
    manager.add_column(
        table_class_name="Registration",
        tablename="registration",
        column_name="status_reason",
        db_column_name="status_reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": "", "null": False},
    )
    return manager
