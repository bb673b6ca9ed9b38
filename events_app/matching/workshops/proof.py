"""What shows that no placement is better: data that travels; `certificate.check` verifies it."""

from msgspec import Struct


class Prices(Struct, frozen=True, tag="prices"):
    """What a seat in each session costs beyond the wishes: `seat[w][s]`; the multipliers of a bound.

    Negative only where people have to be drawn into a session that must run.
    """

    seat: tuple[tuple[int, ...], ...]


class Split(Struct, frozen=True, tag="split"):
    """Either nobody is in this session, or at least its minimum; each case has its own proof."""

    workshop: int
    slot: int
    closed: "Bounding"
    running: "Bounding"


Bounding = Prices | Split


class Word(Struct, frozen=True, tag="word"):
    """No proof: a solver says that no placement has a smaller value than this, criterion by criterion."""

    by: str
    bound: tuple[int, ...]


class Apart(Struct, frozen=True, tag="apart"):
    """Each slot in exactly one of the parts; slots within a part are numbered from 0 in the part's order."""

    slots: tuple[tuple[int, ...], ...]
    proofs: tuple[Bounding | Word, ...]


Proof = Prices | Split | Word | Apart
