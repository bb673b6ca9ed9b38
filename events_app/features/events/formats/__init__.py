"""Ready-made kinds of event. What they write into an event is French: the organiser goes on from there."""

from events_app.features.events.formats.template import EventTemplate, SessionTemplate
from events_app.features.events.formats.workshops import MONKEY_TIME
from events_app.kernel.errors import N_

FREE = EventTemplate(
    code="free",
    name=N_("Something else"),
    pitch=N_("An empty event that you fill yourself."),
    icon="pencil-line",
    duration_minutes=120,
)

FORMATS: dict[str, EventTemplate] = {template.code: template for template in (MONKEY_TIME, FREE)}

__all__ = ["FORMATS", "FREE", "EventTemplate", "SessionTemplate"]
