"""Bring the database to the newest form, from inside the program."""

import contextlib
import io

from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig, Finder

from events_app.infra.database.access import engine
from events_app.infra.database.postgres import Postgres

_ADVISORY_LOCK = 0x436F6E76697665  # "Convive": any number that nobody else in this database uses


async def migrate() -> list[str]:
    """Run what is pending, all or nothing, and return the names.

    Two processes may start at once: the whole is one transaction (Piccolo's own ones join it) behind the
    write lock or an advisory lock, so the second waits and finds nothing left to do.
    """
    if not await pending_migrations():
        return []
    current = engine()
    async with current.transaction():
        if isinstance(current, Postgres):
            await current.run_raw("SET LOCAL lock_timeout = '5min'")
            await current.run_raw("SELECT pg_advisory_xact_lock($1)", [_ADVISORY_LOCK])
        pending = await pending_migrations()
        for app in Finder().get_app_configs():
            with contextlib.redirect_stdout(io.StringIO()) as said:  # Piccolo reports by print
                outcome = await ForwardsMigrationManager(app_name=app.app_name).run()
            if not outcome.success:
                raise RuntimeError(f"migration failed: {outcome.message or said.getvalue()}")
        return pending


async def pending_migrations() -> list[str]:
    has_table = await Migration.table_exists().run()
    pending = []
    for app in Finder().get_app_configs():
        done = await Migration.get_migrations_which_ran(app_name=app.app_name) if has_table else []
        pending += [name for name in _known(app) if name not in done]
    return pending


def _known(app: AppConfig) -> list[str]:
    manager = ForwardsMigrationManager(app_name=app.app_name)
    return sorted(manager.get_migration_modules(app.resolved_migrations_folder_path))
