"""What Piccolo's own commands need to know: the engine and the one application."""

from piccolo.conf.apps import AppRegistry

from events_app.infra.database import engine_for
from events_app.infra.settings import load_settings

DB = engine_for(load_settings().database_url)

APP_REGISTRY = AppRegistry(apps=["events_app.piccolo_app"])
