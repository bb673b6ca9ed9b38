"""From settings to rounds, tables and the engine's problem, and what a plan is worth. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from math import ceil
from uuid import UUID

from events_app.features.events.model import Question
from events_app.features.networking.model import (
    ANSWER,
    MOST_MINUTES,
    MOST_ROUNDS,
    MOST_TABLES,
    Guest,
    PairRule,
    Quality,
    RoomSettings,
    Rounds,
    RoundTime,
)
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import fold
from events_app.matching.tables.seating_plan import TablesProblem
from events_app.matching.tables.together import groups_of

PEOPLE_AT_A_TABLE = 6
USUAL_ROUNDS, USUAL_PAUSE = 4, 3
SHORTEST, LONGEST = 5, 20  # minutes of a proposed round
RANGE = N_("Please enter a whole number from {low} to {high}.")


def suggested(people: int, available: timedelta) -> RoomSettings:
    """Sensible values from the first second: about six at a table, four rounds that fit into the session."""
    minutes = int(available.total_seconds() // 60)
    rounds = USUAL_ROUNDS
    while rounds > 1 and minutes < rounds * SHORTEST + (rounds - 1) * USUAL_PAUSE:
        rounds -= 1
    each = (minutes - (rounds - 1) * USUAL_PAUSE) // rounds
    return RoomSettings(
        rounds=rounds,
        minutes=max(1, min(LONGEST, each - each % 5 if each >= SHORTEST else each)),
        pause_minutes=USUAL_PAUSE,
        tables=max(1, round(people / PEOPLE_AT_A_TABLE)),
    )


def tables_for(settings: RoomSettings, people: int) -> int:
    if settings.tables is not None:
        return settings.tables
    return max(1, ceil(people / (settings.table_size or PEOPLE_AT_A_TABLE)))


def round_times(
    settings: RoomSettings, session_start: datetime, announced: Mapping[int, datetime] | None = None
) -> list[RoundTime]:
    """A break stands in place of the pause after its round. `announced`: when rounds began in truth; those
    behind them follow."""
    begin = settings.starts_at or session_start
    breaks = {each.after: each.minutes for each in settings.breaks}
    times = []
    for number in range(1, settings.rounds + 1):
        begin = (announced or {}).get(number, begin)
        end = begin + timedelta(minutes=settings.minutes)
        times.append(RoundTime(number, begin, end))
        begin = end + timedelta(minutes=breaks.get(number, settings.pause_minutes))
    return times


def mixable(questions: Sequence[Question]) -> list[str]:
    """What `mix` may be at an event with these questions."""
    choices = [f"{ANSWER}{question.code}" for question in questions if question.kind == "one_choice"]
    return ["organisation", "profile", *choices, "nothing"]


def settings_errors(
    settings: RoomSettings, starts_at: datetime, ends_at: datetime, questions: Sequence[Question] = ()
) -> list[FieldError]:
    """By JSON pointer; `starts_at` and `ends_at` are the session's."""
    errors = []
    for index, each in enumerate(settings.breaks):
        if not 1 <= each.after < max(2, settings.rounds):
            span: dict[str, str | int] = {"low": 1, "high": max(1, settings.rounds - 1)}
            errors.append(FieldError(f"/breaks/{index}/after", "range", RANGE, span))
        if not 1 <= each.minutes <= MOST_MINUTES:
            longest: dict[str, str | int] = {"low": 1, "high": MOST_MINUTES}
            errors.append(FieldError(f"/breaks/{index}/minutes", "range", RANGE, longest))
    if settings.mix not in mixable(questions):
        errors.append(FieldError("/mix", "unknown", N_("Please choose one of the values offered.")))
    limits = {
        "rounds": (1, MOST_ROUNDS),
        "minutes": (1, MOST_MINUTES),
        "pause_minutes": (0, MOST_MINUTES),
        "tables": (1, MOST_TABLES),
        "table_size": (2, 1000),
        "rooms": (1, MOST_TABLES),
    }
    for name, (low, high) in limits.items():
        value = getattr(settings, name)
        if value is not None and not low <= value <= high:
            errors.append(FieldError(f"/{name}", "range", RANGE, {"low": low, "high": high}))
    if settings.starts_at is not None and not starts_at <= settings.starts_at < ends_at:
        message = N_("The first round begins while the session is on.")
        errors.append(FieldError("/starts_at", "range", message))
    if settings.tables is not None and settings.table_size is not None:
        message = N_("Please give the number of tables or the people at a table, not both.")
        errors.append(FieldError("/table_size", "invalid", message))
    if not errors:
        times = round_times(settings, starts_at)
        if times[-1].ends_at > ends_at:
            message = N_("These rounds take {needed} minutes; the session has {available}.")
            needed = (times[-1].ends_at - times[0].starts_at) // timedelta(minutes=1)
            available = (ends_at - max(starts_at, times[0].starts_at)) // timedelta(minutes=1)
            params: dict[str, str | int] = {"needed": needed, "available": max(0, available)}
            errors.append(FieldError("/rounds", "too_long", message, params))
    return errors


