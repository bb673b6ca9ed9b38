"""Everything at once: a seeded mix of all writes against real server processes, and a checker of its history.

`python -m tests.mixed_rush SECONDS` runs it on a PostgreSQL server of its own (`make soak` does).
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from events_app.app import introduce_features
from events_app.features.accounts.service import create_api_key, ensure_first_body
from events_app.features.operations import recount
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.kernel.clock import SystemClock
from tests import databases, postgres
from tests.factories import make_event, make_session
from tests.servers import client_of, running_server
from tests.world import make_world

CLIENTS = 48
PROCESSES = "3"
EVENTS = ("fixed", "fixed-too", "changing", "asked")
CODES = ("one", "two", "three")
ROOM = "fixed/sessions/tables/room"

# The databases's own word at each commit, when the transaction holds the event: nobody can say otherwise.
WATCH = """
CREATE TABLE oversold (what text, capacity int, people int);
CREATE FUNCTION watch_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE places int; people int; BEGIN
  SELECT capacity INTO places FROM event WHERE id = NEW.event;
  SELECT count(*) INTO people FROM registration WHERE event = NEW.event AND status = 'confirmed';
  IF people > places THEN INSERT INTO oversold VALUES ('event', places, people); END IF;
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER watch_event AFTER INSERT OR UPDATE OF status ON registration
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'confirmed') EXECUTE FUNCTION watch_event();
CREATE FUNCTION watch_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE places int; people int; BEGIN
  SELECT capacity_max INTO places FROM session WHERE id = NEW.session;
  SELECT count(*) INTO people FROM place p JOIN registration r ON r.id = p.registration
    WHERE p.session = NEW.session AND r.status = 'confirmed';
  IF people > places THEN INSERT INTO oversold VALUES ('workshop', places, people); END IF;
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER watch_place AFTER INSERT ON place
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION watch_place();
"""


class History:
    """What was asked and acknowledged."""

    def __init__(self) -> None:
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.unexpected: list[str] = []
        self.registered: set[str] = set()
        self.withdrawn: set[str] = set()
        self.scans: dict[str, str] = {}
        self.counted = 0
        self.messages: set[str] = set()
        self.slowest = 0.0
        self.deadlocks = 0


class Client:
    """One after the other, on a connection of its own. Its people are its own, the events are everybody's."""

    def __init__(self, number: int, http: httpx.AsyncClient, history: History) -> None:
        self.number, self.http, self.history = number, http, history
        self.chance = random.Random(number)  # noqa: S311 - replayable
        self.people: list[dict[str, Any]] = []
        self.made = 0

    async def run(self, until: float) -> None:
        deeds: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.register, 12), (self.withdraw, 5), (self.scan, 12), (self.change, 3), (self.wish, 3),
            (self.approve, 3), (self.refuse, 1), (self.resize, 2), (self.resize_workshop, 1),
            (self.batch, 2), (self.rename, 1), (self.restore, 2), (self.erase, 1), (self.many, 2),
            (self.bring, 1), (self.invite, 1), (self.count, 3), (self.tap, 3), (self.write, 1), (self.tag, 1),
        ]  # fmt: skip
        if self.number < 2:
            deeds += [(self.place, 2), (self.seat, 2)]
        kinds, weights = zip(*deeds, strict=True)
        while time.monotonic() < until:
            await self.chance.choices(kinds, weights)[0]()

    async def register(self) -> None:
        self.made += 1
        slug = self.chance.choice(EVENTS)
        body = {
            "email": f"c{self.number}n{self.made}@example.org",
            "given_name": "Personne",
            "family_name": f"Numéro {self.number}-{self.made}",
            "companions": self.chance.choice([[], [], [{"given_name": "Avec", "family_name": "Elle"}]]),
            "preferences": self.chance.sample(CODES, 2),
        }
        more = {"idempotency-key": f"{self.number}-{self.made}"} if self.chance.random() < 0.3 else {}
        found = await self.call("POST", f"events/{slug}/registrations", body, more)
        if found:
            self.people.append(found | {"slug": slug})
            self.history.registered.add(found["id"])

    async def withdraw(self) -> None:
        if len(self.people) > 3:
            person = self.people.pop(self.chance.randrange(len(self.people)))
            if await self.call("POST", f"registrations/{person['id']}/cancel") is not None:
                self.history.withdrawn.add(person["id"])

    async def approve(self) -> None:
        await self.about_somebody("approve")

    async def refuse(self) -> None:
        await self.about_somebody("refuse")

    async def about_somebody(self, what: str) -> None:
        if self.people:
            await self.call("POST", f"registrations/{self.chance.choice(self.people)['id']}/{what}")

    async def change(self) -> None:
        if self.people:
            person = self.chance.choice(self.people)
            self.made += 1
            await self.call("PATCH", f"registrations/{person['id']}", {"commune": f"Ville {self.made % 7}"})

    async def wish(self) -> None:
        if self.people:
            person = self.chance.choice(self.people)
            wishes = {"preferences": self.chance.sample(CODES, 2)}
            await self.call("PUT", f"registrations/{person['id']}/preferences", wishes)

    def reading(self, person: dict[str, Any]) -> dict[str, Any]:
        self.made += 1
        session = self.chance.choice([None, None, *CODES])
        return {
            "scan_id": f"{self.number}-{self.made}",
            "ticket_code": person["ticket_code"],
            "direction": self.chance.choice(["in", "in", "out"]),
            **({"session": session} if session else {}),
        }

    async def scan(self) -> None:
        if self.people:
            person = self.chance.choice(self.people)
            found = await self.call("POST", f"events/{person['slug']}/scans", self.reading(person))
            if found:
                self.history.scans[found["scan_id"]] = found["outcome"]
                if self.chance.random() < 0.1:
                    self.made += 1
                    undo = {"scan_id": f"{self.number}-{self.made}"}
                    await self.call("POST", f"events/{person['slug']}/scans/{found['scan_id']}/void", undo)

    async def batch(self) -> None:
        slug = self.chance.choice(EVENTS)
        mine = [person for person in self.people if person["slug"] == slug]
        if mine:
            scans = [self.reading(self.chance.choice(mine)) for _ in range(8)]
            found = await self.call("POST", f"events/{slug}/scans/batch", {"scans": scans})
            for answer in (found or {}).get("scans", []):
                self.history.scans[answer["scan_id"]] = answer["outcome"]

    async def resize(self) -> None:
        await self.call("PATCH", "events/changing", {"capacity": self.chance.randrange(20, 200)})

    async def resize_workshop(self) -> None:
        code = self.chance.choice(CODES)
        size = {"capacity_max": self.chance.randrange(5, 60)}
        await self.call("PATCH", f"events/{self.chance.choice(EVENTS)}/sessions/{code}", size)

    async def rename(self) -> None:
        """A change of what other rows refer to, and of two sessions in no order."""
        slug = self.chance.choice(EVENTS)
        self.made += 1
        await self.call("PATCH", f"events/{slug}", {"title": f"Titre {self.made}", "venue": {"name": "Ici"}})

    async def restore(self) -> None:
        """Back on the list, then away again: both at the event's lock."""
        if self.people:
            person = self.chance.choice(self.people)
            await self.call("POST", f"registrations/{person['id']}/cancel")
            await self.call("POST", f"registrations/{person['id']}/restore")

    async def erase(self) -> None:
        if len(self.people) > 5:
            person = self.people.pop(self.chance.randrange(len(self.people)))
            path = person["manage_url"].partition("/me/")[2]
            await self.form(f"me/{path}/erase", {})

    async def many(self) -> None:
        if len(self.people) > 4:
            ids = [person["id"] for person in self.chance.sample(self.people, 3)]
            slug = self.people[0]["slug"]
            deed = {"action": self.chance.choice(["approve", "cancel", "restore"]), "ids": ids}
            await self.call("POST", f"events/{slug}/registrations/bulk", deed)

    async def bring(self) -> None:
        self.made += 1
        lines = "email;given_name;family_name\n" + "".join(
            f"i{self.number}n{self.made}x{each}@example.org;Im;Porté {each}\n" for each in range(5)
        )
        slug = self.chance.choice(EVENTS)
        await self.call("POST", f"events/{slug}/registrations/import", content=lines)

    async def invite(self) -> None:
        self.made += 1
        lines = f"v{self.number}n{self.made}@example.org\nv{self.number}n{self.made}b@example.org"
        await self.form(f"org/events/{self.chance.choice(EVENTS)}/invitations", {"addresses": lines})

    async def count(self) -> None:
        self.made += 1
        tally = {"tally_id": f"{self.number}-{self.made}", "site": "Parc", "direction": "in", "count": 2}
        device = {"device": f"phone-{self.number}"}
        said = await self.call("POST", f"events/{EVENTS[0]}/tallies", device | {"tallies": [tally]})
        if said:
            self.history.counted += 2

    async def tap(self) -> None:
        """Who is here, in the room and at the door at once; now and then the next round begins."""
        mine = [person for person in self.people if person["slug"] == "fixed"]
        if mine:
            person = {"registration": self.chance.choice(mine)["id"]}
            state = {"state": self.chance.choice(["here", "late", "left", "absent"])}
            await self.call("POST", f"events/{ROOM}/presence", person | state)
            if self.chance.random() < 0.1:
                await self.call("POST", f"events/{ROOM}/next", {})

    async def seat(self) -> None:
        """A plan of the room, a change by hand, the publication, and sometimes back."""
        plan = await self.call("POST", f"events/{ROOM}/proposals", {"seed": self.number})
        if not plan:
            return
        seated = [who for table in plan["rounds"][1]["tables"] for who in table["people"]]
        if seated:
            move = {"registration": self.chance.choice(seated), "round": 2, "table": 1}
            await self.call("PATCH", f"plans/{plan['id']}", {"moves": [move]})
        await self.call("POST", f"plans/{plan['id']}/publish")
        if self.chance.random() < 0.2:
            await self.call("POST", f"plans/{plan['id']}/unpublish")

    async def write(self) -> None:
        slug = self.chance.choice(EVENTS)
        audience = self.chance.choice([{}, {"session": self.chance.choice(CODES)}, {"status": "waiting"}])
        body = {"subject": "Le parking", "text": "Bonjour {given_name}.", "audience": audience}
        found = await self.call("POST", f"events/{slug}/messages", body)
        if found:
            self.history.messages.add(found["id"])
            await self.call("POST", f"messages/{found['id']}/send", {})
            if self.chance.random() < 0.3:
                await self.call("POST", f"messages/{found['id']}/cancel")

    async def tag(self) -> None:
        if self.people:
            person = self.chance.choice(self.people)
            deed = {"action": self.chance.choice(["tag", "untag"]), "ids": [person["id"]], "tag": "parle"}
            await self.call("POST", f"events/{person['slug']}/registrations/bulk", deed)

    async def place(self) -> None:
        found = await self.call("POST", f"events/{self.chance.choice(EVENTS)}/assignments", {})
        if not found:
            return
        if found.get("places") and self.chance.random() < 0.5:  # by hand, then true
            registration = self.chance.choice(found["places"])["registration"]
            moved = {"places": [{"registration": registration, "session": self.chance.choice(CODES)}]}
            await self.call("PATCH", f"assignments/{found['id']}", moved)
        await self.call("POST", f"assignments/{found['id']}/publish")

    async def form(self, path: str, fields: dict[str, str]) -> None:
        """A page's form, as a browser posts it."""
        answer = await self.http.post(f"/{path}", data=fields)
        kind = "POST " + ("me/erase" if path.startswith("me/") else "invitations")
        self.history.statuses[kind, answer.status_code] += 1
        if answer.status_code >= 400 and answer.status_code not in (404, 409, 422):
            self.history.unexpected.append(f"{kind}: {answer.status_code} {answer.text[-300:]}")

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        content: str = "",
    ) -> dict[str, Any] | None:
        """What was answered; None for a refusal, which is an answer too."""
        started = time.perf_counter()
        sent: dict[str, Any] = {"content": content} if content else {"json": body}
        more = {"content-type": "text/csv"} if content else {}
        answer = await self.http.request(method, f"/api/v1/{path}", headers=(headers or {}) | more, **sent)
        self.history.slowest = max(self.history.slowest, time.perf_counter() - started)
        kind = method + " " + "/".join(word for word in path.split("/") if not any(c.isdigit() for c in word))
        self.history.statuses[kind, answer.status_code] += 1
        if answer.status_code >= 500 or answer.status_code in (400, 401, 403):
            self.history.unexpected.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return dict(json.loads(answer.content)) if answer.is_success and answer.content else None


