"""What a vote decides."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.committees.rules import rules_on
from events_app.features.committees.votes import (
    Ballot,
    Counts,
    Outcome,
    Round,
    count_errors,
    decided,
    elected,
    round_errors,
)

RULES = rules_on("closed_syndicate", date(2018, 9, 20))
FREE = rules_on("free", date(2018, 9, 20))


@pytest.mark.parametrize(
    ("counts", "ballot", "chair_for", "outcome"),
    [
        (Counts(10, 9), Ballot.ORDINARY, None, Outcome.ADOPTED),
        (Counts(9, 10), Ballot.ORDINARY, True, Outcome.REJECTED),
        (Counts(1, 0, 18), Ballot.ORDINARY, None, Outcome.ADOPTED),  # abstentions are no votes cast
        (Counts(9, 9), Ballot.ORDINARY, True, Outcome.ADOPTED),
        (Counts(9, 9), Ballot.PUBLIC, False, Outcome.REJECTED),
        (Counts(9, 9), Ballot.ORDINARY, None, Outcome.REJECTED),
        (Counts(9, 9), Ballot.SECRET, True, Outcome.REJECTED),  # no casting vote in a secret ballot
        (Counts(0, 0, 19), Ballot.ORDINARY, True, Outcome.REJECTED),
    ],
)
def test_the_majority_of_the_votes_cast(
    counts: Counts, ballot: Ballot, chair_for: bool | None, outcome: Outcome
) -> None:
    assert decided(counts, RULES, ballot, chair_for) is outcome


def test_no_casting_vote_where_the_rules_give_none() -> None:
    assert decided(Counts(5, 5), FREE, Ballot.ORDINARY, True) is Outcome.REJECTED


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 100))
def test_as_many_votes_as_voters(votes: int, against: int, abstentions: int, able: int) -> None:
    errors = count_errors(Counts(votes, against, abstentions), able)
    assert bool(errors) is (votes + against + abstentions != able)


def test_negative_counts_are_named() -> None:
    assert [each.pointer for each in count_errors(Counts(-1, 2, -3), 2)] == ["/votes_for", "/abstentions"]


@pytest.mark.parametrize(
    ("rounds", "oldest", "outcome", "name"),
    [
        ([Round({"A": 10, "B": 9})], "", Outcome.ELECTED, "A"),
        ([Round({"A": 9, "B": 6, "C": 4})], "", Outcome.ANOTHER_ROUND, ""),
        ([Round({"A": 9, "B": 9})], "", Outcome.ANOTHER_ROUND, ""),
        ([Round({"A": 10}, blank=9)], "", Outcome.ELECTED, "A"),  # blank ballots are no votes cast
        ([Round({"A": 8, "B": 7, "C": 4}), Round({"A": 9, "B": 10})], "", Outcome.ELECTED, "B"),
        ([Round({"A": 1})] * 2 + [Round({"A": 8, "B": 7, "C": 4})], "", Outcome.ELECTED, "A"),
        ([Round({"A": 1})] * 2 + [Round({"A": 8, "B": 8, "C": 3})], "", Outcome.EQUAL, ""),
        ([Round({"A": 1})] * 2 + [Round({"A": 8, "B": 8, "C": 3})], "B", Outcome.ELECTED, "B"),
        ([Round({"A": 1})] * 2 + [Round({"A": 8, "B": 8, "C": 3})], "C", Outcome.EQUAL, ""),
        ([Round({"A": 0})], "", Outcome.ANOTHER_ROUND, ""),
    ],
)
def test_an_election_of_three_rounds(rounds: list[Round], oldest: str, outcome: Outcome, name: str) -> None:
    assert elected(rounds, RULES, oldest)[:2] == (outcome, name)


def test_a_round_has_no_more_ballots_than_voters() -> None:
    assert round_errors(Round({"A": 10, "B": 9}, blank=1), 20) == []
    assert [each.code for each in round_errors(Round({"A": 10, "B": 9}, blank=2), 20)] == ["sum"]
    assert [each.code for each in round_errors(Round({}), 20)] == ["required"]
    assert [each.code for each in round_errors(Round({"A": -1}), 20)] == ["range"]


@given(st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 30), min_size=1), st.integers(1, 3))
def test_whoever_is_elected_had_most_and_in_two_rounds_more_than_half(
    votes: dict[str, int], number: int
) -> None:
    rounds = [Round({"A": 1, "B": 1})] * (number - 1) + [Round(votes)]
    outcome, name, equal = elected(rounds, RULES)
    if outcome is Outcome.ELECTED:
        assert all(votes[name] > other for key, other in votes.items() if key != name)
        assert number == 3 or 2 * votes[name] > sum(votes.values())
    if outcome is Outcome.EQUAL:
        assert number == 3
        assert {votes[each] for each in equal} == {max(votes.values())}
