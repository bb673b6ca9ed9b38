"""Random sittings, reckoned a second time from the articles, person by person, and compared.

Nothing here looks at the rule sets: what each family of assembly goes by is written again from the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from events_app.features.committees.quorum import Room, quorum_of, valid_proxies, voters
from events_app.features.committees.rules import (
    FAMILIES,
    RuleSet,
    Statutes,
    clear_days,
    last_day_to_send,
    rules_on,
)
from events_app.features.committees.votes import (
    Ballot,
    Counts,
    Outcome,
    Round,
    count_errors,
    decided,
    elected,
)

SITTINGS = 10_000
SEATS = [UUID(int=number) for number in range(16)]
IN_FORCE = date(2025, 12, 24)
PUBLIC_LAW = ("closed_syndicate", "open_syndicate")


@dataclass
class Person:
    seat: UUID
    in_office: bool
    there: bool = False
    aside: bool = False
    gave_to: "Person | None" = None
    holds: list["Person"] = field(default_factory=list)


@dataclass
class Sitting:
    family: str
    day: date
    statutes: Statutes
    second: bool
    people: list[Person]
    given: list[Person]  # in the order in which they gave their proxies

    @property
    def rules(self) -> RuleSet:
        return rules_on(self.family, self.day, self.statutes)

    @property
    def room(self) -> Room:
        return Room(
            frozenset(each.seat for each in self.people if each.in_office),
            frozenset(each.seat for each in self.people if each.there),
            {each.seat: each.gave_to.seat for each in self.given if each.gave_to},
        )

    @property
    def recused(self) -> list[UUID]:
        return [each.seat for each in self.people if each.aside]


def a_sitting(chance: Random) -> Sitting:
    people = [Person(seat, chance.random() < 0.85) for seat in SEATS[: chance.randint(0, len(SEATS))]]
    for _ in range(chance.randint(0, 2 * len(people))):  # they come, and some of them go
        tapped = chance.choice(people)
        tapped.there = not tapped.there if chance.random() < 0.4 else True
    given = chance.sample(people, chance.randint(0, min(6, len(people))))
    for each in given:
        each.gave_to = chance.choice(people[:4] if chance.random() < 0.5 else people)
    for each in people:
        each.aside = chance.random() < 0.12
    statutes = Statutes(chance.choice([None, True, False]), chance.choice([None, 0, 1, 2, 3]))
    day = IN_FORCE + timedelta(days=chance.choice([-3000, -1, 0, 1, 500]))
    return Sitting(chance.choice(FAMILIES), day, statutes, chance.random() < 0.2, people, given)


def sittings() -> Iterator[tuple[Random, Sitting]]:
    chance = Random(2121_17)  # noqa: S311 - the same sittings each time, no secret
    for _ in range(SITTINGS):
        yield chance, a_sitting(chance)


def what_statutes_say(sitting: Sitting) -> tuple[bool, int]:
    """Whether proxies count towards the quorum, and how many one may hold (a closed syndicate: L2121-20)."""
    count, each = sitting.family in ("association", "free"), 2 if sitting.family == "association" else 1
    if sitting.family != "closed_syndicate":
        if sitting.statutes.proxies_count is not None:
            count = sitting.statutes.proxies_count
        if sitting.statutes.proxies_each is not None:
            each = sitting.statutes.proxies_each
    return count, each


def hand_over(sitting: Sitting) -> None:
    """The absent give theirs to somebody in the room whose hands are not full; the earlier one is kept."""
    _, most = what_statutes_say(sitting)
    for giver in sitting.given:
        holder = giver.gave_to
        if holder is None or giver.there or not giver.in_office or giver.aside:
            continue
        if holder.there and holder.in_office and not holder.aside and len(holder.holds) < most:
            holder.holds.append(giver)


def who_votes(sitting: Sitting) -> list[Person]:
    able = []
    for each in sitting.people:
        if each.there and each.in_office and not each.aside:
            able += [each, *each.holds]
    return able


def test_the_quorum_and_who_votes() -> None:
    for _, sitting in sittings():
        hand_over(sitting)
        proxies_count, _ = what_statutes_say(sitting)
        new_law = sitting.family in PUBLIC_LAW and sitting.day >= IN_FORCE
        office, counted = 0, 0
        for each in sitting.people:
            if each.in_office and not (each.aside and new_law):
                office += 1
            if each.in_office and each.there and not each.aside:
                counted += 1 + (len(each.holds) if proxies_count else 0)
        needed = next(number for number in range(office + 2) if number > office - number)
        able = who_votes(sitting)
        # Nobody is needed at a second sitting (but somebody has to be there); the law of 1901 knows none.
        if sitting.second and sitting.family != "association":
            needed = 1

        found = quorum_of(sitting.room, sitting.rules, sitting.recused, second=sitting.second)
        assert (found.in_office, found.needed, found.counted) == (office, needed, counted), sitting
        assert found.voters == len(able), sitting
        assert found.reached is (counted >= needed), sitting
        assert voters(sitting.room, sitting.rules, sitting.recused) == {each.seat for each in able}, sitting
        held = {giver.seat: each.seat for each in sitting.people for giver in each.holds}
        assert valid_proxies(sitting.room, sitting.rules, sitting.recused) == held, sitting


def test_what_is_voted() -> None:
    """The majority of the votes cast; equal, as the chair voted, unless in secret (L2121-20)."""
    for chance, sitting in sittings():
        hand_over(sitting)
        able = who_votes(sitting)
        said = [chance.choice(["for", "for", "against", "against", "abstains", "silent"]) for _ in able]
        ballot = chance.choice([Ballot.ORDINARY, Ballot.PUBLIC, Ballot.SECRET])
        chair = said[0] if said else "silent"
        balance = 0
        for word in said:
            balance += {"for": 1, "against": -1}.get(word, 0)
        if balance == 0 and ballot is not Ballot.SECRET and sitting.family != "free" and chair == "for":
            balance = 1

        counts = Counts(*(said.count(word) for word in ("for", "against", "abstains", "silent")))
        chair_for = {"for": True, "against": False}.get(chair)
        assert count_errors(counts, len(able)) == []
        outcome = Outcome.ADOPTED if balance > 0 else Outcome.REJECTED
        assert decided(counts, sitting.rules, ballot, chair_for) is outcome, (
            counts,
            ballot,
            chair_for,
            sitting,
        )


def test_who_is_elected() -> None:
    """More than half of the votes cast, twice; then whoever has most, the oldest of equals (L2122-7)."""
    seen = set()
    for chance, sitting in sittings():
        hand_over(sitting)
        ages = dict(zip("ABCD"[: chance.randint(1, 4)], chance.sample(range(18, 99), 4), strict=False))
        rounds: list[Round] = []
        winner, first = "", []
        while not winner and len(rounds) < 3:
            papers = [chance.choice([*ages, "blank"]) for _ in who_votes(sitting)]
            cast = [name for name in papers if name != "blank"]
            rounds.append(Round({name: cast.count(name) for name in ages}, papers.count("blank")))
            for name in ages:
                if cast.count(name) > len(cast) - cast.count(name):
                    winner = name
            most = max(cast.count(name) for name in ages)
            first = [name for name in ages if most and cast.count(name) == most]
        oldest = max(first, key=ages.__getitem__, default="")
        if not winner and (len(first) == 1 or (first and sitting.family in PUBLIC_LAW)):
            winner = oldest

        outcome, name, equal = elected(rounds, sitting.rules, oldest)
        assert (name, outcome is Outcome.ELECTED) == (winner, bool(winner)), (rounds, oldest, sitting)
        if not winner:  # no law says who of equals has it: they vote again
            assert outcome is Outcome.ANOTHER_ROUND, (rounds, sitting)
        if len(rounds) == 3 and len(first) > 1 and sitting.family in PUBLIC_LAW:
            outcome, name, equal = elected(rounds, sitting.rules)  # as long as nobody said who is the oldest
            assert (outcome, name, set(equal)) == (Outcome.EQUAL, "", set(first)), (rounds, sitting)
        for number in range(1, len(rounds)):
            assert elected(rounds[:number], sitting.rules, oldest)[:2] == (Outcome.ANOTHER_ROUND, "")
        seen.add((len(rounds), outcome))
    assert {(1, Outcome.ELECTED), (2, Outcome.ELECTED), (3, Outcome.ELECTED), (3, Outcome.EQUAL)} <= seen


def test_clear_days_one_by_one() -> None:
    chance = Random(2121_12)  # noqa: S311
    for _ in range(1_000):
        sitting = IN_FORCE + timedelta(days=chance.randint(-400, 400))
        sent, wanted = sitting - timedelta(days=chance.randint(1, 20)), chance.randint(0, 15)
        between, day = 0, sent + timedelta(days=1)
        while day < sitting:
            between, day = between + 1, day + timedelta(days=1)
        assert clear_days(sent, sitting) == between
        assert (sent <= last_day_to_send(sitting, wanted)) is (between >= wanted)
