"""Fields for the sessions that people choose themselves: by what lies at one time, with the places left."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from uuid import UUID

import msgspec

from events_app.features.events.hooks import occupancy
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.places import MANY
from events_app.features.registration.choices import SessionFull, SessionOverlap, left_in, one_of, times_of
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import zone
from events_app.web.forms import Form

Refused = SessionFull | SessionOverlap


class Option(msgspec.Struct, frozen=True):
    """`full`: for somebody who is not in it already."""

    code: str
    title: str
    more: str
    full: bool


class Part(msgspec.Struct, frozen=True):
    """Sessions of which one may be chosen (`single`), or several that follow each other."""

    name: str
    legend: str
    single: bool
    options: list[Option]


async def parts_of(
    event: EventRecord, sessions: Sequence[SessionRecord], words: Translator, mine: Sequence[UUID] = ()
) -> list[Part]:
    """`mine`: where the reader has a place already. Empty where nothing is chosen so."""
    times = times_of(sessions)
    taken = await occupancy(event.id) if times else {}
    days = len({each.starts_at.astimezone(zone(event.timezone)).date() for part in times for each in part})
    return [
        Part(
            f"sessions.{number}",
            _legend(part, event, words, dated=event.several_days or days > 1),
            one_of(part),
            [
                _option(each, event, taken, words, mine=each.id in mine, alike=_have_same_hours(part))
                for each in part
            ],
        )
        for number, part in enumerate(times)
    ]


def codes_from(form: Form, parts: Sequence[Part]) -> list[str]:
    """What was chosen, kept in the form for showing it again."""
    chosen: list[str] = []
    for part in parts:
        form.values[part.name] = codes = [code for code in form.all(part.name) if code]
        chosen += codes
    return chosen


def initial_choice(parts: Sequence[Part], codes: Sequence[str]) -> dict[str, list[str]]:
    return {part.name: [each.code for each in part.options if each.code in codes] for part in parts}


def place_refusal(form: Form, refused: Refused, parts: Sequence[Part]) -> None:
    """Beside the sessions that it is about."""
    code = str(refused.fields["session"])
    name = next(part.name for part in parts if any(each.code == code for each in part.options))
    form.error(name, refused.detail, **{key: str(value) for key, value in refused.fields.items()})


def _have_same_hours(part: Sequence[SessionRecord]) -> bool:
    return len({(each.starts_at, each.ends_at) for each in part}) == 1


def _legend(part: Sequence[SessionRecord], event: EventRecord, words: Translator, *, dated: bool) -> str:
    starts_at, ends_at = min(each.starts_at for each in part), max(each.ends_at for each in part)
    hours = words.times(starts_at, ends_at, event.timezone)
    local: tzinfo = zone(event.timezone)
    return f"{words.date(starts_at.astimezone(local).date())}, {hours}" if dated else hours


def _option(
    session: SessionRecord,
    event: EventRecord,
    taken: Mapping[UUID, int],
    words: Translator,
    *,
    mine: bool,
    alike: bool,
) -> Option:
    """`alike`: all of its part have the same hours, which the legend says."""
    left = left_in(session, taken)
    hours = "" if alike else words.times(session.starts_at, session.ends_at, event.timezone)
    more = [hours, session.room, session.coach, _left_in_words(left, words)]
    return Option(session.code, session.title, " · ".join(filter(None, more)), left == 0 and not mine)


def _left_in_words(left: int | None, words: Translator) -> str:
    """As the event's own places are announced: how many exactly is nobody's business."""
    if left is None:
        return ""
    if left == 0:
        return words.gettext("All places are taken")
    return "" if left >= MANY else words.gettext("Few places left")
