"""What is kept of a password, and what it costs to try one."""

import asyncio

from argon2 import Type, extract_parameters

from events_app.features.accounts import passwords

SENTENCE = "trois terrils sous la neige"


def test_a_hash_costs_what_the_rfc_says_and_no_two_are_alike() -> None:
    """RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes."""
    one, other = (asyncio.run(passwords.hash_password(SENTENCE)) for _ in range(2))
    kept = extract_parameters(one)
    assert (kept.type, kept.memory_cost, kept.time_cost, kept.parallelism) == (Type.ID, 65_536, 3, 4)
    assert one != other
    assert SENTENCE not in one


def test_only_the_password_itself_opens() -> None:
    stored = asyncio.run(passwords.hash_password(SENTENCE))
    tried = (SENTENCE, SENTENCE.upper(), SENTENCE + " ", "", SENTENCE + "\0")
    assert [asyncio.run(passwords.verify_password(stored, each)) for each in tried] == [True] + [False] * 4


def test_where_there_is_no_password_none_opens_and_the_work_is_the_same() -> None:
    passwords._nobodys.cache_clear()
    assert extract_parameters(passwords._nobodys()) == extract_parameters(passwords._hasher().hash("x"))
    assert asyncio.run(passwords.verify_password(None, SENTENCE)) is False
    passwords._nobodys.cache_clear()
