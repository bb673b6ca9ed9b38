"""One history: an event with workshops, and what happens to it in an order that its number decides."""

import random
from datetime import timedelta
from typing import Any

import httpx

from events_app.features.events.model import EventRecord
from events_app.infra import database as db
from events_app.infra.world import World
from tests.factories import make_event, make_session
from tests.histories.pages import Reader
from tests.histories.recount import Recount, Snapshot, recount

DEEDS = 14
TITLES = ("Voix", "Corps", "Souffle", "Regard")
SHAPES = {
    "one slot": [("matin", 4)],
    "the same twice": [("matin", 3), ("soir", 3)],
    "different ones": [("matin", 2), ("soir", 2)],
    "at one time": [("matin", 2), ("midi", 2)],
}


class Broken(Exception):
    """What was answered is neither a success nor a refusal."""


class History:
    def __init__(self, world: World, desk: httpx.AsyncClient, coach: httpx.AsyncClient, number: int) -> None:
        self.world, self.desk, self.coach, self.number = world, desk, coach, number
        self.chance = random.Random(number)  # noqa: S311 - replayable
        self.people: list[str] = []
        self.snapshots: dict[str, Snapshot] = {}
        self.done: list[str] = []
        self.coach_account: Any = None

    async def play(self, coach_account: Any, deeds: int = DEEDS) -> list[str]:
        """Every fault, with what had been done until then; empty when all was said rightly throughout."""
        self.event = await self._begin(coach_account)
        for _ in range(self.chance.randint(4, 9)):
            await self.register()
        await self.place()
        for step in range(deeds):
            self.world.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
            try:
                await self._something()
            except Broken as broken:
                return [f"history {self.number}, after {self.done}", str(broken)]
            faults = await self._faults(all_people=step == deeds - 1)
            if faults:
                return [f"history {self.number}, after {self.done}", *faults]
        return []

    async def _begin(self, coach_account: Any) -> EventRecord:
        shape = self.chance.choice(list(SHAPES))
        event = await make_event(
            self.world,
            slug=f"histoire-{self.number}",
            preferences_least=1,
            max_companions=1,
            capacity=self.chance.choice([None, 6, 10, 20]),
        )
        self.slots = [slot for slot, _ in SHAPES[shape]]
        self.codes: list[str] = []
        for number, (slot, many) in enumerate(SHAPES[shape]):
            hours = 0 if shape == "at one time" else number
            for position in range(many):
                code = f"{slot}-{position}"
                title = TITLES[position + (2 * number if shape in ("different ones", "at one time") else 0)]
                await make_session(
                    self.world,
                    event,
                    code,
                    title=title,
                    slot=slot,
                    position=len(self.codes),
                    starts_at=event.starts_at + timedelta(hours=hours),
                    ends_at=event.starts_at + timedelta(hours=hours + 1),
                    capacity_min=self.chance.choice([None, 0, 2, 3]),
                    capacity_max=self.chance.choice([2, 3, 4, 5, None]),
                    coach_account_id=coach_account if position == 0 else None,
                )
                self.codes.append(code)
        return event

    async def _faults(self, all_people: bool) -> list[str]:
        truth = await recount(self.event.id)
        some = (
            list(truth.people)
            if all_people
            else self.chance.sample(list(truth.people), min(2, len(truth.people)))
        )
        return await self.reader(truth).everything(self.links(some, truth))

    def reader(self, truth: Recount) -> Reader:
        return Reader(self.desk, self.coach, self.event.slug, truth, self.snapshots)

    def links(self, people: list[str], truth: Recount) -> dict[str, str]:
        """The personal pages."""
        found = {}
        for who in people:
            token = self.world.derived_token("manage", f"{who}:{truth.people[who]['token_generation']}")
            found[who] = f"/me/{token}?lang=en"
        return found

    async def end(self) -> None:
        """Nothing of it is left on the home page."""
        await db.execute("DELETE FROM assignment_run WHERE event = {}", self.event.id)
        long_ago = self.event.starts_at - timedelta(days=400)
        await db.execute(
            "UPDATE event SET starts_at = {}, ends_at = {} WHERE id = {}", long_ago, long_ago, self.event.id
        )
        await db.execute("UPDATE session SET coach_account_id = NULL WHERE event = {}", self.event.id)

    # What happens.

    async def _something(self) -> None:
        deeds = [
            (self.register, 4), (self.withdraw, 4), (self.wish, 3), (self.place, 3), (self.propose, 2),
            (self.improve, 2), (self.publish_old, 1), (self.move, 4), (self.move_in_proposal, 1),
            (self.resize_workshop, 3), (self.resize, 1),
        ]  # fmt: skip
        kinds, weights = zip(*deeds, strict=True)
        deed = self.chance.choices(kinds, weights)[0]
        self.done.append(deed.__name__)
        await deed()

    def _wishes(self) -> list[str]:
        return self.chance.sample(self.codes, self.chance.randint(0, len(self.codes)))

    async def register(self) -> None:
        number = len(self.people) + 1
        body = {
            "email": f"h{self.number}n{number}@example.org",
            "given_name": "Personne",
            "family_name": f"Numéro {number}",
            "preferences": self._wishes(),
            "accepts_any": self.chance.random() < 0.7,
            "companions": [{"given_name": "Avec", "family_name": "Elle"}]
            if self.chance.random() < 0.2
            else [],
        }
        found = await self.call("POST", f"events/{self.event.slug}/registrations", body)
        if found:
            self.people.append(found["id"])
            self.people += [one["id"] for one in found.get("companions", []) if isinstance(one, dict)]

    async def withdraw(self) -> None:
        if self.people:
            await self.call("POST", f"registrations/{self.chance.choice(self.people)}/cancel")

    async def wish(self) -> None:
        if self.people:
            body = {"preferences": self._wishes(), "accepts_any": self.chance.random() < 0.7}
            await self.call("PUT", f"registrations/{self.chance.choice(self.people)}/preferences", body)

    async def propose(self) -> str | None:
        request = {
            "objective": self.chance.choice(["guarantee", "generous", "greedy", "squares"]),
            "slot": self.chance.choice([None, None, None, self.chance.choice(self.slots)]),
            "keep": self.chance.choice([False, "places", "improve", "fewest_moves"]),
            "without_wishes": self.chance.random() < 0.5,
            "anything": self.chance.random() < 0.2,
        }
        return await self._proposed(request)

    async def _proposed(self, request: dict[str, Any]) -> str | None:
        found = await self.call("POST", f"events/{self.event.slug}/assignments", request)
        if found is None:
            return None
        self.snapshots[found["id"]] = (await recount(self.event.id)).snapshot(request["slot"] or "")
        self.done.append(f"{request}")
        return str(found["id"])

    async def place(self) -> None:
        run = await self.propose()
        if run:
            await self.publish(run)

    async def publish(self, run: str) -> None:
        await self.call("POST", f"assignments/{run}/publish")

    async def publish_old(self) -> None:
        if self.snapshots:
            await self.publish(self.chance.choice(list(self.snapshots)))

    async def improve(self) -> None:
        """As the button on the placement page does."""
        runs = (await recount(self.event.id)).runs
        if runs:
            run = await self._proposed({"keep": "improve", "slot": runs[0]["slot"] or None})
            if run:
                await self.publish(run)

    async def move(self) -> None:
        runs = (await recount(self.event.id)).runs
        if runs:
            await self._move(runs[0]["id"])

    async def move_in_proposal(self) -> None:
        if self.snapshots:
            await self._move(self.chance.choice(list(self.snapshots)))

    async def _move(self, run: str) -> None:
        people = list((await recount(self.event.id)).people)
        if people:
            where = self.chance.choice([None, *self.codes, *self.codes])
            wanted = {"registration": self.chance.choice(people), "session": where}
            wanted |= {"slot": self.chance.choice(self.slots)} if where is None else {}
            await self.call("PATCH", f"assignments/{run}", {"places": [wanted]})

    async def resize_workshop(self) -> None:
        body = self.chance.choice(
            [
                {"capacity_max": self.chance.choice([None, 3, 4, 5, 6])},
                {"capacity_min": self.chance.choice([None, 0, 1, 2, 3])},
            ]
        )
        await self.call("PATCH", f"events/{self.event.slug}/sessions/{self.chance.choice(self.codes)}", body)

    async def resize(self) -> None:
        await self.call(
            "PATCH", f"events/{self.event.slug}", {"capacity": self.chance.choice([None, 5, 9, 20])}
        )

    async def call(self, method: str, path: str, body: Any = None) -> dict[str, Any] | None:
        """None for a refusal, which is an answer too; anything else that is no success is a fault."""
        answer = await self.desk.request(method, f"/api/v1/{path}", json=body)
        if answer.status_code not in (200, 201, 204, 409, 422):
            raise Broken(f"{method} {path} {body}: {answer.status_code} {answer.text[:500]}")
        return dict(answer.json()) if answer.is_success and answer.content else None
