"""Events and sessions by the public contract."""

from events_app.features.events.api import events, sessions

ROUTES = [*events.ROUTES, *sessions.ROUTES]
