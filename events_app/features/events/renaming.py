"""Choices that were given another name: what was answered follows them. Pure.

A choice is known by its words (docs/decisions/0089-renamed-choices.md): in the list before and after, what
stands between the same neighbours and is as many is the same choice under another name.
"""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

import msgspec

from events_app.features.events.model import Question

Renames = Mapping[str, Mapping[str, str]]
"""By the question's code: the new words by the old ones."""


def renamed_choices(old: Sequence[Question], new: Sequence[Question]) -> dict[str, dict[str, str]]:
    before = {question.code: question.choices for question in old}
    found = {
        question.code: _renamed(before[question.code], question.choices)
        for question in new
        if question.code in before
    }
    return {code: renames for code, renames in found.items() if renames}


def with_renames(questions: Sequence[Question], renames: Renames) -> list[Question]:
    """What else names a choice by its words: conditions of later questions, and which ones mean absence."""
    return [_followed(question, renames) for question in questions]


def _renamed(old: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for tag, low, high, new_low, new_high in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "replace" and high - low == new_high - new_low:
            pairs |= zip(old[low:high], new[new_low:new_high], strict=True)
    # A choice that only moved is no other one.
    return {was: is_ for was, is_ in pairs.items() if was not in new and is_ not in old}


def _followed(question: Question, renames: Renames) -> Question:
    own = renames.get(question.code, {})
    changed = msgspec.structs.replace(question, absence=[own.get(each, each) for each in question.absence])
    condition = question.shown_when
    if condition is None:
        return changed
    asked = renames.get(condition.question, {})
    any_of = [asked.get(each, each) for each in condition.any_of]
    return msgspec.structs.replace(changed, shown_when=msgspec.structs.replace(condition, any_of=any_of))
