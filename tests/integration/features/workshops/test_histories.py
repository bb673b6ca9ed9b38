"""What pages and API say after any history is what an independent recount finds in the raw tables."""

from pathlib import Path

import pytest

from tests.histories import play
from tests.histories.recount import recount
from tests.world import make_world

# Of those that `make soak` plays; most of them once found something.
NUMBERS = (0, 41, 45, 49)


async def test_every_page_says_what_the_recount_finds(database: str, tmp_path: Path) -> None:
    numbers = NUMBERS if database.startswith("sqlite") else NUMBERS[-1:]
    async for _, faults in play(make_world(tmp_path / "data"), numbers):
        assert faults == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_reader_sees_what_is_said_wrongly(database: str, tmp_path: Path) -> None:
    """A place that no page was told of, and a page that no place stands behind."""
    async for history, _ in play(make_world(tmp_path / "data"), [0]):
        truth = await recount(history.event.id)
        taken = next(iter(truth.places))
        del truth.places[taken]
        said = " ".join(await history.reader(truth).everything(history.links([taken[0]], truth)))
        for where in ("placement", "run of", "API of", "lists", "sheet", "table of people"):
            assert where in said
