"""What a vote decides. Pure.

Votes cast are those for and against; abstentions, blank and void ballots are none (CGCT L2121-20). An
election needs the majority of the votes cast in each of two rounds; the third goes to whoever has most, and
of equals to the oldest (CGCT L2122-7)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from events_app.features.committees.rules import RuleSet
from events_app.kernel.errors import N_, FieldError

DECISIVE_ROUND = 3


class Ballot(StrEnum):
    ORDINARY = "ordinary"  # by show of hands
    PUBLIC = "public"  # by name
    SECRET = "secret"  # noqa: S105 (a way to vote)
    ELECTION = "election"


class Outcome(StrEnum):
    ADOPTED = "adopted"
    REJECTED = "rejected"
    ELECTED = "elected"
    ANOTHER_ROUND = "another_round"
    EQUAL = "equal"  # the oldest of them is elected: somebody has to say who that is


class Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one vote. `not_taking_part`: who may vote and says that they do not."""

    votes_for: int
    against: int
    abstentions: int = 0
    not_taking_part: int = 0

    @property
    def all_of_them(self) -> int:
        return self.votes_for + self.against + self.abstentions + self.not_taking_part


def count_errors(counts: Counts, voters: int) -> list[FieldError]:
    """More or fewer votes than there are voters is a mistake in either case."""
    names = ("votes_for", "against", "abstentions", "not_taking_part")
    errors = [
        FieldError(f"/{name}", "range", N_("Please enter a whole number that is not negative."))
        for name in names
        if getattr(counts, name) < 0
    ]
    if errors or counts.all_of_them == voters:
        return errors
    message = N_("These are {given} votes; there are {voters} voters for this item.")
    params: dict[str, str | int] = {"given": counts.all_of_them, "voters": voters}
    return [FieldError("/votes_for", "sum", message, params)]


def decided(counts: Counts, rules: RuleSet, ballot: Ballot, chair_for: bool | None = None) -> Outcome:
    """`chair_for`: how the chair voted, which decides an open vote that is equal."""
    if counts.votes_for != counts.against:
        return Outcome.ADOPTED if counts.votes_for > counts.against else Outcome.REJECTED
    casts = rules.casting_vote and ballot is not Ballot.SECRET and counts.votes_for
    return Outcome.ADOPTED if casts and chair_for else Outcome.REJECTED


class Round(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of an election: votes by candidate, and ballots that are blank or void."""

    votes: dict[str, int]
    blank: int = 0

    @property
    def cast(self) -> int:
        return sum(self.votes.values())


def round_errors(this: Round, voters: int) -> list[FieldError]:
    if not this.votes:
        return [FieldError("/votes", "required", N_("Please name at least one candidate."))]
    if this.blank < 0 or min(this.votes.values()) < 0:
        return [FieldError("/votes", "range", N_("Please enter a whole number that is not negative."))]
    if this.cast + this.blank <= voters:
        return []
    message = N_("These are {given} votes; there are {voters} voters for this item.")
    params: dict[str, str | int] = {"given": this.cast + this.blank, "voters": voters}
    return [FieldError("/votes", "sum", message, params)]


def needed_in(this: Round, number: int) -> int:
    """How many votes elect in this round; 0: whoever has most. `number` counts from 1."""
    return this.cast // 2 + 1 if number < DECISIVE_ROUND else 0


def elected(
    rounds: Sequence[Round], rules: RuleSet, oldest: str = ""
) -> tuple[Outcome, str, Mapping[str, int]]:
    """The outcome of the last round, who is elected, and who are equal where that is the question.

    `oldest`: which of those who are equal is the oldest."""
    last, number = rounds[-1], len(rounds)
    most = max(last.votes.values(), default=0)
    first = [name for name, votes in last.votes.items() if votes == most and most > 0]
    if number < DECISIVE_ROUND:
        if len(first) == 1 and most >= needed_in(last, number):
            return Outcome.ELECTED, first[0], {}
        return Outcome.ANOTHER_ROUND, "", {}
    if len(first) == 1:
        return Outcome.ELECTED, first[0], {}
    if len(first) > 1 and rules.oldest_wins and oldest in first:
        return Outcome.ELECTED, oldest, {}
    if len(first) > 1 and rules.oldest_wins:
        return Outcome.EQUAL, "", dict.fromkeys(first, most)
    return Outcome.ANOTHER_ROUND, "", {}
