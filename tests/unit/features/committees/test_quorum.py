"""Who counts towards the quorum of an item, and who votes on it."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from events_app.features.committees.quorum import Room, quorum_of, valid_proxies, voters
from events_app.features.committees.rules import RuleSet, rules_on
from events_app.features.committees.wording import quorum_sentence
from events_app.infra.i18n import translator

BEFORE, SINCE = date(2018, 4, 6), date(2026, 4, 6)
CLOSED, TODAY = rules_on("closed_syndicate", BEFORE), rules_on("closed_syndicate", SINCE)
COUNTING = rules_on("association", SINCE)


def seat(number: int) -> UUID:
    return UUID(int=number)


def room(office: int, present: int, proxies: dict[int, int] | None = None) -> Room:
    """Seats 0, 1, … in office, the first of them present."""
    return Room(
        frozenset(map(seat, range(office))),
        frozenset(map(seat, range(present))),
        {seat(giver): seat(to) for giver, to in (proxies or {}).items()},
    )


@pytest.mark.parametrize(("office", "needed"), [(22, 12), (21, 11), (23, 12), (2, 2), (1, 1), (0, 1)])
def test_more_than_half_of_those_in_office_are_needed(office: int, needed: int) -> None:
    assert quorum_of(room(office, 0), CLOSED).needed == needed
    assert not quorum_of(room(office, needed - 1), CLOSED).reached
    assert quorum_of(room(office, needed), CLOSED).reached is (office > 0)


def test_nineteen_of_twenty_two_of_april_2018() -> None:
    """Present or substituted: a substitute sits in the member's seat."""
    quorum = quorum_of(room(22, 19), CLOSED)
    assert (quorum.in_office, quorum.counted, quorum.needed, quorum.reached) == (22, 19, 12, True)


def test_the_same_meeting_where_proxies_count_and_where_they_do_not() -> None:
    there = room(22, 11, {11: 0})
    assert not quorum_of(there, CLOSED).reached
    assert quorum_of(there, CLOSED).voters == 12
    assert quorum_of(there, COUNTING).reached


def test_who_steps_aside_counts_as_in_office_before_the_law_and_not_since() -> None:
    there = room(22, 12)
    before, since = (quorum_of(there, rules, [seat(0)]) for rules in (CLOSED, TODAY))
    assert (before.in_office, before.counted, before.reached) == (22, 11, False)
    assert (since.in_office, since.counted, since.needed, since.reached) == (21, 11, 11, True)


def test_a_second_sitting_needs_no_quorum_but_somebody() -> None:
    assert quorum_of(room(22, 1), CLOSED, second=True).reached
    assert not quorum_of(room(22, 0), CLOSED, second=True).reached


def test_a_second_sitting_needs_its_quorum_where_the_rules_know_of_none() -> None:
    quorum = quorum_of(room(22, 1), COUNTING, second=True)
    assert (quorum.needed, quorum.reached) == (12, False)
    said = quorum_sentence(quorum, COUNTING, translator("en"), second=True)
    assert said == "1 present or represented of 22: 12 are needed."


@pytest.mark.parametrize(
    ("proxies", "valid"),
    [
        ({20: 0}, {20: 0}),
        ({20: 21}, {}),  # to somebody who is not there
        ({0: 1}, {}),  # from somebody who is
        ({20: 0, 21: 0}, {20: 0}),  # two where one may be held: the first given
        ({30: 0}, {}),  # from somebody who is not in office
        ({20: 20}, {}),
    ],
)
def test_proxies_that_count(proxies: dict[int, int], valid: dict[int, int]) -> None:
    found = valid_proxies(room(22, 19, proxies), CLOSED)
    assert found == {seat(giver): seat(to) for giver, to in valid.items()}


def test_a_proxy_of_or_to_who_steps_aside_is_not_voted() -> None:
    there = room(22, 19, {20: 0, 21: 1})
    assert valid_proxies(there, CLOSED, [seat(0)]) == {seat(21): seat(1)}
    assert valid_proxies(there, CLOSED, [seat(20)]) == {seat(21): seat(1)}
    assert seat(0) not in voters(there, CLOSED, [seat(0)])


def test_somebody_whose_mandate_is_over_is_not_there_even_when_tapped() -> None:
    there = Room(frozenset({seat(1)}), frozenset({seat(1), seat(9)}))
    assert quorum_of(there, CLOSED).counted == 1


numbers = st.integers(0, 12)
rooms = st.builds(
    lambda office, present, proxies: Room(
        frozenset(map(seat, office)),
        frozenset(map(seat, present)),
        {seat(giver): seat(to) for giver, to in proxies.items()},
    ),
    st.frozensets(numbers),
    st.frozensets(numbers),
    st.dictionaries(numbers, numbers),
)
rule_sets = st.builds(
    lambda base, count, each: replace(base, proxies_count=count, proxies_each=each),
    st.sampled_from([CLOSED, TODAY]),
    st.booleans(),
    st.integers(0, 3),
)


@given(rooms, rule_sets, st.frozensets(numbers), st.booleans())
def test_nobody_is_counted_twice_and_nobody_who_may_not(
    there: Room, rules: RuleSet, aside: frozenset[int], second: bool
) -> None:
    recused = frozenset(map(seat, aside))
    quorum = quorum_of(there, rules, recused, second=second)
    able = voters(there, rules, recused)
    assert able <= there.in_office - recused
    assert quorum.voters == len(able)
    assert quorum.counted <= quorum.voters
    if not rules.proxies_count:
        assert quorum.counted == len((there.present & there.in_office) - recused)
    held = list(valid_proxies(there, rules, recused).values())
    assert all(held.count(holder) <= rules.proxies_each for holder in held)


@given(rooms, rule_sets, numbers)
def test_one_more_who_comes_never_loses_a_quorum(there: Room, rules: RuleSet, comes: int) -> None:
    """Where proxies do not count; where they do, who comes may take the place of one's own proxy."""
    more = Room(there.in_office, there.present | {seat(comes)}, there.proxies)
    assert quorum_of(more, rules).counted >= quorum_of(there, rules).counted
