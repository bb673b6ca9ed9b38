"""What the API takes and answers about committees."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from events_app.features.committees.assemblies import AssemblyInput, SeatInput
from events_app.features.committees.model import (
    AnswerKind,
    Assembly,
    ItemNow,
    RollState,
    Seat,
    SittingNow,
    Vote,
)
from events_app.features.committees.rules import RuleSet, Statutes
from events_app.features.committees.wording import quorum_sentence
from events_app.infra.i18n import Translator

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class NewAssembly(AssemblyInput, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`body`: the organisation's slug; may be left out by whoever works for one only."""

    body: str | None = None


class SeatList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seats: list[SeatInput]


class AssemblyAnswer(msgspec.Struct, frozen=True):
    slug: str
    name: str
    body: str
    family: str
    statutes: Statutes
    siret: str
    revision: int


class AssemblyList(msgspec.Struct, frozen=True):
    items: list[AssemblyAnswer]


class SeatAnswerList(msgspec.Struct, frozen=True):
    items: list[Seat]


class RulesAnswer(msgspec.Struct, frozen=True):
    """The rule set in force on `day`, with what the statutes decide; and the same as sentences."""

    day: date
    rules: RuleSet
    sentences: list[str]


class SittingSetup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    assembly: str
    second: bool = False


class ConvocationSent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the letters went out; left out: today."""

    sent_on: date | None = None


class ConvocationAnswer(msgspec.Struct, frozen=True):
    """`clear_days` between the letters and the sitting, of the `needed` ones."""

    sent_on: date
    clear_days: int
    needed: int
    in_time: bool


class RollTap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sitter`: the substitute who sits; empty for the member. `at`: when, by a device without a network."""

    seat: UUID
    state: RollState
    sitter: str = ""
    at: Instant | None = None


class QuorumAnswer(msgspec.Struct, frozen=True):
    in_office: int
    needed: int
    counted: int
    voters: int
    reached: bool
    sentence: str


class ItemAnswer(msgspec.Struct, frozen=True):
    id: UUID
    number: int
    title: str
    kind: str
    ballot: str
    rapporteur: str
    note: str
    discussion: str
    matter: str
    recused: list[UUID]
    quorum: QuorumAnswer
    vote: Vote | None


class SeatState(msgspec.Struct, frozen=True):
    """`answer`: what was said before; `sitter`: who sits there now, empty while nobody does."""

    seat: UUID
    name: str
    represents: str
    answer: AnswerKind | None
    proxy_to: UUID | None
    sitter: str


class SittingAnswer(msgspec.Struct, frozen=True):
    assembly: str
    second: bool
    convened_on: date | None
    opened_at: datetime | None
    closed_at: datetime | None
    chair: UUID | None
    secretary: UUID | None
    quorum: QuorumAnswer
    seats: list[SeatState]
    items: list[ItemAnswer]
    revision: int


def assembly_answer(assembly: Assembly) -> AssemblyAnswer:
    return AssemblyAnswer(
        assembly.slug,
        assembly.name,
        assembly.body_name,
        assembly.family,
        assembly.statutes,
        assembly.siret,
        assembly.revision,
    )


def quorum_answer(now: SittingNow, each: ItemNow | None, words: Translator) -> QuorumAnswer:
    """Of one item, or of the sitting."""
    quorum = now.quorum if each is None else each.quorum
    return QuorumAnswer(
        quorum.in_office,
        quorum.needed,
        quorum.counted,
        quorum.voters,
        quorum.reached,
        quorum_sentence(quorum, now.rules, words, second=now.sitting.second),
    )


def item_answer(now: SittingNow, each: ItemNow, words: Translator) -> ItemAnswer:
    item = each.item
    return ItemAnswer(
        id=item.id,
        number=item.number,
        title=item.title,
        kind=item.kind.value,
        ballot=item.ballot.value,
        rapporteur=item.rapporteur,
        note=item.note,
        discussion=item.discussion,
        matter=item.matter,
        recused=item.recused,
        quorum=quorum_answer(now, each, words),
        vote=item.vote,
    )


def sitting_answer(now: SittingNow, words: Translator) -> SittingAnswer:
    sitting = now.sitting
    return SittingAnswer(
        assembly=now.assembly.slug,
        second=sitting.second,
        convened_on=sitting.convened_on,
        opened_at=sitting.opened_at,
        closed_at=sitting.closed_at,
        chair=sitting.chair,
        secretary=sitting.secretary,
        quorum=quorum_answer(now, None, words),
        seats=[
            SeatState(
                each.seat.id,
                each.seat.name,
                each.seat.represents,
                each.answer.kind if each.answer else None,
                each.proxy_to.id if each.proxy_to else None,
                each.sitter,
            )
            for each in now.seats
        ],
        items=[item_answer(now, each, words) for each in now.items],
        revision=sitting.revision,
    )
