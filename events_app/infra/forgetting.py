"""What the program's own records keep of somebody whose data are erased."""

from uuid import UUID

from events_app.infra.database import engine, execute, is_postgres
from events_app.kernel.text import fold_email


async def forget_object(object_id: UUID) -> None:
    """In the transaction of the erasure: jobs that speak of it lose the words of their failures, and answers
    that are kept for a repeated Idempotency-Key go (they hold its secret links)."""
    name = str(object_id)
    await execute("UPDATE job SET error = NULL WHERE payload LIKE {} AND error IS NOT NULL", f"%{name}%")
    if is_postgres():
        await execute("DELETE FROM idempotent_answer WHERE position({} in answer) > 0", name.encode())
    else:
        await execute("DELETE FROM idempotent_answer WHERE instr(answer, {}) > 0", name.encode())


async def forget_mails_to(event_id: UUID, address: str) -> None:
    """Also those that belong to no registration: invitations."""
    if address:
        await execute(
            "DELETE FROM mail WHERE event_id = {} AND lower(recipient) IN ({}, {})",
            event_id,
            address.lower(),
            fold_email(address),
        )


async def forget_words_of_mails(kind: str, registration_id: UUID) -> None:
    """What mails of one kind to this person say, which could not leave yet."""
    await execute(
        "UPDATE mail SET content = {} WHERE kind = {} AND registration_id = {}", b"", kind, registration_id
    )


async def leave_no_trace() -> None:
    """After the commit of an erasure: on SQLite the write-ahead log, where what was overwritten still stands,
    is emptied. PostgreSQL's own vacuum does the like in its time."""
    await engine().empty_log()
