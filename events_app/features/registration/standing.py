"""Where somebody stands with a registration, in sentences: the same on the personal page and in mails."""

from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.registration.answers import means_absence
from events_app.features.registration.line import waiting_position
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.infra.i18n import Translator
from events_app.infra.world import World


async def standing(
    world: World, event: EventRecord, registration: RegistrationRecord, words: Translator
) -> list[str]:
    waits = registration.status is RegistrationStatus.WAITING
    position = await waiting_position(registration) if waits else None
    now = world.now()
    return sentences(
        event.status,
        registration.status,
        position,
        words,
        began=event.has_begun(now),
        over=event.is_over(now),
        writes=world.settings.sends_mail,
        excused=means_absence(event.questions, registration.answers),
    )


def sentences(
    event: EventStatus,
    status: RegistrationStatus,
    position: int | None,
    words: Translator,
    *,
    began: bool,
    over: bool,
    writes: bool,
    excused: bool = False,
) -> list[str]:
    """The event's own fate first; nothing is promised that can no longer happen. `writes`: mails are sent;
    `excused`: their own answer was that they do not come."""
    _ = words.gettext
    if event is EventStatus.CANCELLED:
        gone = _gone(status, words, excused)
        return [_("This event is cancelled."), *([gone] if gone else [])]
    postponed = event is EventStatus.POSTPONED
    first = [_("This event is postponed; the new date is not known yet.")] if postponed else []
    if gone := _gone(status, words, excused):
        return [*first, gone]
    if over:
        return [_("This event is over.")]
    if status is RegistrationStatus.CONFIRMED:
        kept = _("Your place is kept, and your ticket stays valid for the new date.")
        return [*first, kept if postponed else _("You have a place.")]
    if status is RegistrationStatus.PENDING:
        asked = _("The organiser has not answered your request yet.")
        return [*first, asked, *([_answer(writes, words)] if not began else [])]
    rank = words.number(position) if position else ""
    waiting = _("Your rank on the waiting list: %(rank)s.") if rank else _("You are on the waiting list.")
    return [*first, waiting.replace("%(rank)s", rank), *([_place(writes, words)] if not began else [])]


def _gone(status: RegistrationStatus, words: Translator, excused: bool) -> str:
    if status is RegistrationStatus.CANCELLED and excused:
        return words.gettext("You answered that you are not coming: no place is kept for you.")
    if status is RegistrationStatus.CANCELLED:
        return words.gettext("Your registration is withdrawn.")
    if status is RegistrationStatus.REFUSED:
        return words.gettext("The organiser could not accept your registration.")
    return ""


def _answer(writes: bool, words: Translator) -> str:
    if writes:
        return words.gettext("You will get a mail as soon as there is an answer.")
    return words.gettext("Your personal page will say the answer: no mail is sent from here.")


def _place(writes: bool, words: Translator) -> str:
    if writes:
        return words.gettext("As soon as a place is free for you, it is yours and we write to you.")
    return words.gettext(
        "As soon as a place is free for you, it is yours: your personal page will say so, for no mail is sent"
        " from here."
    )
