"""Assemblies and their seats: made, changed, read in from lines."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.committees.errors import SeatUsed
from events_app.features.committees.model import MOST_SEATS, MOST_SUBSTITUTES, Assembly, Seat
from events_app.features.committees.queries import assembly_by_id, assembly_by_slug, seats_of
from events_app.features.committees.rules import FAMILIES, Statutes
from events_app.features.committees.tables import Assembly as AssemblyTable
from events_app.features.committees.tables import AssemblySeat
from events_app.features.events.access import may_create_in, may_read_in
from events_app.infra import audit
from events_app.infra.database import execute, lock, retried, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed, NotFound
from events_app.kernel.text import clean_email, clean_line, email_problem, fold, slugify

MOST_PROXIES, MOST_CLEAR_DAYS = 20, 60
_NEEDED = N_("This field is needed.")
_RANGE = N_("Please enter a whole number from {low} to {high}.")


class AssemblyInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    family: str
    siret: str = ""
    statutes: Statutes = Statutes()


class SeatInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    represents: str = ""
    function: str = ""
    email: str = ""
    substitutes: list[str] = []
    since: date | None = None
    until: date | None = None


async def seen_assembly(actor: Actor, slug: str) -> Assembly:
    """Raises `NotFound`, also for another body's."""
    found = await assembly_by_slug(slug)
    if found is None or not may_read_in(actor, found.body_id):
        raise NotFound
    return found


async def changeable_assembly(actor: Actor, slug: str) -> Assembly:
    """Raises `NotFound`, `NotAllowed`."""
    found = await seen_assembly(actor, slug)
    if not may_create_in(actor, found.body_id):
        raise NotAllowed
    return found


@retried
async def create(world: World, actor: Actor, body_id: UUID, wanted: AssemblyInput) -> Assembly:
    """Raises `NotAllowed`, `InvalidInput`."""
    if not may_create_in(actor, body_id):
        raise NotAllowed
    cleaned = _checked(wanted)
    async with unit_of_work():
        taken = {each["slug"] for each in await rows("SELECT slug FROM assembly")}
        wished = slugify(cleaned.name, "assemblee")
        slug = next(
            s for n in range(1, len(taken) + 2) if (s := wished if n == 1 else f"{wished}-{n}") not in taken
        )
        assembly_id = world.new_id()
        await AssemblyTable(
            id=assembly_id,
            body=body_id,
            slug=slug,
            name=cleaned.name,
            family=cleaned.family,
            statutes=msgspec.json.encode(cleaned.statutes).decode(),
            siret=cleaned.siret,
            created_at=world.now(),
        ).save()
        await audit.record(world, actor, "assembly.created", body_id=body_id, object_id=assembly_id)
        return await existing(assembly_id)


@retried
async def change(world: World, actor: Actor, slug: str, wanted: AssemblyInput) -> Assembly:
    """Raises `NotFound`, `NotAllowed`, `InvalidInput`."""
    cleaned = _checked(wanted)
    async with unit_of_work():
        assembly = await _locked(actor, slug)
        await execute(
            "UPDATE assembly SET name = {}, family = {}, statutes = {}, siret = {}, revision = revision + 1"
            " WHERE id = {}",
            cleaned.name,
            cleaned.family,
            msgspec.json.encode(cleaned.statutes).decode(),
            cleaned.siret,
            assembly.id,
        )
        await audit.record(world, actor, "assembly.changed", body_id=assembly.body_id, object_id=assembly.id)
        return await existing(assembly.id)


@retried
async def add_seats(world: World, actor: Actor, slug: str, wanted: Sequence[SeatInput]) -> list[Seat]:
    """All of them or none, after those that there are. Raises as `change`."""
    async with unit_of_work():
        assembly = await _locked(actor, slug)
        before = await seats_of(assembly.id)
        cleaned = checked_seats(wanted, len(before))
        for number, each in enumerate(cleaned, len(before) + 1):
            await AssemblySeat(
                id=world.new_id(), assembly=assembly.id, position=number, **_columns(each)
            ).save()
        await _note_seats(world, actor, assembly, len(cleaned))
        return await seats_of(assembly.id)


@retried
async def change_seat(world: World, actor: Actor, slug: str, seat_id: UUID, wanted: SeatInput) -> None:
    """Raises as `change`."""
    [cleaned] = checked_seats([wanted], 0)
    async with unit_of_work():
        assembly = await _locked(actor, slug)
        await _existing_seat(assembly, seat_id)
        columns = _columns(cleaned)
        names = ", ".join(f"{name} = {{}}" for name in columns)
        await execute(f"UPDATE assembly_seat SET {names} WHERE id = {{}}", *columns.values(), seat_id)
        await _note_seats(world, actor, assembly, 1)


@retried
async def remove_seat(world: World, actor: Actor, slug: str, seat_id: UUID) -> None:
    """Of somebody who took part in no sitting. Raises as `change`, and `SeatUsed`."""
    async with unit_of_work():
        assembly = await _locked(actor, slug)
        await _existing_seat(assembly, seat_id)
        if await row("SELECT 1 FROM roll_entry WHERE seat = {} LIMIT 1", seat_id) or await row(
            "SELECT 1 FROM sitting_answer WHERE seat = {} LIMIT 1", seat_id
        ):
            raise SeatUsed
        await execute("DELETE FROM assembly_seat WHERE id = {}", seat_id)
        await _note_seats(world, actor, assembly, 1)


