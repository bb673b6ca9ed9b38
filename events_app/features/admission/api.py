"""Scans and what doors need, for programs and for the door page."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec.structs import replace

from events_app.features.admission import service
from events_app.features.admission.attendance import Attendance
from events_app.features.admission.certificate import attendance_of
from events_app.features.admission.counters import Statistics, statistics
from events_app.features.admission.door_list import PARTS
from events_app.features.admission.doors import event_at_door
from events_app.features.admission.letters import UndrawnNames, undrawn_names
from events_app.features.admission.manifest import Manifest, manifest_pieces, manifest_stamp
from events_app.features.admission.news import News, news
from events_app.features.admission.period import Asked, Period, period, this_year
from events_app.features.admission.queries import search_people
from events_app.features.admission.scan import Outcome, Reason
from events_app.features.admission.schemas import (
    FoundPeople,
    ScanAnswer,
    ScanAnswers,
    ScanBatch,
    ScanFault,
    ScanProblem,
    ScanRequest,
    VoidRequest,
    WalkInRequest,
)
from events_app.features.admission.sealed import SealedNames, sealed_names
from events_app.features.admission.tickets import keyring
from events_app.features.admission.undo import undo_scan
from events_app.features.admission.walk_in import walk_in
from events_app.features.admission.wording import with_conflict_sentence, with_sentence
from events_app.features.events.access import may_read_registrations, may_scan
from events_app.features.registration.reading import readable
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import AppError, InvalidInput, NotAllowed
from events_app.web.guards import READING, SCANNING, requires
from events_app.web.pages import language_of
from events_app.web.problems import field_error, path_and_message, reasons_of, sentence
from events_app.web.representations import entity_tag, is_unchanged, streamed, unchanged


@post(
    "/events/{slug:str}/scans", status_code=200, guards=[requires(*SCANNING, or_device=True)], tags=["door"]
)
async def scan_ticket(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    data: JSONBody[ScanRequest],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> ScanAnswer:
    """One ticket at a door. The same `scan_id` again gives the same answer and changes nothing."""
    event = await event_at_door(actor, slug)
    answer = await service.record_scan(world, actor, event, data)
    return with_sentence(answer, event, translator(language_of(request)))


@post(
    "/events/{slug:str}/scans/batch",
    status_code=200,
    guards=[requires(*SCANNING, or_device=True)],
    tags=["door"],
)
async def scan_tickets(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    data: JSONBody[ScanBatch],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> ScanAnswers:
    """Scans that a device recorded while it was offline. Answered in order of `scanned_at`.

    A scan that cannot be read or used its id before is answered by itself (`problem`), after the others.
    """
    event = await event_at_door(actor, slug)
    read = [_read(scan) for scan in data.scans]
    good = [scan for scan in read if isinstance(scan, ScanRequest)]
    recorded = iter(await service.record_scans(world, actor, event, good))
    answers, problems = [], []
    for index, scan in enumerate(read):
        answer = next(recorded) if isinstance(scan, ScanRequest) else scan
        if isinstance(answer, ScanAnswer):
            answers.append(answer)
        else:
            problems.append(_not_recorded(request, index, data.scans[index], answer))
    answers.sort(key=lambda answer: str(answer.scanned_at))
    words = translator(language_of(request))
    return ScanAnswers([with_sentence(answer, event, words) for answer in answers] + problems)


def _read(scan: Any) -> ScanRequest | InvalidInput:
    """One of a batch, held to what a single scan is held to."""
    try:
        return msgspec.convert(scan, ScanRequest)
    except msgspec.ValidationError as error:
        return InvalidInput([field_error(*path_and_message(str(error)))])


def _not_recorded(request: Request[Any, Any, Any], index: int, scan: Any, error: AppError) -> ScanAnswer:
    """What a single scan would have been answered, as one item among others."""
    words = translator(language_of(request))
    scan_id = scan.get("scan_id") if isinstance(scan, dict) else None
    errors = error.errors if isinstance(error, InvalidInput) else []
    return ScanAnswer(
        scan_id=scan_id if isinstance(scan_id, str) else "",
        outcome=Outcome.ERROR,
        reason=Reason.NOT_RECORDED,
        direction="",
        gate="",
        session=None,
        scanned_at=None,
        registration=None,
        first_scan=None,
        detail=" ".join(reasons_of(error, language_of(request))),
        problem=ScanProblem(
            index=index,
            status=error.status,
            type=f"/problems/{error.type}",
            title=words.gettext(error.title),
            errors=[ScanFault(each.pointer, each.code, sentence(each, words)) for each in errors],
        ),
    )


@post(
    "/events/{slug:str}/scans/{scan_id:str}/void",
    status_code=200,
    guards=[requires(*SCANNING, or_device=True)],
    tags=["door"],
)
async def void_scan(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    scan_id: FromPath[str],
    data: JSONBody[VoidRequest],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> ScanAnswer:
    """Undo a scan: a scan of its own, kept beside the undone one."""
    event = await event_at_door(actor, slug)
    answer = await undo_scan(world, actor, event, scan_id, data)
    return with_sentence(answer, event, translator(language_of(request)))


@post(
    "/events/{slug:str}/walk-ins",
    status_code=200,
    guards=[requires(*SCANNING, or_device=True)],
    tags=["door"],
)
async def enter_walk_in(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    data: JSONBody[WalkInRequest],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> ScanAnswer:
    """Somebody who came without a registration.

    Registered and let in at once where there is a place for all `people`; `email` may be empty. Where
    there is none, `refused` (`event_full`), and nothing is kept of them. The same `scan_id` again gives the
    same answer.
    """
    event = await event_at_door(actor, slug)
    answer = await walk_in(world, actor, event, data)
    return with_sentence(answer, event, translator(language_of(request)))


@get("/events/{slug:str}/door/people", guards=[requires(*SCANNING, or_device=True)], tags=["door"])
async def find_people(
    slug: FromPath[str], actor: NamedDependency[Actor], q: FromQuery[str] = ""
) -> FoundPeople:
    """Search people at the door.

    The first twenty of whom `q` begins words: of name, organisation, address or code, without accents and
    signs; from two letters, or one character where that may be a name.
    """
    event = await event_at_door(actor, slug)
    if not may_scan(actor, event):
        raise NotAllowed
    return FoundPeople(await search_people(event.id, q[:200]))


MANIFEST_CACHING = "private, no-cache"


@get("/events/{slug:str}/door/manifest", guards=[requires(*SCANNING, or_device=True)], tags=["door"])
async def manifest(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    since: FromQuery[str] = "",
) -> Response[Manifest]:
    """What a device needs to work offline. `since`: the `cursor` of the last answer, for what changed."""
    event = await event_at_door(actor, slug)
    etag = entity_tag(await manifest_stamp(actor, event), since, world.settings.base_url)
    if is_unchanged(request, etag):
        return _as_manifest(unchanged(etag, MANIFEST_CACHING))
    pieces = await manifest_pieces(world, actor, event, since)
    answer = streamed(request, pieces, "application/json", etag=etag, cache_control=MANIFEST_CACHING)
    return _as_manifest(answer)


@get("/events/{slug:str}/door/news", guards=[requires(*SCANNING, or_device=True)], tags=["door"])
async def door_news(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    since: FromQuery[str] = "",
    device: FromQuery[str] = "",
) -> News:
    """Who came and went since the last `cursor`, and what one device's scans ran into.

    Asked again while `more`. `conflicts`: flagged scans of this device, and of people whom it let in.
    """
    event = await event_at_door(actor, slug)
    if not may_scan(actor, event):
        raise NotAllowed
    keys = await keyring(world)
    whose = service.device_of(actor, device)
    told = await news(event, keys.verifier.deployment_id, world.now(), since, whose)
    words = translator(language_of(request))
    return replace(told, conflicts=[with_conflict_sentence(each, event, words) for each in told.conflicts])


@get("/events/{slug:str}/door/names", guards=[requires(*SCANNING, or_device=True)], tags=["door"])
async def door_names(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    parts: FromQuery[str] = "",
) -> Response[SealedNames]:
    """Names that only their own ticket opens. `parts`: of the list, by number with commas; all when empty."""
    event = await event_at_door(actor, slug)
    if not may_scan(actor, event):
        raise NotAllowed
    asked = [int(part) for part in parts.split(",") if part.isascii() and part.isdigit() and len(part) < 4]
    found = await sealed_names(await keyring(world), event, asked if parts else range(PARTS))
    body = msgspec.json.encode(found)
    etag = entity_tag(body)
    answer: Response[Any] = streamed(
        request, [body], "application/json", etag=etag, cache_control=MANIFEST_CACHING
    )
    return answer


def _as_manifest(answer: Response[Any]) -> Response[Manifest]:
    """Bytes of one, or nothing: the type is what the API's description reads."""
    return answer


