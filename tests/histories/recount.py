"""What is so, counted from the raw tables alone: nothing here comes from the code that it judges."""

import json
from collections import Counter, defaultdict
from typing import Any

from events_app.infra import database as db

Row = dict[str, Any]
Snapshot = tuple[set[str], object, object]
"""People, their wishes and the programme, as they were when something was computed."""

_OF_PEOPLE = "JOIN registration r ON r.id = t.registration WHERE r.event = {}"
_TABLES = {
    "session": "SELECT * FROM session WHERE event = {} ORDER BY starts_at, position, code",
    "registration": "SELECT * FROM registration WHERE event = {} ORDER BY arrival",
    "preference": f"SELECT t.* FROM preference t {_OF_PEOPLE}",
    "place": f"SELECT t.* FROM place t {_OF_PEOPLE}",
    "assignment_run": "SELECT * FROM assignment_run WHERE event = {}",
    "run_place": "SELECT p.* FROM run_place p JOIN assignment_run a ON a.id = p.run WHERE a.event = {}",
}


async def recount(event_id: object) -> "Recount":
    return Recount({name: await db.rows(query, event_id) for name, query in _TABLES.items()})


class Figures:
    """Of some slots. `ranks[r]`: places at wish r; `lacking`: (person, slot) that should have a place."""

    def __init__(self) -> None:
        self.ranks: Counter[int] = Counter()
        self.outside = 0
        self.lacking: set[tuple[str, str]] = set()
        self.silent: set[str] = set()
        self.first_everywhere = 0
        self.longest = 0
        self.per_slot: dict[str, list[int]] = {}

    @property
    def unassigned(self) -> int:
        return len({who for who, _ in self.lacking})


