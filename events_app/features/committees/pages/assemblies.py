"""Assemblies and their members."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.accounts.bodies import worked_for
from events_app.features.committees import assemblies
from events_app.features.committees.assemblies import AssemblyInput, SeatInput
from events_app.features.committees.model import Assembly, Seat
from events_app.features.committees.queries import assemblies_of, events_of, seats_of
from events_app.features.committees.rules import FAMILIES, Statutes, rules_on
from events_app.features.committees.wording import FAMILY_NAMES, rules_sentences
from events_app.features.events.access import may_create_in, may_read_in
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import DEFAULT_ZONE, to_wall
from events_app.kernel.errors import InvalidInput, NotAllowed, NotFound
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
HOME = "/org/assemblies"
_ONE = HOME + "/{slug:str}"
_SEAT = _ONE + "/seats/{seat_id:uuid}"
YES_NO = ("yes", "no")


@get(HOME, guards=[requires(*ORGANISING, *READING)])
async def assemblies_list(request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
    return await _list_page(request, actor, Form())


async def _list_page(request: AnyRequest, actor: Actor, form: Form, status_code: int = 200) -> Response[Any]:
    async with read_snapshot():
        bodies = await worked_for(actor)
        listed = await assemblies_of([each.id for each in bodies if may_read_in(actor, each.id)])
    words = translator(language_of(request))
    mine = [body for body in bodies if may_create_in(actor, body.id)]
    return page(
        request,
        "committees/assemblies.html",
        status_code=status_code,
        assemblies=listed,
        bodies=[(body.slug, body.name) for body in mine],
        families=[(code, words.gettext(FAMILY_NAMES[code])) for code in FAMILIES],
        family_names={code: words.gettext(name) for code, name in FAMILY_NAMES.items()},
        form=form,
    )


@post(HOME, guards=[requires(*ORGANISING)])
async def assembly_add(
    request: AnyRequest, world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    form = await read_form(request)
    bodies = [body for body in await worked_for(actor) if may_create_in(actor, body.id)]
    if not bodies:
        raise NotAllowed
    slug = form.choice("body", tuple(body.slug for body in bodies), required=len(bodies) != 1)
    name = form.line("name", required=True)
    family = form.choice("family", FAMILIES, required=True)
    if not form.errors:
        body = next(body for body in bodies if body.slug == slug or len(bodies) == 1)
        try:
            made = await assemblies.create(world, actor, body.id, AssemblyInput(name, family))
            return go_to(request, f"{HOME}/{made.slug}", notice="saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return await _list_page(request, actor, form, 422)


@get(_ONE, guards=[requires(*ORGANISING, *READING)])
async def assembly_page(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    assembly = await assemblies.seen_assembly(actor, slug)
    return await _page(request, world, actor, assembly, Form(initial=_values(assembly)))


async def _page(
    request: AnyRequest, world: World, actor: Actor, assembly: Assembly, form: Form, status_code: int = 200
) -> Response[Any]:
    async with read_snapshot():
        seats, sittings = await seats_of(assembly.id), await events_of(assembly.id)
    words = translator(language_of(request))
    today = to_wall(world.now(), DEFAULT_ZONE).date()
    rules = rules_on(assembly.family, today, assembly.statutes)
    return page(
        request,
        "committees/assembly.html",
        status_code=status_code,
        assembly=assembly,
        seats=seats,
        in_office=sum(seat.in_office(today) for seat in seats),
        today=today,
        sittings=sittings,
        rules=rules,
        sentences=rules_sentences(rules, words),
        families=[(code, words.gettext(FAMILY_NAMES[code])) for code in FAMILIES],
        edits=may_create_in(actor, assembly.body_id),
        form=form,
    )


def _values(assembly: Assembly) -> dict[str, Any]:
    statutes = assembly.statutes
    said = {None: "", True: "yes", False: "no"}
    return {
        "name": assembly.name,
        "family": assembly.family,
        "siret": assembly.siret,
        "proxies_count": said[statutes.proxies_count],
        "proxies_each": "" if statutes.proxies_each is None else statutes.proxies_each,
        "clear_days": "" if statutes.clear_days is None else statutes.clear_days,
    }


@post(_ONE, guards=[requires(*ORGANISING)])
async def assembly_save(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    assembly = await assemblies.changeable_assembly(actor, slug)
    form = await read_form(request)
    name = form.line("name", required=True)
    family = form.choice("family", FAMILIES, required=True)
    siret = form.line("siret", most=20)
    count = form.choice("proxies_count", YES_NO)
    statutes = Statutes(
        proxies_count=None if not count else count == "yes",
        proxies_each=form.integer("proxies_each", high=assemblies.MOST_PROXIES),
        clear_days=form.integer("clear_days", high=assemblies.MOST_CLEAR_DAYS),
    )
    if not form.errors:
        try:
            await assemblies.change(world, actor, slug, AssemblyInput(name, family, siret, statutes))
            return go_to(request, f"{HOME}/{slug}", notice="saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return await _page(request, world, actor, assembly, form, 422)


@post(_ONE + "/seats", guards=[requires(*ORGANISING)])
async def seats_add(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """A line a member, as they are typed or pasted from a spreadsheet."""
    assembly = await assemblies.changeable_assembly(actor, slug)
    form = await read_form(request)
    lines = form.block("lines", required=True, most=100_000)
    if not form.errors:
        try:
            await assemblies.add_seats(world, actor, slug, assemblies.seats_in(lines))
            return go_to(request, f"{HOME}/{slug}", notice="saved")
        except InvalidInput as refused:
            _say_line(form, refused)
    kept = Form(initial=_values(assembly) | {"lines": lines})
    kept.errors = form.errors
    return await _page(request, world, actor, assembly, kept, 422)


def _say_line(form: Form, refused: InvalidInput) -> None:
    """Of several lines, which one; its own words stay."""
    several = InvalidInput(refused.errors[:1])
    form.absorb(several)
    said = next(iter(form.errors.values()))
    number = refused.errors[0].pointer.split("/")[1]
    where = form.words.gettext("Line %(number)s: %(fault)s")
    line = int(number) + 1 if number.isdecimal() else 1
    form.errors = {"lines": where % {"number": line, "fault": said}}


async def _seat(actor: Actor, slug: str, seat_id: UUID) -> tuple[Assembly, Seat]:
    assembly = await assemblies.changeable_assembly(actor, slug)
    seat = next((each for each in await seats_of(assembly.id) if each.id == seat_id), None)
    if seat is None:
        raise NotFound
    return assembly, seat


def _seat_page(
    request: AnyRequest, assembly: Assembly, seat: Seat, form: Form, status_code: int = 200
) -> Response[Any]:
    return page(
        request, "committees/seat.html", status_code=status_code, assembly=assembly, seat=seat, form=form
    )


@get(_SEAT, guards=[requires(*ORGANISING)])
async def seat_form(
    request: AnyRequest, slug: FromPath[str], seat_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    assembly, seat = await _seat(actor, slug, seat_id)
    values = {
        "name": seat.name,
        "represents": seat.represents,
        "function": seat.function,
        "email": seat.email,
        "substitutes": ", ".join(seat.substitutes),
        "since": seat.since.isoformat() if seat.since else "",
        "until": seat.until.isoformat() if seat.until else "",
    }
    return _seat_page(request, assembly, seat, Form(initial=values))


@post(_SEAT, guards=[requires(*ORGANISING)])
async def seat_save(
    request: AnyRequest,
    slug: FromPath[str],
    seat_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """`do=remove` takes away who took part in no sitting."""
    assembly, seat = await _seat(actor, slug, seat_id)
    form = await read_form(request)
    if form.deed("do", ("save", "remove"), "save") == "remove":
        await assemblies.remove_seat(world, actor, slug, seat_id)
        return go_to(request, f"{HOME}/{slug}", notice="saved")
    wanted = SeatInput(
        name=form.line("name", required=True),
        represents=form.line("represents"),
        function=form.line("function"),
        email=form.line("email", most=254),
        substitutes=[part for part in form.line("substitutes", most=1000).split(",") if part.strip()],
        since=form.day("since"),
        until=form.day("until"),
    )
    if not form.errors:
        try:
            await assemblies.change_seat(world, actor, slug, seat_id, wanted)
            return go_to(request, f"{HOME}/{slug}", notice="saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return _seat_page(request, assembly, seat, form, 422)


ROUTES = [assemblies_list, assembly_add, assembly_page, assembly_save, seats_add, seat_form, seat_save]
