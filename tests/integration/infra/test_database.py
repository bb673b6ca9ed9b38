"""The engine layer: the same promises on SQLite and PostgreSQL."""

import asyncio
import threading
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from piccolo.columns import UUID, Boolean, Bytea, Integer, Timestamptz, Varchar
from piccolo.table import Table

from events_app.infra import database as db

NOW = datetime(2018, 4, 10, 12, 0, 0, 123456, tzinfo=UTC)


class Seat(Table, tablename="engine_test_seat"):
    id = UUID(primary_key=True, default=None)
    code = Varchar(unique=True)
    taken = Integer(default=0)
    open = Boolean(default=True)
    at = Timestamptz(null=True, default=None)
    blob = Bytea(null=True, default=None)


@pytest.fixture
async def seat(database: str) -> uuid.UUID:
    await Seat.create_table()
    identifier = uuid.uuid4()
    await Seat.insert(Seat(id=identifier, code="A1"))
    return identifier


async def taken(seat: uuid.UUID) -> int:
    found = await db.row("SELECT taken FROM engine_test_seat WHERE id = {}", seat)
    assert found is not None
    return int(found["taken"])


async def take_one(seat: uuid.UUID) -> None:
    async with db.write_transaction():
        await db.lock(Seat, seat)
        before = await taken(seat)
        await asyncio.sleep(0)
        await Seat.update({Seat.taken: before + 1}).where(Seat.id == seat)


async def test_raw_and_orm_store_and_return_the_same_values(seat: uuid.UUID) -> None:
    raw, mapped = uuid.uuid4(), uuid.uuid4()
    paris = NOW.astimezone()
    await db.execute(
        "INSERT INTO engine_test_seat (id, code, taken, open, at, blob) VALUES ({}, {}, {}, {}, {}, {})",
        *(raw, "B1", 3, False, paris, b"\x00\xff"),
    )
    await Seat.insert(Seat(id=mapped, code="B2", taken=3, open=False, at=NOW, blob=b"\x00\xff"))
    sql = "SELECT id, taken, open, at, blob FROM engine_test_seat WHERE at = {} AND open = {} ORDER BY code"
    expected = [
        {"id": identifier, "taken": 3, "open": False, "at": NOW, "blob": b"\x00\xff"}
        for identifier in (raw, mapped)
    ]
    assert await db.rows(sql, NOW, False) == expected
    assert await db.point(sql, NOW, False) == expected
    columns = [Seat.id, Seat.taken, Seat.open, Seat.at, Seat.blob]
    assert await Seat.select(*columns).where(Seat.at == NOW).order_by(Seat.code) == expected
    [first, _] = await db.rows(sql, NOW, False)
    assert first["at"].utcoffset() == timedelta(0)
    assert first["open"] is False


async def test_a_datetime_without_a_zone_is_refused(seat: uuid.UUID) -> None:
    with pytest.raises(ValueError, match="zone"):
        await db.execute("UPDATE engine_test_seat SET at = {}", NOW.replace(tzinfo=None))


async def test_times_compare_in_order_whatever_their_fraction(seat: uuid.UUID) -> None:
    whole = NOW.replace(microsecond=0)
    for number, at in enumerate((NOW, whole, whole + timedelta(seconds=1))):
        await Seat.insert(Seat(id=uuid.uuid4(), code=f"C{number}", at=at))
    found = await db.rows("SELECT code FROM engine_test_seat WHERE at > {} ORDER BY at", whole)
    assert [row["code"] for row in found] == ["C0", "C2"]


async def test_execute_counts_rows_and_row_may_find_none(seat: uuid.UUID) -> None:
    assert await db.execute("UPDATE engine_test_seat SET taken = {} WHERE id = {}", 2, seat) == 1
    assert await db.execute("UPDATE engine_test_seat SET taken = {} WHERE id = {}", 2, uuid.uuid4()) == 0
    assert await db.row("SELECT id FROM engine_test_seat WHERE id = {}", uuid.uuid4()) is None


async def test_returning(seat: uuid.UUID) -> None:
    claim = "UPDATE engine_test_seat SET taken = 1 WHERE id = {} AND taken = 0 RETURNING code"
    assert await db.rows(claim, seat) == [{"code": "A1"}]
    assert await db.rows(claim, seat) == []
    assert await Seat.update({Seat.taken: 5}).where(Seat.id == seat).returning(Seat.taken) == [{"taken": 5}]


