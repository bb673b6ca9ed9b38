"""What changed, before and after, in words. Pure.

`before` travels in the job as plain values: what the row said before somebody changed it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.infra.i18n import Translator

Line = tuple[str, str]
"""A label, and "before → after"."""


def event_facts(event: EventRecord) -> dict[str, str]:
    return {
        "title": event.title,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "timezone": event.timezone,
        "where": venue_line(event),
        "online_url": event.online_url,
    }


def session_facts(session: SessionRecord) -> dict[str, str]:
    return {
        "title": session.title,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "room": session.room,
        "coach": session.coach,
    }


def event_lines(
    before: Mapping[str, Any], event: EventRecord, words: Translator, *, has_place: bool
) -> list[Line]:
    """The link to join online is for those who have a place."""
    _ = words.gettext
    pairs = [
        (_("Title"), before.get("title", event.title), event.title),
        (
            _("When"),
            _when(before, before["timezone"], words),
            _when(event_facts(event), event.timezone, words),
        ),
        (_("Where"), before["where"], venue_line(event)),
    ]
    if has_place:
        pairs.append((_("Join online"), before.get("online_url", event.online_url), event.online_url))
    return _changed(pairs, words)


def session_lines(
    before: Mapping[str, Any], session: SessionRecord, zone_name: str, words: Translator
) -> list[Line]:
    _ = words.gettext
    pairs = [
        (_("Title"), before.get("title", session.title), session.title),
        (_("When"), _when(before, zone_name, words), _when(session_facts(session), zone_name, words)),
        (_("Room"), before["room"], session.room),
        (_("Led by"), before["coach"], session.coach),
    ]
    return _changed(pairs, words)


def _changed(pairs: list[tuple[str, str, str]], words: Translator) -> list[Line]:
    nothing = words.gettext("not given")
    return [
        (label, f"{before or nothing} → {after or nothing}")
        for label, before, after in pairs
        if before != after
    ]


def _when(facts: Mapping[str, Any], zone_name: str, words: Translator) -> str:
    starts_at, ends_at = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    return words.when(starts_at, ends_at, zone_name)
