"""From meetings to rounds: edge colouring of a bipartite graph.

König (1916): as many rounds as the busiest person has meetings are enough, so nobody waits longer than
needed. Pairs are coloured one by one; where no round is free for both, two rounds are exchanged along
an alternating path, which in a bipartite graph never comes back to the pair. O(pairs * people).
"""

from collections.abc import Iterable, Iterator, Sequence

Pair = tuple[int, int]
Rounds = list[list[Pair]]

NOBODY = -1


class Timetable:
    """Who meets whom in each round, from both sides. Bit r of a person's mask: they are there in round r."""

    def __init__(self, there_a: Sequence[int], there_b: Sequence[int], rounds: int) -> None:
        self.rounds = rounds
        self.there_a, self.there_b = tuple(there_a), tuple(there_b)
        self.free_a, self.free_b = list(there_a), list(there_b)
        self.with_a = [[NOBODY] * rounds for _ in there_a]
        self.with_b = [[NOBODY] * rounds for _ in there_b]

    def put(self, a: int, b: int, turn: int) -> None:
        self.with_a[a][turn] = b
        self.with_b[b][turn] = a
        self.free_a[a] &= ~(1 << turn)
        self.free_b[b] &= ~(1 << turn)

    def take_out(self, a: int, b: int, turn: int) -> None:
        self.with_a[a][turn] = NOBODY
        self.with_b[b][turn] = NOBODY
        self.free_a[a] |= 1 << turn
        self.free_b[b] |= 1 << turn

    def pairs(self, turn: int) -> list[Pair]:
        return [(a, row[turn]) for a, row in enumerate(self.with_a) if row[turn] != NOBODY]

    def as_rounds(self) -> Rounds:
        return [self.pairs(turn) for turn in range(self.rounds)]

    def chain_from_a(self, a: int, first: int, second: int) -> list[tuple[Pair, int]]:
        """The pairs with their rounds along the path that leaves a in round `first`, then `second`, ..."""
        chain: list[tuple[Pair, int]] = []
        turn, other = first, second
        start = a
        while (b := self.with_a[a][turn]) != NOBODY:
            chain.append(((a, b), turn))
            if (a := self.with_b[b][other]) == NOBODY:
                break
            chain.append(((a, b), other))
            if a == start:
                break  # a cycle
        return chain

    def chain_from_b(self, b: int, first: int, second: int) -> list[tuple[Pair, int]]:
        a = self.with_b[b][first]
        return [] if a == NOBODY else [((a, b), first), *self.chain_from_a(a, second, first)]

    def chain_of(self, a: int, first: int, second: int) -> list[tuple[Pair, int]]:
        """The whole path or cycle through a in the two rounds."""
        chain = self.chain_from_a(a, first, second)
        if not chain or chain[-1][0][0] != a or len(chain) < 2:
            chain += self.chain_from_a(a, second, first)
        return chain

    def exchange(self, chain: Iterable[tuple[Pair, int]], first: int, second: int) -> None:
        """Moves each pair of the chain to the other of the two rounds."""
        chain = list(chain)
        for (a, b), turn in chain:
            self.take_out(a, b, turn)
        for (a, b), turn in chain:
            self.put(a, b, first + second - turn)


def turns_in(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit


def lowest(mask: int) -> int:
    """The number of the lowest set bit."""
    return (mask & -mask).bit_length() - 1


def busiest(pairs: Iterable[Pair], side_a: int, side_b: int) -> int:
    """The most meetings that one person has."""
    count_a, count_b = [0] * side_a, [0] * side_b
    for a, b in pairs:
        count_a[a] += 1
        count_b[b] += 1
    return max([*count_a, *count_b], default=0)


def colour(pairs: Sequence[Pair], side_a: int, side_b: int, rounds: int) -> Timetable:
    """A round for each pair; the first rounds are the fullest. Needs `rounds >= busiest(pairs)`."""
    always = (1 << rounds) - 1
    table = Timetable([always] * side_a, [always] * side_b, rounds)
    for a, b in pairs:
        both = table.free_a[a] & table.free_b[b]
        if not both:
            at_a, at_b = lowest(table.free_a[a]), lowest(table.free_b[b])
            table.exchange(table.chain_from_b(b, at_a, at_b), at_a, at_b)
            both = 1 << at_a
        table.put(a, b, lowest(both))
    return table


def level(table: Timetable) -> None:
    """Makes all rounds equally full, to within one meeting.

    Two rounds of different size form alternating paths of which one begins and ends in the fuller
    round; exchanging it brings them nearer (de Werra, 1971).
    """
    sizes = [len(table.pairs(turn)) for turn in range(table.rounds)]
    while max(sizes, default=0) - min(sizes, default=0) > 1:
        full, thin = sizes.index(max(sizes)), sizes.index(min(sizes))
        for a, b in table.pairs(full):
            if table.with_a[a][thin] == NOBODY:
                chain = table.chain_from_a(a, full, thin)
            elif table.with_b[b][thin] == NOBODY:
                chain = table.chain_from_b(b, full, thin)
            else:
                continue
            if len(chain) % 2:
                table.exchange(chain, full, thin)
                break
        sizes[full] -= 1
        sizes[thin] += 1