async def test_unique_violations_are_ours(seat: uuid.UUID) -> None:
    with pytest.raises(db.UniqueViolation, match="code"):
        await Seat.insert(Seat(id=uuid.uuid4(), code="A1"))
    sql = "INSERT INTO engine_test_seat (id, code, taken, open) VALUES ({}, {}, 0, {})"
    with pytest.raises(db.UniqueViolation, match="code"):
        await db.execute(sql, uuid.uuid4(), "A1", True)
    with pytest.raises(db.UniqueViolation):
        await db.execute(sql, seat, "another", True)


async def test_an_exception_rolls_back(seat: uuid.UUID) -> None:
    async def fails() -> None:
        async with db.write_transaction():
            await Seat.update({Seat.taken: 9}).where(Seat.id == seat)
            raise LookupError

    with pytest.raises(LookupError):
        await fails()
    assert await taken(seat) == 0
    await take_one(seat)
    assert await taken(seat) == 1


async def test_a_unique_violation_leaves_the_writer_usable(seat: uuid.UUID) -> None:
    async def collides() -> None:
        async with db.write_transaction():
            await Seat.update({Seat.taken: 9}).where(Seat.id == seat)
            await Seat.insert(Seat(id=uuid.uuid4(), code="A1"))

    with pytest.raises(db.UniqueViolation):
        await collides()
    await take_one(seat)
    assert await taken(seat) == 1


async def test_cancellation_rolls_back_and_leaves_the_writer_usable(seat: uuid.UUID) -> None:
    inside = asyncio.Event()

    async def stays() -> None:
        async with db.write_transaction():
            await Seat.update({Seat.taken: 9}).where(Seat.id == seat)
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(stays())
    await inside.wait()
    waiting = asyncio.create_task(take_one(seat))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await waiting
    assert await taken(seat) == 1


async def test_a_cancelled_wait_for_the_writer_keeps_the_queue_going(seat: uuid.UUID) -> None:
    release = asyncio.Event()

    async def holds() -> None:
        async with db.write_transaction():
            await db.lock(Seat, seat)
            await release.wait()

    holder = asyncio.create_task(holds())
    await asyncio.sleep(0.01)
    waiting = [asyncio.create_task(take_one(seat)) for _ in range(3)]
    await asyncio.sleep(0.01)
    waiting[1].cancel()
    release.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    await holder
    assert [type(outcome) for outcome in outcomes] == [type(None), asyncio.CancelledError, type(None)]
    assert await taken(seat) == 2


async def test_nested_writes_are_refused(seat: uuid.UUID) -> None:
    async with db.write_transaction():
        with pytest.raises(RuntimeError, match="open already"):
            async with db.write_transaction():
                pass
    async with db.read_snapshot():
        with pytest.raises(RuntimeError, match="open already"):
            async with db.write_transaction():
                pass


async def test_a_snapshot_cannot_write(seat: uuid.UUID) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        async with db.read_snapshot():
            await Seat.update({Seat.taken: 9}).where(Seat.id == seat)
    await take_one(seat)
    assert await taken(seat) == 1


async def test_a_snapshot_inside_a_write_sees_its_writes(seat: uuid.UUID) -> None:
    async with db.write_transaction():
        await Seat.update({Seat.taken: 4}).where(Seat.id == seat)
        async with db.read_snapshot(), db.read_snapshot():
            assert await taken(seat) == 4
        await Seat.update({Seat.taken: 5}).where(Seat.id == seat)
    assert await taken(seat) == 5


async def test_a_snapshot_stays_as_it_was(seat: uuid.UUID) -> None:
    read, written = asyncio.Event(), asyncio.Event()

    async def reader() -> list[int]:
        async with db.read_snapshot():
            first = await taken(seat)
            read.set()
            await written.wait()
            again = await db.point("SELECT taken FROM engine_test_seat WHERE id = {}", seat)
            return [first, await taken(seat), again[0]["taken"]]

    reading = asyncio.create_task(reader())
    await read.wait()
    await take_one(seat)
    written.set()
    assert await reading == [0, 0, 0]
    assert await taken(seat) == 1


