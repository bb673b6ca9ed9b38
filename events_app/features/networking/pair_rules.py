"""Rules about people at a seat plan that cannot be kept, in the words of who they are about. Pure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from events_app.features.networking.arrangement import RANGE, tables_for, together_groups
from events_app.features.networking.model import Guest, PairRule, RoomSettings
from events_app.kernel.errors import N_, FieldError


def rule_errors(settings: RoomSettings, known: set[UUID]) -> list[FieldError]:
    errors = []
    seen: dict[frozenset[UUID], str] = {}
    for index, rule in enumerate(settings.rules):
        pair = frozenset(rule.registrations)
        at = f"/rules/{index}/registrations"
        if len(pair) != 2:
            errors.append(FieldError(at, "invalid", N_("A rule is about two different people.")))
        elif not pair <= known:
            errors.append(FieldError(at, "unknown", N_("One of these people does not take part.")))
        elif seen.setdefault(pair, rule.kind) != rule.kind and "apart" in (rule.kind, seen[pair]):
            message = N_("These two cannot be kept apart and wished together.")
            errors.append(FieldError(at, "contradiction", message))
    return errors


def chain_errors(settings: RoomSettings, guests: Sequence[Guest]) -> list[FieldError]:
    """Two who are kept apart are together through others; two hosts of different tables are together."""
    names = {guest.registration_id: guest.name for guest in guests}
    near: dict[UUID, list[UUID]] = {}
    for rule in _of("together", settings):
        first, second = rule.registrations
        near.setdefault(first, []).append(second)
        near.setdefault(second, []).append(first)
    errors = []
    for index, rule in enumerate(settings.rules):
        chain = _chain(near, *rule.registrations) if rule.kind == "apart" else []
        if len(chain) > 2:
            message = N_("These two are kept apart, yet together through others: {chain}.")
            words = {"chain": " – ".join(names.get(person, "…") for person in chain)}
            errors.append(FieldError(f"/rules/{index}/registrations", "contradiction", message, {**words}))
    for index, host in enumerate(settings.hosts):
        for other in settings.hosts[:index]:
            chain = _chain(near, other.registration, host.registration)
            if len(chain) > 1 and other.table != host.table:
                message = N_("They stay at different tables, yet are together: {chain}.")
                words = {"chain": " – ".join(names.get(person, "…") for person in chain)}
                errors.append(FieldError(f"/hosts/{index}/table", "contradiction", message, {**words}))
    return errors


def _chain(near: Mapping[UUID, Sequence[UUID]], start: UUID, end: UUID) -> list[UUID]:
    """The shortest way from one to the other; empty where there is none."""
    ways = [[start]]
    seen = {start}
    for way in ways:
        if way[-1] == end:
            return way
        for person in near.get(way[-1], ()):
            if person not in seen:
                seen.add(person)
                ways.append([*way, person])
    return []


def host_errors(settings: RoomSettings, known: set[UUID], tables: int) -> list[FieldError]:
    errors = []
    seen: set[UUID] = set()
    for index, host in enumerate(settings.hosts):
        if host.registration not in known:
            message = N_("One of these people does not take part.")
            errors.append(FieldError(f"/hosts/{index}/registration", "unknown", message))
        elif host.registration in seen:
            message = N_("This person stays at two tables.")
            errors.append(FieldError(f"/hosts/{index}/registration", "contradiction", message))
        if not 1 <= host.table <= tables:
            span: dict[str, str | int] = {"low": 1, "high": tables}
            errors.append(FieldError(f"/hosts/{index}/table", "range", RANGE, span))
        seen.add(host.registration)
    return errors


def together_errors(settings: RoomSettings, guests: Sequence[Guest]) -> list[FieldError]:
    """Groups that no table is large enough for."""
    names = {guest.registration_id: guest.name for guest in guests}
    order = [guest.registration_id for guest in guests]
    smallest = len(guests) // tables_for(settings, len(guests))
    message = N_("A table has {size} people; these {number} are always together: {names}.")
    return [
        FieldError(
            "/rules",
            "contradiction",
            message,
            {
                "size": smallest,
                "number": len(group),
                "names": ", ".join(names[order[person]] for person in sorted(group)),
            },
        )
        for group in together_groups(guests, settings)
        if len(group) > smallest
    ]


def _of(kind: str, settings: RoomSettings) -> list[PairRule]:
    return [rule for rule in settings.rules if rule.kind == kind]
