"""Rules of events and sessions: moving by the clock, fitting sessions, conditions of questions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.events.content import EventContent
from events_app.features.events.formats import FORMATS
from events_app.features.events.model import Question, ShownWhen
from events_app.features.events.questions import form_errors
from events_app.features.events.rules import cleaned_event, event_errors, moved_as_a_whole, shifted

PARIS = ZoneInfo("Europe/Paris")


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS).astimezone(UTC)  # type: ignore[misc,arg-type]


instants = st.datetimes(datetime(2018, 1, 1), datetime(2019, 12, 31)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC, microsecond=0, second=0)
)


@given(instants, instants, st.integers(0, 60 * 24 * 4))
def test_shifting_keeps_the_distance_on_the_clock(old: datetime, new: datetime, minutes: int) -> None:
    moved = shifted(old + timedelta(minutes=minutes), old, new, "Europe/Paris")

    def wall(instant: datetime) -> datetime:
        return instant.astimezone(PARIS).replace(tzinfo=None)

    expected = wall(old + timedelta(minutes=minutes)) - wall(old)
    # Only a wall time that does not exist gives way, by the hour that the clocks skip.
    assert wall(moved) - wall(new) in (expected, expected + timedelta(hours=1))


def test_a_time_that_the_clocks_skip_becomes_the_hour_after() -> None:
    old, new = paris(2018, 4, 10, 1, 0), paris(2018, 3, 25, 1, 0)
    assert shifted(paris(2018, 4, 10, 2, 30), old, new, "Europe/Paris") == paris(2018, 3, 25, 3, 30)


def event(**changes: object) -> EventContent:
    fields: dict[str, object] = {
        "slug": "x",
        "title": "X",
        "starts_at": paris(2018, 4, 10, 14),
        "ends_at": paris(2018, 4, 10, 16),
    }
    return EventContent(**(fields | changes))  # type: ignore[arg-type]


def test_moved_as_a_whole_is_judged_by_the_clock() -> None:
    winter = event(starts_at=paris(2018, 3, 24, 14), ends_at=paris(2018, 3, 25, 16))
    summer = event(starts_at=paris(2018, 4, 24, 14), ends_at=paris(2018, 4, 25, 16))
    assert winter.ends_at - winter.starts_at != summer.ends_at - summer.starts_at
    assert moved_as_a_whole(winter, summer)
    assert not moved_as_a_whole(winter, event(starts_at=winter.starts_at, ends_at=summer.ends_at))


@given(st.text(max_size=300), st.text(max_size=300), st.integers(), st.datetimes(), st.datetimes())
def test_whatever_comes_in_is_judged_without_failing(
    title: str, slug: str, capacity: int, starts_at: datetime, ends_at: datetime
) -> None:
    content = event(
        title=title,
        slug=slug,
        capacity=capacity,
        starts_at=starts_at.replace(tzinfo=UTC),
        ends_at=ends_at.replace(tzinfo=UTC),
    )
    cleaned = cleaned_event(content)
    errors = event_errors(cleaned)
    if not errors:
        assert cleaned.starts_at < cleaned.ends_at
        assert cleaned.capacity is not None
        assert cleaned.capacity > 0
        assert cleaned.title.isprintable()


YES_NO = Question(code="repas", label="Déjeunez-vous ?", kind="yes_no")


@pytest.mark.parametrize(
    ("second", "pointer"),
    [
        (Question(code="repas", label="Encore ?", kind="date"), "/questions/1/code"),
        (Question(code="Régime", label="Régime ?", kind="date"), "/questions/1/code"),
        (Question(code="regime", label="", kind="date"), "/questions/1/label"),
        (Question(code="regime", label="R", kind="one_choice", choices=["a"]), "/questions/1/choices"),
        (Question(code="regime", label="R", kind="one_choice", choices=["a", "a"]), "/questions/1/choices"),
        (Question(code="regime", label="R", kind="date", choices=["a", "b"]), "/questions/1/choices"),
        (
            Question(code="regime", label="R", kind="date", shown_when=ShownWhen("repas", ["peut-être"])),
            "/questions/1/shown_when/any_of",
        ),
        (
            Question(code="regime", label="R", kind="date", shown_when=ShownWhen("repas", [])),
            "/questions/1/shown_when/any_of",
        ),
        (
            Question(code="regime", label="R", kind="date", shown_when=ShownWhen("regime", ["yes"])),
            "/questions/1/shown_when/question",
        ),
    ],
)
def test_a_form_that_cannot_be_answered_is_refused(second: Question, pointer: str) -> None:
    assert [error.pointer for error in form_errors([YES_NO, second], [])] == [pointer]


def test_a_question_may_depend_on_an_earlier_answer() -> None:
    second = Question(code="regime", label="R", kind="short_text", shown_when=ShownWhen("repas", ["yes"]))
    assert form_errors([YES_NO, second], []) == []


def test_every_format_makes_a_sound_event() -> None:
    for template in FORMATS.values():
        content = event(
            format=template.code,
            title=template.title or "X",
            summary=template.summary,
            description=template.description,
            ends_at=paris(2018, 4, 10, 14) + timedelta(minutes=template.duration_minutes),
            capacity=template.capacity,
            profiles=list(template.profiles),
            questions=list(template.questions),
            consents=list(template.consents),
        )
        assert event_errors(content) == []
        for session in template.sessions:
            assert session.after + session.lasts <= template.duration_minutes
        assert len({session.code for session in template.sessions}) == len(template.sessions)
