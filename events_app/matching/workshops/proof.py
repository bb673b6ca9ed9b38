"""What proves that no placement is better: data that travels; `certificate.check` verifies it.

Two kinds. Prices, with case distinctions, come from a flow and bound all criteria at once. Refutations
come from an integer program, one for each criterion, where rules interact that no flow can see.
"""

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


class Seating(Struct, frozen=True, tag="seating"):
    """Either this group of companions (or one person) has that place, or not; each with its proof."""

    group: tuple[int, ...]
    workshop: int
    slot: int
    elsewhere: "Bounding"
    there: "Bounding"


Bounding = Prices | Split | Seating


class Cut(Struct, frozen=True):
    """Rows added up with multipliers, divided and rounded down: what integers keep too.

    `rows` are (number, multiplier); `ones` are (column, multiplier) for "the column is at most 1".
    Multipliers and divisor are positive. (Gomory 1958; Chvátal 1973.)
    """

    rows: tuple[tuple[int, int], ...]
    ones: tuple[tuple[int, int], ...]
    divisor: int


class Contradiction(Struct, frozen=True, tag="contradiction"):
    """Rows that add up, with these positive multipliers, to what no columns between 0 and 1 can keep."""

    rows: tuple[tuple[int, int], ...]


class Branch(Struct, frozen=True, tag="branch"):
    """Either fewer than `least` of these columns are 1, or at least so many; both are refuted.

    Within a case its row, "at most least - 1" or "at least `least`", follows all rows and cuts, those of the
    cases around it first.
    """

    columns: tuple[int, ...]
    least: int
    fewer: "Refuted"
    enough: "Refuted"


Refuted = Contradiction | Branch


class Refutation(Struct, frozen=True):
    """That nothing better exists by one criterion.

    Rows are numbered: those of the `Program`; one per earlier criterion, held at its value; "this
    criterion is at least 1 better"; then the cuts, each of which may use all rows before it.
    """

    cuts: tuple[Cut, ...]
    tree: Refuted


class Refutations(Struct, frozen=True, tag="refutations"):
    """One for each criterion from the first. Those that follow are only known not to be negative."""

    of: tuple[Refutation, ...]


Proof = Bounding | Refutations
