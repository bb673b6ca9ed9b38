"""Moves by hand and what they are refused for. Pure."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.networking.arrangement import RANGE
from events_app.features.networking.model import Lock, Rounds
from events_app.features.networking.sides import TwoSides
from events_app.kernel.errors import N_, FieldError


class SeatMove(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`round` and `table` count from 1. `table` null, of speed-dating: no meeting in this round."""

    registration: UUID
    round: int
    table: int | None


def after_moves(rounds: Rounds, moves: Sequence[SeatMove]) -> Rounds:
    """As it would be: the effect is shown before the move. `moves` have no `move_errors`."""
    changed = [[list(table) for table in tables] for tables in rounds]
    for move in moves:
        for table in changed[move.round - 1]:
            if move.registration in table:
                table.remove(move.registration)
    for move in moves:
        if move.table is not None:
            changed[move.round - 1][move.table - 1].append(move.registration)
    return changed


def move_errors(rounds: Rounds, moves: Sequence[SeatMove], two: TwoSides | None = None) -> list[FieldError]:
    """`two`: of speed-dating."""
    errors = []
    for index, move in enumerate(moves):
        at = f"/moves/{index}"
        if not 1 <= move.round <= len(rounds):
            errors.append(FieldError(f"{at}/round", "range", RANGE, {"low": 1, "high": len(rounds)}))
            continue
        if message := _who(rounds[move.round - 1], move, two):
            errors.append(FieldError(f"{at}/registration", "unknown", message))
        if move.table is None:
            if two is None:
                errors.append(FieldError(f"{at}/table", "required", N_("Please choose a table.")))
        elif not 1 <= move.table <= len(rounds[0]):
            errors.append(FieldError(f"{at}/table", "range", RANGE, {"low": 1, "high": len(rounds[0])}))
        elif two is not None and not _received(rounds[move.round - 1][move.table - 1], two):
            message = N_("Nobody receives at this table in this round.")
            errors.append(FieldError(f"{at}/table", "invalid", message))
    errors = errors or _twice(moves)
    if errors or two is None:
        return errors
    return _crowded(after_moves(rounds, moves), moves, two)


def _twice(moves: Sequence[SeatMove]) -> list[FieldError]:
    message = N_("This person is moved twice in one round.")
    seen: set[tuple[UUID, int]] = set()
    errors = []
    for index, move in enumerate(moves):
        if (move.registration, move.round) in seen:
            errors.append(FieldError(f"/moves/{index}/registration", "twice", message))
        seen.add((move.registration, move.round))
    return errors


def _who(tables: list[list[UUID]], move: SeatMove, two: TwoSides | None) -> str:
    if two is None:
        seated = any(move.registration in table for table in tables)
        return "" if seated else N_("This person has no seat in this plan.")
    if any(guest.registration_id == move.registration for guest in two.posts):
        return N_("Who receives stays at their own table.")
    if all(guest.registration_id != move.registration for guest in two.candidates):
        return N_("This person has no seat in this plan.")
    return ""


def _received(table: list[UUID], two: TwoSides) -> bool:
    receiving = {guest.registration_id for guest in two.posts}
    return any(person in receiving for person in table)


def _crowded(rounds: Rounds, moves: Sequence[SeatMove], two: TwoSides) -> list[FieldError]:
    candidates = {guest.registration_id for guest in two.candidates}
    message = N_("Two people would be at this table. Please exchange them.")
    return [
        FieldError(f"/moves/{index}/table", "taken", message)
        for index, move in enumerate(moves)
        if move.table is not None
        and sum(person in candidates for person in rounds[move.round - 1][move.table - 1]) > 1
    ]


def exchange(rounds: Rounds, move: SeatMove, two: TwoSides) -> list[SeatMove]:
    """The move, and whoever sits there goes where the person comes from."""
    candidates = {guest.registration_id for guest in two.candidates}
    tables = rounds[move.round - 1]
    came_from = next((n for n, table in enumerate(tables, 1) if move.registration in table), None)
    if move.table is None or not 1 <= move.table <= len(tables):
        return [move]
    there = [p for p in tables[move.table - 1] if p in candidates and p != move.registration]
    return [move, *(SeatMove(person, move.round, came_from) for person in there)]


def trade(rounds: Rounds, person: UUID, round_number: int, other: UUID) -> list[SeatMove]:
    """Two people sit where the other one sat; nothing where one of them has no seat in this round."""
    where = {who: n for n, table in enumerate(rounds[round_number - 1], 1) for who in table}
    if person not in where or other not in where:
        return []
    return [
        SeatMove(person, round_number, where[other]),
        SeatMove(other, round_number, where[person]),
    ]


def lock_errors(rounds: Rounds, locks: Sequence[Lock]) -> list[FieldError]:
    errors = []
    for index, lock in enumerate(locks):
        if not 1 <= lock.round <= len(rounds):
            span: dict[str, str | int] = {"low": 1, "high": len(rounds)}
            errors.append(FieldError(f"/locks/{index}/round", "range", RANGE, span))
        elif lock.registration and not any(lock.registration in table for table in rounds[lock.round - 1]):
            message = N_("This person has no seat in this plan.")
            errors.append(FieldError(f"/locks/{index}/registration", "unknown", message))
    return errors
