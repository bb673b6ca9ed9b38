"""A corrected address: the one that waits to be confirmed, and the link that no longer works."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-28T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Registrations: an address to be confirmed, the link replaced last"

USUAL: dict[str, Any] = {
    "primary_key": False,
    "unique": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}
COLUMNS: dict[str, dict[str, Any]] = {
    "new_email": {"length": 254, "default": "", "null": False, "index": False},
    "former_token_hash": {"length": 64, "default": None, "null": True, "index": True},
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    for name, differs in COLUMNS.items():
        manager.add_column(
            table_class_name="Registration",
            tablename="registration",
            column_name=name,
            db_column_name=name,
            column_class_name="Varchar",
            column_class=Varchar,
            params=USUAL | differs,
            schema=None,
        )
    return manager
