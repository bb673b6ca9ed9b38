import pytest

from events_app.matching.invalid import InvalidProblem
from events_app.matching.speed_dating.attendees import Attendee, eligibility


def names(*values: str) -> frozenset[str]:
    return frozenset(values)


def test_own_organisation_conflicts_and_languages_rule_meetings_out() -> None:
    coach = Attendee(name="coach", organisation="PMA", languages=names("fr"), conflicts=names("rival"))
    others = [
        Attendee(name="colleague", organisation="PMA"),
        Attendee(name="rival"),
        Attendee(name="visitor", languages=names("en")),
        Attendee(name="careful", conflicts=names("coach")),
        Attendee(name="welcome", languages=names("en", "fr"), organisation="CD2E"),
    ]
    eligible, _ = eligibility([coach], others)
    assert eligible == [[0, 0, 0, 0, 1]]


def test_a_mutual_wish_counts_more_than_two_one_sided_ones() -> None:
    a = [Attendee(name="a", wishes=names("x", "y"))]
    b = [Attendee(name="x", wishes=names("a")), Attendee(name="y"), Attendee(name="z", wishes=names("a"))]
    _, score = eligibility(a, [*b, Attendee(name="w")])
    assert score == [[3, 1, 1, 0]]


def test_a_person_has_one_side() -> None:
    with pytest.raises(InvalidProblem, match="side_b: x is on both sides"):
        eligibility([Attendee(name="x")], [Attendee(name="y"), Attendee(name="x")])
    with pytest.raises(InvalidProblem, match="side_a: x is named twice"):
        eligibility([Attendee(name="x"), Attendee(name="x")], [])
