"""Events and sessions by the public contract."""

from events_app.features.events.api import events, history, sessions

ROUTES = [*events.ROUTES, *history.ROUTES, *sessions.ROUTES]
