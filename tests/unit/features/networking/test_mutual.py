"""Whose contacts pass: only where both said so, whatever the order of what is said and taken back."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from events_app.features.networking.mutual import met, mutual, pair_of, report_of

PEOPLE = [uuid5(UUID(int=0), str(number)) for number in range(5)]
A, B, C, D, E = PEOPLE

people = st.sampled_from(PEOPLE)
deeds = st.lists(
    st.tuples(st.sampled_from(["say", "take back", "withdraw"]), people, people).filter(
        lambda deed: deed[1] != deed[2]
    ),
    max_size=40,
)


@given(deeds)
def test_a_contact_passes_where_both_say_so_at_that_moment_and_nowhere_else(
    story: list[tuple[str, UUID, UUID]],
) -> None:
    said: set[tuple[UUID, UUID]] = set()
    here = set(PEOPLE)
    for deed, who, whom in story:
        if deed == "say":
            said.add((who, whom))
        elif deed == "take back":
            said.discard((who, whom))
        else:
            here.discard(who)

    pairs = set(mutual(said, here))

    for one in PEOPLE:
        for other in PEOPLE:
            both = (one, other) in said and (other, one) in said and {one, other} <= here
            assert (pair_of(one, other) in pairs) == (both and one != other)


def test_who_sat_together_in_rounds_that_have_begun_has_met() -> None:
    rounds = [[[A, B], [C]], [[A, C], [B]], [[B, C], [A]]]
    assert met(rounds, {1, 2}, None) == {pair_of(A, B), pair_of(A, C)}


def test_the_four_figures_are_counted() -> None:
    held = {pair_of(A, B), pair_of(A, C), pair_of(D, E)}
    said = [(A, B), (B, A), (A, C), (B, C)]  # B and C have not met
    report = report_of(4, 3, 5, held, said, PEOPLE)

    assert (report.wishes, report.fulfilled, report.planned, report.held) == (4, 3, 5, 3)
    assert (report.people, report.met_two, report.again, report.both) == (5, 1, 2, 1)
