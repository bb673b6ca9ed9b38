"""What the program's own records keep of somebody whose data are erased."""

from uuid import UUID

from events_app.infra.database import engine, execute, is_postgres


async def forget_object(object_id: UUID) -> None:
    """In the transaction of the erasure: jobs that speak of it lose the words of their failures, and answers
    that are kept for a repeated Idempotency-Key go (they hold its secret links)."""
    name = str(object_id)
    await execute("UPDATE job SET error = NULL WHERE payload LIKE {} AND error IS NOT NULL", f"%{name}%")
    if is_postgres():
        await execute("DELETE FROM idempotent_answer WHERE position({} in answer) > 0", name.encode())
    else:
        await execute("DELETE FROM idempotent_answer WHERE instr(answer, {}) > 0", name.encode())


async def leave_no_trace() -> None:
    """After the commit of an erasure: on SQLite the write-ahead log, where what was overwritten still stands,
    is emptied. PostgreSQL's own vacuum does the like in its time."""
    await engine().empty_log()
