"""Scans that reach the server after the person has gone in: judged at their time, not at their arrival."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from events_app.features.admission import facts
from events_app.features.admission.scan import (
    Decision,
    FirstScan,
    Outcome,
    PastScan,
    Presence,
    Reason,
    presence_after,
)

Place = tuple[UUID, str]
"""A person at a point."""


class Timelines:
    """What happened to each person at each point, in the order of the scans' own times."""

    def __init__(self, scans: Mapping[Place, Sequence[PastScan]]) -> None:
        self._scans = {place: list(past) for place, past in scans.items()}

    @classmethod
    async def of(cls, people: Iterable[UUID]) -> "Timelines":
        return cls(await facts.standing_scans(sorted(set(people))))

    def at(self, place: Place, moment: datetime) -> Presence | None:
        """Who stood where when the ticket was held out."""
        return presence_after([scan for scan in self._scans.get(place, []) if scan.scanned_at <= moment])

    def against_later(self, place: Place, moment: datetime, decision: Decision) -> Decision:
        """An entry that came in between, of somebody who had not left: one ticket let in two."""
        if decision.outcome is not Outcome.ADMITTED:
            return decision
        later = [
            scan
            for scan in self._scans.get(place, [])
            if scan.scanned_at > moment and scan.outcome in (Outcome.ADMITTED, Outcome.LEFT)
        ]
        following = min(later, key=lambda scan: scan.scanned_at, default=None)
        if following is None or following.outcome != Outcome.ADMITTED:
            return decision
        first = FirstScan(following.scan_id, following.gate, following.scanned_at)
        return Decision(Outcome.ALREADY_ADMITTED, Reason.ALREADY_IN, first)

    def add(self, place: Place, scan: PastScan) -> Presence | None:
        """Who stands where now, with this scan."""
        self._scans.setdefault(place, []).append(scan)
        return presence_after(self._scans[place])
