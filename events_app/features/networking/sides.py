"""Speed-dating: who is on which side, the engine's problem, and what a plan is worth. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from events_app.features.events.model import Question
from events_app.features.networking.model import (
    MOST_ROUNDS,
    Attendance,
    Break,
    Guest,
    Quality,
    RoomSettings,
    Rounds,
    Sides,
    Wishes,
)
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import fold
from events_app.matching.speed_dating.structures import StructuresProblem

MINUTES, PAUSE, BREAK = 10, 2, 15
LONG = timedelta(minutes=100)  # from so long on, there is a break
VALUES = {"must": 8, "wish": 3}
BOTH_WAYS = 2  # more, where the wish is mutual
_RECEIVING = ("structure", "recrut", "employ", "entreprise", "compan")


class TwoSides(msgspec.Struct, frozen=True):
    """`posts`: who receives, each at a table; `structure_of[i]` is a number into `structures`, their names.
    `both`, `neither`: whose answers say nothing that can be used."""

    candidates: list[Guest]
    posts: list[Guest]
    structure_of: list[int]
    structures: list[str]
    both: list[Guest]
    neither: list[Guest]


def sides_of(guests: Sequence[Guest], sides: Sides | None) -> TwoSides:
    """Posts by the name of their structure: tables keep their numbers."""
    if sides is None:
        return TwoSides([], [], [], [], [], list(guests))
    sorted_out: dict[tuple[bool, bool], list[Guest]] = {}
    for guest in guests:
        said = [str(guest.registration_id)] if sides.question is None else guest.said(sides.question)
        where = any(each in sides.a for each in said), any(each in sides.b for each in said)
        sorted_out.setdefault(where, []).append(guest)
    receiving = sorted_out.get((False, True), [])
    posts = sorted(receiving, key=lambda guest: fold(guest.organisation or guest.name))
    keys = [structure_key(guest) for guest in posts]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    first = dict(reversed(list(zip(keys, posts, strict=True))))
    return TwoSides(
        candidates=sorted_out.get((True, False), []),
        posts=posts,
        structure_of=[numbers[key] for key in keys],
        structures=[first[key].organisation or first[key].name for key in numbers],
        both=sorted_out.get((True, True), []),
        neither=sorted_out.get((False, False), []),
    )


def structure_key(guest: Guest) -> str:
    """People of one organisation are one structure; whoever names none is one alone."""
    return fold(guest.organisation) or str(guest.registration_id)


def suggested_meetings(
    guests: Sequence[Guest], questions: Sequence[Question], available: timedelta
) -> RoomSettings:
    """Sensible values from the first second: ten minutes each, a break in the middle of a long session."""
    sides = suggested_sides(questions)
    two = sides_of(guests, sides)
    minutes = int(available.total_seconds() // 60)
    pause = BREAK if available >= LONG else 0
    rounds = max(1, min((minutes - pause + PAUSE) // (MINUTES + PAUSE), MOST_ROUNDS))
    if two.candidates and two.posts:
        rounds = min(rounds, max(len(two.candidates), len(two.posts)))
    return RoomSettings(
        rounds=rounds,
        minutes=max(1, min(MINUTES, minutes)),
        pause_minutes=PAUSE,
        breaks=[Break(rounds // 2, BREAK)] if pause and rounds > 1 else [],
        sides=sides,
        shown=[question.code for question in questions if sides and _told(question, sides)],
    )


def _told(question: Question, sides: Sides) -> bool:
    """Asked of one side, at length: what the others would like to read."""
    asked_of = question.shown_when.question if question.shown_when else None
    return question.kind == "long_text" and asked_of == sides.question


def suggested_sides(questions: Sequence[Question]) -> Sides | None:
    """The first question of one choice where one of the choices sounds like receiving candidates."""
    for question in questions:
        if question.kind != "one_choice":
            continue
        receiving = [c for c in question.choices if any(word in fold(c) for word in _RECEIVING)]
        others = [choice for choice in question.choices if choice not in receiving]
        if receiving and others:
            return Sides(a=others, b=receiving, question=question.code)
    return None


def side_errors(
    settings: RoomSettings, guests: Sequence[Guest], questions: Sequence[Question]
) -> list[FieldError]:
    """By JSON pointer. People who are on both sides are named when a plan is asked for."""
    sides = settings.sides
    if sides is None:
        return [FieldError("/sides", "required", N_("Please say who meets whom."))]
    known = _known_values(sides.question, guests, questions)
    if known is None:
        return [FieldError("/sides/question", "unknown", N_("Please choose one of the values offered."))]
    errors = []
    for side in ("a", "b"):
        for index, value in enumerate(getattr(sides, side)):
            if value not in known:
                message = N_("Please choose one of the values offered.")
                errors.append(FieldError(f"/sides/{side}/{index}", "unknown", message))
    for index, value in enumerate(sides.b):
        if value in sides.a:
            message = N_("Nobody can be on both sides.")
            errors.append(FieldError(f"/sides/b/{index}", "contradiction", message))
    codes = {question.code for question in questions}
    for index, code in enumerate(settings.shown):
        if code not in codes:
            message = N_("Please choose one of the values offered.")
            errors.append(FieldError(f"/shown/{index}", "unknown", message))
    errors += _attendance_errors(settings.attendance, settings.rounds, guests)
    return errors


def _known_values(
    question: str | None, guests: Sequence[Guest], questions: Sequence[Question]
) -> set[str] | None:
    if question is None:
        return {str(guest.registration_id) for guest in guests}
    if question == "profile":
        return {guest.profile for guest in guests if guest.profile}
    asked = next((each for each in questions if each.code == question), None)
    return None if asked is None or not asked.choices else set(asked.choices)


def _attendance_errors(
    attendance: Sequence[Attendance], rounds: int, guests: Sequence[Guest]
) -> list[FieldError]:
    known = {guest.registration_id for guest in guests}
    errors = []
    for index, each in enumerate(attendance):
        if each.registration not in known:
            message = N_("One of these people does not take part.")
            errors.append(FieldError(f"/attendance/{index}/registration", "unknown", message))
        if not 1 <= each.first <= each.last <= rounds:
            message = N_("Please choose a first and a last round, from 1 to {rounds}.")
            errors.append(FieldError(f"/attendance/{index}/first", "range", message, {"rounds": rounds}))
    return errors


def apart_pairs(two: TwoSides, settings: RoomSettings, wishes: Wishes) -> set[tuple[UUID, int]]:
    """Candidates and structures that do not meet: own employer, the organiser's rules, who said no."""
    structure, keys = _structures_by_person(two), _keys(two)
    apart = {
        (guest.registration_id, keys[fold(guest.organisation)])
        for guest in two.candidates
        if not settings.own_structure and fold(guest.organisation) in keys
    }
    pairs = [tuple(rule.registrations) for rule in settings.rules if rule.kind == "apart"]
    pairs += [pair for pair, value in wishes.items() if value == "no"]
    for first, second in pairs:
        for candidate, other in ((first, second), (second, first)):
            if other in structure and candidate not in structure:
                apart.add((candidate, structure[other]))
    return apart


