"""Items of the agenda: written, put in order, voted on."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.committees import agenda, sittings, voting
from events_app.features.committees.agenda import ItemInput, item_in
from events_app.features.committees.errors import NoQuorum
from events_app.features.committees.matters import MATTERS
from events_app.features.committees.model import Item, ItemKind, SittingNow
from events_app.features.committees.pages.sitting import SITTING, home_of, sitting_page, sitting_to_show
from events_app.features.committees.quorum import voters
from events_app.features.committees.votes import Ballot, Counts, Outcome, Round
from events_app.features.committees.voting import VoteInput
from events_app.features.committees.wording import BALLOT_NAMES
from events_app.features.events.model import EventRecord
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotFound
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to, language_of
from events_app.web.problems import reasons_of

AnyRequest = Request[Any, Any, Any]
NEW = "new"
_ITEM = SITTING + "/items/{item:str}"
MOST_CANDIDATES = 12
KINDS = {
    ItemKind.DELIBERATION: N_("A decision"),
    ItemKind.ELECTION: N_("An election"),
    ItemKind.INFORMATION: N_("For information"),
}
SAID = ("for", "against", "abstention", "none")


def _found(now: SittingNow, item: str) -> Item | None:
    """None for a new one. Raises `NotFound`."""
    if item == NEW:
        return None
    try:
        return item_in(now, UUID(item))
    except ValueError:
        raise NotFound from None


@get(_ITEM, guards=[requires(*ORGANISING)])
async def item_form(
    request: AnyRequest, slug: FromPath[str], item: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    await sittings.event_for(actor, slug, to_change=True)
    event, now = await sitting_to_show(actor, slug)
    found = _found(now, item)
    values: dict[str, Any] = {"kind": ItemKind.DELIBERATION.value, "ballot": Ballot.ORDINARY.value}
    if found is not None:
        values = {
            "title": found.title,
            "kind": found.kind.value,
            "ballot": found.ballot.value,
            "rapporteur": found.rapporteur,
            "note": found.note,
            "discussion": found.discussion,
            "matter": found.matter,
            "recused": [str(seat) for seat in found.recused],
        }
    return _item_page(request, actor, event, now, found, Form(initial=values))


def _item_page(
    request: AnyRequest,
    actor: Actor,
    event: EventRecord,
    now: SittingNow,
    found: Item | None,
    form: Form,
    status_code: int = 200,
) -> Response[Any]:
    words = translator(language_of(request))
    return sitting_page(
        request,
        actor,
        event,
        now,
        "committees/item.html",
        status_code,
        found=found,
        form=form,
        kinds=[(kind.value, words.gettext(name)) for kind, name in KINDS.items()],
        ballots=[
            (ballot.value, words.gettext(name))
            for ballot, name in BALLOT_NAMES.items()
            if ballot is not Ballot.ELECTION
        ],
        matters=[(code, f"{code} {name}") for code, name in MATTERS.items()],
        people=[(str(each.seat.id), each.seat.name) for each in now.seats],
    )


@post(_ITEM, guards=[requires(*ORGANISING)])
async def item_save(
    request: AnyRequest,
    slug: FromPath[str],
    item: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    await sittings.event_for(actor, slug, to_change=True)
    event, now = await sitting_to_show(actor, slug)
    found = _found(now, item)
    form = await read_form(request)
    ids = {str(each.seat.id): each.seat.id for each in now.seats}
    form.values["recused"] = form.all("recused")
    if not set(form.values["recused"]) <= ids.keys():
        form.error("recused", sittings.UNKNOWN_SEAT)
    kind = form.choice("kind", tuple(ItemKind), required=True)
    ballot = form.choice("ballot", tuple(Ballot)) or Ballot.ORDINARY.value
    title, rapporteur = form.line("title", required=True, most=300), form.line("rapporteur")
    note, discussion = form.block("note", most=sittings.MOST_TEXT), form.block("discussion", most=20_000)
    matter = form.choice("matter", tuple(MATTERS))
    if not form.errors:
        recused = [ids[each] for each in form.values["recused"]]
        wanted = ItemInput(
            title, ItemKind(kind), Ballot(ballot), rapporteur, note, discussion, matter, recused
        )
        try:
            await agenda.save_item(world, actor, event, found.id if found else None, wanted)
            return go_to(request, f"{home_of(slug)}#agenda", notice="saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return _item_page(request, actor, event, now, found, form, 422)


@post(_ITEM + "/move", guards=[requires(*ORGANISING)])
async def item_move(
    request: AnyRequest,
    slug: FromPath[str],
    item: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """`do`: up, down or remove."""
    await sittings.event_for(actor, slug, to_change=True)
    event, now = await sitting_to_show(actor, slug)
    found = _found(now, item)
    if found is None:
        raise NotFound
    form = await read_form(request)
    deed = form.deed("do", ("up", "down", "remove"))
    order = [each.item.id for each in now.items]
    at = order.index(found.id)
    order.pop(at)
    if deed != "remove":
        order.insert(max(0, at - 1) if deed == "up" else at + 1, found.id)
    await agenda.arrange_items(world, actor, event, order)
    return go_to(request, f"{home_of(slug)}#agenda", notice="saved")


@get(_ITEM + "/vote", guards=[requires(*ORGANISING)])
async def vote_form(
    request: AnyRequest, slug: FromPath[str], item: FromPath[str], actor: NamedDependency[Actor]
) -> Response[Any]:
    return await _vote_page(request, actor, slug, item, Form())


async def _vote_page(
    request: AnyRequest,
    actor: Actor,
    slug: str,
    item: str,
    form: Form,
    status_code: int = 200,
    refused: NoQuorum | None = None,
) -> Response[Any]:
    await sittings.event_for(actor, slug, to_change=True)
    event, now = await sitting_to_show(actor, slug)
    found = _found(now, item)
    if found is None or found.kind is ItemKind.INFORMATION:
        raise NotFound
    able = voters(now.room, now.rules, found.recused)
    rounds = found.vote.rounds if found.vote else []
    return sitting_page(
        request,
        actor,
        event,
        now,
        "committees/vote.html",
        status_code,
        found=found,
        form=form,
        voters=[each for each in now.seats if each.seat.id in able],
        rounds=rounds,
        candidates=_candidates(form, rounds),
        waits=found.vote is None or found.vote.outcome in (Outcome.ANOTHER_ROUND, Outcome.EQUAL),
        reasons=reasons_of(refused, language_of(request)) if refused else (),
    )


def _candidates(form: Form, rounds: list[Round]) -> list[tuple[int, str]]:
    """Rows of the form: those of the round before, and some that are free."""
    before = list(rounds[-1].votes) if rounds else []
    typed = [str(form.values.get(f"name.{at}", "")) for at in range(MOST_CANDIDATES)]
    shown = [name for name in typed if name] or before
    return list(enumerate([*shown, "", "", ""][:MOST_CANDIDATES]))


@post(_ITEM + "/vote", guards=[requires(*ORGANISING)])
async def vote_post(
    request: AnyRequest,
    slug: FromPath[str],
    item: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """`do=back` takes the vote back, or the last round of an election."""
    await sittings.event_for(actor, slug, to_change=True)
    event, now = await sitting_to_show(actor, slug)
    found = _found(now, item)
    if found is None:
        raise NotFound
    form = await read_form(request)
    if form.deed("do", ("hold", "back"), "hold") == "back":
        await voting.take_back(world, actor, event, found.id)
        return go_to(request, f"{home_of(slug)}/items/{item}/vote", notice="saved")
    said = _said(form, found, now)
    if not form.errors:
        try:
            await voting.hold(world, actor, event, found.id, said)
            return go_to(request, f"{home_of(slug)}/items/{item}/vote", notice="saved")
        except InvalidInput as refused:
            form.absorb(refused, "counts.")
        except NoQuorum as refused:
            return await _vote_page(request, actor, slug, item, form, refused.status, refused)
    return await _vote_page(request, actor, slug, item, form, 422)


def _said(form: Form, item: Item, now: SittingNow) -> VoteInput:
    """Those for it are who neither voted against it nor abstained, as a chair asks."""
    able = voters(now.room, now.rules, item.recused)
    if item.ballot is Ballot.ELECTION:
        votes = {}
        for at in range(MOST_CANDIDATES):
            name = form.line(f"name.{at}")
            number = form.integer(f"votes.{at}", high=1000, required=bool(name))
            if name and number is not None:
                votes[name] = number
        blank = form.integer("blank", high=1000) or 0
        return VoteInput(round=Round(votes, blank) if votes else None, oldest=form.line("oldest"))
    if item.ballot is Ballot.PUBLIC:
        words = {seat: form.choice(f"said.{seat}", SAID, required=True) for seat in able}
        return VoteInput(by_name={} if form.errors else words)  # type: ignore[arg-type]
    against = form.integer("against", high=1000) or 0
    abstentions = form.integer("abstentions", high=1000) or 0
    none = form.integer("not_taking_part", high=1000) or 0
    chair = form.choice("chair_for", ("yes", "no"))
    left = len(able) - against - abstentions - none
    if left < 0 and not form.errors:
        form.error(
            "against",
            N_("These are {given} votes; there are {voters} voters for this item."),
            given=against + abstentions + none,
            voters=len(able),
        )
    counts = Counts(max(0, left), against, abstentions, none)
    return VoteInput(counts=counts, chair_for=None if not chair else chair == "yes")


ROUTES = [item_form, item_save, item_move, vote_form, vote_post]
