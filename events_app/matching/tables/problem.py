"""What cannot be seated, as a type with fields."""


class Infeasible(ValueError):
    """No seating of a round at so many even tables keeps these pairs apart and these hosts at their tables.

    `irreducible`: no rule can be left out; else the search for that ended early.
    """

    def __init__(
        self,
        apart: tuple[tuple[int, int], ...],
        hosts: tuple[tuple[int, int], ...],
        tables: int,
        irreducible: bool,
    ) -> None:
        pairs = ", ".join(f"{p}-{q}" for p, q in apart)
        staying = ", ".join(f"{person} at table {table}" for person, table in hosts)
        rules = [f"pairs {pairs}" if apart else "", f"hosts {staying}" if hosts else ""]
        known = "none of which can be left out" if irreducible else "perhaps not all of them needed"
        super().__init__(
            f"apart: no seating at {tables} even tables obeys {' and '.join(filter(None, rules))} ({known})"
        )
        self.apart, self.hosts = apart, hosts
        self.tables, self.irreducible = tables, irreducible
