"""Criteria in several parts, where 64 bits do not hold the weights of all at once.

The first part is minimised. What every cheapest flow has in common (`residual.leanings`) is then worth more
than all that the second part can change, so the second is minimised among the cheapest flows of the first;
and so on. The last part has the draw.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching.workshops.objectives import CostModel


class Stage(Struct, frozen=True):
    """A part of the criteria, with costs of its own. Any one breach of what the stages before found costs
    `outweighs`, more than one improving cycle can gain."""

    model: CostModel
    outweighs: int


def stages(model: CostModel, exchanged: int, most: int) -> list[Stage]:
    """As few parts as keep every cost below `most`; none where that cannot be.

    An improving cycle changes the seats of fewer than `exchanged` people.
    """
    if max(model.unplaced, default=0) <= most:
        return [Stage(model, 0)]
    weights = (*model.weights, 1)  # the draw is the last criterion
    last = weights[-2]
    kinds = {cost // last for row in (*model.seat, model.unplaced) for cost in row} | {
        model.top_bonus // last
    }
    parts: list[Stage] = []
    done = 0
    while done < len(weights):
        for end in range(len(weights), done, -1):
            above = weights[done - 1] // last if done else max(kinds) + 1
            unit = weights[end - 1]
            largest = max(
                ((kind % above + 1) * last if unit == 1 else kind % above // (unit // last)) for kind in kinds
            )
            outweighs = 2 * exchanged * largest + 1 if parts else 0  # 2: the bonus, beside the seat
            if 2 * largest + outweighs <= most:
                break
        else:
            return []
        parts.append(Stage(_part(model, above * last, unit), outweighs))
        done = end
    return parts


def _part(model: CostModel, above: int, unit: int) -> CostModel:
    """What costs less than `above`, in units. Each weight is a multiple of the next, and one seat costs less
    of all later criteria together than one unit of it."""

    def of(costs: Sequence[int]) -> tuple[int, ...]:
        return tuple(cost % above // unit for cost in costs)

    return replace(
        model,
        seat=tuple(map(of, model.seat)),
        unplaced=of(model.unplaced),
        top_bonus=model.top_bonus % above // unit,
    )
