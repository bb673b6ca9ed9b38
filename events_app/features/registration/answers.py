"""Answers to the organiser's own questions, checked against their definitions. Pure.

Values come from a form (texts, lists of texts) or from JSON (also numbers and booleans): one reading for
both.
"""

import math
from collections.abc import Mapping, Sequence

from events_app.features.events.model import Question
from events_app.features.registration.model import Answer
from events_app.kernel import written
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import clean_block, clean_line

SHORT_MOST = 300
LONG_MOST = 5_000
NUMBER_MOST = 1_000_000_000_000

_YES = frozenset({"yes", "true", "1", "on", "oui"})
_NO = frozenset({"no", "false", "0", "off", "non"})

NOT_OFFERED = N_("Please choose one of the values offered.")


class _Unreadable(Exception):
    def __init__(self, code: str, message: str, **params: int) -> None:
        super().__init__(code)
        self.code, self.message, self.params = code, message, params


def check_answers(
    questions: Sequence[Question],
    given: Mapping[str, object],
    require: bool = True,
    language: str = "fr",
) -> tuple[dict[str, Answer], list[FieldError]]:
    """The answers that count, and every error, at `/answers/<code>`.

    What was answered to a question that is not asked (its condition does not hold) is dropped: a page without
    JavaScript shows all questions. With `require` false, unanswered ones are left out without an error.
    `language`: in which numbers are written.
    """
    kept: dict[str, Answer] = {}
    errors = [
        FieldError(f"/answers/{_escaped(code)}", "unknown", N_("This event does not ask this."))
        for code in given
        if code not in {question.code for question in questions}
    ]
    for question in questions:
        if not is_asked(question, kept):
            continue
        try:
            answer = _read(question, given.get(question.code), language)
        except _Unreadable as problem:
            pointer = f"/answers/{_escaped(question.code)}"
            errors.append(FieldError(pointer, problem.code, problem.message, dict(problem.params)))
            continue
        if answer is not None:
            kept[question.code] = answer
        elif question.required and require:
            pointer, params = f"/answers/{_escaped(question.code)}", {"question": question.label}
            errors.append(FieldError(pointer, "required", N_("Please answer: {question}"), dict(params)))
    return kept, errors


def is_asked(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether the condition holds. It looks at answers that count: one that was itself not asked has none."""
    condition = question.shown_when
    if condition is None:
        return True
    answer = answers.get(condition.question)
    return answer is not None and not _as_texts(answer).isdisjoint(condition.any_of)


def means_absence(questions: Sequence[Question], answers: Mapping[str, Answer]) -> bool:
    """Whether one of these answers says that the person does not come."""
    return any(
        question.absence
        and (answer := answers.get(question.code)) is not None
        and not _as_texts(answer).isdisjoint(question.absence)
        for question in questions
    )


def _as_texts(answer: Answer) -> set[str]:
    if isinstance(answer, bool):
        return {"yes", "true"} if answer else {"no", "false"}
    return set(answer) if isinstance(answer, list) else {str(answer)}


def _read(question: Question, raw: object, language: str) -> Answer | None:
    """None when nothing was answered. Raises `_Unreadable`."""
    if raw is None or raw == "" or raw == []:
        return None
    match question.kind:
        case "short_text":
            return _text(clean_line(_as_text(raw)), SHORT_MOST)
        case "long_text":
            return _text(clean_block(_as_text(raw)), LONG_MOST)
        case "one_choice":
            return _choice(question, raw)
        case "several_choices":
            chosen = {_choice(question, item) for item in (raw if isinstance(raw, list) else [raw])} - {None}
            return [choice for choice in question.choices if choice in chosen] or None
        case "yes_no":
            return _yes_no(raw)
        case "number":
            return _number(raw, language)
        case "date":
            return _date(raw)


def _as_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise _Unreadable("invalid", N_("This value cannot be accepted."))
    return raw


def _text(text: str, most: int) -> str | None:
    if len(text) > most:
        raise _Unreadable("too-long", N_("Please shorten this to {most} characters."), most=most)
    return text or None


def _choice(question: Question, raw: object) -> str | None:
    text = clean_line(_as_text(raw))
    if text and text not in question.choices:
        raise _Unreadable("unknown", NOT_OFFERED)
    return text or None


def _yes_no(raw: object) -> bool:
    word = raw if isinstance(raw, bool) else _as_text(raw).strip().lower()
    if word is True or word in _YES:
        return True
    if word is False or word in _NO:
        return False
    raise _Unreadable("invalid", N_("Please answer yes or no."))


def _number(raw: object, language: str) -> int | float | None:
    """An integer stays one."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise _Unreadable("invalid", N_("Please enter a number."))
    if isinstance(raw, str):
        if not raw.strip():
            return None
        try:
            value: int | float = written.decimal_number(raw, language)
        except ValueError:
            raise _Unreadable("invalid", N_("Please enter a number.")) from None
    else:
        value = raw
    if not math.isfinite(value) or abs(value) > NUMBER_MOST:
        raise _Unreadable("invalid", N_("Please enter a number."))
    return value


def _date(raw: object) -> str | None:
    text = _as_text(raw).strip()
    if not text:
        return None
    try:
        day = written.day(text)
    except ValueError:
        raise _Unreadable("invalid", N_("Please enter a date, for example 2018-04-10.")) from None
    if not 1900 <= day.year <= 2200:
        raise _Unreadable("invalid", N_("Please enter a date, for example 2018-04-10."))
    return day.isoformat()


def _escaped(code: str) -> str:
    """As a reference token of a JSON pointer (RFC 6901 section 3)."""
    return code.replace("~", "~0").replace("/", "~1")[:80]
