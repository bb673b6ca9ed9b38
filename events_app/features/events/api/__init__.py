"""Events and sessions by the public contract."""

from events_app.features.events.api import events, history, programme, sessions

ROUTES = [*events.ROUTES, *history.ROUTES, *programme.ROUTES, *sessions.ROUTES]
