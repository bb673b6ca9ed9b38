"""`make check`: style, types, import directions, translations, migrations; all run, one failure fails."""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "style": [f"{BIN}/ruff", "check", "."],
    "layout": [f"{BIN}/ruff", "format", "--check", "."],
    "types": [f"{BIN}/mypy"],
    "import directions": [f"{BIN}/lint-imports", "--no-logo"],
    "translations": [sys.executable, "tools/translations.py", "check"],
    "migrations": [sys.executable, "tools/check.py", "migrations"],
}


def main() -> int:
    failed = []
    for name, command in CHECKS.items():
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def migrations_are_current() -> int:
    """Whether the history makes the tables that the classes describe, found by Piccolo's own comparison."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CONVIVE_DATA_DIR": folder, "PICCOLO_CONF": "piccolo_conf"}
        sys.path.insert(0, str(ROOT))
        return asyncio.run(_compare())


async def _compare() -> int:
    from piccolo.apps.migrations.auto import AlterStatements, DiffableTable, SchemaDiffer, SchemaSnapshot
    from piccolo.apps.migrations.commands.base import BaseMigrationManager
    from piccolo.conf.apps import Finder

    app = Finder().get_app_config("convive")
    manager = BaseMigrationManager()
    managers = await manager.get_migration_managers(app_config=app, max_migration_id=None)
    known = SchemaSnapshot(managers).get_snapshot()
    wanted = [
        DiffableTable(
            class_name=table.__name__,
            tablename=table._meta.tablename,
            columns=table._meta.non_default_columns,
            schema=table._meta.schema,
        )
        for table in app.table_classes
    ]
    statements: list[AlterStatements] = SchemaDiffer(
        schema=wanted, schema_snapshot=known, auto_input="n"
    ).get_alter_statements()
    missing = [text for alteration in statements for text in alteration.statements]
    print("\n".join(missing) or "migrations are current")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(migrations_are_current() if sys.argv[1:] == ["migrations"] else main())
