"""The form of a speed-dating session: who meets whom, in how many rounds."""

from typing import Any

import msgspec

from events_app.features.events.model import Question
from events_app.features.networking.model import (
    MOST_MINUTES,
    MOST_ROUNDS,
    MOST_TABLES,
    Break,
    RoomSettings,
    Sides,
)
from events_app.features.networking.sides import TwoSides
from events_app.features.networking.views import RoomView
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_
from events_app.web.forms import Form

BY_NAME = "names"  # in place of a question's code
PROFILE = "profile"


class Shown(msgspec.Struct, frozen=True):
    """What the page says beside the form. `options`: value and label of what stands on either side."""

    two: TwoSides
    by: str
    questions: list[tuple[str, str]]
    options: list[tuple[str, str]]
    showable: list[tuple[str, str]]
    wished: int  # how many people have said what they wish
    most: int  # meetings at most, by places and time alone


def by_of(view: RoomView) -> str:
    """The question that tells the sides apart, now."""
    if view.settings.sides is None:
        return next((question.code for question in _choosing(view)), BY_NAME)
    return view.settings.sides.question or BY_NAME


def values(view: RoomView, by: str | None = None) -> dict[str, Any]:
    settings = view.settings
    begin = to_wall(settings.starts_at or view.session.starts_at, view.event.timezone)
    pause = settings.breaks[0] if settings.breaks else None
    by = by_of(view) if by is None or by not in _known(view) else by
    sides = settings.sides if by == by_of(view) else None
    found: dict[str, Any] = {
        "by": by,
        "rounds": settings.rounds,
        "minutes": settings.minutes,
        "pause_minutes": settings.pause_minutes,
        "starts_at": begin.strftime("%Y-%m-%dT%H:%M"),
        "break_after": pause.after if pause else "",
        "break_minutes": pause.minutes if pause else "",
        "rooms": settings.rooms or "",
        "own_structure": "yes" if settings.own_structure else "",
        "shown": settings.shown,
    }
    for number, (value, _) in enumerate(options(view, by)):
        side = "a" if sides and value in sides.a else "b" if sides and value in sides.b else ""
        found[f"side_{number}"] = side
    return found


def options(view: RoomView, by: str) -> list[tuple[str, str]]:
    """What stands on one side or the other, with its label."""
    if by == BY_NAME:
        return [
            (str(g.registration_id), f"{g.name}, {g.organisation}" if g.organisation else g.name)
            for g in view.guests
        ]
    if by == PROFILE:
        return [(each, each) for each in dict.fromkeys(guest.profile for guest in view.guests) if each]
    question = next((each for each in _choosing(view) if each.code == by), None)
    return [(choice, choice) for choice in question.choices] if question else []


def settings(form: Form, view: RoomView) -> RoomSettings | None:
    by = form.choice("by", tuple(_known(view)), required=True)
    rounds = form.integer("rounds", required=True, low=1, high=MOST_ROUNDS)
    minutes = form.integer("minutes", required=True, low=1, high=MOST_MINUTES)
    pause = form.integer("pause_minutes", required=True, high=MOST_MINUTES)
    starts_at = form.instant("starts_at", view.event.timezone)
    rooms = form.integer("rooms", low=1, high=MOST_TABLES)
    breaks = _breaks(form, rounds or 1)
    sides = _sides(form, view, by)
    shown = [code for code in form.all("shown") if code in {each.code for each in view.event.questions}]
    if form.errors or rounds is None or minutes is None or pause is None:
        return None
    kept = [each for each in view.settings.attendance if each.last <= rounds]
    return RoomSettings(
        rounds=rounds,
        minutes=minutes,
        pause_minutes=pause,
        starts_at=None if starts_at == view.starts_by_the_minute else starts_at,
        rules=view.settings.rules,
        breaks=breaks,
        sides=sides,
        rooms=rooms,
        attendance=kept,
        own_structure=form.flag("own_structure"),
        shown=shown,
    )


def shown(view: RoomView, form: Form) -> Shown:
    by = str(form.values.get("by") or by_of(view))
    by = by if by in _known(view) else by_of(view)
    two = view.now.two
    speakers = {who for who, _ in view.now.wishes}
    places = len(two.posts) if view.settings.rooms is None else min(len(two.posts), view.settings.rooms)
    most = min(
        places * view.settings.rounds, len(two.candidates) * min(len(two.structures), view.settings.rounds)
    )
    return Shown(
        two=two,
        by=by,
        questions=[(question.code, question.label) for question in _choosing(view)]
        + ([(PROFILE, form.words.gettext("Profile"))] if view.event.profiles else [])
        + [(BY_NAME, form.words.gettext("One by one, by name"))],
        options=options(view, by),
        showable=[(q.code, q.label) for q in view.event.questions if by != q.code],
        wished=len(speakers),
        most=most,
    )


def _choosing(view: RoomView) -> list[Question]:
    return [each for each in view.event.questions if each.kind in ("one_choice", "several_choices")]


def _known(view: RoomView) -> list[str]:
    return [*(question.code for question in _choosing(view)), PROFILE, BY_NAME]


def _breaks(form: Form, rounds: int) -> list[Break]:
    after = form.integer("break_after", low=1, high=max(1, rounds - 1))
    length = form.integer("break_minutes", low=1, high=MOST_MINUTES)
    if after is not None and length is None and "break_minutes" not in form.errors:
        form.error("break_minutes", N_("Please say how long the break is."))
    return [Break(after, length)] if after is not None and length is not None else []


def _sides(form: Form, view: RoomView, by: str) -> Sides | None:
    chosen: dict[str, list[str]] = {"a": [], "b": []}
    for number, (value, _) in enumerate(options(view, by)):
        side = form.choice(f"side_{number}", ("a", "b"))
        if side:
            chosen[side].append(value)
    if not chosen["a"] or not chosen["b"]:
        form.error("side_0", N_("Please say who comes and who receives."))
        return None
    return Sides(a=chosen["a"], b=chosen["b"], question=None if by == BY_NAME else by)
