"""What stands on the papers of a networking session: personal cards, table sheets, the plan on the wall."""

from events_app.features.networking.views import PlanView, RoundView
from events_app.infra.i18n import Translator
from events_app.kernel.text import fold
from events_app.outputs.papers import RoomLine, RoomPaper, RoomSheet

KINDS = ("cards", "tables", "wall")


def room_paper(view: PlanView, kind: str, words: Translator) -> RoomPaper:
    """What `outputs.papers.room_pdf` prints; `kind` is one of `KINDS`."""
    make = {"cards": _cards, "tables": _tables, "wall": _wall}[kind]
    return RoomPaper(
        language=words.language,
        kind=kind,
        event=view.event.title,
        title=view.session.title,
        when=words.when(view.session.starts_at, view.session.ends_at, view.event.timezone),
        sheets=tuple(make(view, words)),
        footer=view.event.body_name,
        undrawn_note=words.gettext(
            "Some letters cannot be printed here: the names stand whole on the screen."
        ),
    )


def _cards(view: PlanView, words: Translator) -> list[RoomSheet]:
    """One for each person, by family name as they are looked for: their table in each round."""
    lines: dict[str, list[RoomLine]] = {}
    holders: dict[str, tuple[str, str]] = {}
    for each in view.rounds:
        time = words.times(each.time.starts_at, each.time.ends_at, view.event.timezone)
        for number, people in enumerate(each.tables, 1):
            for guest in people:
                if view.two is not None and guest not in view.two.candidates:
                    continue
                key = str(guest.registration_id)
                holders[key] = guest.name, guest.organisation
                lines.setdefault(key, []).append(
                    RoomLine(_round(each.time.number, words), time, _place(view, number, words))
                )
    ordered = sorted(holders, key=lambda key: fold(holders[key][0]))
    return [RoomSheet(holders[key][0], holders[key][1], tuple(lines[key])) for key in ordered]


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
