"""What somebody has just typed, said back on the page after the form: for whom, and where we write to.

Kept in the browser alone, for a quarter of an hour, with our signature: it is shown, and lets its writer put
the address right (`registration/mistyped.py`).
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import Cookie

from events_app.features.events.model import EventRecord
from events_app.features.registration.mistyped import Receipt
from events_app.features.registration.model import RegistrationAnswer, RegistrationRequest
from events_app.infra.world import World
from events_app.kernel.text import clean_email, clean_line
from events_app.web.pages import secure_cookie

NAME = "convive_typed"
KEPT = timedelta(minutes=15)
_MOST_CHARACTERS = 3_000


class JustTyped(msgspec.Struct, frozen=True):
    """`receipt` is None where the answers are too long for a cookie, and where an address was invited."""

    event: str
    until: datetime
    email: str
    people: tuple[str, ...]
    receipt: Receipt | None = None


def cookie(
    world: World, event: EventRecord, wanted: RegistrationRequest, answer: RegistrationAnswer
) -> Cookie:
    companions = wanted.companions if isinstance(wanted.companions, list) else []
    names = [f"{wanted.given_name} {wanted.family_name}"]
    names += [f"{each.given_name} {each.family_name}" for each in companions]
    people = tuple(name for each in names if (name := clean_line(each)[:120]))
    receipt = None if wanted.invitation else Receipt(answer.receipt_id, wanted)
    typed = JustTyped(event.slug, world.now() + KEPT, clean_email(wanted.email) or "", people, receipt)
    for said in (typed, msgspec.structs.replace(typed, receipt=None)):
        value = _signed(world, said)
        if len(value) <= _MOST_CHARACTERS:
            return secure_cookie(NAME, value, world.settings, max_age=int(KEPT.total_seconds()))
    return secure_cookie(NAME, "", world.settings, max_age=0)


def _signed(world: World, typed: JustTyped) -> str:
    content = urlsafe_b64encode(zlib.compress(msgspec.json.encode(typed))).decode()
    return f"{content}.{world.derived_token('typed', content)}"


def read(request: Request[Any, Any, Any], event: EventRecord) -> JustTyped | None:
    """None for another event's, for what is too old, and for what is no value of ours."""
    world: World = request.app.state.world
    content, _, signature = request.cookies.get(NAME, "")[: _MOST_CHARACTERS + 1].partition(".")
    if not compare_digest(signature.encode(), world.derived_token("typed", content).encode()):
        return None
    typed = msgspec.json.decode(zlib.decompress(urlsafe_b64decode(content)), type=JustTyped)
    return typed if typed.event == event.slug and world.now() < typed.until else None
