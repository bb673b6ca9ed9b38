"""Identifiers sort by time; tokens cannot be guessed, and can be written again where they must."""

import re
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from events_app.kernel.ids import SeededEntropy, SystemEntropy, derived_token, new_id, new_token, token_hash

moments = st.integers(0, 2**48 - 1)


@given(moments, st.text(max_size=8))
def test_an_id_is_a_version_7_uuid_that_holds_its_moment(unix_ms: int, seed: str) -> None:
    made = new_id(SeededEntropy(seed), unix_ms)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == unix_ms
    assert UUID(str(made)) == made


@given(moments, moments)
def test_ids_sort_as_they_were_made(one: int, other: int) -> None:
    entropy = SeededEntropy("x")
    first, second = (str(new_id(entropy, moment)) for moment in sorted((one, other)))
    assert one == other or first < second


@given(st.text(max_size=8), st.lists(st.integers(0, 70), max_size=6))
def test_seeded_bytes_repeat_and_are_as_many_as_asked(seed: str, counts: list[int]) -> None:
    one, other = SeededEntropy(seed), SeededEntropy(seed)
    drawn = [one.bytes(count) for count in counts]
    assert [len(each) for each in drawn] == counts
    assert drawn == [other.bytes(count) for count in counts]


def test_nothing_is_drawn_twice() -> None:
    for entropy in (SystemEntropy(), SeededEntropy("x")):
        tokens = {new_token(entropy) for _ in range(1_000)}
        ids = {new_id(entropy, 1) for _ in range(1_000)}
        assert (len(tokens), len(ids)) == (1_000, 1_000)
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in tokens)


texts = st.text(max_size=8).filter(lambda text: "\0" not in text and text.isprintable())


@given(st.binary(min_size=1, max_size=8), texts, texts, st.binary(min_size=1, max_size=8), texts, texts)
def test_a_derived_token_is_of_one_secret_one_purpose_and_one_subject(
    secret: bytes, purpose: str, subject: str, other_secret: bytes, other_purpose: str, other_subject: str
) -> None:
    token = derived_token(secret, purpose, subject)
    assert token == derived_token(secret, purpose, subject)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", token)
    if (purpose, subject) != (other_purpose, other_subject):
        assert token != derived_token(secret, other_purpose, other_subject)
    if secret.rstrip(b"\0") != other_secret.rstrip(b"\0"):  # HMAC fills a short key with zeros
        assert token != derived_token(other_secret, purpose, subject)


@given(st.text(max_size=30))
def test_any_text_that_comes_as_a_token_has_a_hash(token: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", token_hash(token))
