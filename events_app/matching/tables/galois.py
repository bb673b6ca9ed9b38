"""Finite fields: arithmetic on 0..q-1 for prime powers q, enough to multiply a round by a column."""


def prime_power(q: int) -> tuple[int, int] | None:
    """(p, m) with q = p**m and p prime, or None."""
    if q < 2:
        return None
    p = next((d for d in range(2, int(q**0.5) + 1) if q % d == 0), q)
    m = 0
    while q % p == 0:
        q //= p
        m += 1
    return (p, m) if q == 1 else None


class Field:
    """GF(p**m). An element's digits in base p are the coefficients of its polynomial, lowest first."""

    def __init__(self, p: int, m: int) -> None:
        self.p, self.m = p, m
        self.order: int = p**m
        self._powers: list[int] = next(
            powers for tail in range(self.order) if (powers := self._powers_of_x(tail))
        )
        self._logarithm: dict[int, int] = {element: exponent for exponent, element in enumerate(self._powers)}

    def add(self, x: int, y: int) -> int:
        if self.m == 1:
            return (x + y) % self.p
        total, place = 0, 1
        while x or y:
            total += (x + y) % self.p * place
            x, y, place = x // self.p, y // self.p, place * self.p
        return total

    def multiply(self, x: int, y: int) -> int:
        if not x or not y:
            return 0
        return self._powers[(self._logarithm[x] + self._logarithm[y]) % (self.order - 1)]

    def _powers_of_x(self, tail: int) -> list[int] | None:
        """1, x, x**2, ... modulo the polynomial x**m = tail, if these are all elements but 0.

        Such a primitive polynomial exists for every field (Lidl and Niederreiter, "Finite Fields", 2.2);
        with m = 1, x itself stands for `tail`, and a primitive root is looked for.
        """
        highest = self.order // self.p
        powers, element = [1 % self.order], 1
        for _ in range(self.order - 2):
            carried, rest = divmod(element, highest)
            element = rest * self.p if self.m > 1 else 0
            for _ in range(carried):
                element = self.add(element, tail)
            if element in (0, 1):
                return None
            powers.append(element)
        return powers if len(set(powers)) == len(powers) else None
