"""A whole programme from a file, by the public contract (v1)."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from events_app.features.events.overlaps import warnings_of
from events_app.features.events.programme_import import IMPORT_BYTES, import_programme
from events_app.features.events.schemas import (
    ProgrammeConflict,
    ProgrammeFault,
    ProgrammeImportAnswer,
    ProgrammeRow,
)
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.outputs.workbooks import MEDIA_TYPE
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import language_of
from events_app.web.problems import sentences

AnyRequest = Request[Any, Any, Any]
MOST_CONFLICTS = 500
_KINDS = {"overlap": "person"}  # two workshops at one time under different slots ask two places of one person


@post(
    "/events/{slug:str}/programme/import",
    status_code=200,
    guards=[requires(*ORGANISING)],
    tags=["sessions"],
    operation_id="importProgramme",
    summary="Sessions from a file",
    security=[{"key": []}],
    request_max_body_size=IMPORT_BYTES,
    body_media_types=("text/csv", MEDIA_TYPE),
)
async def import_sessions(
    request: AnyRequest,
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    dry_run: FromQuery[bool] = False,
) -> ProgrammeImportAnswer:
    """The body being CSV or XLSX: each line is answered by itself.

    The first row names the columns: `code`, `title`, `kind`, `slot`, `day`, `starts_at`, `ends_at`, `room`,
    `speakers`, `capacity_min`, `capacity_max`, `choice`, `description`. Hours are those of the
    event's place unless they carry an offset; times alone belong to `day`. A session that is there already
    stays as it is. With `dry_run` nothing is written; otherwise the good lines are taken in one
    transaction. `conflicts`: what of the whole programme cannot be true at once.
    """
    result = await import_programme(world, actor, slug, await request.body(), dry_run=dry_run)
    language = language_of(request)
    return ProgrammeImportAnswer(
        created=result.number("created"),
        duplicates=result.number("duplicate"),
        errors=result.number("error"),
        rows=[
            ProgrammeRow(
                line=each.line,
                outcome=each.outcome,
                session=each.code or None,
                errors=[
                    ProgrammeFault(fault.field, fault.code, said)
                    for fault, said in zip(each.errors, sentences(each.errors, language), strict=True)
                ],
            )
            for each in result.lines
        ],
        conflicts=[
            ProgrammeConflict(_KINDS.get(warning.kind, warning.kind), warning.sessions, warning.detail)
            for warning in warnings_of(result.sessions, translator(language), MOST_CONFLICTS)
        ],
    )


ROUTES = [import_sessions]