def scores_of(two: TwoSides, settings: RoomSettings, wishes: Wishes) -> dict[tuple[UUID, int], int]:
    """By candidate and structure, what both sides wish."""
    structure = _structures_by_person(two)
    said: dict[tuple[UUID, int], dict[bool, int]] = {}
    stated = list(wishes.items())
    stated += [
        ((r.registrations[0], r.registrations[1]), "must") for r in settings.rules if r.kind != "apart"
    ]
    for (speaker, about), value in stated:
        from_structure = speaker in structure
        candidate, other = (about, speaker) if from_structure else (speaker, about)
        if value in VALUES and other in structure and candidate not in structure:
            sides = said.setdefault((candidate, structure[other]), {})
            sides[from_structure] = max(sides.get(from_structure, 0), VALUES[value])
    return {pair: sum(sides.values()) + (BOTH_WAYS if len(sides) == 2 else 0) for pair, sides in said.items()}


def meetings_problem(
    two: TwoSides,
    settings: RoomSettings,
    wishes: Wishes,
    fixed: Sequence[tuple[int, int, int]] = (),
) -> StructuresProblem:
    """People by their places in `two`."""
    apart, scores = apart_pairs(two, settings, wishes), scores_of(two, settings, wishes)
    ids = [guest.registration_id for guest in two.candidates]
    numbers = range(len(two.structures))
    return StructuresProblem(
        rounds=settings.rounds,
        structure_of=two.structure_of,
        eligible=[[int((person, s) not in apart) for s in numbers] for person in ids],
        score=[[scores.get((person, s), 0) for s in numbers] for person in ids],
        there_a=[attendance_mask(guest.registration_id, settings) for guest in two.candidates],
        there_b=[attendance_mask(guest.registration_id, settings) for guest in two.posts],
        rooms=settings.rooms,
        fixed=fixed,
    )


