"""Who may see, change and scan at an event: each right is decided here and nowhere else."""

from uuid import UUID

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.kernel.actor import Actor, ActorKind, Role

_EDITING = (Role.ADMINISTRATOR, Role.ORGANISER)


def _role(actor: Actor, event: EventRecord) -> Role | None:
    return actor.role_in(event.body_id, event.id)


def may_create_in(actor: Actor, body_id: UUID) -> bool:
    """A key that is bound to one event creates none."""
    return actor.kind is ActorKind.SYSTEM or (actor.only_event is None and actor.role_in(body_id) in _EDITING)


def may_read_in(actor: Actor, body_id: UUID) -> bool:
    """What a body keeps beside its events (committees, series), with names. A key of one event reads none."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return actor.only_event is None and actor.role_in(body_id) in (*_EDITING, Role.READER)


def may_edit(actor: Actor, event: EventRecord) -> bool:
    """Also: publish, cancel, clone, place people, read the outbox, change registrations."""
    return actor.kind is ActorKind.SYSTEM or _role(actor, event) in _EDITING


def may_see(actor: Actor, event: EventRecord) -> bool:
    """An announced event is seen by whoever has its address; a draft by its own body."""
    return event.is_announced or actor.kind is ActorKind.SYSTEM or _role(actor, event) is not None


def may_look_into(actor: Actor, event: EventRecord) -> bool:
    """Its numbers and what is left to do: for those of its own body who work on it, at the door too."""
    return may_read_registrations(actor, event) or may_scan(actor, event)


def may_read_registrations(actor: Actor, event: EventRecord) -> bool:
    return may_edit(actor, event) or _role(actor, event) is Role.READER


def may_scan(actor: Actor, event: EventRecord) -> bool:
    """Holds a door: reads tickets, searches people, takes back, enters who has not registered."""
    return may_edit(actor, event) or (_role(actor, event) is Role.DOOR and not actor.is_kiosk)


def may_read_tickets(actor: Actor, event: EventRecord) -> bool:
    """Also a kiosk, which learns of nobody but the holder of what it reads."""
    return may_scan(actor, event) or _role(actor, event) is Role.DOOR


def may_see_session_people(actor: Actor, event: EventRecord, session: SessionRecord) -> bool:
    """A coach sees who comes to the sessions that the organiser gave to this coach."""
    if may_read_registrations(actor, event):
        return True
    return _role(actor, event) is Role.COACH and actor.id is not None and session.coach_account_id == actor.id
