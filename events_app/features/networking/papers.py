"""What stands on the papers of a networking session: personal cards, table sheets, the plan on the wall."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from events_app.features.networking.model import Guest
from events_app.features.networking.views import PlanView, RoundView
from events_app.features.registration.hooks import Stop
from events_app.infra.i18n import Translator
from events_app.kernel.text import fold
from events_app.outputs.papers import RoomLine, RoomPaper, RoomSheet

KINDS = ("cards", "tables", "wall")


Stops = Mapping[UUID, Sequence[Stop]]


def room_paper(view: PlanView, kind: str, words: Translator, stops: Stops) -> RoomPaper:
    """What `outputs.papers.room_pdf` prints; `kind` is one of `KINDS`. `stops`: the sessions that each has a
    place in besides, for the cards."""
    make = {"tables": _tables, "wall": _wall}.get(kind)
    return RoomPaper(
        language=words.language,
        kind=kind,
        event=view.event.title,
        title=view.session.title,
        when=words.when(view.session.starts_at, view.session.ends_at, view.event.timezone),
        sheets=tuple(make(view, words) if make else _cards(view, words, stops)),
        footer=view.event.body_name,
        undrawn_note=words.gettext(
            "Some letters cannot be printed here: the names stand whole on the screen."
        ),
    )


def _cards(view: PlanView, words: Translator, stops: Stops) -> list[RoomSheet]:
    """One for each person, by family name as they are looked for: their table in each round and their
    workshops, in order of time."""
    lines: dict[UUID, list[tuple[datetime, RoomLine]]] = {}
    holders: dict[UUID, Guest] = {}
    for each in view.rounds:
        time = words.times(each.time.starts_at, each.time.ends_at, view.event.timezone)
        for number, people in enumerate(each.tables, 1):
            for guest in people:
                if view.two is not None and guest not in view.two.candidates:
                    continue
                holders[guest.registration_id] = guest
                line = RoomLine(_round(each.time.number, words), time, _place(view, number, words))
                lines.setdefault(guest.registration_id, []).append((each.time.starts_at, line))
    for key, own in lines.items():
        own += [(stop.starts_at, _stop(view, stop, words)) for stop in stops.get(key, ())]
        own.sort(key=itemgetter(0))
    ordered = sorted(holders.values(), key=lambda guest: fold(f"{guest.family_name} {guest.name}"))
    return [
        RoomSheet(guest.name, guest.organisation, tuple(line for _, line in lines[guest.registration_id]))
        for guest in ordered
    ]


def _stop(view: PlanView, stop: Stop, words: Translator) -> RoomLine:
    time = words.times(stop.starts_at, stop.ends_at, view.event.timezone)
    return RoomLine("", time, ", ".join(part for part in (stop.title, stop.room) if part))


def _tables(view: PlanView, words: Translator) -> list[RoomSheet]:
    """One for each table, to lie on it: who sits there in each round."""
    sheets = []
    for number in range(1, view.plan.tables + 1):
        lines = []
        for each in view.rounds:
            time = words.times(each.time.starts_at, each.time.ends_at, view.event.timezone)
            lines.append(RoomLine(_round(each.time.number, words), time, _names(view, each, number)))
        sheets.append(RoomSheet(_place(view, number, words), view.session.room, tuple(lines)))
    return sheets


def _wall(view: PlanView, words: Translator) -> list[RoomSheet]:
    """One for each round: names by table, to be read from a distance."""
    return [
        RoomSheet(
            _round(each.time.number, words),
            words.times(each.time.starts_at, each.time.ends_at, view.event.timezone),
            tuple(
                RoomLine(_place(view, number, words), "", _names(view, each, number))
                for number in range(1, view.plan.tables + 1)
            ),
        )
        for each in view.rounds
    ]


def _place(view: PlanView, number: int, words: Translator) -> str:
    """With the structure that receives there, of speed-dating."""
    host = view.hosts[number - 1] if view.two else None
    name = (host.organisation or host.name) if host else ""
    return ", ".join(part for part in (_table(number, words), name) if part)


def _names(view: PlanView, each: RoundView, number: int) -> str:
    """Of candidates only, of speed-dating."""
    shown = [g for g in each.tables[number - 1] if view.two is None or g in view.two.candidates]
    return "\n".join(guest.name for guest in shown) or "–"


def _round(number: int, words: Translator) -> str:
    return words.gettext("Round %(number)s") % {"number": number}


def _table(number: int, words: Translator) -> str:
    return words.gettext("Table %(number)s") % {"number": number}