async def prepare(world: World) -> str:
    """Events of today on the current database, with its watch; an organiser's key."""
    introduce_features()
    starts_at = SystemClock().now() + timedelta(hours=1)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=5)}
    for slug in EVENTS:
        capacity = 100 if slug.startswith("fixed") else 60
        event = await make_event(
            world, slug=slug, capacity=capacity, approval=slug == "asked", max_companions=1, **times
        )
        for code in CODES:
            await make_session(world, event, code, capacity_min=None, capacity_max=30)
        if slug == ROOM.partition("/")[0]:
            of_a_room = {"kind": "networking", "slot": "", "capacity_min": None, "capacity_max": None}
            await make_session(world, event, "tables", **of_a_room)
    for statement in WATCH.split(";\nCREATE "):
        await db.execute(statement if statement.lstrip().startswith("CREATE") else "CREATE " + statement)
    return await create_api_key(world, SYSTEM, await ensure_first_body(world), "rush", Role.ORGANISER)


async def rush(base_url: str, key: str, seconds: float) -> History:
    history = History()
    before = await _deadlocks()
    until = time.monotonic() + seconds

    async def client(number: int) -> None:
        headers = {"authorization": f"Bearer {key}"}
        async with client_of(base_url, headers=headers, timeout=60) as http:
            await Client(number, http, history).run(until)

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    history.deadlocks = await _deadlocks() - before
    return history


