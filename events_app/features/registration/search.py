"""Finding people of one event by the index of their words (docs/decisions/0066-search.md).

`registration_word` (event number, word, arrival) is kept by triggers from `registration.search_words`. A word
that begins few people's words is answered from the index; where every word asked for begins more than `FEW`,
the list is walked in its own order, and a page of it is full soon.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.registration.finding import HIGHEST, asked_together
from events_app.infra.database import row, rows

FEW = 1000


class Found(msgspec.Struct, frozen=True):
    """`arrivals`: of everybody who is meant; None where these are many, and a condition must do."""

    arrivals: list[int] | None
    first: list[int] = []
    """Of many: who is reached first, whole words before longer ones."""
    words: list[str] = []

    def condition(self) -> tuple[str, list[Any]]:
        """For a statement about `registration r` of that event."""
        if self.arrivals is None:
            return having(self.words)
        return among(self.arrivals)


def among(arrivals: Sequence[int]) -> tuple[str, list[Any]]:
    """Filled up to a power of two: a handful of statements to prepare, not a thousand."""
    if not arrivals:
        return "1 = 0", []
    size = 1 << (len(arrivals) - 1).bit_length()
    marks = ", ".join(["{}"] * size)
    return f"r.arrival IN ({marks})", [*arrivals, *[arrivals[-1]] * (size - len(arrivals))]


def having(words: Sequence[str]) -> tuple[str, list[Any]]:
    condition = " AND ".join("r.search_words LIKE {} ESCAPE '!'" for _ in words)
    return f"({condition})", [f"% {_literal(word)}%" for word in words]


def whole_word(word: str) -> str:
    """A pattern for `search_words`."""
    return f"% {_literal(word)} %"


def _literal(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


async def look_for(event_id: UUID, asked: Sequence[str]) -> Found:
    """`asked`: one word at least."""
    event = await row("SELECT number FROM event WHERE id = {}", event_id)
    number = event["number"] if event else 0
    few: set[int] | None = None
    many: list[str] = []
    first: list[int] = []
    for word in asked:
        beginning = await _beginning(number, word)
        if len(beginning) > FEW:
            many.append(word)
            first = first or beginning
        else:
            few = set(beginning) if few is None else few & set(beginning)
    together = asked_together(asked)
    as_one = await _beginning(number, together) if together else []
    if few is None:
        return Found(None, sorted(set(first)), list(asked))
    if few and many:
        few = await _with(event_id, few, many)
    return Found(sorted(few | set(as_one[:FEW])))


async def _beginning(event_number: int, word: str) -> list[int]:
    """Up to one more than `FEW`, by word (primary key)."""
    found = await rows(
        "SELECT arrival FROM registration_word WHERE event = {} AND word >= {} AND word < {}"
        " ORDER BY word, arrival LIMIT {}",
        event_number,
        word,
        word + HIGHEST,
        FEW + 1,
    )
    return [each["arrival"] for each in found]


async def _with(event_id: UUID, arrivals: set[int], words: Sequence[str]) -> set[int]:
    """Who of these has also the words that many have."""
    listed, places = among(sorted(arrivals))
    condition, patterns = having(words)
    found = await rows(  # index registration_arrival
        f"SELECT r.arrival FROM registration r WHERE r.event = {{}} AND {listed} AND {condition}",
        event_id,
        *places,
        *patterns,
    )
    return {each["arrival"] for each in found}
