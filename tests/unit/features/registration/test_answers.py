"""Custom answers against their questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.events.model import Question, ShownWhen
from events_app.features.registration.answers import check_answers

JOB = Question("job", "In work", "yes_no", required=True)
WHERE = Question("where", "Where", "short_text", required=True, shown_when=ShownWhen("job", ["yes"]))
SINCE = Question("since", "Since", "date", required=True, shown_when=ShownWhen("where", ["Lens"]))
FORM = [JOB, WHERE, SINCE]


def only(question: Question, raw: object) -> object:
    """The kept answer, or the code of the one error."""
    kept, errors = check_answers([question], {question.code: raw})
    return errors[0].code if errors else kept.get(question.code)


@pytest.mark.parametrize(
    ("given_answers", "kept", "errors"),
    [
        ({}, {}, ["/answers/job"]),
        ({"job": False}, {"job": False}, []),
        ({"job": "no", "where": "Lens", "since": "rubbish"}, {"job": False}, []),
        ({"job": "yes"}, {"job": True}, ["/answers/where"]),
        ({"job": "yes", "where": "Lens"}, {"job": True, "where": "Lens"}, ["/answers/since"]),
        ({"job": "yes", "where": "Arras"}, {"job": True, "where": "Arras"}, []),
        ({"job": "perhaps", "where": "Lens"}, {}, ["/answers/job"]),
        ({"job": "no", "other": 1, "a/b~c": 2}, {"job": False}, ["/answers/other", "/answers/a~1b~0c"]),
    ],
)
def test_conditions_and_requirements(
    given_answers: dict[str, object], kept: dict[str, object], errors: list[str]
) -> None:
    found, wrong = check_answers(FORM, given_answers)
    assert (found, [error.pointer for error in wrong]) == (kept, errors)


def test_by_hand_nothing_is_required_but_what_is_given_must_be_right() -> None:
    assert check_answers(FORM, {}, require=False) == ({}, [])
    assert [error.code for error in check_answers(FORM, {"job": "x"}, require=False)[1]] == ["invalid"]


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("12", 12),
        ("-3", -3),
        ("1 234,5", 1234.5),
        ("1.5", 1.5),
        (7, 7),
        (2.5, 2.5),
        ("", None),
        (None, None),
        (True, "invalid"),
        ("١٢", "invalid"),
        ("1e9", "invalid"),
        (float("nan"), "invalid"),
        (float("inf"), "invalid"),
        (10**30, "invalid"),
        ("9" * 400, "invalid"),
        (["1"], "invalid"),
    ],
)
def test_numbers(raw: object, answer: object) -> None:
    assert only(Question("n", "N", "number"), raw) == answer


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("2018-04-10", "2018-04-10"),
        ("2018-02-30", "invalid"),
        ("10/04/2018", "2018-04-10"),
        ("mardi 10 avril 2018", "2018-04-10"),
        ("lundi 10 avril 2018", "invalid"),
        ("0001-01-01", "invalid"),
        (20180410, "invalid"),
        (" ", None),
    ],
)
def test_dates(raw: object, answer: object) -> None:
    assert only(Question("d", "D", "date"), raw) == answer


def test_choices() -> None:
    one = Question("c", "C", "one_choice", choices=["red", "blue"])
    several = Question("c", "C", "several_choices", choices=["red", "blue"])
    assert [only(one, raw) for raw in ("red", "green", ["red"])] == ["red", "unknown", "invalid"]
    assert [only(several, raw) for raw in (["blue", "red", "blue"], "red", ["green"], [], [1])] == [
        ["red", "blue"],
        ["red"],
        "unknown",
        None,
        "invalid",
    ]


def test_texts_are_cleaned_and_bounded() -> None:
    short = Question("t", "T", "short_text")
    assert only(short, " a\r\nb\x00 ") == "a b"
    assert only(short, "x" * 301) == "too-long"
    assert only(Question("t", "T", "long_text"), "a\r\nb") == "a\nb"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(
    st.sampled_from(["short_text", "long_text", "one_choice", "several_choices", "yes_no", "number", "date"]),
    anything,
)
def test_nothing_that_is_sent_breaks_it_and_what_is_kept_is_kept_again(kind: str, raw: object) -> None:
    question = Question("q", "Q", kind, choices=["a", "b"])  # type: ignore[arg-type]
    kept, errors = check_answers([question], {"q": raw})
    assert not (kept and errors)
    assert check_answers([question], kept) == (kept, [])
