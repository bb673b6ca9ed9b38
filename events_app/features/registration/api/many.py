"""Many people at once: one deed for all of them, or a file of new ones."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from events_app.features.registration import bulk
from events_app.features.registration.import_fields import ANSWER
from events_app.features.registration.importing import IMPORT_BYTES, import_people
from events_app.features.registration.reading import readable_list
from events_app.features.registration.schemas import (
    BulkAnswer,
    BulkRefusal,
    BulkRequest,
    ImportAnswer,
    ImportFault,
    ImportRow,
)
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput
from events_app.outputs.workbooks import MEDIA_TYPE
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import language_of
from events_app.web.problems import reasons_of, sentences

AnyRequest = Request[Any, Any, Any]


@post(
    "/events/{slug:str}/registrations/bulk",
    status_code=200,
    guards=[requires(*ORGANISING)],
    tags=["registrations"],
)
async def change_many(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[BulkRequest],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> BulkAnswer:
    """Accept, refuse, withdraw, restore or tag many people: each by itself, and said of each."""
    event = await readable_list(actor, slug)
    if bool(data.ids) == (data.filter is not None) or data.filter == bulk.BulkFilter():
        message = N_("Please give the ids of people, or a filter.")
        raise InvalidInput.one("/ids", "invalid", message)
    ids = data.ids if data.filter is None else await bulk.chosen_by(event, data.filter)
    if data.action == "tag" or data.action == "untag":  # for the type checker
        outcome = await bulk.put_tag(world, actor, event, ids, data.tag, on=data.action == "tag")
    else:
        outcome = await bulk.carry_out(world, actor, event, data.action, ids, data.reason)
    language = language_of(request)
    return BulkAnswer(
        outcome.done,
        [
            BulkRefusal(
                each.registration_id,
                f"/problems/{each.error.type}",
                " ".join(reasons_of(each.error, language)),
            )
            for each in outcome.refused
        ],
    )


@post(
    "/events/{slug:str}/registrations/import",
    status_code=200,
    guards=[requires(*ORGANISING)],
    tags=["registrations"],
    request_max_body_size=IMPORT_BYTES,
    body_media_types=("text/csv", MEDIA_TYPE),
)
async def import_registrations(
    request: AnyRequest,
    slug: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
    dry_run: FromQuery[bool] = False,
    notify: FromQuery[bool] = True,
) -> ImportAnswer:
    """People from a file, the body being CSV or XLSX: each line is answered by itself.

    The first row names the columns: `email`, `given_name`, `family_name`, `organisation`, `commune`, `insee`,
    `profile`, `language`, `preferences` (codes, `;` between), `status` (`confirmed`, `pending`, `invited`),
    and the codes of questions. With `dry_run` nothing is written and nobody is written to. Otherwise the good
    lines are taken in one transaction, by the rules of that moment; `notify=false` sends no mail.
    """
    event = await readable_list(actor, slug)
    content = await request.body()
    result = await import_people(world, actor, event, content, dry_run=dry_run, notify=notify)
    language = language_of(request)
    # What a dry run made is gone again: its ids name nobody, also where a later line repeats an earlier one.
    gone = {each.registration for each in result.lines if dry_run and each.outcome == "created"}
    return ImportAnswer(
        created=result.number("created"),
        duplicates=result.number("duplicate"),
        errors=result.number("error"),
        rows=[
            ImportRow(
                line=each.line,
                outcome=each.outcome,
                registration=None if each.registration in gone else each.registration,
                errors=[
                    ImportFault(fault.field.removeprefix(ANSWER), fault.code, said)
                    for fault, said in zip(each.errors, sentences(each.errors, language), strict=True)
                ],
            )
            for each in result.lines
        ],
    )


ROUTES = [change_many, import_registrations]
