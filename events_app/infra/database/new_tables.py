"""How migrations say tables: a column a line, naming only what differs from what Piccolo writes of each."""

from collections.abc import Iterable, Mapping
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import UUID, ForeignKey
from piccolo.columns.indexes import IndexMethod
from piccolo.table import create_table_class

USUAL: dict[str, Any] = {
    "default": None,
    "null": False,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}

Column = tuple[str, type, dict[str, Any]]
"""Name, kind, parameters."""


def column(kind: type, **differs: Any) -> tuple[type, dict[str, Any]]:
    return kind, USUAL | differs


def refers_to(table: str, on_delete: OnDelete, **differs: Any) -> tuple[type, dict[str, Any]]:
    """A foreign key; the other table stands here with its key alone, as it was then."""
    key = {"id": UUID(default=None, primary_key=True)}
    name = table.title().replace("_", "")
    other = create_table_class(name, class_kwargs={"tablename": table}, class_members=key)
    params = {name: value for name, value in USUAL.items() if name != "default"}
    params |= {
        "references": other,
        "on_delete": on_delete,
        "on_update": OnUpdate.cascade,
        "target_column": None,
    }
    return ForeignKey, params | differs


def add_tables(manager: MigrationManager, tables: Mapping[str, tuple[Any, ...]]) -> None:
    """`tables`: by name, the class and its columns."""
    for tablename, (class_name, *columns) in tables.items():
        manager.add_table(class_name=class_name, tablename=tablename, schema=None, columns=None)
        add_columns(manager, class_name, tablename, columns)


def add_columns(
    manager: MigrationManager, class_name: str, tablename: str, columns: Iterable[Column]
) -> None:
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
