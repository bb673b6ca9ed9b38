"""What is new at somebody's events, by one mail: looked for every minute, sent only where something is."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events_app.features.accounts.digests import (
    Frequency,
    Reader,
    due_readers,
    frequency_of,
    moved_on,
    stop_url,
)
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import events_by_ids
from events_app.features.mailing.job_kinds import DIGEST, Period
from events_app.features.mailing.model import Letter
from events_app.infra.database import retried, row, rows, unit_of_work
from events_app.infra.i18n import translator
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.jobs import enqueue
from events_app.infra.world import World
from events_app.kernel.actor import Role
from events_app.outputs.calendar import Mailbox


class Count(msgspec.Struct, frozen=True):
    """Of one event, within the period; `pending`: requests that wait now."""

    event_id: UUID
    registered: int
    withdrawn: int
    pending: int
    undelivered: int

    @property
    def is_new(self) -> bool:
        return bool(self.registered or self.withdrawn or self.undelivered)


async def tell_organisers(world: World) -> None:
    """All that is due. Without a mail server nothing would leave."""
    if not world.settings.sends_mail:
        return
    for reader in await due_readers(world):
        await _tell(world, reader)


@retried
async def _tell(world: World, reader: Reader) -> None:
    async with unit_of_work():
        if reader.until is None or not await moved_on(world, reader):
            return
        counts = await _counts(reader.account_id, reader.until, world.now())
        if any(_worth_telling(each, reader.frequency) for each in counts):
            await enqueue(world, DIGEST, Period(reader.account_id, reader.until, world.now()))


def _worth_telling(count: Count, frequency: Frequency) -> bool:
    """Requests that wait are recalled once a day."""
    return count.is_new or (frequency is Frequency.DAILY and count.pending > 0)


async def _counts(account_id: UUID, since: datetime, until: datetime) -> list[Count]:
    """By the start of the events, of all bodies where the account edits: announced and not over."""
    people = "SELECT count(*) FROM registration r WHERE r.event = e.id AND r.erased_at IS NULL AND "
    found = await rows(  # indexes registration_queue, mail_event, audit_event
        "SELECT e.id AS event_id,"
        f" ({people} r.status IN ('pending', 'confirmed', 'waiting') AND r.created_at >= {{}}"
        " AND r.created_at < {}) AS registered,"
        f" ({people} r.status = 'cancelled' AND r.status_changed_at >= {{}} AND r.status_changed_at < {{}})"
        " AS withdrawn,"
        f" ({people} r.status = 'pending') AS pending,"
        " (SELECT count(*) FROM mail m JOIN job j ON j.id = m.job_id WHERE m.event_id = e.id"
        " AND m.status = 'failed' AND j.failed_at >= {} AND j.failed_at < {})"
        " + (SELECT count(*) FROM audit_entry a WHERE a.event_id = e.id AND a.action = 'mail.bounced'"
        " AND a.at >= {} AND a.at < {}) AS undelivered"
        " FROM event e WHERE e.status IN ('published', 'postponed') AND e.ends_at > {} AND e.body IN"
        " (SELECT m.body FROM membership m WHERE m.account = {} AND m.role IN ({}, {}))"
        " ORDER BY e.starts_at, e.id",
        *(since, until) * 4,
        since,
        account_id,
        Role.ADMINISTRATOR.value,
        Role.ORGANISER.value,
    )
    return [msgspec.convert(each, Count) for each in found]


async def digest(world: World, _: ClaimedJob, period: Period) -> Letter | None:
    """None for whoever no longer has an access, or wants none of it."""
    account = await row(
        "SELECT email, name, language FROM account WHERE id = {} AND disabled_at IS NULL", period.account_id
    )
    frequency = await frequency_of(period.account_id)
    if account is None or frequency is Frequency.NEVER:
        return None
    counts = [
        each
        for each in await _counts(period.account_id, period.since, period.until)
        if _worth_telling(each, frequency)
    ]
    if not counts:
        return None
    events = {each.id: each for each in await events_by_ids([count.event_id for count in counts])}
    gettext = translator(account["language"]).gettext
    return Letter(
        template="digest",
        to=Mailbox(account["email"], account["name"]),
        sender_name=world.settings.site_name,
        language=account["language"],
        facts={
            "name": account["name"] or account["email"],
            "registered": sum(each.registered for each in counts),
            "site": world.settings.site_name,
            "entries": [
                _entry(world, events[each.event_id].spoken_in(account["language"]), each)
                for each in counts
                if each.event_id in events
            ],
            "settings_url": world.url("/org/account"),
        },
        unsubscribe_url=stop_url(world, period.account_id),
        footer=gettext("You receive this message because you look after these events."),
    )


def _entry(world: World, event: EventRecord, count: Count) -> dict[str, Any]:
    home = world.url(f"/org/events/{event.slug}")
    return {"event": event, "count": count, "people_url": f"{home}/registrations", "mail_url": f"{home}/mail"}
