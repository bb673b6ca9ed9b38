"""What somebody has just typed, said back on the page after the form: for whom, and where we write to.

Kept in the browser alone, for a quarter of an hour, and only ever shown: it proves nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import Cookie

from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRequest
from events_app.infra.settings import Settings
from events_app.kernel.text import clean_email, clean_line
from events_app.web.pages import secure_cookie

NAME = "convive_typed"
KEPT_SECONDS = 900
_MOST_CHARACTERS = 3_000


class JustTyped(msgspec.Struct, frozen=True):
    event: str
    email: str
    people: tuple[str, ...]


def cookie(settings: Settings, event: EventRecord, wanted: RegistrationRequest) -> Cookie:
    companions = wanted.companions if isinstance(wanted.companions, list) else []
    names = [f"{wanted.given_name} {wanted.family_name}"]
    names += [f"{each.given_name} {each.family_name}" for each in companions]
    people = tuple(name for each in names if (name := clean_line(each)[:120]))
    typed = JustTyped(event.slug, clean_email(wanted.email) or "", people)
    value = urlsafe_b64encode(msgspec.json.encode(typed)).decode()
    if len(value) > _MOST_CHARACTERS:
        return secure_cookie(NAME, "", settings, max_age=0)
    return secure_cookie(NAME, value, settings, max_age=KEPT_SECONDS)


def read(request: Request[Any, Any, Any], event: EventRecord) -> JustTyped | None:
    """None for another event's, and for what is no value of ours."""
    try:
        content = urlsafe_b64decode(request.cookies.get(NAME, "")[: _MOST_CHARACTERS + 1])
        typed = msgspec.json.decode(content, type=JustTyped)
    except (ValueError, msgspec.DecodeError):
        return None
    return typed if typed.event == event.slug else None
