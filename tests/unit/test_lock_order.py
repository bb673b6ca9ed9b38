"""The watch over the tests' transactions sees what it is there to see."""

import pytest

from tests.lock_order import Watched

HOLD = 'SELECT 1 FROM "event" WHERE "id" = $1 FOR NO KEY UPDATE'
READ = "SELECT * FROM registration r WHERE r.id = $1"
WRITE = "UPDATE registration SET status = $1 WHERE id = $2"


@pytest.mark.parametrize(
    ("statements", "complaints"),
    [
        ([HOLD, READ, WRITE], 0),
        ([READ, HOLD, READ, WRITE], 0),
        ([READ, HOLD, WRITE], 1),
        ([READ, WRITE], 1),
        (["INSERT INTO event (id) VALUES ($1)", "INSERT INTO session (id) VALUES ($1)"], 0),
        (["INSERT INTO job (id) VALUES ($1)"], 0),
        (["DELETE FROM registration"], 0),
    ],
)
def test_it_sees_writes_without_the_lock_and_reads_before_it(statements: list[str], complaints: int) -> None:
    watched = Watched()
    watched.statements += statements
    assert len(watched.complaints()) == complaints
