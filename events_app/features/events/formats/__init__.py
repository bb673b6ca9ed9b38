"""Ready-made kinds of event. What they write into an event is French: the organiser goes on from there."""

from events_app.features.events.formats.gatherings import (
    COMMITTEE,
    CYCLE,
    FESTIVAL,
    FORUM,
    INFORMATION_MEETING,
    TRADE_FAIR,
)
from events_app.features.events.formats.template import EventTemplate, SessionTemplate
from events_app.features.events.formats.workshops import DISCOVERY, MONKEY_TIME, NETWORKING, SPEED_DATING
from events_app.kernel.errors import N_

FREE = EventTemplate(
    code="free",
    name=N_("Something else"),
    pitch=N_("An empty event that you fill yourself."),
    icon="pencil-line",
    duration_minutes=120,
)

# In the order in which they are offered.
FORMATS: dict[str, EventTemplate] = {
    template.code: template
    for template in (
        MONKEY_TIME,
        SPEED_DATING,
        NETWORKING,
        DISCOVERY,
        INFORMATION_MEETING,
        CYCLE,
        COMMITTEE,
        FORUM,
        FESTIVAL,
        TRADE_FAIR,
        FREE,
    )
}

__all__ = ["FORMATS", "FREE", "EventTemplate", "SessionTemplate"]
