"""An event's picture: made safe and small off the event loop, then stored beside everything else."""

import hashlib
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from events_app.features.events.model import EventRecord
from events_app.features.events.service import editable_event, set_image
from events_app.features.events.tables import StoredFile
from events_app.infra.database import unit_of_work
from events_app.infra.processes import paper_shop
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, Unavailable
from events_app.outputs.pictures import MOST_BYTES, NotAPicture, Picture, TooManyPixels, prepared

MOST_WAITING = 4
"""Decoding needs up to 100 MB and a second: one at a time, in the helper process that ends afterwards;
whoever comes when some are waiting is asked to come again."""


class _Desk:
    waiting = 0


async def prepared_picture(content: bytes) -> Picture:
    """Raises `InvalidInput` beside the field `image`, `Unavailable`. Before a transaction: it takes time."""
    if len(content) > MOST_BYTES:
        raise InvalidInput.one("/image", "too-large", N_("This picture is larger than 8 MB."))
    if _Desk.waiting >= MOST_WAITING:
        raise Unavailable(retry_after_seconds=5)
    _Desk.waiting += 1
    try:
        return await paper_shop.run(partial(prepared, content))
    except TooManyPixels:
        message = N_("This picture has too many pixels. Please make it smaller: 4,000 by 3,000 is plenty.")
        raise InvalidInput.one("/image", "too-large", message) from None
    except (NotAPicture, BrokenProcessPool):  # also one that takes the helper down with it
        raise InvalidInput.one(
            "/image", "invalid", N_("This is not a picture that can be read: PNG, JPEG or WebP, please.")
        ) from None
    finally:
        _Desk.waiting -= 1


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
