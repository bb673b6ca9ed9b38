"""Tables that people send, read where they can do no harm: a spreadsheet of one kilobyte may hold a cell so
far out, or one text so often, that reading it takes more memory than there is, and the process with it."""

from concurrent.futures.process import BrokenProcessPool
from functools import partial

from events_app.infra.processes import table_shop
from events_app.infra.threads import in_thread
from events_app.outputs.sheets import heads_and_lines, is_workbook, unreadable


async def read_table(content: bytes, most: int) -> tuple[list[str], list[list[str]]]:
    """The first row, and the lines below it. Raises `InvalidInput` at `/file`."""
    work = partial(heads_and_lines, content, most)
    if not is_workbook(content):
        return await in_thread(work)
    try:
        return await table_shop.run(work)
    except BrokenProcessPool:
        raise unreadable() from None
