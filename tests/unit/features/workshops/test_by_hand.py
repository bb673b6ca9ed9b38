"""Changes by hand, late seats, and who is told."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from events_app.features.workshops.errors import SessionFull
from events_app.features.workshops.hand import WantedPlace, apply
from events_app.features.workshops.late import choose
from events_app.features.workshops.publication import Change, changes_of, recipients_of
from events_app.features.workshops.tally import present_places
from events_app.kernel.errors import InvalidInput
from tests.unit.features.workshops.samples import inputs, person, session

A, B, C = session(0, most=1), session(1, most=2), session(2, least=3, most=4)
ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))
READ = inputs(
    [A, B, C],
    [person(1, A, B), person(2, A, B, leads=1), person(3)],
    {(ONE, "a"): A.id, (TWO, "a"): B.id},
)


def test_a_move_changes_one_place_and_locks_it() -> None:
    after = apply(READ, present_places(READ), [WantedPlace(TWO, "s2")])
    assert [(place.session_id, place.rank, place.locked) for place in after] == [
        (A.id, 1, False),
        (C.id, None, True),
        (None, None, False),
    ]


def test_a_swap_in_full_workshops_is_possible_a_squeeze_is_not() -> None:
    with pytest.raises(SessionFull):
        apply(READ, present_places(READ), [WantedPlace(TWO, "s0")])
    after = apply(READ, present_places(READ), [WantedPlace(TWO, "s0"), WantedPlace(ONE, "s1")])
    assert [place.session_id for place in after] == [B.id, A.id, None]


def test_an_overfull_workshop_may_stay_so_but_takes_nobody_more() -> None:
    crowded = inputs([A, B], READ.people[:], {(ONE, "a"): A.id, (TWO, "a"): A.id})  # type: ignore[arg-type]
    assert len(apply(crowded, present_places(crowded), [WantedPlace(THREE, "s1")])) == 3
    with pytest.raises(SessionFull):
        apply(crowded, present_places(crowded), [WantedPlace(THREE, "s0")])


def test_every_wrong_change_is_named() -> None:
    wanted = [
        WantedPlace(UUID(int=9), "s0"),
        WantedPlace(ONE, "nowhere"),
        WantedPlace(ONE),
        WantedPlace(ONE, None, slot="other"),
    ]
    with pytest.raises(InvalidInput) as refused:
        apply(READ, present_places(READ), wanted)
    assert [error.pointer for error in refused.value.errors] == [
        "/places/0/registration",
        "/places/1/session",
        "/places/2/session",
        "/places/3/slot",
    ]


def test_the_late_get_the_best_wish_that_has_a_seat_and_takes_place() -> None:
    full = {A.id: 1, B.id: 1}
    closed = replace(C, closed_at=C.starts_at)
    assert choose([A, B, closed], [C.id, A.id, B.id], full, fill=False) == B  # A is full
    assert choose([A, B, closed], [A.id], full, fill=False) is None
    assert choose([A, B, closed], [A.id], full, fill=True) == B
    assert choose([A, B, C], [C.id], {A.id: 1, B.id: 2, C.id: 3}, fill=False) == C
    assert choose([A, B, C], [], {A.id: 1, B.id: 2, C.id: 4}, fill=True) is None


def test_one_mail_a_group_and_none_for_what_stays() -> None:
    wanted = apply(READ, present_places(READ), [WantedPlace(TWO, "s2")])
    told = recipients_of(READ.people, changes_of(READ, wanted), READ.current)
    assert (told.placed, told.changed) == ([], [ONE])  # the companion's move is told to whoever leads
    first = recipients_of(READ.people, [Change(THREE, None, B.id), Change(ONE, A.id, A.id)], READ.current)
    assert (first.placed, first.changed) == ([THREE], [])
