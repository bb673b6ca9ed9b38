"""The certificate of attendance as a PDF: by the personal link, and for those who read the registrations."""

from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.admission.certificate import certificate_of
from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.pages.people import person_of
from events_app.features.registration.pages.personal import mine
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.outputs.documents import document_pdf
from events_app.web.guards import READING, requires
from events_app.web.pages import language_of
from events_app.web.representations import entity_tag, is_unchanged, representation, unchanged

AnyRequest = Request[Any, Any, Any]
_PRIVATE = "private, no-cache"


@get("/me/{token:str}/certificate.pdf")
async def my_certificate_pdf(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    registration, event = await mine(token)
    return await _pdf(request, world, event, registration, registration.language)


@get(
    "/org/events/{slug:str}/registrations/{registration_id:uuid}/certificate.pdf", guards=[requires(*READING)]
)
async def certificate_pdf(
    request: AnyRequest,
    slug: FromPath[str],
    registration_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    registration, event = await person_of(actor, slug, registration_id)
    return await _pdf(request, world, event, registration, language_of(request))


async def _pdf(
    request: AnyRequest, world: World, event: EventRecord, registration: RegistrationRecord, language: str
) -> Response[Any]:
    document = await certificate_of(world, event, registration, language)
    etag = entity_tag("certificate", msgspec.json.encode(document))
    if is_unchanged(request, etag):
        return unchanged(etag, _PRIVATE)
    return representation(
        request,
        await paper_shop.run(partial(document_pdf, document)),
        "application/pdf",
        etag=etag,
        cache_control=_PRIVATE,
        filename=f"{event.slug}-attestation.pdf",
    )


ROUTES = [my_certificate_pdf, certificate_pdf]
