"""Words of the organiser on people: "speaker", "to call back". Seen in the list, by whoever may read it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.holding import held
from events_app.features.events.model import EventRecord
from events_app.features.registration import storage
from events_app.features.registration.queries import registrations_by_ids
from events_app.infra import audit
from events_app.infra.database import execute, retried, rows, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput
from events_app.kernel.text import clean_line

TAG_LENGTH = 40


class Tagged(msgspec.Struct, frozen=True):
    """`people`: those of the event that carry the word, or do not, after the deed; never an erased one."""

    tag: str
    people: list[UUID]


def cleaned_tag(typed: str) -> str:
    """As it is kept. Raises `InvalidInput`."""
    tag = clean_line(typed)
    if not tag:
        raise InvalidInput.one("/tag", "required", N_("Please say which tag."))
    if len(tag) > TAG_LENGTH:
        message = N_("Please shorten this to {most} characters.")
        raise InvalidInput.one("/tag", "length", message, most=TAG_LENGTH)
    return tag


@retried
async def set_tag(
    world: World, actor: Actor, event: EventRecord, ids: Sequence[UUID], typed: str, *, on: bool
) -> Tagged:
    """Whoever calls has asked whether the actor may. Repeating changes nothing. Raises `InvalidInput`."""
    tag = await _as_known(event.id, cleaned_tag(typed))
    async with unit_of_work():
        await held(event.id)
        people = [
            each.id for each in await registrations_by_ids(event.id, list(ids)) if each.erased_at is None
        ]
        has = {each for each, tags in (await tags_of(people)).items() if tag in tags}
        changed = [each for each in people if (each in has) is not on]
        if on:
            values = [(world.new_id(), registration_id, tag) for registration_id in changed]
            await storage.insert_rows("registration_tag", ("id", "registration", "tag"), values)
        else:
            await _take_off(changed, tag)
        if changed:
            await audit.record(
                world,
                actor,
                "registration.tagged" if on else "registration.untagged",
                body_id=event.body_id,
                event_id=event.id,
                people=len(changed),
            )
    return Tagged(tag, people)


async def tags_of(ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """By registration, in the order of the alphabet (index registration_tag_once)."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("{}" for _ in part)
        for each in await rows(
            f"SELECT registration, tag FROM registration_tag WHERE registration IN ({marks}) ORDER BY tag",
            *part,
        ):
            found[each["registration"]].append(each["tag"])
    return dict(found)


async def tags_of_event(event_id: UUID) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for each in await rows(
        "SELECT t.registration, t.tag FROM registration_tag t JOIN registration r ON r.id = t.registration"
        " WHERE r.event = {} ORDER BY t.tag",
        event_id,
    ):
        found[each["registration"]].append(each["tag"])
    return dict(found)


async def known_tags(event_id: UUID) -> list[str]:
    """What the list can be filtered by."""
    found = await rows(
        # From the tags, of which there are few, to the people, of whom there may be many.
        "SELECT DISTINCT t.tag FROM registration_tag t"
        " WHERE EXISTS (SELECT 1 FROM registration r WHERE r.id = t.registration AND r.event = {})"
        " ORDER BY t.tag",
        event_id,
    )
    return [each["tag"] for each in found]


async def _as_known(event_id: UUID, tag: str) -> str:
    """ "VIP" and "vip" are one tag: the way it was written first."""
    same = {known.casefold(): known for known in await known_tags(event_id)}
    return same.get(tag.casefold(), tag)


async def _take_off(ids: Sequence[UUID], tag: str) -> None:
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("{}" for _ in part)
        await execute(
            f"DELETE FROM registration_tag WHERE tag = {{}} AND registration IN ({marks})", tag, *part
        )
