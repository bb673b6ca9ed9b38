"""An event's picture: made safe and small off the event loop, then stored beside everything else."""

import asyncio
import hashlib

from events_app.features.events.model import EventRecord
from events_app.features.events.service import editable_event, set_image
from events_app.infra.database import unit_of_work
from events_app.infra.tables import StoredFile
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput
from events_app.outputs.pictures import MOST_BYTES, NotAPicture, Picture, prepared

# Decoding needs up to 240 MB for a moment: one picture at a time.
_one_at_a_time = asyncio.Semaphore(1)


async def prepared_picture(content: bytes) -> Picture:
    """Raises `InvalidInput` beside the field `image`. Before a transaction: it takes up to a second."""
    if len(content) > MOST_BYTES:
        raise InvalidInput.one("/image", "too-large", N_("This picture is larger than 8 MB."))
    try:
        async with _one_at_a_time:
            return await asyncio.to_thread(prepared, content)
    except NotAPicture:
        raise InvalidInput.one(
            "/image", "invalid", N_("This is not a picture that can be read: PNG, JPEG or WebP, please.")
        ) from None


async def store_picture(world: World, actor: Actor, slug: str, picture: Picture) -> EventRecord:
    """Raises `NotFound`, `NotAllowed`."""
    async with unit_of_work():
        await editable_event(actor, slug)
        stored = StoredFile(
            id=world.new_id(),
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            sha256=hashlib.sha256(picture.content).hexdigest(),
            content=picture.content,
            created_at=world.now(),
        )
        await stored.save()
        return await set_image(world, actor, slug, stored.id)
