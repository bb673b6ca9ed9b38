"""People from a file: each line answered by itself, tried first without writing, taken in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.events.sent_tables import read_table
from events_app.features.registration import intake, invitations
from events_app.features.registration.access import may_decide
from events_app.features.registration.import_fields import ANSWER, recognise, request_of
from events_app.features.registration.intake import Submission
from events_app.features.registration.model import RegistrationAnswer, Source
from events_app.features.registration.rules import AlreadyRegistered
from events_app.infra import audit
from events_app.infra.database import retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, AppError, FieldError, InvalidInput, NotAllowed

MOST_LINES = 5_000
IMPORT_BYTES = 8_000_000  # of a file sent in

LineOutcome = Literal["created", "duplicate", "error"]


class LineResult(msgspec.Struct, frozen=True):
    """`line` as a spreadsheet counts, the heads being 1. `cells`: as read, by target."""

    line: int
    outcome: LineOutcome
    registration: UUID | None
    errors: list[FieldError]
    cells: Mapping[str, str]


class ImportResult(msgspec.Struct, frozen=True):
    lines: list[LineResult]

    def number(self, outcome: LineOutcome) -> int:
        return sum(each.outcome == outcome for each in self.lines)


class _OnlyTried(Exception):
    """Ends the transaction of a dry run: all that was written is gone."""


async def import_people(
    world: World,
    actor: Actor,
    event: EventRecord,
    content: bytes,
    *,
    dry_run: bool,
    notify: bool = True,
    columns: Sequence[str] | None = None,
) -> ImportResult:
    """`columns`: what each column is, where the organiser said it; otherwise by their heads.

    A dry run does all of it and takes it back, so that its answer is what would happen at this moment, places
    and people known already included. Raises `NotAllowed`, and `InvalidInput` where the file as a whole
    cannot be taken.
    """
    if not may_decide(actor, event):
        raise NotAllowed
    heads, lines = await read_table(content, MOST_LINES)
    wanted = recognise(heads, event) if columns is None else list(columns)
    _check_columns(wanted)
    cells = [{target: cell for target, cell in zip(wanted, line, strict=False) if target} for line in lines]
    try:
        return await _take_all(world, actor, event, cells, dry_run, notify)
    except _OnlyTried as tried:
        result: ImportResult = tried.args[0]
        return result


def _check_columns(wanted: Sequence[str]) -> None:
    if "email" not in wanted:
        message = N_("No column with the e-mail address was recognised. Please name it “email”.")
        raise InvalidInput.one("/file", "no_email", message)


@retried
async def _take_all(
    world: World,
    actor: Actor,
    event: EventRecord,
    lines: Sequence[Mapping[str, str]],
    dry_run: bool,
    notify: bool,
) -> ImportResult:
    async with unit_of_work():
        standing = await held(event.id)
        found = await _take(world, actor, standing, lines, notify)
        result = ImportResult(found)
        if dry_run:
            raise _OnlyTried(result)
        await audit.record(
            world,
            actor,
            "registration.imported",
            body_id=event.body_id,
            event_id=event.id,
            created=result.number("created"),
            errors=result.number("error"),
        )
        return result


async def _take(
    world: World, actor: Actor, event: EventRecord, lines: Sequence[Mapping[str, str]], notify: bool
) -> list[LineResult]:
    """Everybody who asks for a place at once, in the order of the file: a few statements for all of them."""
    results: dict[int, LineResult] = {}
    submissions: dict[int, Submission] = {}
    for number, cells in enumerate(lines, 2):
        request, status, errors = request_of(cells, event)
        if errors:
            results[number] = LineResult(number, "error", None, errors, cells)
        elif status == "invited":
            results[number] = await _invite(world, actor, event, number, cells, notify)
        else:
            submissions[number] = Submission(
                world, actor, event, request, Source.IMPORT, status == "confirmed", not notify
            )
    outcomes = await intake.take_all(event, list(submissions.values()))
    for number, outcome in zip(submissions, outcomes, strict=True):
        results[number] = _result(number, outcome, lines[number - 2])
    return [results[number] for number in sorted(results)]


def _result(number: int, outcome: intake.Outcome, cells: Mapping[str, str]) -> LineResult:
    match outcome:
        case RegistrationAnswer():
            return LineResult(number, "created", outcome.receipt_id, [], cells)
        case AlreadyRegistered():
            known = UUID(outcome.fields["registration_id"])
            return LineResult(number, "duplicate", known, [], cells)
        case InvalidInput():
            return LineResult(number, "error", None, [_by_column(each) for each in outcome.errors], cells)
        case AppError():
            refusal = FieldError("", outcome.type, outcome.detail)
            return LineResult(number, "error", None, [refusal], cells)
        case _:
            raise outcome


async def _invite(
    world: World, actor: Actor, event: EventRecord, number: int, cells: Mapping[str, str], notify: bool
) -> LineResult:
    try:
        new = await invitations.invite(world, actor, event, cells.get("email", ""), notify=notify)
    except InvalidInput as refused:
        message = refused.errors[0]
        return LineResult(number, "error", None, [msgspec.structs.replace(message, pointer="/email")], cells)
    return LineResult(number, "created" if new else "duplicate", None, [], cells)


def _by_column(error: FieldError) -> FieldError:
    """`/answers/taille` is the column of the question, `/preferences/2` that of the wishes."""
    parts = error.pointer.strip("/").split("/")
    name = ANSWER + parts[1] if parts[0] == "answers" and len(parts) > 1 else parts[0]
    return msgspec.structs.replace(error, pointer="/" + name)
