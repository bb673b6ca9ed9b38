"""A message that came back, understood as one of three things, or left to people. Pure.

Nothing in it is believed for more than it can do: whom it is about is looked up by names that only our own
mail held, and sizes are limited before anything is parsed.
"""

import email
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from enum import StrEnum
from typing import Any

import icalendar
import msgspec

from events_app.infra.bounces import token_in
from events_app.kernel.text import clean_line

MOST_BYTES = 1_000_000
_MOST_CALENDAR_BYTES = 64_000
_MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@[A-Za-z0-9.-]{1,255}>")
_ADDRESSED = ("To", "Delivered-To", "X-Original-To", "X-Envelope-To")
_MACHINES = ("mailer-daemon", "postmaster")


class AnswerGiven(StrEnum):
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class Bounce(msgspec.Struct, frozen=True):
    """One of our mails did not arrive. `token`: of its Message-ID, and of the address it was sent from."""

    token: str
    reason: str


class Reply(msgspec.Struct, frozen=True):
    """A calendar program's answer to an invitation (RFC 5546)."""

    uid: str
    sender: str
    attendee: str
    answer: AnswerGiven
    stamped_at: datetime


class Ignored(msgspec.Struct, frozen=True):
    """`for_people`: somebody may want to read it."""

    why: str
    for_people: bool = False


Understood = Bounce | Reply | Ignored


def understand(raw: bytes, bounces_to: str) -> Understood:
    """`bounces_to`: the address whose sub-addresses our mails are sent from, or ""."""
    if len(raw) > MOST_BYTES:
        return Ignored("too large")
    try:
        message = email.message_from_bytes(raw, policy=default)
        return _bounce(message, bounces_to) or _reply(message) or _neither(message)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as broken:
        return Ignored(f"broken ({type(broken).__name__})", for_people=True)


def _bounce(message: EmailMessage, bounces_to: str) -> Bounce | None:
    """RFC 3464; an older server's notice without its form counts where it came to the address of one mail."""
    token = next(filter(None, (token_in(address, bounces_to) for address in _addressed_to(message))), None)
    if message.get_content_type() == "multipart/report":
        if str(message.get_param("report-type", "")).lower() != "delivery-status":
            return None
        token = token or _token_of_returned(message)
        failed = [block for block in _recipients(message) if str(block["Action"]).strip().lower() == "failed"]
        return Bounce(token, _reason(failed[0])) if token and failed else None
    sender = _first_address(message, "From").partition("@")[0].lower()
    if token and sender in _MACHINES and not str(message["Auto-Submitted"] or "").startswith("auto-replied"):
        return Bounce(token, clean_line(str(message["Subject"] or ""))[:500])
    return None


def _addressed_to(message: EmailMessage) -> Iterator[str]:
    for name in _ADDRESSED:
        for _, address in getaddresses([str(value) for value in message.get_all(name, [])]):
            yield address


def _recipients(message: EmailMessage) -> Iterator[Any]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from part.get_payload()


def _reason(block: Any) -> str:
    _, _, words = str(block["Diagnostic-Code"] or "").partition(";")
    return clean_line(words or str(block["Status"] or "failed"))[:500]


def _token_of_returned(message: EmailMessage) -> str | None:
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            returned = email.message_from_bytes(bytes(part.get_payload(decode=True) or b""), policy=default)
        elif part.get_content_type() == "message/rfc822":
            returned = part.get_payload(0)  # type: ignore[assignment]
        else:
            continue
        if found := _MESSAGE_ID.fullmatch(str(returned["Message-ID"] or "").strip()):
            return found[1]
    return None


def _reply(message: EmailMessage) -> Reply | None:
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = bytes(part.get_payload(decode=True) or b"")
            if len(content) > _MOST_CALENDAR_BYTES:
                raise ValueError("a calendar that is too large")
            calendar = icalendar.Calendar.from_ical(content)
            if str(calendar.get("METHOD", "")).upper() == "REPLY":
                return _of_calendar(calendar, _first_address(message, "From"))
    return None


def _of_calendar(calendar: Any, sender: str) -> Reply:
    """Raises ValueError unless it answers for one person to one thing."""
    (entry,) = calendar.walk("VEVENT")
    attendee = entry["ATTENDEE"]
    if isinstance(attendee, list):
        (attendee,) = attendee
    stamped_at = entry["DTSTAMP"].dt
    if not isinstance(stamped_at, datetime) or stamped_at.tzinfo is None:
        raise ValueError("an answer without its time")
    scheme, _, address = str(attendee).partition(":")
    if scheme.lower() != "mailto":
        raise ValueError("an answer of nobody")
    return Reply(
        uid=str(entry["UID"]),
        sender=sender,
        attendee=address.strip(),
        answer=AnswerGiven(str(attendee.params["PARTSTAT"]).lower()),
        stamped_at=stamped_at.astimezone(UTC),
    )


def _neither(message: EmailMessage) -> Ignored:
    if str(message["Auto-Submitted"] or "no").strip().lower() != "no" or message["X-Autoreply"]:
        return Ignored("automatic")
    return Ignored("neither a bounce nor an answer to an invitation", for_people=True)


def _first_address(message: EmailMessage, name: str) -> str:
    found = getaddresses([str(message[name] or "")])
    return found[0][1] if found else ""
