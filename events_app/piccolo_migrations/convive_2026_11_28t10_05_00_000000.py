"""Workshops of published placements that were closed without being noted: nobody is in them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-28T10:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Workshops that did not take place until now"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def note_those_closed() -> None:
        """Until now, nobody in a workshop with a minimum said that it was closed."""
        await execute(
            "UPDATE session SET closed_at = (SELECT placement_published_at FROM event"
            " WHERE event.id = session.event) WHERE kind = 'workshop' AND capacity_min > 1"
            " AND NOT EXISTS (SELECT 1 FROM place WHERE place.session = session.id)"
        )

    manager.add_raw(note_those_closed)
    return manager
