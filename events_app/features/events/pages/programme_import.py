"""A programme from a file or pasted lines: looked at line by line, then taken."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.overlaps import warnings_of
from events_app.features.events.programme_import import IMPORT_BYTES, MOST_LINES, import_programme
from events_app.features.events.programme_lines import FIELDS, SessionLine, recognise
from events_app.features.events.sent_tables import read_table
from events_app.features.events.service import editable_event
from events_app.infra.i18n import Translator, translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput
from events_app.outputs.sheets import as_csv, first_of_each
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import language_of, page
from events_app.web.problems import sentences

AnyRequest = Request[Any, Any, Any]
PATH = "/org/events/{slug:str}/programme/import"


@get(PATH, guards=[requires(*ORGANISING)])
async def import_form(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await editable_event(actor, slug)
    return page(
        request, "events/programme_import.html", event=event, form=Form(initial={}), heads=[], result=None
    )


@post(PATH, status_code=200, guards=[requires(*ORGANISING)], request_max_body_size=IMPORT_BYTES)
async def import_post(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """Without `sure`: what each line would do. The lines travel in the page, as CSV: nothing is kept."""
    event = await editable_event(actor, slug)
    form = await read_form(request)
    upload = form.file("file")
    content = await upload.read() if upload else str(form.values.get("lines", "")).encode()
    sure, language = form.flag("sure"), language_of(request)
    heads: list[str] = []
    lines: list[list[str]] = []
    columns: list[str] = []
    words = translator(language)
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "choices": [(name, words.gettext(label)) for name, label in FIELDS.items()],
    }
    try:
        heads, lines = await read_table(content, MOST_LINES)
        columns = _columns(form, heads)
        result = await import_programme(world, actor, slug, content, dry_run=not sure, columns=columns)
    except InvalidInput as refused:
        form.absorb(refused)
        text = as_csv([heads, *lines]) if lines else ""
        shown |= {"heads": _of_file(heads, columns, lines), "text": text, "result": None}
        return page(request, "events/programme_import.html", status_code=422, **shown)
    return page(
        request,
        "events/programme_imported.html" if sure else "events/programme_import.html",
        result=result,
        heads=_of_file(heads, columns, lines),
        text=as_csv([heads, *lines]),
        fates=[(each, _reason(each, words, language)) for each in result.lines],
        warnings=[warning.detail for warning in warnings_of(result.sessions, words)],
        **shown,
    )


def _columns(form: Form, heads: list[str]) -> list[str]:
    """As the organiser said on the preview, else as the heads say."""
    if not any(name.startswith("column.") for name in form.values):
        return recognise(heads)
    chosen: list[str] = []
    for number in range(len(heads)):
        name = str(form.values.get(f"column.{number}", ""))
        chosen.append(name if name in FIELDS and name not in chosen else "")
    return chosen


def _reason(line: SessionLine, words: Translator, language: str) -> str:
    """Each column with what is wrong in it."""
    said = zip(line.errors, sentences(line.errors, language), strict=True)
    return " ".join(f"{words.gettext(FIELDS[error.field])} – {sentence}" for error, sentence in said)


def _of_file(heads: list[str], columns: list[str], lines: list[list[str]]) -> list[Any]:
    """For each column its head, what it is, and an example."""
    return list(zip(heads, columns, first_of_each(lines, len(heads)), strict=True)) if columns else []


ROUTES = [import_form, import_post]
