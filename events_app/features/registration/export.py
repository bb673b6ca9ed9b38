"""The list of an event's registrations as a table for a spreadsheet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from events_app.features.events.model import EventRecord, Question, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration import hooks
from events_app.features.registration.consents import (
    ConsentState,
    GivenConsent,
    consents_of_event,
    standing,
)
from events_app.features.registration.hooks import ExtraColumns
from events_app.features.registration.model import Answer, RegistrationRecord
from events_app.features.registration.queries import preferences_of, registrations_of
from events_app.features.registration.tags import tags_of_event
from events_app.features.registration.wording import PROFILE_NAMES, SOURCE_NAMES, STATUS_NAMES
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_
from events_app.outputs.tables import Cell, Table

MOST_ROWS = 1_000_000

HEADS = (
    N_("Arrival"), N_("Status"), N_("Last name"), N_("First name"), N_("E-mail address"), N_("Organisation"),
    N_("Commune"), N_("INSEE code"), N_("Profile"), N_("Language"), N_("Comes with"), N_("Registered on"),
    N_("Registered by"), N_("Ticket"),
)  # fmt: skip


async def whole_table(event: EventRecord, words: Translator, with_tickets: bool) -> Table:
    """Everybody of an event, with all that is known of each; a constant number of queries."""
    return registrations_table(
        event,
        await registrations_of(event.id, limit=MOST_ROWS),
        await preferences_of(event.id),
        await sessions_of(event.id),
        words,
        await consents_of_event(event.id),
        with_tickets,
        [*await hooks.columns(event, words), *await _tag_column(event, words)],
    )


async def _tag_column(event: EventRecord, words: Translator) -> list[ExtraColumns]:
    """Where the organiser has put tags on people."""
    tags = await tags_of_event(event.id)
    cells: dict[UUID, list[Cell]] = {each: [" ; ".join(found)] for each, found in tags.items()}
    return [ExtraColumns([words.gettext(N_("Tags"))], cells)] if tags else []


def registrations_table(
    event: EventRecord,
    registrations: Sequence[RegistrationRecord],
    wishes: dict[UUID, list[UUID]],
    sessions: Sequence[SessionRecord],
    words: Translator,
    consents: dict[UUID, list[GivenConsent]],
    with_tickets: bool,
    extra: Sequence[ExtraColumns] = (),
) -> Table:
    """One row for each person; the custom answers, the agreements with their dates, the wishes by rank, then
    what higher features know (`extra`) stand in the last columns.

    `with_tickets`: whether the reader may have the codes, which open the door.
    """
    names = {each.id: each.name for each in registrations}
    titles = {session.id: session.title for session in sessions}
    ranks = max((len(wanted) for wanted in wishes.values()), default=0)
    heads = [words.gettext(head) for head in HEADS]
    heads += [head for question in event.questions for head in question_heads(question)]
    for purpose in event.consents:
        agreement = words.gettext(N_("Agreement: {code}")).replace("{code}", purpose.code)
        heads += [agreement, words.gettext(N_("{agreement}, since")).replace("{agreement}", agreement)]
    heads += [wish_head(rank, words) for rank in range(1, ranks + 1)]

    heads += [head for columns in extra for head in columns.heads]

    def cells(each: RegistrationRecord) -> list[Cell]:
        wanted = [titles[wish] for wish in wishes.get(each.id, [])]
        return [
            each.arrival,
            words.gettext(STATUS_NAMES[each.status.value]),
            each.family_name,
            each.given_name,
            each.email,
            each.organisation,
            each.commune,
            each.insee,
            words.gettext(PROFILE_NAMES.get(each.profile, each.profile)),
            each.language,
            None if each.leads else names.get(each.group_id),
            to_wall(each.created_at, event.timezone),
            words.gettext(SOURCE_NAMES.get(each.source, each.source)),
            each.short_code if with_tickets else None,
            *(
                cell
                for question in event.questions
                for cell in _answer_cells(question, each.answers.get(question.code), words)
            ),
            *_agreements(event, consents.get(each.id, []), words),
            *wanted,
            *([None] * (ranks - len(wanted))),
            *(cell for columns in extra for cell in columns.cells.get(each.id, [None] * len(columns.heads))),
        ]

    return Table(heads, (cells(each) for each in registrations))


def wish_head(rank: int, words: Translator) -> str:
    return words.gettext(N_("Wish {rank}")).replace("{rank}", str(rank))


def question_heads(question: Question) -> list[str]:
    """Several choices have a column each: their words may hold any separator."""
    if question.kind != "several_choices":
        return [question.label]
    return [f"{question.label} [{choice}]" for choice in question.choices]


def _answer_cells(question: Question, answer: Answer | None, words: Translator) -> list[Cell]:
    if question.kind != "several_choices":
        return [answer_words(answer, words)]
    chosen = answer if isinstance(answer, list) else []
    return [words.gettext(N_("Yes")) if choice in chosen else None for choice in question.choices]


def _agreements(event: EventRecord, given: Sequence[GivenConsent], words: Translator) -> list[Cell]:
    cells: list[Cell] = []
    for state in standing(event.consents, given)[: len(event.consents)]:
        since: datetime | None = state.withdrawn_at or state.at
        cells += [consent_word(state, words), to_wall(since, event.timezone) if since else None]
    return cells


def consent_word(state: ConsentState, words: Translator) -> str:
    if state.given:
        return words.gettext(N_("Yes"))
    return words.gettext(N_("Taken back") if state.at else N_("No"))


def answer_words(answer: Answer | None, words: Translator) -> str | int | float | None:
    if isinstance(answer, bool):
        return words.gettext(N_("Yes") if answer else N_("No"))
    return " ; ".join(answer) if isinstance(answer, list) else answer