@get("/events/{slug:str}/stats", guards=[requires(*READING)], tags=["door"])
async def stats(slug: FromPath[str], actor: NamedDependency[Actor]) -> Statistics:
    """Figures of an event. How many registered and came: by session, gate, organisation and commune."""
    event = await event_at_door(actor, slug)
    if not may_read_registrations(actor, event):
        raise NotAllowed
    return await statistics(event.id)


@get(
    "/statistics",
    guards=[requires(*READING)],
    tags=["door"],
    operation_id="readStatistics",
    summary="The figures of a period",
)
async def period_figures(
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
    of_body: Annotated[str, QueryParameter(name="body")] = "",
    kind: Annotated[str, QueryParameter(name="format")] = "",
) -> Period:
    """Over all events that one may read, or those of one organisation or format: how many were held, who
    registered and came, by commune, organisation, profile and event.

    `from` and `to`: days, both counted; this year where they are not given. Of another organisation, which
    whoever looks after the site may ask for, groups of fewer than five people stand together.
    """
    usual = this_year(world)
    return await period(actor, Asked(first or usual.first, last or usual.last, of_body, kind))


@get(
    "/events/{slug:str}/papers",
    guards=[requires(*READING)],
    tags=["door"],
    operation_id="checkPapers",
    summary="What PDF tickets, cards and lists cannot show",
)
async def papers(slug: FromPath[str], actor: NamedDependency[Actor]) -> UndrawnNames:
    """Names with letters of which no font is installed: they would be empty boxes."""
    event = await event_at_door(actor, slug)
    if not may_read_registrations(actor, event):
        raise NotAllowed
    return await undrawn_names(event.id)


@get(
    "/registrations/{registration_id:uuid}/attendance",
    guards=[requires(*READING, or_participant=True)],
    tags=["door"],
    operation_id="readAttendance",
)
async def read_attendance(
    registration_id: FromPath[UUID], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Attendance:
    """When this person was there, by half-days, as the doors read it; empty for whoever was not."""
    registration, event = await readable(actor, registration_id)
    return await attendance_of(world, event, registration)


ROUTES = [
    scan_ticket,
    scan_tickets,
    void_scan,
    enter_walk_in,
    find_people,
    manifest,
    door_news,
    door_names,
    stats,
    period_figures,
    papers,
    read_attendance,
]
