"""The short code typed by hand, and the proof of what its check character notices."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.kernel.short_code import (
    MalformedShortCode,
    ShortCodeError,
    ShortCodeMistyped,
    display_short_code,
    parse_short_code,
    short_code,
)
from tests.vectors import make_tickets

VECTORS = json.loads(make_tickets.FILE.read_text(encoding="utf-8"))
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ERRORS = {"malformed": MalformedShortCode, "mistyped": ShortCodeMistyped}
ticket_ids = st.integers(0, 2**40 - 1)


def is_valid(code: str) -> bool:
    try:
        parse_short_code(code)
    except ShortCodeError:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS["short"])
def test_vectors(vector: dict) -> None:
    assert parse_short_code(vector["code"]) == vector["ticket_id"]


@pytest.mark.parametrize("vector", VECTORS["short_typed"])
def test_typed_vectors(vector: dict) -> None:
    if vector["error"] is None:
        assert parse_short_code(vector["text"]) == vector["ticket_id"]
    else:
        with pytest.raises(ERRORS[vector["error"]]):
            parse_short_code(vector["text"])


def test_every_single_error_is_noticed() -> None:
    """The check is linear over GF(32), so an error is noticed in every code when it is noticed against 0:
    nine places and 31 wrong differences are the whole of the single substitutions."""
    zero = short_code(0)
    for place, wrong in itertools.product(range(9), ALPHABET[1:]):
        assert not is_valid(zero[:place] + wrong + zero[place + 1 :])


def test_every_exchange_of_two_characters_is_noticed() -> None:
    """Exchanging a and b adds a XOR b in both places: all pairs of places and all differences."""
    zero = short_code(0)
    for (first, second), difference in itertools.product(itertools.combinations(range(9), 2), ALPHABET[1:]):
        code = list(zero)
        code[first] = code[second] = difference
        assert not is_valid("".join(code))


@given(ticket_ids, ticket_ids)
def test_the_check_is_linear(one: int, other: int) -> None:
    """What the two proofs above stand on."""

    def values(code: str) -> list[int]:
        return [ALPHABET.index(character) for character in code]

    summed = [a ^ b for a, b in zip(values(short_code(one)), values(short_code(other)), strict=True)]
    assert values(short_code(one ^ other)) == summed


@given(ticket_ids, st.data())
def test_single_errors_and_exchanges_in_random_codes(ticket_id: int, data: st.DataObject) -> None:
    code = short_code(ticket_id)
    place = data.draw(st.integers(0, 7))
    wrong = data.draw(st.sampled_from(ALPHABET))
    substituted = code[:place] + wrong + code[place + 1 :]
    exchanged = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    for changed in (substituted, exchanged):
        assert is_valid(changed) == (changed == code)


@given(ticket_ids)
def test_people_type_it_in_their_own_way(ticket_id: int) -> None:
    code = short_code(ticket_id)
    assert len(code) == 9
    assert set(code) <= set(ALPHABET)
    for typed in (
        display_short_code(code),
        code.lower(),
        f" {code[:4]} – {code[4:]}\n",
        code.replace("0", "O").replace("1", "l"),
        code.replace("0", "o").replace("1", "I"),
    ):
        assert parse_short_code(typed) == ticket_id


@given(st.text(max_size=100))
def test_any_text_gives_a_code_or_a_short_code_error(text: str) -> None:
    if is_valid(text):
        assert 0 <= parse_short_code(text) < 2**40


def test_ids_out_of_range_have_no_code() -> None:
    for ticket_id in (-1, 2**40):
        with pytest.raises(ValueError, match="40 bits"):
            short_code(ticket_id)
