"""What is known of a placement that is being computed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from events_app.features.workshops.model import RunRequest
from events_app.kernel.errors import AppError, FieldError, InvalidInput


class ComputationStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GONE = "gone"  # whoever computed it has fallen silent


class Progress(msgspec.Struct):
    """Written by the engine's thread, read by the loop: each value by itself is enough.

    `seated`: part of the seats looked at so far. `found`: some placement is known; `closed`: it is the best.
    `empty`: places that are lacking in the best one so far; `least`: in any. None: not known.
    """

    begun: bool = False
    seated: float = 0.0
    found: bool = False
    closed: bool = False
    empty: int | None = None
    least: int | None = None

    def hear(self, share: float, value: tuple[int, ...] | None, bound: tuple[int, ...] | None) -> None:
        self.seated = share
        self.found = value is not None
        self.closed = value is not None and value == bound
        self.empty = value[0] if value else None  # the first criterion of every objective
        self.least = bound[0] if bound else None


class Problem(msgspec.Struct, frozen=True):
    """What it was refused for: the message template with its fields, or the fields in error."""

    detail: str = ""
    fields: dict[str, str | int] = {}
    errors: list[FieldError] = []


class Computation(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    event_id: UUID
    status: ComputationStatus
    request: RunRequest
    progress: Progress
    problem: Problem
    run_id: UUID | None
    cancel_wanted: bool
    created_at: datetime
    created_by: str
    seen_at: datetime

    @property
    def is_active(self) -> bool:
        return self.status in (ComputationStatus.QUEUED, ComputationStatus.RUNNING)


def problem_of(refused: AppError) -> Problem:
    """As it can be kept and shown to whoever comes back."""
    fields = {name: value for name, value in refused.fields.items() if isinstance(value, str | int)}
    errors = refused.errors if isinstance(refused, InvalidInput) else []
    return Problem(refused.detail, fields, errors)