class Recount:
    """One event as its rows say."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        for rows in tables.values():
            for row in rows:
                row.update(
                    {name: str(value) for name, value in row.items() if type(value).__name__ == "UUID"}
                )
        self.sessions = {row["id"]: row for row in tables["session"] if row["kind"] == "workshop"}
        for row in self.sessions.values():
            row["slot"] = row["slot"] or row["code"]
        self.slots = list(dict.fromkeys(row["slot"] for row in self.sessions.values()))
        self.people = {row["id"]: row for row in tables["registration"] if row["status"] == "confirmed"}
        self.own: dict[str, list[str]] = defaultdict(list)
        for row in sorted(tables["preference"], key=lambda row: int(row["rank"])):
            self.own[row["registration"]].append(row["session"])
        self.all_places = tables["place"]
        self.places = {
            (row["registration"], self.sessions[row["session"]]["slot"]): row["session"]
            for row in tables["place"]
            if row["registration"] in self.people
        }
        self.runs = [row for row in tables["assignment_run"] if row["status"] == "published"]
        self.runs.sort(key=lambda row: (row["published_at"], row["id"]), reverse=True)
        self.computed: dict[str, list[Row]] = defaultdict(list)
        for row in tables["run_place"]:
            self.computed[row["run"]].append(row)

    def snapshot(self, slot: str) -> Snapshot:
        """For a run of this slot alone a wish is one for the workshop, whenever it is given."""
        programme = [
            (row["id"], row["slot"], row["title"], row["capacity_min"] or 0, row["capacity_max"])
            for row in self.sessions.values()
            if slot in ("", row["slot"])
        ]
        wishes: dict[str, object] = {}
        for who in self.people:
            wanted = self.wishes(who)
            titles = list(dict.fromkeys(self.sessions[wish]["title"] for wish in wanted))
            wishes[who] = (titles if slot else wanted, self.accepts(who))
        return set(self.people), wishes, programme

    # People and what they wish for.

    def follows(self, who: str) -> str:
        """A companion who wished for nothing goes by what whoever leads the group said."""
        lead = str(self.people[who]["group_id"])
        return lead if lead in self.people and not self.own.get(who) else who

    def wishes(self, who: str) -> list[str]:
        return [wish for wish in self.own.get(self.follows(who), []) if wish in self.sessions]

    def accepts(self, who: str) -> bool:
        return bool(self.people[self.follows(who)]["accepts_any"])

    def wished_in(self, who: str, slot: str) -> list[str]:
        """A workshop is known by its title: a wish for it at one time is one for it at any."""
        here = {row["title"]: one for one, row in self.sessions.items() if row["slot"] == slot}
        titles = dict.fromkeys(self.sessions[wish]["title"] for wish in self.wishes(who))
        return [here[title] for title in titles if title in here]

    def rank(self, who: str, slot: str) -> int | None:
        wanted, place = self.wished_in(who, slot), self.places.get((who, slot))
        return wanted.index(place) + 1 if place in wanted else None

    # What was asked for when it was placed.

    def run_of(self, slot: str) -> Row | None:
        mine = [run for run in self.runs if run["slot"] in ("", slot)]
        return mine[0] if mine else None

    def decided(self) -> list[str]:
        return [slot for slot in self.slots if self.run_of(slot)]

    def _silent(self, who: str, slot: str) -> bool:
        """Whether the organiser seats those who asked for nothing, and this is one of them."""
        asked = json.loads((self.run_of(slot) or {"request": "{}"})["request"])
        return bool(asked.get("without_wishes")) and not self.wishes(who) and self.accepts(who)

    def _everybody(self, slot: str) -> bool:
        return bool(json.loads((self.run_of(slot) or {"request": "{}"})["request"]).get("anything"))

    def expects(self, who: str, slot: str) -> bool:
        return self._everybody(slot) or self._silent(who, slot) or bool(self.wished_in(who, slot))

    def goes_anywhere(self, who: str, slot: str) -> bool:
        takes = self.accepts(who) and bool(self.wished_in(who, slot))
        return self._everybody(slot) or self._silent(who, slot) or takes

    def possible(self, who: str, slot: str) -> list[str]:
        """What somebody could be given in a slot, best first."""
        wanted = self.wished_in(who, slot)
        if self.goes_anywhere(who, slot):
            wanted += [one for one, row in self.sessions.items() if row["slot"] == slot and one not in wanted]
        return wanted

    def shut_out(self, who: str, session: str) -> bool:
        """Whether what somebody has in other slots keeps them from this session."""
        one = self.sessions[session]
        for (person, slot), place in self.places.items():
            other = self.sessions[place]
            if person != who or slot == one["slot"]:
                continue
            together = one["starts_at"] < other["ends_at"] and other["starts_at"] < one["ends_at"]
            if together or one["title"] == other["title"]:
                return True
        return False

    # The figures.

    def people_in(self, session: str) -> list[str]:
        return [who for (who, _), place in self.places.items() if place == session]

    def takes_place(self, session: str) -> bool:
        return self.sessions[session]["closed_at"] is None

    def free(self, slots: list[str]) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        for session, row in self.sessions.items():
            if row["slot"] in slots and self.takes_place(session):
                most = row["capacity_max"]
                left = None if most is None else most - len(self.people_in(session))
                if left is None or left > 0:
                    found[session] = left
        return found

    def lacks(self, who: str, slot: str) -> bool:
        if (who, slot) in self.places or not self.expects(who, slot):
            return False
        possible = self.possible(who, slot)
        return not possible or any(not self.shut_out(who, one) for one in possible)

    def figures(self, slots: list[str]) -> Figures:
        found, asked, below = Figures(), set(), set()
        for slot in slots:
            counts: Counter[str] = Counter()
            longest = max((len(self.wished_in(who, slot)) for who in self.people), default=0)
            ranks: Counter[int] = Counter()
            for who in self.people:
                rank, wanted = self.rank(who, slot), self.wished_in(who, slot)
                if wanted:
                    asked.add(who)
                    below |= {who} if rank != 1 else set()
                if rank:
                    ranks[rank] += 1
                elif (who, slot) in self.places:
                    counts["outside"] += 1
                elif self.lacks(who, slot):
                    counts["lacking"] += 1
                    found.lacking.add((who, slot))
                else:
                    counts["nothing"] += 1
            found.ranks += ranks
            found.outside += counts["outside"]
            found.longest = max(found.longest, longest, *ranks, 0)
            found.per_slot[slot] = [counts["outside"], counts["lacking"], counts["nothing"]]
        placed = {who for who, slot in self.places if slot in slots}
        found.silent = set(self.people) - placed - {who for who, _ in found.lacking}
        found.first_everywhere = len(asked - below)
        return found

    def gains(self, slots: list[str]) -> dict[tuple[str, str], str]:
        """By person and slot, what they could have at once and would rather have; worse for nobody."""
        free, found = self.free(slots), {}
        for who in self.people:
            for slot in slots:
                before = self.places.get((who, slot))
                if before and len(self.people_in(before)) <= (self.sessions[before]["capacity_min"] or 0):
                    continue
                better = self.wished_in(who, slot) if before else self.possible(who, slot)
                better = better[: better.index(before)] if before in better else better
                wanted = [one for one in better if one in free and not self.shut_out(who, one)]
                if wanted:
                    found[who, slot] = wanted[0]
        return found

    def trades(self, slots: list[str]) -> bool:
        """Whether passing places on leads back to where it began: then each in that circle gains."""
        leads: dict[str, set[str]] = defaultdict(set)
        for (who, slot), place in self.places.items():
            if slot in slots:
                wanted = self.wished_in(who, slot)
                leads[place] |= set(wanted[: wanted.index(place)] if place in wanted else wanted)
        for _ in self.sessions:
            for session, onward in list(leads.items()):
                leads[session] = onward.union(*(leads.get(one, set()) for one in onward))
        return any(session in onward for session, onward in leads.items())

    def since(self, runs: list[Row], snapshots: dict[str, Snapshot]) -> dict[str, Any]:
        """What happened since these were computed."""
        found: dict[str, Any] = {
            "withdrawals": 0,
            "arrivals": 0,
            "moves": 0,
            "wishes": False,
            "programme": False,
        }
        for run in runs:
            then, wishes, programme = snapshots[run["id"]]
            slots = [run["slot"]] if run["slot"] else self.slots
            now = set(self.people)
            moved = {
                row["registration"]
                for row in self.computed[run["id"]]
                if row["registration"] in now
                and row["slot"] in slots
                and self.places.get((row["registration"], row["slot"])) != (row["session"] or None)
            }
            _, wishes_now, programme_now = self.snapshot(run["slot"])
            found["withdrawals"] = max(found["withdrawals"], len(then - now))
            found["arrivals"] = max(found["arrivals"], len(now - then))
            found["moves"] += len(moved)
            found["wishes"] |= then == now and wishes != wishes_now
            found["programme"] |= programme != programme_now
        return found
