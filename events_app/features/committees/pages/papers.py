"""Papers of a sitting: convocation, sheet to sign, minutes as PDF and DOCX, deliberations as data."""

from functools import partial
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.committees import minutes
from events_app.features.committees.errors import DeliberationsIncomplete
from events_app.features.committees.model import SittingNow
from events_app.features.committees.pages.sitting import SITTING, sitting_to_show
from events_app.features.events.model import EventRecord
from events_app.infra.i18n import Translator, translator
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import NotFound
from events_app.outputs.documents import document_docx, document_pdf
from events_app.outputs.tables import Dialect, csv_bytes
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.pages import language_of

AnyRequest = Request[Any, Any, Any]

DOCUMENTS = {
    "convocation": minutes.convocation,
    "attendance": minutes.sheet_to_sign,
    "minutes": minutes.minutes,
}
WRITERS = {
    "pdf": (document_pdf, "application/pdf"),
    "docx": (document_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@get(SITTING + "/papers/{paper:str}", guards=[requires(*ORGANISING, *READING)])
async def paper(
    request: AnyRequest,
    slug: FromPath[str],
    paper: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """convocation, attendance, minutes, each as .pdf and .docx; deliberations.csv."""
    event, now = await sitting_to_show(actor, slug)
    words = translator(language_of(request))
    return await paper_answer(world, event, now, paper, words)


async def paper_answer(
    world: World, event: EventRecord, now: SittingNow, paper: str, words: Translator
) -> Response[bytes]:
    """Made in the helper process. Raises `NotFound`, `DeliberationsIncomplete`."""
    name, _, kind = paper.partition(".")
    if paper == "deliberations.csv":
        if missing := minutes.missing_for_deliberations(now, words):
            raise DeliberationsIncomplete(missing=", ".join(missing))
        url = f"{world.settings.base_url}/events/{event.slug}"
        body, media_type = (
            csv_bytes(minutes.deliberations(now, url), Dialect.PLAIN),
            "text/csv; charset=utf-8",
        )
    elif name in DOCUMENTS and kind in WRITERS:
        write, media_type = WRITERS[kind]
        body = await paper_shop.run(partial(write, DOCUMENTS[name](event, now, words)))
    else:
        raise NotFound
    headers = {
        "content-disposition": f'inline; filename="{event.slug}-{paper}"',
        "cache-control": "private, no-store",
    }
    return Response(body, media_type=media_type, headers=headers)


ROUTES = [paper]
