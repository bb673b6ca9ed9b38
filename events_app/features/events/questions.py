"""An organiser's own questions and consents: that they make one form which can be answered."""

import re
from collections.abc import Sequence

import msgspec

from events_app.features.events.model import ConsentPurpose, Question
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import clean_block, clean_line

MOST_QUESTIONS = 40
MOST_CHOICES = 60
CHOICE_KINDS = ("one_choice", "several_choices")

_CODE = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")
_CODE_FORM = N_("Small letters without accents, digits, hyphens and low lines only.")
_TWICE = N_("Another one has this code.")
_LENGTH = N_("Please shorten this to {most} characters.")
_REQUIRED = N_("This field is needed.")


def cleaned_questions(questions: Sequence[Question]) -> list[Question]:
    return [
        msgspec.structs.replace(
            question,
            code=question.code.strip(),
            label=clean_line(question.label),
            help=clean_line(question.help),
            choices=[clean_line(choice) for choice in question.choices],
            absence=[clean_line(choice) for choice in question.absence],
        )
        for question in questions
    ]


def cleaned_consents(consents: Sequence[ConsentPurpose]) -> list[ConsentPurpose]:
    return [
        msgspec.structs.replace(consent, code=consent.code.strip(), purpose=clean_block(consent.purpose))
        for consent in consents
    ]


def form_errors(questions: Sequence[Question], consents: Sequence[ConsentPurpose]) -> list[FieldError]:
    errors: list[FieldError] = []
    for name, items in (("questions", questions), ("consents", consents)):
        if len(items) > MOST_QUESTIONS:
            errors.append(
                FieldError(
                    f"/{name}", "too-many", N_("There can be {most} at most."), {"most": MOST_QUESTIONS}
                )
            )
            return errors
    for index, question in enumerate(questions):
        errors += _question_errors(f"/questions/{index}", question, questions[:index])
    for index, consent in enumerate(consents):
        pointer = f"/consents/{index}"
        codes = {other.code for other in consents[:index]}
        errors += _code_errors(pointer, consent.code, codes)
        errors += _text_errors(pointer + "/purpose", consent.purpose, 2_000)
    return errors


def _question_errors(pointer: str, question: Question, earlier: Sequence[Question]) -> list[FieldError]:
    errors = _code_errors(pointer, question.code, {other.code for other in earlier})
    errors += _text_errors(pointer + "/label", question.label, 500)
    if len(question.help) > 1_000:
        errors.append(FieldError(pointer + "/help", "length", _LENGTH, {"most": 1_000}))
    errors += _choices_errors(pointer + "/choices", question)
    offered = {"yes", "no"} if question.kind == "yes_no" else set(question.choices)
    if not set(question.absence) <= offered:
        message = N_("These are not answers of this question.")
        errors.append(FieldError(pointer + "/absence", "unknown", message))
    if question.shown_when is not None:
        errors += _condition_errors(pointer + "/shown_when", question, earlier)
    return errors


def _code_errors(pointer: str, code: str, taken: set[str]) -> list[FieldError]:
    if not _CODE.fullmatch(code):
        return [FieldError(pointer + "/code", "invalid", _CODE_FORM)]
    return [FieldError(pointer + "/code", "taken", _TWICE)] if code in taken else []


def _text_errors(pointer: str, text: str, most: int) -> list[FieldError]:
    if not text:
        return [FieldError(pointer, "required", _REQUIRED)]
    return [FieldError(pointer, "length", _LENGTH, {"most": most})] if len(text) > most else []


def _choices_errors(pointer: str, question: Question) -> list[FieldError]:
    choices = question.choices
    if question.kind not in CHOICE_KINDS:
        if choices:
            return [FieldError(pointer, "not-a-choice", N_("Only questions with choices have choices."))]
        return []
    if len(choices) < 2 or len(choices) > MOST_CHOICES:
        message = N_("Please offer from {low} to {high} choices.")
        return [FieldError(pointer, "count", message, {"low": 2, "high": MOST_CHOICES})]
    if len(set(choices)) < len(choices):
        return [FieldError(pointer, "twice", N_("Each choice stands once."))]
    if any(not choice or len(choice) > 300 for choice in choices):
        return [FieldError(pointer, "length", N_("A choice has from 1 to {most} characters."), {"most": 300})]
    return []


def _condition_errors(pointer: str, question: Question, earlier: Sequence[Question]) -> list[FieldError]:
    condition = question.shown_when
    assert condition is not None  # noqa: S101 - the caller looked
    asked = next((other for other in earlier if other.code == condition.question), None)
    if asked is None:
        message = N_("A question can depend on one that comes before it.")
        return [FieldError(pointer + "/question", "unknown", message)]
    offered = {"yes", "no"} if asked.kind == "yes_no" else set(asked.choices)
    if not offered:
        message = N_("A question can depend on a choice or on yes/no.")
        return [FieldError(pointer + "/question", "not-a-choice", message)]
    if not condition.any_of or not set(condition.any_of) <= offered:
        message = N_("These are not answers of the other question.")
        return [FieldError(pointer + "/any_of", "unknown", message)]
    return []
