"""The people of an event to take away: CSV and XLSX, from the page and by the API."""

from functools import partial
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from events_app.features.registration.access import may_decide
from events_app.features.registration.export import whole_table
from events_app.features.registration.reading import readable_list
from events_app.infra.i18n import translator
from events_app.infra.processes import paper_shop
from events_app.kernel.actor import Actor
from events_app.outputs.tables import Dialect, csv_chunks
from events_app.outputs.workbooks import MEDIA_TYPE, workbook_bytes
from events_app.web.guards import READING, requires
from events_app.web.pages import language_of

AnyRequest = Request[Any, Any, Any]


@get(
    ["/org/events/{slug:str}/registrations.csv", "/api/v1/events/{slug:str}/registrations.csv"],
    guards=[requires(*READING)],
)
async def registrations_csv(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Stream:
    """Semicolons and a byte order mark for a French spreadsheet, RFC 4180 in English."""
    event = await readable_list(actor, slug)
    language = language_of(request)
    table = await whole_table(event, translator(language), may_decide(actor, event))
    dialect = Dialect.FRENCH if language == "fr" else Dialect.PLAIN
    return Stream(csv_chunks(table, dialect), media_type="text/csv", headers=_headers(f"{event.slug}.csv"))


@get(
    ["/org/events/{slug:str}/registrations.xlsx", "/api/v1/events/{slug:str}/registrations.xlsx"],
    guards=[requires(*READING)],
)
async def registrations_xlsx(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Made in the helper process: thousands of rows take seconds of processor."""
    event = await readable_list(actor, slug)
    table = await whole_table(event, translator(language_of(request)), may_decide(actor, event))
    rows = [list(row) for row in table.rows]
    body = await paper_shop.run(partial(workbook_bytes, event.title, list(table.columns), rows))
    return Response(body, media_type=MEDIA_TYPE, headers=_headers(f"{event.slug}.xlsx"))


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "private, no-store",
    }


ROUTES = [registrations_csv, registrations_xlsx]