async def faults(history: History) -> list[str]:
    """What the history and the database say that must not be; empty when all is right."""
    found = list(history.unexpected[:20])
    if history.deadlocks:
        found.append(f"{history.deadlocks} deadlocks")
    found += [f"oversold: {dict(each)}" for each in await db.rows("SELECT * FROM oversold")]
    kept = {str(each["id"]): each["status"] for each in await db.rows("SELECT id, status FROM registration")}
    if lost := history.registered - kept.keys():
        found.append(f"{len(lost)} acknowledged registrations are lost")
    if back := [one for one in history.withdrawn if kept.get(one) != "cancelled"]:
        found.append(f"{len(back)} acknowledged withdrawals did not hold")
    scans = {each["scan_id"]: each["outcome"] for each in await db.rows("SELECT scan_id, outcome FROM scan")}
    if lost_scans := [one for one, outcome in history.scans.items() if scans.get(one) != outcome]:
        found.append(f"{len(lost_scans)} acknowledged scans are lost or said otherwise")
    [tallies] = await db.rows("SELECT coalesce(sum(people), 0) AS people FROM tally")
    if int(tallies["people"]) != history.counted:
        found.append(f"{history.counted} people were counted, {tallies['people']} are kept")
    written = {str(each["id"]) for each in await db.rows("SELECT id FROM message")}
    if unwritten := history.messages - written:
        found.append(f"{len(unwritten)} acknowledged messages are lost")
    plans = await db.rows(
        "SELECT session FROM seating_plan WHERE status = 'published' GROUP BY session HAVING count(*) > 1"
    )
    found += [f"two plans of one room are published: {dict(each)}" for each in plans]
    twice = await db.rows(
        "SELECT event, arrival FROM registration GROUP BY event, arrival HAVING count(*) > 1"
    )
    found += [f"arrival given twice: {dict(each)}" for each in twice]
    if wrong := await recount.wrong():
        found.append(f"kept counts are wrong: {wrong}")
    return found


