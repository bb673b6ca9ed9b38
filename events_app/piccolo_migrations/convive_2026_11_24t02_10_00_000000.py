"""Uniqueness over several columns, and the indexes of the hot reads.

Written by hand: Piccolo's `Unique` fails on SQLite, and raw statements run before a migration's new tables,
so they stand in a migration of their own.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from events_app.infra.database import execute

ID = "2026-11-24T02:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Uniqueness over several columns; indexes"

ACTIVE = "('pending', 'confirmed', 'waiting')"

STATEMENTS = [
    "CREATE UNIQUE INDEX membership_once ON membership (body, account)",
    "CREATE UNIQUE INDEX session_code ON session (event, code)",
    "CREATE UNIQUE INDEX invitation_once ON invitation (event, email_folded)",
    "CREATE UNIQUE INDEX registration_arrival ON registration (event, arrival)",
    "CREATE UNIQUE INDEX registration_ticket ON registration (event, ticket_id)",
    "CREATE UNIQUE INDEX registration_short_code ON registration (event, short_code)",
    "CREATE UNIQUE INDEX registration_once ON registration (event, email_folded)"
    f" WHERE id = group_id AND status IN {ACTIVE}",
    "CREATE INDEX registration_queue ON registration (event, status, arrival)",
    "CREATE INDEX registration_group ON registration (group_id)",
    "CREATE INDEX registration_email ON registration (email_folded)",
    "CREATE UNIQUE INDEX preference_once ON preference (registration, session)",
    "CREATE UNIQUE INDEX preference_rank ON preference (registration, rank)",
    "CREATE UNIQUE INDEX consent_once ON consent (registration, code)",
    "CREATE UNIQUE INDEX place_once ON place (registration, slot)",
    "CREATE UNIQUE INDEX scan_once ON scan (event, scan_id)",
    "CREATE INDEX scan_registration ON scan (registration_id)",
    "CREATE INDEX scan_received ON scan (event, received_at)",
    "CREATE UNIQUE INDEX presence_once ON presence (registration, point)",
    "CREATE INDEX presence_point ON presence (event, point, inside)",
    "CREATE INDEX job_due ON job (run_at) WHERE done_at IS NULL AND failed_at IS NULL",
    "CREATE UNIQUE INDEX mail_once ON mail (job_id)",
    "CREATE INDEX mail_event ON mail (event_id, created_at)",
    "CREATE INDEX audit_event ON audit_entry (event_id, at)",
    "CREATE UNIQUE INDEX idempotent_once ON idempotent_answer (key_hash)",
    "CREATE INDEX event_agenda ON event (status, visibility, starts_at)",
]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="convive", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await execute(statement)

    manager.add_raw(create_indexes)
    return manager
