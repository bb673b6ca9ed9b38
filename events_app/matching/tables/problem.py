"""What cannot be seated, as a type with fields."""


class Infeasible(ValueError):
    """No seating of a round at so many even tables keeps these pairs apart and these hosts at their tables.

    No rule can be left out of the conflict unless the search for it ended early; `smallest`: no other
    conflict of this problem has fewer rules (pairs and hosts).
    """

    def __init__(
        self,
        apart: tuple[tuple[int, int], ...],
        hosts: tuple[tuple[int, int], ...],
        tables: int,
        smallest: bool,
    ) -> None:
        pairs = ", ".join(f"{p}-{q}" for p, q in apart)
        staying = ", ".join(f"{person} at table {table}" for person, table in hosts)
        rules = [f"pairs {pairs}" if apart else "", f"hosts {staying}" if hosts else ""]
        known = "a smallest conflict" if smallest else "perhaps not the smallest conflict"
        super().__init__(
            f"apart: no seating at {tables} even tables obeys {' and '.join(filter(None, rules))} ({known})"
        )
        self.apart, self.hosts = apart, hosts
        self.tables, self.smallest = tables, smallest
