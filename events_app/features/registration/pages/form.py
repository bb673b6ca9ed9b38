"""The registration form: from what was posted to a request, from a refusal back to the fields."""

from collections.abc import Sequence
from typing import Any

import msgspec

from events_app.features.events.model import EventRecord, Question, SessionRecord
from events_app.features.registration.model import Companion, RegistrationRecord, RegistrationRequest
from events_app.features.registration.wishes import most_wishes
from events_app.kernel.errors import FieldError, InvalidInput
from events_app.web.forms import Form


class QuestionField(msgspec.Struct, frozen=True):
    """A question as the form asks it. `condition`: "Are you in work: Yes", shown where nothing hides it."""

    question: Question
    depends_on: str  # the name of the field that decides
    any_of: str  # JSON, read by the module that hides what is not asked
    condition: tuple[str, list[str]] | None

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(choice, choice) for choice in self.question.choices]

    @property
    def name(self) -> str:
        return f"answers.{self.question.code}"


def question_fields(questions: Sequence[Question]) -> list[QuestionField]:
    labels = {question.code: question.label for question in questions}
    fields = []
    for question in questions:
        condition = question.shown_when
        if condition is None:
            fields.append(QuestionField(question, "", "", None))
        else:
            any_of = msgspec.json.encode(condition.any_of).decode()
            words = (labels.get(condition.question, ""), condition.any_of)
            fields.append(QuestionField(question, f"answers.{condition.question}", any_of, words))
    return fields


def answers_from(form: Form, questions: Sequence[Question]) -> dict[str, object]:
    """Only what was sent; the boxes that were ticked are kept in the form for showing it again."""
    answers: dict[str, object] = {}
    for question in questions:
        name = f"answers.{question.code}"
        if question.kind == "several_choices":
            chosen = form.all(name)
            form.values[name] = chosen
            answers[question.code] = chosen
        elif form.values.get(name):
            answers[question.code] = form.values[name]
    return answers


def wishes_from(form: Form, count: int) -> tuple[list[str], list[int]]:
    """The chosen codes, best first, and the rank (from 0) at which each stood: a rank may be left empty."""
    ranked = [(rank, str(form.values.get(f"preferences.{rank}", "")).strip()) for rank in range(count)]
    return [code for _, code in ranked if code], [rank for rank, code in ranked if code]


def accepts_any_from(form: Form) -> bool:
    """Whoever says nothing accepts."""
    form.values.setdefault("accepts_any", "yes")
    return str(form.values["accepts_any"]) != "no"


def request_from(
    form: Form,
    event: EventRecord,
    workshops: Sequence[SessionRecord],
    language: str,
    sessions: Sequence[str] = (),
) -> tuple[RegistrationRequest, list[int]]:
    """What is asked for, and the ranks that `place_errors` needs. `sessions`: the codes of those chosen."""
    codes, ranks = wishes_from(form, most_wishes(event, workshops))
    return (
        RegistrationRequest(
            email=_text(form, "email"),
            given_name=_text(form, "given_name"),
            family_name=_text(form, "family_name"),
            organisation=_text(form, "organisation"),
            commune=_text(form, "commune"),
            profile=_text(form, "profile"),
            language=language,
            consent={purpose.code: form.flag(f"consent.{purpose.code}") for purpose in event.consents},
            answers=answers_from(form, event.questions),
            preferences=codes,
            accepts_any=accepts_any_from(form),
            companions=_companions(form, event.max_companions),
            sessions=list(sessions),
            invitation=_text(form, "invitation"),
        ),
        ranks,
    )


def place_errors(form: Form, refused: InvalidInput, ranks: Sequence[int]) -> None:
    """Show each error at its field: the third wish that was made may stand in the fourth field."""
    moved = []
    for error in refused.errors:
        _, _, index = error.pointer.partition("/preferences/")
        pointer = f"/preferences/{ranks[int(index)]}" if index.isdigit() else error.pointer
        if pointer == "/preferences":
            pointer = "/accepts_any"  # the other way to mend it, and the field that stands last
        moved.append(FieldError(pointer, error.code, error.message, error.params))
    form.absorb(InvalidInput(moved))


def initial_values(registration: RegistrationRecord) -> dict[str, Any]:
    """What the form shows of somebody who is registered."""
    words = {True: "yes", False: "no"}
    answers = {
        f"answers.{code}": words[answer] if isinstance(answer, bool) else answer
        for code, answer in registration.answers.items()
    }
    return {
        "given_name": registration.given_name,
        "family_name": registration.family_name,
        "organisation": registration.organisation,
        "commune": registration.commune,
        "profile": registration.profile,
        "language": registration.language,
    } | answers


def _text(form: Form, name: str) -> str:
    return str(form.values.get(name, ""))


def _companions(form: Form, most: int) -> int | list[Companion]:
    """As many as the number says, with the names that were given."""
    if most == 0:
        return 0
    number = form.integer("companions", low=0, high=most) or 0
    return [
        Companion(
            given_name=_text(form, f"companions.{index}.given_name"),
            family_name=_text(form, f"companions.{index}.family_name"),
        )
        for index in range(number)
    ]
