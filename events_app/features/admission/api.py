"""Scans and what doors need, for programs and for the door page."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from events_app.features.admission import service
from events_app.features.admission.doors import event_at_door
from events_app.features.admission.schemas import ScanAnswer, ScanAnswers, ScanBatch, ScanRequest
from events_app.features.admission.wording import with_sentence
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.guards import SCANNING, requires
from events_app.web.pages import language_of


@post("/events/{slug:str}/scans", status_code=200, guards=[requires(*SCANNING)], tags=["door"])
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


@post("/events/{slug:str}/scans/batch", status_code=200, guards=[requires(*SCANNING)], tags=["door"])
async def scan_tickets(
    request: Request[Any, Any, Any],
    slug: FromPath[str],
    data: JSONBody[ScanBatch],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> ScanAnswers:
    """Scans that a device recorded while it was offline, answered in order of `scanned_at`."""
    event = await event_at_door(actor, slug)
    answers = await service.record_scans(world, actor, event, data.scans)
    words = translator(language_of(request))
    return ScanAnswers([with_sentence(answer, event, words) for answer in answers])


ROUTES = [scan_ticket, scan_tickets]
