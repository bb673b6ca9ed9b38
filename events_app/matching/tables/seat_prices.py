"""The goals of a tables problem as one number, for annealing."""

from msgspec import Struct

from events_app.matching.tables.annealing import Prices, Rank
from events_app.matching.tables.bounds import Bounds, table_sizes
from events_app.matching.tables.seating_plan import TablesProblem


class Cooling(Struct, frozen=True):
    """What a repeat costs and a distinct pair is worth; the temperatures at the beginning and the end."""

    repeat: int = 1
    pair: int = 0
    hot: float = 0.6
    cold: float = 0.2


def wish_of(problem: TablesProblem, cooling: Cooling) -> int:
    return 4 * cooling.repeat * problem.rounds * max(table_sizes(problem.people, problem.tables))


def prices_of(problem: TablesProblem, cooling: Cooling) -> Prices:
    prices = Prices(problem.people, problem.rounds, cooling.repeat, cooling.pair)
    wish = wish_of(problem, cooling)
    together = 8 * wish
    # More than one exchange can gain otherwise: from rounds that keep apart none leads out.
    never = 32 * max(table_sizes(problem.people, problem.tables)) * wish
    for p, q in problem.wishes:
        prices.wish(p, q, wish)
    if group := problem.organisation:
        for p in range(problem.people):
            for q in range(p):
                if group[p] == group[q] >= 0:
                    prices.add(p, q, together)
    for p, q in problem.apart:
        prices.add(p, q, never)
    return prices


def least_rank(problem: TablesProblem, least: Bounds, cooling: Cooling) -> Rank:
    """What no plan is below."""
    wish = wish_of(problem, cooling)
    rules = least.same_organisation * 8 * wish - len(problem.wishes) * wish
    return rules, least.repeats, -least.distinct
