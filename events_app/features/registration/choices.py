"""Sessions that people choose themselves: first come, first served, one at a time. Pure."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from uuid import UUID

from events_app.features.events.model import SessionRecord
from events_app.kernel.errors import N_, Conflict, FieldError, InvalidInput

MOST_CODES = 200


class SessionFull(Conflict):
    """`session`: its code."""

    type = "session-full"
    title = N_("No place left in this session")
    detail = N_("“{title}” has no place left. Please choose another session.")


class SessionOverlap(Conflict):
    """`session`, `other`: their codes."""

    type = "session-overlap"
    title = N_("Two sessions at the same time")
    detail = N_("“{title}” and “{other_title}” are at the same time. Please choose one of them.")


def chosen(codes: Sequence[str], sessions: Sequence[SessionRecord]) -> list[SessionRecord]:
    """In programme order, each once. Raises `InvalidInput` at `/sessions/<index>`."""
    offered = {session.code: session for session in sessions if session.is_chosen and session.takes_place}
    errors = [
        FieldError(f"/sessions/{index}", "unknown", N_("This session is not among those to choose."))
        for index, code in enumerate(codes[:MOST_CODES])
        if code.strip() not in offered
    ]
    if errors:
        raise InvalidInput(errors)
    wanted = {code.strip() for code in codes[:MOST_CODES]}
    return [session for code, session in offered.items() if code in wanted]


def check_hours(wanted: Sequence[SessionRecord], held: Sequence[SessionRecord] = ()) -> None:
    """`held`: where else somebody is expected. Raises `SessionOverlap`."""
    pairs = [*combinations(wanted, 2), *((one, other) for one in wanted for other in held)]
    for one, other in pairs:
        if at_once(one, other):
            raise SessionOverlap(session=one.code, other=other.code, title=one.title, other_title=other.title)


def at_once(one: SessionRecord, other: SessionRecord) -> bool:
    """In hours, or by the slot that says so."""
    meet = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return meet or one.slot_key == other.slot_key


def check_room(wanted: Sequence[SessionRecord], taken: Mapping[UUID, int], people: int) -> None:
    """`taken`: by others. Raises `SessionFull`."""
    for session in wanted:
        left = left_in(session, taken)
        if left is not None and people > left:
            raise SessionFull(session=session.code, title=session.title)


def left_in(session: SessionRecord, taken: Mapping[UUID, int]) -> int | None:
    """None: no limit."""
    if session.capacity_max is None:
        return None
    return max(0, session.capacity_max - taken.get(session.id, 0))


def times_of(sessions: Sequence[SessionRecord]) -> list[list[SessionRecord]]:
    """Those to choose, by what lies at one time: of each part one has one place, or several that follow."""
    parts: list[list[SessionRecord]] = []
    for session in sorted(sessions, key=lambda each: (each.starts_at, each.position, each.code)):
        if not session.is_chosen or not session.takes_place:
            continue
        if parts and any(at_once(session, other) for other in parts[-1]):
            parts[-1].append(session)
        else:
            parts.append([session])
    return parts


def one_of(part: Sequence[SessionRecord]) -> bool:
    """Whether nobody can be at two of them."""
    return all(at_once(one, other) for one, other in combinations(part, 2))
