"""Organising bodies: made, renamed, listed."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from events_app.features.accounts.access import may_administer, may_administer_site, may_see_members
from events_app.features.accounts.job_kinds import BODY_CHANGED, ChangedBody
from events_app.features.accounts.naming import likeness, name_errors, split_article
from events_app.features.accounts.tables import Body, Membership
from events_app.infra import audit, jobs
from events_app.infra.database import execute, lock, read_snapshot, retried, row, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind, Role
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed, NotFound
from events_app.kernel.text import clean_email, clean_line, email_problem, slugify


class BodyRecord(msgspec.Struct, frozen=True):
    id: UUID
    slug: str
    name: str
    article: str
    contact_email: str

    @property
    def in_a_sentence(self) -> str:
        return self.article + self.name


class ListedBody(msgspec.Struct, frozen=True):
    """With how many people may work in it."""

    body: BodyRecord
    members: int
    administrators: int


_COLUMNS = "id, slug, name, article, contact_email"


async def first_body() -> BodyRecord | None:
    """The territory's own: whoever administers it looks after the whole site."""
    found = await row(f"SELECT {_COLUMNS} FROM body ORDER BY created_at, id LIMIT 1")
    return msgspec.convert(found, BodyRecord) if found else None


async def administers_site(actor: Actor) -> bool:
    first = await first_body()
    return first is not None and may_administer_site(actor, first.id)


async def bodies_of(actor: Actor) -> list[BodyRecord]:
    """The bodies that somebody signed in belongs to, by name; all of them for the command line."""
    found = await rows(f"SELECT {_COLUMNS} FROM body ORDER BY name")
    bodies = [msgspec.convert(body, BodyRecord) for body in found]
    return [body for body in bodies if may_see_members(actor, body.id)]


async def worked_for(actor: Actor) -> list[BodyRecord]:
    """The bodies of an account, a key or a lent phone, by name."""
    found = await rows(f"SELECT {_COLUMNS} FROM body ORDER BY name")
    return [msgspec.convert(body, BodyRecord) for body in found if body["id"] in actor.roles]


async def administered_bodies(actor: Actor) -> list[ListedBody]:
    """Whose name this actor may change: the own ones; all for whoever looks after the site."""
    async with read_snapshot():
        everywhere = await administers_site(actor)
        found = await rows(f"SELECT {_COLUMNS} FROM body ORDER BY name")
        counts = await rows(
            "SELECT m.body, count(*) AS members,"
            " sum(CASE WHEN m.role = 'administrator' THEN 1 ELSE 0 END) AS administrators"
            " FROM membership m JOIN account a ON a.id = m.account WHERE a.disabled_at IS NULL"
            " GROUP BY m.body"
        )
    by_body = {each["body"]: (int(each["members"]), int(each["administrators"])) for each in counts}
    bodies = [msgspec.convert(body, BodyRecord) for body in found]
    return [
        ListedBody(body, *by_body.get(body.id, (0, 0)))
        for body in bodies
        if everywhere or may_administer(actor, body.id)
    ]


async def administered_body(actor: Actor, slug: str) -> BodyRecord:
    """Raises `NotFound`, also for one of other people."""
    found = await row(f"SELECT {_COLUMNS} FROM body WHERE slug = {{}}", slug)
    if found is None:
        raise NotFound
    body = msgspec.convert(found, BodyRecord)
    if not may_administer(actor, body.id) and not await administers_site(actor):
        raise NotFound
    return body


@retried
async def add_body(
    world: World, actor: Actor, named: str, contact_email: str = "", slug: str = ""
) -> BodyRecord:
    """`named`: as in a sentence, with its article. Whoever makes it administers it. Raises `NotAllowed`,
    `InvalidInput`."""
    async with unit_of_work():
        first = await first_body()
        if not _may_add(actor, first):
            raise NotAllowed
        if first is not None:
            await lock(Body, first.id)  # names and addresses are compared with all others
        article, name = split_article(named)
        contact = await _checked(name, contact_email, None)
        body = BodyRecord(world.new_id(), slug or await _free_slug(name), name, article, contact)
        await Body(
            id=body.id,
            slug=body.slug,
            name=name,
            article=article,
            contact_email=contact,
            created_at=await _after_all_others(world),
        ).save()
        if actor.kind is ActorKind.ACCOUNT:
            await Membership(
                id=world.new_id(),
                body=body.id,
                account=actor.id,
                role=Role.ADMINISTRATOR.value,
                created_at=world.now(),
            ).save()
        await audit.record(world, actor, "body.added", body_id=body.id, object_id=body.id)
    return body


def _may_add(actor: Actor, first: BodyRecord | None) -> bool:
    return actor.kind is ActorKind.SYSTEM or (first is not None and may_administer_site(actor, first.id))


@retried
async def change_body(
    world: World, actor: Actor, slug: str, named: str, contact_email: str | None = None
) -> BodyRecord:
    """Its address on this site stays, as links and keys name it. Raises `NotFound`, `InvalidInput`."""
    async with unit_of_work():
        before = await administered_body(actor, slug)
        first = await first_body()
        for body_id in sorted({before.id, first.id if first else before.id}):
            await lock(Body, body_id)
        article, name = split_article(named)
        contact = before.contact_email if contact_email is None else contact_email
        contact = await _checked(name, contact, before.id)
        after = msgspec.structs.replace(before, name=name, article=article, contact_email=contact)
        if after == before:
            return before
        await execute(
            "UPDATE body SET name = {}, article = {}, contact_email = {} WHERE id = {}",
            name,
            article,
            contact,
            before.id,
        )
        # Each event is found by its organiser's name, and says it.
        await jobs.enqueue(world, BODY_CHANGED, ChangedBody(before.id))
        await audit.record(world, actor, "body.changed", body_id=before.id, object_id=before.id)
    return after


async def _after_all_others(world: World) -> datetime:
    """The first body's administrators look after the site: a clock that was set back makes no other first."""
    latest = await row("SELECT created_at FROM body ORDER BY created_at DESC LIMIT 1")
    return max(world.now(), latest["created_at"] + timedelta(milliseconds=1)) if latest else world.now()


async def body_errors(name: str, contact_email: str, body_id: UUID | None) -> list[FieldError]:
    """`body_id`: the body that is described; None for one that is made."""
    errors = name_errors(name)
    others = await rows("SELECT id, name FROM body")
    if not errors and any(
        other["id"] != body_id and likeness(other["name"]) == likeness(name) for other in others
    ):
        errors = [FieldError("/name", "taken", N_("There is an organisation of this name already."))]
    contact = clean_line(contact_email)
    if contact and clean_email(contact) is None:
        errors.append(FieldError("/contact_email", "invalid", email_problem(contact)))
    return errors


async def _checked(name: str, contact_email: str, body_id: UUID | None) -> str:
    """The contact address, cleaned. Raises `InvalidInput` with all that is wrong."""
    if errors := await body_errors(name, contact_email, body_id):
        raise InvalidInput(errors)
    return clean_email(contact_email) or ""


async def _free_slug(name: str) -> str:
    wanted = slugify(name, "organisation")
    taken = {each["slug"] for each in await rows("SELECT slug FROM body")}
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