def table_errors(settings: RoomSettings, people: int) -> list[FieldError]:
    tables = tables_for(settings, people)
    if tables <= people:
        return []
    message = N_("There are more tables ({tables}) than people ({people}).")
    return [FieldError("/tables", "range", message, {"tables": tables, "people": people})]


def problem_of(guests: Sequence[Guest], settings: RoomSettings) -> TablesProblem:
    """People by their place in `guests`."""
    place = {guest.registration_id: number for number, guest in enumerate(guests)}

    def pairs(kind: str) -> tuple[tuple[int, int], ...]:
        found = [rule.registrations for rule in settings.rules if rule.kind == kind]
        return tuple((place[a], place[b]) for a, b in found if a in place and b in place)

    return TablesProblem(
        people=len(guests),
        tables=tables_for(settings, len(guests)),
        rounds=settings.rounds,
        organisation=_groups(guests, settings),
        hosts=tuple(
            (place[host.registration], host.table - 1)
            for host in settings.hosts
            if host.registration in place
        ),
        apart=pairs("apart"),
        wishes=pairs("wish"),
    )


def _sit_apart(rounds: Rounds, together: Sequence[frozenset[UUID]]) -> int:
    """Of those who should always sit together, how many pairs do not, in a round that both sit in."""
    broken = set()
    for tables in rounds:
        at = {person: number for number, table in enumerate(tables) for person in table}
        broken |= {pair for pair in together if len({at[person] for person in pair if person in at}) > 1}
    return len(broken)


def together_groups(guests: Sequence[Guest], settings: RoomSettings) -> list[set[int]]:
    """People by their place in `guests`."""
    place = {guest.registration_id: number for number, guest in enumerate(guests)}
    pairs = [rule.registrations for rule in _of("together", settings)]
    return groups_of((place[a], place[b]) for a, b in pairs if a in place and b in place)


def _groups(guests: Sequence[Guest], settings: RoomSettings) -> tuple[int, ...] | None:
    """What should be mixed, as numbers; below 0 for whoever says nothing. None: nothing to mix."""
    if settings.mix == "nothing":
        return None
    words = [fold(guest.trait(settings.mix)) for guest in guests]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(words)) if word}
    groups = tuple(numbers.get(word, -1) for word in words)
    return groups if len(numbers) < sum(group >= 0 for group in groups) else None


def quality_of(
    rounds: Rounds, guests: Mapping[UUID, Guest], settings: RoomSettings, possible: int
) -> Quality:
    """Counted from the seats themselves, whoever moved them; O(rounds x people x table size)."""
    met: Counter[frozenset[UUID]] = Counter()
    for tables in rounds:
        for table in tables:
            met.update(frozenset(pair) for pair in combinations(table, 2))
    together = [frozenset(rule.registrations) for rule in _of("together", settings)]
    staying = sum(max(0, met[pair] - 1) for pair in together)
    seated = {person for tables in rounds for table in tables for person in table}
    others = Counter(person for pair in met for person in pair)
    ordered = [guests[person] for person in seated if person in guests]
    groups = _groups(ordered, settings) or (-1,) * len(ordered)
    group = {guest.registration_id: number for guest, number in zip(ordered, groups, strict=True)}
    return Quality(
        distinct=len(met),
        possible=max(possible, len(met)),
        repeats=met.total() - len(met) - staying,
        same=sum(
            times for (a, b), times in _pairs(met) if group.get(a, -1) == group.get(b, -2) and group[a] >= 0
        ),
        least=min((others[person] for person in seated), default=0),
        most=max((others[person] for person in seated), default=0),
        apart_broken=sum(met[frozenset(rule.registrations)] > 0 for rule in _of("apart", settings)),
        wishes_missed=sum(met[frozenset(rule.registrations)] == 0 for rule in _of("wish", settings)),
        together_broken=_sit_apart(rounds, together),
    )


def _pairs(met: Counter[frozenset[UUID]]) -> list[tuple[tuple[UUID, UUID], int]]:
    return [((first, second), times) for (first, second), times in ((tuple(p), t) for p, t in met.items())]


def _of(kind: str, settings: RoomSettings) -> list[PairRule]:
    return [rule for rule in settings.rules if rule.kind == kind]
