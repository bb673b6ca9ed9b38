"""Long calculations in a process of their own: progress, a time limit, and a way to stop them.

Solvers in C hold their process until they are done and bring libraries that a server must not load;
here they start in a fresh interpreter, which is ended when time is up or nobody wants the answer.
"""

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

Report = Callable[[Any], None]

_GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.05


class Cancelled(Exception):
    """Nobody wants the answer any more."""


class WorkerFailed(Exception):
    """The process ended without an answer: out of memory, or a fault in a solver."""


def in_worker(
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
    *,
    seconds: float,
    progress: Report = lambda _news: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Any:
    """The answer of `work(*arguments, report)`, a module's function; what it reports goes to `progress`.

    Blocks. `work` is to keep the time limit itself; a few seconds later it is ended. Raises
    `TimeoutError` then, `Cancelled` soon after `cancelled()` says so, `WorkerFailed` when the process
    died or raised.
    """
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(there, work, arguments), daemon=True)
    process.start()
    there.close()
    ends = monotonic() + seconds + _GRACE_SECONDS
    try:
        while True:
            if cancelled():
                raise Cancelled
            if monotonic() > ends:
                raise TimeoutError
            if not here.poll(_POLL_SECONDS):
                continue
            try:
                kind, value = here.recv()
            except EOFError as error:
                raise WorkerFailed("the process ended without an answer") from error
            if kind == "done":
                return value
            if kind == "failed":
                raise WorkerFailed(value)
            progress(value)
    finally:
        process.terminate()
        process.join(_GRACE_SECONDS)
        if process.is_alive():
            process.kill()
        here.close()


def _child(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    # Solvers in C print banners; standard output belongs to whoever asked.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        answer = ("done", work(*arguments, lambda news: pipe.send(("progress", news))))
    except Exception as error:  # the parent cannot see this process's errors otherwise
        answer = ("failed", f"{type(error).__name__}: {error}")
    pipe.send(answer)
    pipe.close()
