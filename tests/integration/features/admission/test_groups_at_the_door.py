"""Who registered with others shows one code for all of them, at once or one after the other."""

from typing import Any

import httpx
import pytest

from events_app.features.events.model import EventRecord
from events_app.features.registration.tables import Registration
from events_app.infra import database as db
from tests.integration.features.admission.rows import ScanCall, presence_count


@pytest.fixture
async def group(event: EventRecord, people: list[Registration]) -> list[Registration]:
    """Anne Dupont, who brings the two others."""
    lead, *others = people
    for other in others:
        await db.execute("UPDATE registration SET group_id = {} WHERE id = {}", lead.id, other.id)
    return people


def inside(answer: dict[str, Any]) -> list[bool]:
    return [each["inside"] for each in answer["group"]]


async def test_one_code_lets_in_all_of_them_some_later_and_out_again(
    scan: ScanCall, event: EventRecord, group: list[Registration]
) -> None:
    code = group[0].short_code
    first = await scan(code, "s1")
    assert (first["outcome"], inside(first)) == ("admitted", [True, False, False])
    _, second, third = (each["id"] for each in first["group"])
    one_more = await scan(code, "s2", member=third)
    assert (one_more["registration"]["name"], inside(one_more)) == ("Jean Œuvrard", [True, False, True])
    assert await scan(code, "s2", member=third) == one_more
    assert (await scan(code, "s3", member=third))["outcome"] == "already_admitted"
    assert inside(await scan(code, "s4")) == [True, False, True]  # read again: who is missing
    assert await presence_count(event.id) == 2
    assert inside(await scan(code, "s5", member=second)) == [True, True, True]
    left = await scan(code, "s6", member=second, direction="out")
    assert (left["outcome"], inside(left)) == ("left", [True, False, True])
    own = await scan(group[1].short_code, "s7")
    assert (own["reason"], own["group"]) == ("re_entry", [])


async def test_who_is_not_of_the_group_does_not_pass_by_its_code(
    door: httpx.AsyncClient, scan: ScanCall, event: EventRecord, group: list[Registration]
) -> None:
    mine = (await scan(group[0].short_code, "s1"))["group"]
    strange = await scan(group[0].short_code, "s2", member="0123456789abcdef")
    assert (strange["outcome"], strange["reason"]) == ("refused", "unknown_code")
    upwards = await scan(group[1].short_code, "s3", member=mine[0]["id"])
    assert upwards["reason"] == "unknown_code"
    await db.execute("UPDATE registration SET status = 'cancelled' WHERE id = {}", group[1].id)
    gone = await scan(group[0].short_code, "s4", member=mine[1]["id"])
    assert (gone["reason"], len(gone["group"])) == ("cancelled", 2)
    body = {"scan_id": "s1", "ticket_code": group[0].short_code, "member": mine[2]["id"], "gate": "A"}
    reused = await door.post(f"/api/v1/events/{event.slug}/scans", json=body)
    assert reused.json()["type"].endswith("scan-id-reused")
    bad = await door.post(f"/api/v1/events/{event.slug}/scans", json=body | {"member": "Jean"})
    assert bad.json()["errors"][0]["pointer"] == "/member"


async def test_a_phone_knows_the_group_and_tells_afterwards(
    door: httpx.AsyncClient, event: EventRecord, group: list[Registration]
) -> None:
    listed = (await door.get(f"/api/v1/events/{event.slug}/door/manifest")).json()["tickets"]
    (lead,) = [each for each in listed if each.get("companions")]
    scans = [
        {"scan_id": f"b{at}", "ticket_code": group[0].short_code, "member": member, "decided": "admitted"}
        for at, member in enumerate(["", *lead["companions"]])
    ]
    answer = await door.post(f"/api/v1/events/{event.slug}/scans/batch", json={"scans": scans})
    items = answer.json()["items"]
    assert {each["outcome"] for each in items} == {"admitted"}
    assert not any(each["conflict"] for each in items)
    assert await presence_count(event.id) == 3
