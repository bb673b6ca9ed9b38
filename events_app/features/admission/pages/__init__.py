"""Tickets for their holders, the door for staff, the door's set-up for organisers."""

from events_app.features.admission.pages import (
    certificates,
    door,
    gates,
    period,
    prints,
    shell,
    statistics,
    tickets,
)

_MODULES = (tickets, certificates, shell, door, gates, prints, statistics, period)
ROUTES = [route for module in _MODULES for route in module.ROUTES]
