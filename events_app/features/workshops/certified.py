"""A proof that travels: problem, placement and certificate as one JSON object, with names for the numbers."""

from uuid import UUID

import msgspec

from events_app.matching.workshops import certificate
from events_app.matching.workshops.problem import Placement, PlacementProblem


class Certified(msgspec.Struct, frozen=True):
    """Person n is `registrations[n]`; workshop w in slot s is the session with code `sessions[w][s]`."""

    registrations: tuple[UUID, ...]
    sessions: tuple[tuple[str | None, ...], ...]
    problem: PlacementProblem
    placement: Placement


def verify(raw: bytes) -> Certified:
    """From its JSON. Raises `certificate.Refused` where it proves nothing, msgspec.ValidationError."""
    certified = msgspec.json.decode(raw, type=Certified)
    certificate.check(certified.problem, certified.placement)
    return certified