def attendance_mask(person: UUID, settings: RoomSettings) -> int:
    """Bit r where the person is there in round r + 1."""
    found = next((each for each in settings.attendance if each.registration == person), None)
    if found is None:
        return (1 << settings.rounds) - 1
    return ((1 << found.last) - 1) & ~((1 << found.first - 1) - 1)


def seats_of_meetings(
    two: TwoSides, settings: RoomSettings, rounds: Sequence[Sequence[tuple[int, int]]]
) -> Rounds:
    """Who receives sits at their own table in every round that they are there; candidates where they meet."""
    seats: Rounds = []
    for turn, met in enumerate(rounds):
        tables: list[list[UUID]] = [
            [post.registration_id] if attendance_mask(post.registration_id, settings) >> turn & 1 else []
            for post in two.posts
        ]
        for candidate, post in met:
            tables[post].append(two.candidates[candidate].registration_id)
        seats.append(tables)
    return seats


def meetings_in(rounds: Rounds, two: TwoSides) -> list[tuple[int, int, UUID, UUID]]:
    """Round and table (from 1), candidate, who receives: of those who sit together."""
    receiving = {guest.registration_id for guest in two.posts}
    return [
        (number, table_number, person, host)
        for number, tables in enumerate(rounds, 1)
        for table_number, table in enumerate(tables, 1)
        for host in table
        if host in receiving
        for person in table
        if person not in receiving
    ]


def quality_of_meetings(
    rounds: Rounds, guests: Mapping[UUID, Guest], settings: RoomSettings, possible: int, wishes: Wishes
) -> Quality:
    two = sides_of(list(guests.values()), settings.sides)
    structure = _structures_by_person(two)
    met = Counter((person, structure[host]) for _, _, person, host in meetings_in(rounds, two))
    per_candidate = Counter(person for person, _ in met)
    counts = [per_candidate[guest.registration_id] for guest in two.candidates]
    scores = scores_of(two, settings, wishes)
    apart = apart_pairs(two, settings, wishes)
    own = {
        (guest.registration_id, number)
        for guest in two.candidates
        for number, name in enumerate(two.structures)
        if guest.organisation and fold(guest.organisation) == fold(name)
    }
    return Quality(
        distinct=len(met),
        possible=max(possible, len(met)),
        repeats=met.total() - len(met),
        same=sum(pair in met for pair in own),
        least=min(counts, default=0),
        most=max(counts, default=0),
        apart_broken=sum(pair in met for pair in apart),
        wishes_missed=sum(pair not in met for pair in scores if pair not in apart),
        wishes=sum(pair not in apart for pair in scores),
    )


def _structures_by_person(two: TwoSides) -> dict[UUID, int]:
    return {post.registration_id: number for post, number in zip(two.posts, two.structure_of, strict=True)}


def _keys(two: TwoSides) -> dict[str, int]:
    return {structure_key(post): number for post, number in zip(two.posts, two.structure_of, strict=True)}
