"""Feeds over HTTP: what stands in them, and that an unchanged one is not sent again."""

import gzip
from datetime import UTC, datetime, timedelta

import httpx
import icalendar
import pytest

from events_app.features.accounts.tables import Body
from events_app.features.registration.links import calendar_url
from events_app.features.registration.withdrawal import cancel
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session, make_workshops

pytestmark = pytest.mark.usefixtures("database")


def entries(answer: httpx.Response) -> dict[str, icalendar.Event]:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert "METHOD" not in calendar
    return {str(event["UID"]): event for event in calendar.events}


async def test_the_agenda_holds_public_announced_events_alone(
    client: httpx.AsyncClient, world: World
) -> None:
    shown = await make_event(world)
    await make_event(world, status="draft")
    await make_event(world, visibility="link")
    found = entries(await client.get("/calendar.ics"))
    assert list(found) == [f"event-{shown.id}@testserver.local"]


async def test_an_event_feed_holds_the_event_and_its_programme(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    sessions = await make_workshops(world, event)
    found = entries(await client.get("/events/monkey-time/calendar.ics"))
    assert list(found) == [
        f"event-{event.id}@testserver.local",
        *(f"session-{session.id}@testserver.local" for session in sessions),
    ]
    assert [str(entry["TRANSP"]) for entry in found.values()] == ["OPAQUE"] + ["TRANSPARENT"] * 5


@pytest.mark.parametrize(
    "path", ["/events/nowhere/calendar.ics", "/events/a%00b/calendar.ics", "/me/wrong/calendar.ics"]
)
async def test_an_unknown_feed_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_a_draft_has_no_feed(client: httpx.AsyncClient, world: World) -> None:
    await make_event(world, status="draft")
    assert (await client.get("/events/monkey-time/calendar.ics")).status_code == 404


async def paths(world: World) -> list[str]:
    event = await make_event(world)
    await make_workshops(world, event)
    registration = await make_registration(world, event)
    personal = calendar_url(world, registration).removeprefix("http://testserver.local")
    return ["/calendar.ics", "/events/monkey-time/calendar.ics", personal]


async def test_an_unchanged_feed_is_not_sent_again(client: httpx.AsyncClient, world: World) -> None:
    for path in await paths(world):
        first = await client.get(path)
        again = await client.get(path)
        assert again.content == first.content
        for known in (
            {"if-none-match": first.headers["etag"]},
            {"if-none-match": f'"other", W/{first.headers["etag"]}'},
            {"if-modified-since": first.headers["last-modified"]},
        ):
            answer = await client.get(path, headers=known)
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == first.headers["etag"]
        stale = {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
        assert (await client.get(path, headers=stale)).status_code == 200


async def test_head_says_what_get_would(client: httpx.AsyncClient, world: World) -> None:
    for path in await paths(world):
        plain = {"accept-encoding": "identity"}
        got, head = await client.get(path, headers=plain), await client.head(path, headers=plain)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("etag", "last-modified", "content-type", "content-length", "cache-control"):
            assert head.headers[name] == got.headers[name]


async def test_gzip_is_another_representation_of_the_same(client: httpx.AsyncClient, world: World) -> None:
    for path in await paths(world):
        plain = await client.get(path, headers={"accept-encoding": "identity"})
        async with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as zipped:
            raw = b"".join([part async for part in zipped.aiter_raw()])
        assert zipped.headers["content-encoding"] == "gzip"
        assert gzip.decompress(raw) == plain.content
        assert zipped.headers["etag"] != plain.headers["etag"]
        assert zipped.headers["vary"] == "Accept-Encoding"


async def test_every_change_shows_at_once(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    for number, path in enumerate(await paths(world)):
        seen = {(await client.get(path)).headers["etag"]}
        for change in (
            {"title": f"Autre {number}"},
            {"summary": f"Dit autrement {number}"},
            {"venue": {"name": f"Ailleurs {number}"}},
        ):
            changed = await client.patch(
                "/api/v1/events/monkey-time",
                json=change,
                headers={"authorization": f"Bearer {organiser_key}"},
            )
            assert changed.status_code == 200, changed.text
            seen.add((await client.get(path)).headers["etag"])
        assert len(seen) == 4


async def test_a_session_that_comes_or_goes_shows_at_once(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    event = await make_event(world)
    await make_session(world, event, "un")
    before = entries(await client.get("/events/monkey-time/calendar.ics"))
    await db.execute("DELETE FROM session WHERE code = {}", "un")
    await make_session(world, event, "deux")
    after = entries(await client.get("/events/monkey-time/calendar.ics"))
    assert [str(entry["SUMMARY"]) for entry in before.values()] == ["Monkey Time", "Un"]
    assert [str(entry["SUMMARY"]) for entry in after.values()] == ["Monkey Time", "Deux"]


async def test_a_cancelled_event_stays_a_month_struck_out(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    for path in (all_paths := await paths(world)):
        assert len(entries(await client.get(path))) > 0
    await client.post(
        "/api/v1/events/monkey-time/cancel",
        json={"reason": "La salle est fermée."},
        headers={"authorization": f"Bearer {organiser_key}"},
    )
    for path in all_paths:
        (entry, *_) = entries(await client.get(path)).values()
        assert str(entry["STATUS"]) == "CANCELLED"
        assert str(entry["SUMMARY"]) == "ANNULÉ : Monkey Time"
    since = [(await client.get(path)).headers["last-modified"] for path in all_paths]
    world.clock.advance(timedelta(days=29, hours=23))  # type: ignore[attr-defined]
    assert [len(entries(await client.get(path))) > 0 for path in all_paths] == [True] * 3
    world.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]
    for path, date in zip(all_paths, since, strict=True):
        assert entries(await client.get(path, headers={"if-modified-since": date})) == {}


async def test_a_personal_feed_is_private_and_holds_no_public_entry(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    answer = await client.get(calendar_url(world, registration))
    assert answer.headers["cache-control"] == "private, no-cache"
    assert list(entries(answer)) == [f"registration-{registration.id}@testserver.local"]
    assert b"ATTENDEE" not in answer.content
    assert b"/me/" not in answer.content


async def test_a_withdrawal_strikes_the_personal_entry_out(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    (before,) = entries(await client.get(calendar_url(world, registration))).values()
    await cancel(world, SYSTEM, registration.id)
    (after,) = entries(await client.get(calendar_url(world, registration))).values()
    assert (str(before["STATUS"]), str(after["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


async def test_a_revoked_link_no_longer_answers(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    await db.execute("UPDATE registration SET feed_hash = {} WHERE id = {}", "0" * 64, registration.id)
    assert (await client.get(calendar_url(world, registration))).status_code == 404


async def test_a_forum_of_three_days_is_whole_days_and_the_end_is_exclusive(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(
        world,
        starts_at=datetime(2018, 10, 16, 7, 0, tzinfo=UTC),
        ends_at=datetime(2018, 10, 18, 16, 0, tzinfo=UTC),
    )
    registration = await make_registration(world, event)
    for path in ("/calendar.ics", calendar_url(world, registration)):
        (entry,) = entries(await client.get(path)).values()
        assert entry["DTSTART"].dt.isoformat() == "2018-10-16"
        assert entry["DTEND"].dt.isoformat() == "2018-10-19"


async def test_adding_an_event_to_a_calendar_gives_one_entry(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    await make_workshops(world, event)
    page = (await client.get("/events/monkey-time")).text
    assert 'href="/events/monkey-time/event.ics"' in page
    assert 'href="/events/monkey-time/follow"' in page
    file = await client.get("/events/monkey-time/event.ics")
    (entry,) = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    whole = entries(await client.get("/events/monkey-time/calendar.ics"))
    assert len(whole) == 6
    assert whole[str(entry["UID"])]["SEQUENCE"] == entry["SEQUENCE"]
    again = await client.get("/events/monkey-time/event.ics", headers={"if-none-match": file.headers["etag"]})
    assert again.status_code == 304


async def test_following_is_a_subscription_with_help_for_each_program(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_event(world)
    agenda = (await client.get("/?commune=Lens")).text
    assert 'href="/follow?commune=62498"' in agenda
    page = (await client.get("/follow?commune=62498")).text
    assert 'href="webcal://testserver.local/calendar.ics?commune=62498"' in page
    assert "http://testserver.local/calendar.ics?commune=62498" in page
    for program in ("iPhone", "Google", "Outlook", "Thunderbird"):
        assert program in page
    of_event = (await client.get("/events/monkey-time/follow")).text
    assert 'href="webcal://testserver.local/events/monkey-time/calendar.ics"' in of_event
    assert (await client.get("/events/nowhere/follow")).status_code == 404


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Lens", "Béthune"}),
        ("?commune=62498", {"Lens"}),
        ("?commune=Bethune", {"Béthune"}),
        ("?body=autre", {"Béthune"}),
        ("?format=forum", {"Béthune"}),
        ("?q=lens", {"Lens"}),
        ("?q=lens&commune=62119", set()),
        ("?commune=", {"Lens", "Béthune"}),
    ],
)
async def test_the_agenda_is_narrowed(
    client: httpx.AsyncClient, world: World, query: str, titles: set[str]
) -> None:
    await make_event(world, title="Lens", search_text="lens")
    body = Body(id=world.new_id(), slug="autre", name="Autre", created_at=world.now())
    await body.save()
    place = {"venue_insee": "62119", "venue_commune": "Béthune"}
    await make_event(world, title="Béthune", search_text="bethune", body=body.id, format="forum", **place)
    for _ in range(2):  # the second time with what was kept
        answer = await client.get(f"/calendar.ics{query}")
        assert {str(entry["SUMMARY"]) for entry in entries(answer).values()} == titles
        assert len(entries(await client.get("/calendar.ics"))) == 2


@pytest.mark.parametrize(
    "query",
    ["?city=Lens", "?commune=00000", "?body=nobody", "?format=no", "?commune=62498&commune=62119", "?q=!"],
)
async def test_a_filter_that_is_not_known_is_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/calendar.ics{query}")
    assert answer.status_code == 400
    assert "BEGIN:VCALENDAR" not in answer.text
