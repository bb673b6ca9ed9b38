"""Guessing is slowed, whoever guesses and however many accounts are tried; a rush makes nobody wait."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from events_app.app import create_app
from events_app.features.accounts import members, passwords, sign_in
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.service import ensure_first_body
from events_app.infra import database as db
from events_app.infra import jobs
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.clock import FixedClock
from events_app.kernel.ids import SeededEntropy
from tests.world import NOW

PASSWORD = "trois terrils sous la neige"


@pytest.fixture
async def member(database: str, world: World, client: httpx.AsyncClient) -> str:
    body_id = await ensure_first_body(world)
    account = await members.add_member(
        world, SYSTEM, body_id, "odile@example.org", "administrator", "Odile", invite=False
    )
    link = await sign_in.make_link(world, account, LINK_LIFE)
    await client.post(link.removeprefix(world.settings.base_url))
    fields = {"name": "Odile", "language": "fr", "password": PASSWORD}
    assert (await client.post("/org/account", data=fields)).status_code == 303
    client.cookies.clear()
    return "odile@example.org"


async def attempt(client: httpx.AsyncClient, email: str, password: str, **headers: str) -> int:
    data = {"email": email, "password": password}
    return (await client.post("/sign-in", data=data, headers=headers)).status_code


async def test_one_caller_with_many_accounts_is_stopped(client: httpx.AsyncClient) -> None:
    found = [await attempt(client, f"p{n}@example.org", "wrong " * 3) for n in range(40)]
    assert 429 in found[:20]
    assert set(found[20:]) == {429}


async def test_asking_for_links_is_stopped_too(client: httpx.AsyncClient) -> None:
    found = [await attempt(client, f"p{n}@example.org", "") for n in range(40)]
    assert 429 in found[:20]


async def test_who_signs_in_well_is_not_counted(client: httpx.AsyncClient, member: str) -> None:
    found = Counter([await attempt(client, member, PASSWORD) for _ in range(9)])
    assert found == {303: 9}


async def test_callers_behind_a_trusted_proxy_are_told_apart_and_cannot_disguise_themselves(
    database: str, world: World
) -> None:
    environ = {
        "CONVIVE_DATA_DIR": str(world.settings.data_dir),
        "CONVIVE_SECRET_KEY": "a secret key that only tests use, long enough",
        "CONVIVE_BASE_URL": "http://testserver.local",
        "CONVIVE_TRUSTED_PROXIES": "172.16.0.0/12",
    }
    behind = World(load_settings(environ), FixedClock(NOW), SeededEntropy("proxy"))
    transport = httpx.ASGITransport(app=create_app(behind), client=("172.18.0.2", 1))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as client:
        found: list[int] = []
        for n in range(25):
            claimed = {"x-forwarded-for": f"6.6.6.{n}, [2001:db8:1:2::{n:x}]:4{n:03}"}
            found.append(await attempt(client, f"p{n}@example.org", "wrong " * 3, **claimed))
        assert 429 in found[:20], "one IPv6 network is one caller, whatever it writes before"
        other = {"x-forwarded-for": "198.51.100.9"}
        assert await attempt(client, "p@example.org", "wrong " * 3, **other) == 422


async def test_a_rush_is_turned_away_rather_than_kept_waiting(database: str) -> None:
    async def one() -> Any:
        try:
            return await passwords.verify_password(None, "wrong")
        except Exception as error:
            return type(error).__name__

    found = Counter(await asyncio.gather(*(one() for _ in range(60))))
    assert found == {False: passwords.MOST_AT_ONCE, "Unavailable": 60 - passwords.MOST_AT_ONCE}
    assert await passwords.verify_password(None, "wrong") is False


async def test_the_same_is_done_for_a_known_and_an_unknown_address(
    client: httpx.AsyncClient, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As statements and as work on the password, not as times."""
    done: list[list[str]] = []
    for name in ("row", "rows", "execute", "point"):
        original = getattr(db.access, name)

        async def noting(sql: str, *args: Any, _original: Any = original) -> Any:
            done[-1].append(sql)
            return await _original(sql, *args)

        for module in (sign_in, jobs):
            if getattr(module, name, None) is original:
                monkeypatch.setattr(module, name, noting)
    for password in ("", "a wrong password"):
        for email in (member, "nobody@example.org"):
            done.append([])
            await attempt(client, email, password)
    assert done[0] == done[1]
    assert done[0]
    assert done[2] == done[3]
    assert done[2]


async def test_common_passwords_are_refused_with_a_sentence(
    client: httpx.AsyncClient, world: World, member: str
) -> None:
    assert await attempt(client, member, PASSWORD) == 303
    for password in ("aaaaaaaaaaaa", " " * 12, "azertyuiop12", "Odile-2026-Convive"):
        fields = {"name": "Odile", "language": "fr", "password": password}
        answer = await client.post("/org/account", data=fields, headers={"accept-language": "fr"})
        assert answer.status_code == 422, password
        assert "parmi les premiers essayés" in answer.text or "12 à 200" in answer.text
