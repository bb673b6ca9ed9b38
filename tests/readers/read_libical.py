"""Reads an iCalendar file on standard input with libical and says what it understood, as JSON.

Run by the system's own Python, which has the GObject bindings (Debian: python3-gi, gir1.2-ecal-2.0).
"""

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ical  # noqa: E402, N813 -- the version must be chosen first

UTC = ical.Timezone.get_utc_timezone()


def instant(time):
    if time.is_date():
        return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    # A time keeps the zone that its calendar defines; `convert_to_zone` applies that definition.
    utc = time.convert_to_zone(UTC)
    date = f"{utc.get_year():04}-{utc.get_month():02}-{utc.get_day():02}"
    return f"{date}T{utc.get_hour():02}:{utc.get_minute():02}:{utc.get_second():02}Z"


def values(component, kind, read):
    found = []
    property_ = component.get_first_property(kind)
    while property_ is not None:
        found.append(read(property_))
        property_ = component.get_next_property(kind)
    return found


calendar = ical.Component.new_from_string(sys.stdin.buffer.read().decode("utf-8"))
entries = []
event = calendar.get_first_component(ical.ComponentKind.VEVENT_COMPONENT)
while event is not None:
    entries.append(
        {
            "uid": event.get_uid(),
            "start": instant(event.get_dtstart()),
            "end": instant(event.get_dtend()),
            "summary": event.get_summary(),
            "description": event.get_description() or "",
            "location": event.get_location() or "",
            "status": event.get_status().value_nick.upper(),
            "sequence": event.get_sequence(),
            "attendees": values(
                event, ical.PropertyKind.ATTENDEE_PROPERTY, lambda property_: property_.get_attendee()
            ),
        }
    )
    event = calendar.get_next_component(ical.ComponentKind.VEVENT_COMPONENT)
methods = values(
    calendar, ical.PropertyKind.METHOD_PROPERTY, lambda property_: property_.get_value_as_string()
)
print(json.dumps({"method": methods[0] if methods else None, "entries": entries}))
