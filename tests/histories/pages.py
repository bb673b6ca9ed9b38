"""What the pages and the API say of an event with workshops, held against the recount."""

import csv
import io
import re
from collections import Counter
from html import unescape
from typing import Any

import httpx

from tests.histories.recount import Figures, Recount, Row, Snapshot

ORDINALS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", 6: "6th"}


class Reader:
    """One check of everything. `faults` collects what is said and is not so."""

    def __init__(
        self,
        desk: httpx.AsyncClient,
        coach: httpx.AsyncClient,
        slug: str,
        truth: Recount,
        snapshots: dict[str, Snapshot],
    ) -> None:
        self.desk, self.coach, self.slug = desk, coach, slug
        self.truth, self.snapshots = truth, snapshots
        self.here = f"/org/events/{slug}"
        self.slots = truth.decided()
        self.figures = truth.figures(self.slots)
        self.gains = truth.gains(self.slots)
        self.better = bool(self.gains) or truth.trades(self.slots)
        self.faults: list[str] = []

    async def read(self, address: str) -> str:
        answer = await self.desk.get(address)
        if answer.status_code != 200:
            self.faults.append(f"{address}: {answer.status_code}")
            return ""
        return answer.text

    def same(self, where: str, said: object, so: object) -> None:
        if said != so:
            self.faults.append(f"{where}: says {said}, is {so}")

    def says(self, where: str, text: str, sentence: str) -> None:
        if sentence not in text:
            self.faults.append(f"{where}: does not say {sentence!r} in {text[:700]!r}")

    async def everything(self, personal: dict[str, str]) -> list[str]:
        """`personal`: links of the people whose own pages are read."""
        await self.tasks()
        await self.placement_page()
        for run in self.truth.runs:
            await self.run_page(run)
            await self.run_api(run)
        await self.sheets()
        await self.coach_page()
        await self.public_programme()
        await self.table_of_people()
        for who, link in personal.items():
            await self.personal_page(who, link)
        self.nothing_impossible()
        return self.faults

    # The organiser's pages.

    async def tasks(self) -> None:
        """Home and overview say who lacks a workshop, and where something is free."""
        for address in ("/org", self.here):
            text = words(await self.read(address))
            lacking = re.search(r"(\d+) (?:person|people) without a workshop", text)
            self.same(f"{address} lacking", int(lacking[1]) if lacking else 0, self.figures.unassigned)
            better = "A better workshop is possible for some people" in text
            self.same(f"{address} better", better, self.better and not self.figures.unassigned)
            free = Counter(self._free_by_title())
            for number, title in re.findall(r"(\d+) places? free in “([^”]+)”", text):
                if not free[title, int(number)]:
                    self.faults.append(f"{address}: {number} free in {title}, is {self._free_by_title()}")

    def _free_by_title(self) -> list[tuple[str, int | None]]:
        free = self.truth.free(self.slots)
        return [(self.truth.sessions[one]["title"], left) for one, left in free.items()]

    async def placement_page(self) -> None:
        html = await self.read(f"{self.here}/placement")
        if not self.truth.people:
            self.says("placement", words(html), "Nobody is registered any more" if self.truth.runs else "yet")
            return
        self.says("placement", words(html), f"Confirmed people {len(self.truth.people)}")
        if not self.truth.runs:
            self.same("placement in force", 'id="now"' in html, False)
            return
        live = words(html[html.find('id="now"') :].split("See who is where")[0])
        self.says("placement", live, in_words(self.figures, len(self.slots) > 1))
        free = self._free_by_title()
        named = [
            f"{n} {'place' if n == 1 else 'places'} in “{t}”" if n else f"no limit in “{t}”" for t, n in free
        ]
        self.says("placement", live, "Free: " + ", ".join(named) + "." if free else "No place is free.")
        self._since("placement", live, self.truth.since(self.truth.runs, self.snapshots))
        self.same("placement gains", told_gains(live), len(self.gains))
        self.same("placement button", "Propose what is better" in live, self.better)

    def _since(self, where: str, text: str, since: dict[str, Any]) -> None:
        said = {
            "withdrawals": number_in(r"(\d+) withdrawals?\b", text),
            "arrivals": number_in(r"(\d+) registrations?\b", text),
            "moves": number_in(r"(\d+) (?:person who has|people who have) changed places", text),
            "wishes": "changes of wishes" in text,
            "programme": "changes of the workshops" in text,
        }
        self.same(f"{where} since", said, since)
        self.same(f"{where} since", "Computed before" in text, any(since.values()))
        if any(since.values()):
            self.same(f"{where} proven", "Proven: no placement" in text, False)

    async def run_page(self, run: Row) -> None:
        where = f"run of {run['slot'] or 'all'}"
        html = await self.read(f"{self.here}/placement/{run['id']}")
        slots = [run["slot"]] if run["slot"] else self.truth.slots
        figures = self.truth.figures(slots)
        self.says(where, words(html), in_words(figures, len(slots) > 1))
        said: Counter[tuple[str, int]] = Counter()
        for part in html.split('<section class="plan-session">')[1:]:
            title = re.search(r"<h3>([^<]*)</h3>", part)
            figure = re.search(r'class="figure">([^<]*)<', part)
            assert title
            assert figure
            said[unescape(title[1]), int(figure[1])] += 1
            self.same(
                f"{where}, names in {title[1]}",
                part.split("</section>")[0].count('<li id="p-'),
                int(figure[1]),
            )
        so: Counter[tuple[str, int]] = Counter()
        for session, row in self.truth.sessions.items():
            so[row["title"], len(self.truth.people_in(session))] += row["slot"] in slots
        for slot in slots:
            _, lacking, nothing = figures.per_slot[slot]
            so["Without a place", lacking] += lacking > 0
            so["Asked for nothing here", nothing] += nothing > 0
        self.same(f"{where} plan", said, +so)

    async def sheets(self) -> None:
        said = {}
        for part in (await self.read(f"{self.here}/placement/lists")).split('<section class="sheet')[1:]:
            title = re.search(r"<h[12]>([^<]*)</h[12]>\s*<p>([^<]*)</p>", part)
            assert title
            said[unescape(title[1]), number_in(r"(\d+) (?:person|people)", title[2])] = part.count(
                '<th scope="row">'
            )
        so = {
            (row["title"], n): n
            for one, row in self.truth.sessions.items()
            if self.truth.takes_place(one)
            for n in [len(self.truth.people_in(one))]
        }
        self.same("lists", said, so)
        for session, row in self.truth.sessions.items():
            sheet = await self.read(f"{self.here}/sessions/{row['code']}/people")
            self.same(
                f"sheet {row['code']}", sheet.count('<th scope="row">'), len(self.truth.people_in(session))
            )
            closed = "This workshop does not take place" in sheet
            self.same(f"sheet {row['code']} closed", closed, not self.truth.takes_place(session))

    async def coach_page(self) -> None:
        html = (await self.coach.get("/org/coach")).text
        mine = {one for one, row in self.truth.sessions.items() if row["coach_account_id"]}
        cards = html.split('<section class="card stack">')[1:]
        self.same("coach", len(cards), len(mine))
        so = Counter((len(self.truth.people_in(one)), self.truth.takes_place(one)) for one in mine)
        said = Counter(
            (card.count('<th scope="row">'), "Your workshop does not take place" not in card)
            for card in cards
        )
        self.same("coach", said, so)
        for card in cards:
            self.same(
                "coach", number_in(r"(\d+) (?:person|people)", words(card)), card.count('<th scope="row">')
            )

    # Everybody's.

    async def public_programme(self) -> None:
        html = await self.read(f"/events/{self.slug}?lang=en")
        closed = Counter(unescape(title) for title in re.findall(r"<s>([^<]*)</s>", html))
        so = Counter(r["title"] for one, r in self.truth.sessions.items() if not self.truth.takes_place(one))
        self.same("programme closed", closed, so)
        items = (await self.desk.get(f"/api/v1/events/{self.slug}/sessions")).json()["items"]
        for item in items:
            takes_place = self.truth.takes_place(item["id"])
            self.same(f"API session {item['code']}", item["takes_place"], takes_place)
            entry = item["calendar"]["status"]
            self.same(f"API entry {item['code']}", entry, "CONFIRMED" if takes_place else "CANCELLED")

    async def table_of_people(self) -> None:
        text = (await self.read(f"/api/v1/events/{self.slug}/registrations.csv")).lstrip("\ufeff")
        if not self.truth.runs:
            return
        table = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
        titles = {row["title"] for row in self.truth.sessions.values()}
        heads = [n for n, head in enumerate(table[0]) if head.startswith(("Workshop", "Atelier"))]
        said = Counter(line[n] for line in table[1:] for n in heads if line[n] in titles)
        so = Counter(self.truth.sessions[place]["title"] for place in self.truth.places.values())
        self.same("table of people", said, so)

    async def personal_page(self, who: str, link: str) -> None:
        text = words(await self.read(link))
        if not self.truth.runs:
            self.same("personal page", "No place in a workshop" in text, False)
            return
        mine = [place for (person, _), place in self.truth.places.items() if person == who]
        for place in mine:
            rank = self.truth.rank(who, self.truth.sessions[place]["slot"])
            wish = f"{ORDINALS[rank]} wish" if rank else "not among your present wishes"
            title = self.truth.sessions[place]["title"]
            asked = bool(self.truth.wishes(who))
            self.says(f"personal page of {who}", text, f"{title} {wish}" if rank or asked else title)
        nothing = [
            s for s in self.slots if (who, s) not in self.truth.places and self.truth.wished_in(who, s)
        ]
        for session in {one for slot in nothing for one in self.truth.wished_in(who, slot)}:
            free, title = self.truth.free(self.slots), self.truth.sessions[session]["title"]
            if not self.truth.takes_place(session):
                self.says("personal page", text, f"“{title}” does not take place")
            elif session in free:
                self.says("personal page", text, f"“{title}” has had a place free since")
            else:
                self.says("personal page", text, f"“{title}” is full.")

    # The API.

    async def run_api(self, run: Row) -> None:
        where = f"API of {run['slot'] or 'all'}"
        answer = (await self.desk.get(f"/api/v1/assignments/{run['id']}")).json()
        listed = (await self.desk.get(f"/api/v1/events/{self.slug}/assignments")).json()["items"]
        same = next(item for item in listed if item["id"] == run["id"])
        self.same(f"{where}, list", same, {name: answer[name] for name in same})
        slots = [run["slot"]] if run["slot"] else self.truth.slots
        figures, objective, now = self.truth.figures(slots), answer["objective"], answer["standing"]
        ranks = [figures.ranks[n] for n in range(1, figures.longest + 1)]
        self.same(f"{where} ranks", objective["rank_counts"], ranks)
        self.same(f"{where} outside", objective["outside_wishes"], figures.outside)
        self.same(f"{where} unassigned", objective["unassigned"], figures.unassigned)
        self.same(f"{where} nothing asked", objective["nothing_asked"], len(figures.silent))
        per_slot = {
            s["slot"]: [s["outside_wishes"], s["unassigned"], s["nothing_asked"]] for s in objective["slots"]
        }
        self.same(f"{where} slots", per_slot, figures.per_slot)
        codes = {row["code"]: one for one, row in self.truth.sessions.items()}
        places = {
            (p["registration"], p["slot"]): (codes.get(p["session"]), p["rank"]) for p in answer["places"]
        }
        so = {
            (who, slot): (self.truth.places.get((who, slot)), self.truth.rank(who, slot))
            for who in self.truth.people
            for slot in slots
        }
        self.same(f"{where} places", places, so)
        closed = {row["code"] for one, row in self.truth.sessions.items() if not self.truth.takes_place(one)}
        self.same(
            f"{where} closed",
            set(answer["closed"]),
            {c for c in closed if self.truth.sessions[codes[c]]["slot"] in slots},
        )
        free = {one["session"]: one["seats"] for one in now["free"]}
        so_free = {self.truth.sessions[one]["code"]: left for one, left in self.truth.free(slots).items()}
        self.same(f"{where} free", free, so_free)
        self.same(f"{where} gains", len(now["gains"]), len(self.truth.gains(slots)))
        self.same(
            f"{where} better", now["better_exists"], bool(self.truth.gains(slots)) or self.truth.trades(slots)
        )
        since = self.truth.since([run], self.snapshots)
        said = {name: now[name] for name in ("withdrawals", "arrivals", "moves")}
        said |= {"wishes": now["wishes_changed"], "programme": now["programme_changed"]}
        self.same(f"{where} since", said, since)
        self.same(f"{where} current", now["current"], not any(since.values()))
        if objective["proven"] and any(since.values()):
            self.faults.append(f"{where}: proven, though something changed")

    def nothing_impossible(self) -> None:
        truth = self.truth
        if len(truth.all_places) != len(truth.places):
            self.faults.append("somebody has two places in a slot, or a place without being confirmed")
        for (who, slot), place in truth.places.items():
            if not truth.takes_place(place):
                self.faults.append(f"a place of {who} in {slot} in a workshop that does not take place")
            if truth.shut_out(who, place):
                self.faults.append(f"{who} has two places that exclude each other")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).replace(" .", ".")


def number_in(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def told_gains(text: str) -> int:
    return text.count(" could go ") + number_in(r"And (\d+) other (?:person|people)\.", text)


def in_words(figures: Figures, several: bool) -> str:
    def people(number: int, one: str, more: str) -> str:
        return f"{number} person {one}" if number == 1 else f"{number} people {more}"

    if several:
        wish = "their first wish in each slot where they made one."
        parts = [people(figures.first_everywhere, f"has {wish}", f"have {wish}")]
    else:
        parts = [people(figures.ranks[1], "has their first wish.", "have their first wish.")]
        if figures.longest > 1:
            parts.append(people(figures.ranks[2], "has their second.", "have their second."))
    if figures.unassigned and several:
        parts.append(
            people(
                figures.unassigned, "lacks a place that they asked for.", "lack a place that they asked for."
            )
        )
    elif figures.unassigned:
        parts.append(people(figures.unassigned, "has no place.", "have no place."))
    elif figures.silent:
        parts.append("Everybody who asked for a place has one.")
    else:
        parts.append("Everybody has a place.")
    if figures.silent:
        parts.append(people(len(figures.silent), "asked for nothing.", "asked for nothing."))
    return " ".join(parts)
