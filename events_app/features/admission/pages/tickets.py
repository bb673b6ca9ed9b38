"""`/tickets/{code}`: the phone page, and the picture and the paper of one ticket.

The code is its own secret: nobody can make one up, so whoever has it may see its ticket. Several, joined
by commas, are one page: the tickets of people who come together, on the phone of one of them.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
from litestar import Request, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.admission.pages.shell import TICKET_WORKER
from events_app.features.admission.papers import TicketWords, ticket_paper, ticket_words
from events_app.features.admission.places import BookedPlace, places_of
from events_app.features.admission.queries import TicketRecord, ticket_by_number
from events_app.features.admission.readings import read_code
from events_app.features.admission.tickets import keyring, ticket_path
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_id
from events_app.infra.i18n import Translator, translator
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.kernel.errors import N_, AppError, NotFound
from events_app.outputs.papers import ticket_pdf
from events_app.outputs.qrcodes import qr_png, qr_svg
from events_app.web.pages import language_of, page
from events_app.web.representations import entity_tag, is_unchanged, representation, unchanged

_ENDINGS = ("svg", "png", "pdf")
_KEPT_BY_ITS_HOLDER = "private, max-age=600"
_NO_TICKET = ("cancelled", "refused")
_MOST_TOGETHER = 30


class Shown(msgspec.Struct, frozen=True):
    """One ticket of a page."""

    ticket: TicketRecord
    usable: bool
    words: TicketWords
    picture: str
    paper: str


class TicketReplaced(AppError):
    type = "ticket-replaced"
    status = 404  # there is no such ticket any more
    title = N_("This ticket has been replaced")
    detail = N_("A newer ticket was made, and this one no longer opens the door.")


@route("/tickets/{name:str}", http_method=["GET", "HEAD"])
async def ticket(
    request: Request[Any, Any, Any], name: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    """`name` is the code, alone (the page; several with commas) or with `.svg`, `.png`, `.pdf`."""
    code, _, ending = name.partition(".")
    if ending and ending not in _ENDINGS:
        raise NotFound
    if not ending:
        return await _page(request, world, list(dict.fromkeys(code.split(","))))
    found, event, canonical = await _look_up(world, code)
    if found.status in _NO_TICKET:
        raise NotFound
    if ending == "pdf":
        return await _paper(request, found, event, canonical)
    description = ticket_words(event, found, (), translator(found.language)).qr_description
    etag = entity_tag(ending, canonical, description)
    if is_unchanged(request, etag, found.changed_at):
        return unchanged(etag, _KEPT_BY_ITS_HOLDER, found.changed_at)
    body, media_type = (
        (qr_svg(canonical, description).encode(), "image/svg+xml")
        if ending == "svg"
        else (await asyncio.to_thread(qr_png, canonical), "image/png")
    )
    return representation(
        request,
        body,
        media_type,
        etag=etag,
        cache_control=_KEPT_BY_ITS_HOLDER,
        changed_at=found.changed_at,
        compressible=ending == "svg",
    )


async def _look_up(world: World, code: str) -> tuple[TicketRecord, EventRecord, str]:
    """Raises `NotFound` for a code that is forged or of nobody any more, `TicketReplaced`."""
    keys = await keyring(world)
    reading = read_code(code, keys.verifier)
    if reading.ticket_id is None or reading.event_number is None:
        raise NotFound
    found = await ticket_by_number(reading.event_number, reading.ticket_id)
    if found is None or reading.generation is None:
        raise NotFound
    if reading.generation < found.ticket_generation % 256:
        raise TicketReplaced
    if reading.generation != found.ticket_generation % 256:
        raise NotFound
    event = await event_by_id(found.event_id)
    if event is None:
        raise NotFound
    return found, event, keys.code(event.number, found.ticket_id, found.ticket_generation)


async def _page(request: Request[Any, Any, Any], world: World, codes: list[str]) -> Response[str]:
    if len(codes) > _MOST_TOGETHER:
        raise NotFound
    read = [await _look_up(world, code) for code in codes]
    event = read[0][1]
    if any(other.id != event.id for _, other, _ in read):
        raise NotFound
    places = await places_of([found.registration_id for found, _, _ in read])
    words = translator(language_of(request))
    return page(
        request,
        "admission/ticket.html",
        event=event,
        now=world.now(),
        worker=TICKET_WORKER,
        tickets=[
            _shown(event, found, code, places.get(found.registration_id, ()), words)
            for found, _, code in read
        ],
    )


def _shown(
    event: EventRecord, found: TicketRecord, code: str, places: Sequence[BookedPlace], words: Translator
) -> Shown:
    said = ticket_words(event, found, places, words)
    usable = found.status not in _NO_TICKET
    picture = qr_svg(code, said.qr_description) if usable else ""
    return Shown(found, usable, said, picture, ticket_path(code, ".pdf"))


async def _paper(
    request: Request[Any, Any, Any], found: TicketRecord, event: EventRecord, code: str
) -> Response[Any]:
    places = (await places_of([found.registration_id])).get(found.registration_id, ())
    paper = ticket_paper(event, found, code, places, translator(found.language))
    etag = entity_tag("pdf", msgspec.json.encode(paper))
    if is_unchanged(request, etag):
        return unchanged(etag, _KEPT_BY_ITS_HOLDER)
    return representation(
        request,
        await paper_shop.run(partial(ticket_pdf, paper)),
        "application/pdf",
        etag=etag,
        cache_control=_KEPT_BY_ITS_HOLDER,
        filename=f"{event.slug}.pdf",
    )


ROUTES = [ticket]
