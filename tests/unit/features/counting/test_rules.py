"""Counts in any order give the same figures."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from events_app.features.counting.model import Direction, Site, Tally
from events_app.features.counting.rules import checked_sites, faults_of, peak_of

START = datetime(2018, 7, 1, 8, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(st.integers(0, 30).map(lambda minute: START + timedelta(minutes=minute)), st.integers(-9, 9)),
    max_size=40,
)


@given(STEPS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(steps: list[tuple[datetime, int]], chance: object) -> None:
    shuffled = list(steps)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert peak_of(shuffled) == peak_of(steps)


@given(STEPS)
def test_the_peak_is_what_somebody_with_a_list_would_find(steps: list[tuple[datetime, int]]) -> None:
    inside, found = 0, [(0, datetime.max.replace(tzinfo=UTC))]
    for minute in range(31):
        moment = START + timedelta(minutes=minute)
        inside = max(0, inside + sum(change for at, change in steps if at == moment))
        found.append((inside, moment))
    most = max(count for count, _ in found)
    since = min(moment for count, moment in found if count == most) if most else None
    assert peak_of(steps) == (inside, most, since)


def test_what_cannot_be_counted_names_its_field() -> None:
    good = Tally("un", "Parc", Direction.IN, 1)
    assert faults_of(good) is None
    for bad, pointer in (
        (Tally("", "Parc", Direction.IN, 1), "/tally_id"),
        (Tally("x" * 81, "Parc", Direction.IN, 1), "/tally_id"),
        (Tally("un", "Parc", Direction.IN, 0), "/count"),
        (Tally("un", "Parc", Direction.IN, 1_001), "/count"),
        (Tally("un", " \t ", Direction.IN, 1), "/site"),
        (Tally("un", "Parc", Direction.IN, 1, gate="x" * 81), "/gate"),
        (Tally("un", "Parc", Direction.IN, 1, at=datetime(2018, 7, 1)), "/at"),  # noqa: DTZ001
    ):
        fault = faults_of(bad)
        assert fault is not None
        assert fault.pointer == pointer


def test_sites_are_cleaned_and_every_error_is_found() -> None:
    kept, errors = checked_sites([Site("  Parc  des Cytises ", ["Nord", "Nord", " "], 800)])
    assert (kept, errors) == ([Site("Parc des Cytises", ["Nord"], 800)], [])
    _, errors = checked_sites([Site("Parc"), Site("PARC", ["x" * 81], 0), Site("")])
    assert [error.pointer for error in errors] == [
        "/sites/1/name",
        "/sites/1/gates",
        "/sites/1/most",
        "/sites/2/name",
    ]
    assert [error.pointer for error in checked_sites([Site(str(n)) for n in range(101)])[1]] == ["/sites"]
