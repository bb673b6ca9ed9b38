"""How busy this process is with requests, so that work that can wait lets people pass."""

import time
from collections import deque

BUSY_REQUESTS = 20
BUSY_SECONDS = 0.2  # so many requests within this time are a rush: 100 a second

_recent: deque[float] = deque(maxlen=BUSY_REQUESTS)


def note_request() -> None:
    _recent.append(time.monotonic())


def is_busy() -> bool:
    return len(_recent) == BUSY_REQUESTS and time.monotonic() - _recent[0] < BUSY_SECONDS
