"""What somebody's calendar answered: on the organiser's page of the person, and in that person's own data."""

from typing import Any

from events_app.features.events.model import EventRecord
from events_app.features.inbound.reading import AnswerGiven
from events_app.features.registration.hooks import PersonalSection
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.database import row
from events_app.infra.world import World
from events_app.kernel.errors import N_

WORDS = {
    AnswerGiven.ACCEPTED: N_("Said yes to the invitation, in the calendar."),
    AnswerGiven.TENTATIVE: N_("Said maybe to the invitation, in the calendar."),
    AnswerGiven.DECLINED: N_(
        "Said no to the invitation, in the calendar. The place is kept until the person withdraws by the link"
        " that was mailed."
    ),
}


async def answer_of(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    found = await _answer(registration)
    if found is None:
        return None
    words = WORDS[AnswerGiven(found["answer"])]
    return PersonalSection("inbound/_of_person.html", {"words": words, "at": found["received_at"]})


async def own_answer(event: EventRecord, registration: RegistrationRecord) -> dict[str, object]:
    found = await _answer(registration)
    return {"answer_to_the_invitation": found}


async def _answer(registration: RegistrationRecord) -> dict[str, Any] | None:
    return await row(  # unique index calendar_answer_once
        "SELECT answer, received_at FROM calendar_answer WHERE registration = {}", registration.id
    )