def seats_in(lines: str) -> list[SeatInput]:
    """A line a member: name; represents; function; substitutes (parted by `/`); address. Tabs part as well,
    as spreadsheets paste them."""
    found = []
    for line in lines.splitlines():
        parts = [clean_line(part) for part in line.replace("\t", ";").split(";")]
        if any(parts):
            name, represents, function, substitutes, email = (parts + [""] * 5)[:5]
            others = [other for each in substitutes.split("/") if (other := clean_line(each))]
            found.append(SeatInput(name, represents, function, email, others))
    return found


def checked_seats(wanted: Sequence[SeatInput], there: int) -> list[SeatInput]:
    """Cleaned; raises `InvalidInput` naming each fault, `/0/name` for the first of several."""
    errors, cleaned = [], []
    if not wanted or there + len(wanted) > MOST_SEATS:
        message = N_("Please give one member at least, and {most} in all at most.")
        raise InvalidInput.one("/", "range", message, most=MOST_SEATS)
    for index, each in enumerate(wanted):
        at = f"/{index}" if len(wanted) > 1 else ""
        texts = {name: clean_line(getattr(each, name)) for name in ("name", "represents", "function")}
        errors += [
            FieldError(
                f"{at}/{name}", "too_long", N_("Please shorten this to {most} characters."), {"most": 200}
            )
            for name, text in texts.items()
            if len(text) > 200
        ]
        if not texts["name"]:
            errors.append(FieldError(f"{at}/name", "required", _NEEDED))
        others = [other for one in each.substitutes if (other := clean_line(one)[:200])]
        if len(others) > MOST_SUBSTITUTES or fold(texts["name"]) in {fold(other) for other in others}:
            message = N_("At most {most} substitutes, and never the member.")
            errors.append(FieldError(f"{at}/substitutes", "invalid", message, {"most": MOST_SUBSTITUTES}))
        email = clean_email(each.email) if each.email.strip() else ""
        if email is None:
            errors.append(FieldError(f"{at}/email", "invalid", email_problem(each.email)))
        if each.since and each.until and each.until < each.since:
            message = N_("The last day is before the first.")
            errors.append(FieldError(f"{at}/until", "invalid", message))
        cleaned.append(msgspec.structs.replace(each, **texts, email=email or "", substitutes=others))
    if errors:
        raise InvalidInput(errors)
    return cleaned


def _checked(wanted: AssemblyInput) -> AssemblyInput:
    name, siret = clean_line(wanted.name), "".join(wanted.siret.split())
    errors = []
    if not name or len(name) > 200:
        errors.append(FieldError("/name", "required", N_("Please give a name of 200 characters at most.")))
    if wanted.family not in FAMILIES:
        errors.append(FieldError("/family", "unknown", N_("Please choose one of the values offered.")))
    if siret and not (siret.isascii() and siret.isdecimal() and len(siret) == 14):
        errors.append(FieldError("/siret", "invalid", N_("A SIRET number has fourteen digits.")))
    for field, high in (("proxies_each", MOST_PROXIES), ("clear_days", MOST_CLEAR_DAYS)):
        value = getattr(wanted.statutes, field)
        if value is not None and not 0 <= value <= high:
            errors.append(FieldError(f"/statutes/{field}", "range", _RANGE, {"low": 0, "high": high}))
    if errors:
        raise InvalidInput(errors)
    return msgspec.structs.replace(wanted, name=name, siret=siret)


def _columns(seat: SeatInput) -> dict[str, Any]:
    return {
        "name": seat.name,
        "represents": seat.represents,
        "function": seat.function,
        "email": seat.email,
        "substitutes": msgspec.json.encode(seat.substitutes).decode(),
        "since": seat.since.isoformat() if seat.since else "",
        "until": seat.until.isoformat() if seat.until else "",
    }


async def _free_slug(name: str) -> str:
    taken = {each["slug"] for each in await rows("SELECT slug FROM assembly")}
    wished = slugify(name, "assemblee")
    candidates = [wished, *(f"{wished}-{number}" for number in range(2, len(taken) + 2))]
    return next(slug for slug in candidates if slug not in taken)


async def existing(assembly_id: UUID) -> Assembly:
    found = await assembly_by_id(assembly_id)
    if found is None:
        raise NotFound
    return found


async def _locked(actor: Actor, slug: str) -> Assembly:
    assembly = await changeable_assembly(actor, slug)
    await lock(AssemblyTable, assembly.id)
    return await changeable_assembly(actor, slug)


async def _existing_seat(assembly: Assembly, seat_id: UUID) -> None:
    if not await row("SELECT 1 FROM assembly_seat WHERE id = {} AND assembly = {}", seat_id, assembly.id):
        raise NotFound


async def _note_seats(world: World, actor: Actor, assembly: Assembly, people: int) -> None:
    await audit.record(
        world, actor, "assembly.seats", body_id=assembly.body_id, object_id=assembly.id, people=people
    )
