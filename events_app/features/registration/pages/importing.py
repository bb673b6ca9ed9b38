"""People from a file or pasted lines: looked at line by line, then taken."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.events.sent_tables import read_table
from events_app.features.registration.access import may_decide
from events_app.features.registration.import_fields import label_of, recognise, targets
from events_app.features.registration.importing import (
    IMPORT_BYTES,
    MOST_LINES,
    ImportResult,
    import_people,
)
from events_app.features.registration.reading import readable_list
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotAllowed
from events_app.outputs.sheets import as_csv, first_of_each
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import language_of, page
from events_app.web.problems import sentences

AnyRequest = Request[Any, Any, Any]

MOST_SHOWN = 200  # lines of a preview; those with errors come first


@get("/org/events/{slug:str}/registrations/import", guards=[requires(*ORGANISING)])
async def import_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await _decidable(actor, slug)
    return _page(request, event, "registration/import.html", Form(initial={"notify": "yes"}))


@post(
    "/org/events/{slug:str}/registrations/import",
    status_code=200,
    guards=[requires(*ORGANISING)],
    request_max_body_size=IMPORT_BYTES,
)
async def import_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """Without `sure`: what each line would do. The lines travel in the page, as CSV: nothing is kept."""
    event = await _decidable(actor, slug)
    form = await read_form(request)
    upload = form.file("file")
    content = await upload.read() if upload else str(form.values.get("lines", "")).encode()
    sure = form.flag("sure")
    try:
        heads, lines = await read_table(content, MOST_LINES)
        columns = _columns(form, heads, event)
        result = await import_people(
            world, actor, event, content, dry_run=not sure, notify=form.flag("notify"), columns=columns
        )
    except InvalidInput as refused:
        form.absorb(refused)
        return _page(request, event, "registration/import.html", form, status_code=422)
    language = language_of(request)
    words = translator(language)
    return _page(
        request,
        event,
        "registration/import_done.html" if sure else "registration/import_preview.html",
        form,
        heads=list(zip(heads, columns, first_of_each(lines, len(heads)), strict=True)),
        choices=[(target, label_of(target, event, words)) for target in targets(event)],
        text=as_csv([heads, *lines]),
        result=result,
        shown=_shown(result, language),
        hidden=max(0, len(result.lines) - MOST_SHOWN),
    )


def _columns(form: Form, heads: list[str], event: EventRecord) -> list[str]:
    """As the organiser said on the preview, else as the heads say."""
    if not any(name.startswith("column.") for name in form.values):
        return recognise(heads, event)
    known = targets(event)
    chosen: list[str] = []
    for number in range(len(heads)):
        target = str(form.values.get(f"column.{number}", ""))
        chosen.append(target if target in known and target not in chosen else "")
    return chosen


def _shown(result: ImportResult, language: str) -> list[tuple[Any, str]]:
    weight = {"error": 0, "duplicate": 1, "created": 2}
    ordered = sorted(result.lines, key=lambda each: (weight[each.outcome], each.line))
    return [(each, " ".join(sentences(each.errors, language))) for each in ordered[:MOST_SHOWN]]


async def _decidable(actor: Actor, slug: str) -> EventRecord:
    event = await readable_list(actor, slug)
    if not may_decide(actor, event):
        raise NotAllowed
    return event


def _page(
    request: AnyRequest, event: EventRecord, template: str, form: Form, status_code: int = 200, **more: Any
) -> Response[Any]:
    return page(
        request,
        template,
        status_code=status_code,
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        form=form,
        here=f"/org/events/{event.slug}/registrations",
        **more,
    )


ROUTES = [import_form, import_post]
