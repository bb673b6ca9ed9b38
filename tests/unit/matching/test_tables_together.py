"""People who sit together in every round; hosts keep their table, sizes stay as they were."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.matching.tables.together import groups_of, seat_together


def test_company_is_shared() -> None:
    assert groups_of([(0, 1), (2, 3), (1, 2), (5, 6)]) == [{0, 1, 2, 3}, {5, 6}]


@settings(deadline=None)
@given(st.integers(2, 6), st.integers(3, 6), st.integers(1, 4), st.randoms(use_true_random=False))
def test_they_share_a_table_in_each_round_and_tables_keep_their_size(
    tables: int, size: int, rounds: int, rng: Random
) -> None:
    people = rng.sample(range(tables * size), tables * size)
    seats = []
    for _ in range(rounds):
        order = rng.sample(people, len(people))
        seats.append([order[table::tables] for table in range(tables)])
    host = next(p for table in seats[0] for p in table if p not in (0, 1))

    changed = seat_together(seats, [{0, 1}], staying=[host])

    for before, after in zip(seats, changed, strict=True):
        assert [len(table) for table in after] == [len(table) for table in before]
        assert sorted(p for table in after for p in table) == sorted(people)
        at = {p: number for number, table in enumerate(after) for p in table}
        assert at[host] == {p: number for number, table in enumerate(before) for p in table}[host]
        assert at[0] == at[1]