async def _deadlocks() -> int:
    found = await db.row("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(found["deadlocks"]) if found else 0


def environment(url: str) -> dict[str, str]:
    return {
        "CONVIVE_DATABASE_URL": url,
        "CONVIVE_SECRET_KEY": "a secret key that only tests use, long enough",
        "CONVIVE_WORKERS": PROCESSES,
    }


async def _alone(seconds: float, server: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        url = await databases.postgres_copy(
            server, await asyncio.to_thread(databases.postgres_template, server)
        )
        db.use_engine(db.make_engine(url))
        await db.open_database()
        try:
            key = await prepare(make_world(Path(folder), now=SystemClock().now()))
            with running_server(environment(url)) as running:
                history = await rush(running.base_url, key, seconds)
                log = running.log.stat().st_size
            for (kind, status), number in sorted(history.statuses.items()):
                print(f"{number:8} {status} {kind}")
            print(
                f"{sum(history.statuses.values())} requests, slowest {history.slowest:.2f} s, log {log} bytes"
            )
            return await faults(history)
        finally:
            await db.close_database()


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    with postgres.throwaway_server() as server:
        found = asyncio.run(_alone(seconds, server))
    print("\n".join(found) or "oversold 0, deadlocks 0, lost 0, answers 5xx 0")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