async def test_reads_in_a_transaction_see_its_writes_and_nobody_else_does(seat: uuid.UUID) -> None:
    sql = "SELECT taken FROM engine_test_seat WHERE id = {}"
    outside = asyncio.Queue[None]()
    answers: list[int] = []

    async def elsewhere() -> None:
        await outside.get()
        answers.extend([await taken(seat), (await db.point(sql, seat))[0]["taken"]])

    other = asyncio.create_task(elsewhere())
    async with db.write_transaction():
        await Seat.update({Seat.taken: 7}).where(Seat.id == seat)
        assert await db.point(sql, seat) == [{"taken": 7}]
        outside.put_nowait(None)
        await other
    assert answers == [0, 0]


async def test_a_child_task_may_not_use_the_open_transaction_but_may_follow_it(seat: uuid.UUID) -> None:
    done = asyncio.Event()

    async def follows() -> int:
        await done.wait()
        return await taken(seat)

    async with db.write_transaction():
        await Seat.update({Seat.taken: 1}).where(Seat.id == seat)
        child = asyncio.create_task(follows())
        with pytest.raises(RuntimeError, match="child task"):
            await asyncio.gather(taken(seat))
    done.set()
    assert await child == 1


async def test_concurrent_read_then_write_transactions_all_succeed(seat: uuid.UUID) -> None:
    await asyncio.gather(*(take_one(seat) for _ in range(8)))
    assert await taken(seat) == 8


async def test_lock_needs_a_transaction(seat: uuid.UUID) -> None:
    with pytest.raises(RuntimeError, match="outside"):
        await db.lock(Seat, seat)


async def test_piccolos_own_ways_work(seat: uuid.UUID) -> None:
    await Seat.insert(*(Seat(id=uuid.uuid4(), code=f"D{number}") for number in range(5)))
    batches = []
    async with await Seat.select(Seat.code).order_by(Seat.code).batch(batch_size=4) as batch:
        async for some in batch:
            batches.append([row["code"] for row in some])
    assert batches == [["A1", "D0", "D1", "D2"], ["D3", "D4"]]

    atomic = db.engine().atomic()
    atomic.add(Seat.delete().where(Seat.code == "D0"), Seat.delete().where(Seat.code == "D1"))
    await atomic.run()
    assert await Seat.count() == 4

    async with db.engine().transaction() as transaction:
        savepoint = await transaction.savepoint()
        await Seat.delete(force=True)
        await savepoint.rollback_to()
    assert await Seat.count() == 4
    # On another thread with a loop of its own, while this one waits.
    assert len(Seat.select().run_sync()) == 4


async def test_slow_statements_leave_the_loop_free(seat: uuid.UUID) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
    sql = f"{numbers} SELECT count(*) AS c FROM n"
    await db.rows(sql)
    await db.rows(sql)  # slow twice: the next ones go to a thread
    slow = asyncio.create_task(db.rows(sql))
    ticks = 0
    while not slow.done():
        await asyncio.sleep(0.001)
        ticks += 1
    assert await slow == [{"c": 300000}]
    assert ticks > 3
    cancelled = asyncio.create_task(db.rows(sql))
    await asyncio.sleep(0.002)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert await taken(seat) == 0


async def test_after_closing_no_thread_is_left_and_use_opens_again(seat: uuid.UUID) -> None:
    await db.close_database()
    assert [thread.name for thread in threading.enumerate() if "sqlite" in thread.name] == []
    assert await taken(seat) == 0
    await db.open_database()


@pytest.mark.parametrize(
    "path",
    [
        "/door/a%00b",
        "/events/a%00b",
        "/events/a%00b/register",
        "/me/a%00b",
        "/sign-in/a%00b",
        "/tickets/a%00b",
        "/api/v1/events/a%00b",
        "/api/v1/events/a%00b/stats",
        "/api/v1/events/a%00b/sessions/c%00d",
        "/api/v1/events/a%00b/registrations",
    ],
)
async def test_no_address_with_a_nul_is_an_error_of_ours(
    client: httpx.AsyncClient, organiser_key: str, path: str
) -> None:
    answer = await client.get(path, headers={"authorization": f"Bearer {organiser_key}"})
    assert answer.status_code in (404, 410), answer.text


async def test_what_no_column_holds_is_refused_alike(seat: uuid.UUID) -> None:
    for value in ("a\0b", "half a character \ud800"):
        with pytest.raises(db.Unstorable):
            await db.rows("SELECT id FROM engine_test_seat WHERE code = {}", value)
    with pytest.raises(db.Unstorable):
        await db.rows("SELECT id FROM engine_test_seat WHERE taken = {}", 2**70)
