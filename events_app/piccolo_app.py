"""All tables, and their one migration history. Listed so that each table follows those it refers to."""

from pathlib import Path

from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from events_app.features.accounts.tables import ACCOUNTS_TABLES
from events_app.features.admission.tables import ADMISSION_TABLES
from events_app.features.committees.tables import COMMITTEES_TABLES
from events_app.features.counting.tables import COUNTING_TABLES
from events_app.features.events.tables import EVENTS_TABLES
from events_app.features.inbound.tables import INBOUND_TABLES
from events_app.features.mailing.tables import MAILING_TABLES
from events_app.features.messages.tables import MESSAGES_TABLES
from events_app.features.networking.tables import NETWORKING_TABLES
from events_app.features.registration.tables import REGISTRATION_TABLES
from events_app.features.series.tables import SERIES_TABLES
from events_app.features.workshops.tables import WORKSHOPS_TABLES
from events_app.infra.tables import INFRA_TABLES

TABLES: list[type[Table]] = [
    *INFRA_TABLES,
    *ACCOUNTS_TABLES,
    *EVENTS_TABLES,
    *REGISTRATION_TABLES,
    *WORKSHOPS_TABLES,
    *NETWORKING_TABLES,
    *ADMISSION_TABLES,
    *COUNTING_TABLES,
    *COMMITTEES_TABLES,
    *SERIES_TABLES,
    *MAILING_TABLES,
    *MESSAGES_TABLES,
    *INBOUND_TABLES,
]

APP_CONFIG = AppConfig(
    app_name="convive",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=TABLES,
    migration_dependencies=[],
    commands=[],
)
