"""Committees: assemblies, seats, sittings, agendas, answers, roll calls."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import UUID, Boolean, Integer, SmallInt, Text, Timestamptz, Varchar

from events_app.infra.database.new_tables import add_tables, column, refers_to

ID = "2026-11-29T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Committees"

_KEY = ("id", *column(UUID, primary_key=True))
_TEXT = column(Text, default="")

TABLES: dict[str, tuple[Any, ...]] = {
    "assembly": (
        "Assembly",
        _KEY,
        ("body", *refers_to("body", OnDelete.cascade, index=True)),
        ("slug", *column(Varchar, length=80, default="")),
        ("name", *column(Varchar, length=200, default="")),
        ("family", *column(Varchar, length=30, default="")),
        ("statutes", *column(Text, default="{}")),
        ("siret", *column(Varchar, length=14, default="")),
        ("revision", *column(Integer, default=1)),
        ("created_at", *column(Timestamptz)),
    ),
    "assembly_seat": (
        "AssemblySeat",
        _KEY,
        ("assembly", *refers_to("assembly", OnDelete.cascade, index=True)),
        ("position", *column(SmallInt, default=0)),
        ("name", *column(Varchar, length=200, default="")),
        ("represents", *column(Varchar, length=200, default="")),
        ("function", *column(Varchar, length=200, default="")),
        ("email", *column(Varchar, length=254, default="")),
        ("substitutes", *column(Text, default="[]")),
        ("since", *column(Varchar, length=10, default="")),
        ("until", *column(Varchar, length=10, default="")),
    ),
    "sitting": (
        "Sitting",
        _KEY,
        ("event", *refers_to("event", OnDelete.cascade, index=True)),
        ("assembly", *refers_to("assembly", OnDelete.cascade, index=True)),
        ("second", *column(Boolean, default=False)),
        ("convened_on", *column(Varchar, length=10, default="")),
        ("opened_at", *column(Timestamptz, null=True)),
        ("closed_at", *column(Timestamptz, null=True)),
        ("chair", *column(UUID, null=True)),
        ("secretary", *column(UUID, null=True)),
        ("revision", *column(Integer, default=1)),
    ),
    "agenda_item": (
        "AgendaItem",
        _KEY,
        ("sitting", *refers_to("sitting", OnDelete.cascade, index=True)),
        ("number", *column(SmallInt, default=1)),
        ("title", *column(Varchar, length=300, default="")),
        ("kind", *column(Varchar, length=20, default="")),
        ("ballot", *column(Varchar, length=20, default="")),
        ("rapporteur", *column(Varchar, length=200, default="")),
        ("note", *_TEXT),
        ("discussion", *_TEXT),
        ("matter", *column(Varchar, length=5, default="")),
        ("recused", *column(Text, default="[]")),
        ("vote", *_TEXT),
    ),
    "sitting_answer": (
        "SittingAnswer",
        _KEY,
        ("sitting", *refers_to("sitting", OnDelete.cascade, index=True)),
        ("seat", *refers_to("assembly_seat", OnDelete.cascade, index=True)),
        ("kind", *column(Varchar, length=12, default="")),
        ("substitute", *column(Varchar, length=200, default="")),
        ("proxy_to", *column(UUID, null=True)),
        ("answered_at", *column(Timestamptz)),
    ),
    "roll_entry": (
        "RollEntry",
        _KEY,
        ("sitting", *refers_to("sitting", OnDelete.cascade, index=True)),
        ("seat", *refers_to("assembly_seat", OnDelete.cascade, index=True)),
        ("state", *column(Varchar, length=8, default="")),
        ("sitter", *column(Varchar, length=200, default="")),
        ("at", *column(Timestamptz)),
    ),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)
    add_tables(manager, TABLES)
    return manager
