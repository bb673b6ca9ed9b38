"""Tickets for their holders, the door for staff, the door's set-up for organisers."""

from events_app.features.admission.pages import door, gates, prints, shell, statistics, tickets

ROUTES = [*tickets.ROUTES, *shell.ROUTES, *door.ROUTES, *gates.ROUTES, *prints.ROUTES, *statistics.ROUTES]
