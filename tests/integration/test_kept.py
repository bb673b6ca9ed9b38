"""Tests of one site stand on a database that is as it was: that it is, down to what triggers keep."""

from typing import Any

import pytest

from events_app.infra import database as db
from events_app.piccolo_app import TABLES
from tests.integration.rights_table import ROUTES
from tests.integration.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEEDS = [
    "POST /api/v1/events/{slug}/registrations",
    "POST /api/v1/events/{slug}/scans",
    "POST /me/{token}/withdraw",
    "POST /me/{token}/wishes",
    "POST /me/{token}/erase",
]


async def _everything() -> dict[str, list[str]]:
    kept: dict[str, list[Any]] = {
        table._meta.tablename: await db.rows(f"SELECT * FROM {table._meta.tablename}") for table in TABLES
    }
    return {name: sorted(map(repr, rows)) for name, rows in kept.items()}


@pytest.mark.parametrize("route", DEEDS)
async def test_whatever_was_written_is_put_back(site: Site, route: str) -> None:
    method, path = route.split(" ")
    before, writes = await _everything(), site.writes()
    await site.call(method, path, ROUTES[route], site.two.places["own"], site.two.callers["administrator"])
    assert site.writes() != writes
    assert await _everything() != before
    site.put_back()
    assert await _everything() == before
