"""Calendars to subscribe to, how to follow them, and the agenda on other sites."""

from events_app.features.calendars.pages import embedding, following

ROUTES = [*following.ROUTES, *embedding.ROUTES]
