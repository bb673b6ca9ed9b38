"""The committee of the demo: its members, an agenda, and what most of them have answered."""

from random import Random

from events_app.features.committees import agenda, assemblies, sittings
from events_app.features.committees.agenda import ItemInput
from events_app.features.committees.assemblies import AssemblyInput, SeatInput
from events_app.features.committees.model import AnswerKind, ItemKind, Seat
from events_app.features.committees.sittings import AnswerInput, SittingChanges
from events_app.features.committees.votes import Ballot
from events_app.features.events.model import EventRecord
from events_app.features.operations.demo.people import invent
from events_app.features.territory.communes import commune_by_insee
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.civil_time import to_wall

SEATS, SUBSTITUTES = 22, 11
FAMILY = "closed_syndicate"
ITEMS = (
    ItemInput("Approbation du procès-verbal de la séance précédente", matter="5.2"),
    ItemInput("Budget primitif", matter="7.1", note="Équilibré en recettes et en dépenses."),
    ItemInput("Convention avec la Mission locale pour les Monkey Time", matter="8.6", ballot=Ballot.PUBLIC),
    ItemInput("Élection de trois vice-présidents : premier vice-président", ItemKind.ELECTION, matter="5.1"),
    ItemInput("Questions diverses", ItemKind.INFORMATION),
)


async def seat_committee(world: World, event: EventRecord) -> None:
    rng = Random(event.slug)  # noqa: S311 - invented people, no secret
    people = invent(rng, SEATS + SUBSTITUTES, [])
    members, others = people[:SEATS], people[SEATS:]
    wanted = AssemblyInput("Comité syndical", FAMILY, "20000000000018")
    assembly = await assemblies.create(world, SYSTEM, event.body_id, wanted)
    functions = ["Président", *["Vice-président"] * 3]
    seats = await assemblies.add_seats(
        world,
        SYSTEM,
        assembly.slug,
        [
            SeatInput(
                name=f"{person.given_name} {person.family_name}",
                represents=_commune(person.insee),
                function=functions[at] if at < len(functions) else "",
                email=person.email,
                substitutes=[f"{others[at // 2].given_name} {others[at // 2].family_name}"] if at % 2 else [],
            )
            for at, person in enumerate(members)
        ],
    )
    await sittings.seat_assembly(world, SYSTEM, event, assembly.slug)
    for item in ITEMS:
        await agenda.save_item(world, SYSTEM, event, None, item)
    sent = to_wall(world.now(), event.timezone).date()
    changes = SittingChanges(chair=seats[0].id, secretary=seats[2].id, convened_on=sent)
    await sittings.change(world, SYSTEM, event, changes)
    await _answers(world, event, seats)


def _commune(insee: str) -> str:
    found = commune_by_insee(insee)
    return found.name if found else ""


async def _answers(world: World, event: EventRecord, seats: list[Seat]) -> None:
    """Sixteen sit, two send their substitute, one gives a proxy; three have not answered."""
    said = {seat.id: AnswerInput(AnswerKind.SITS) for seat in seats[:16]}
    said |= {
        seat.id: AnswerInput(AnswerKind.SUBSTITUTE, seat.substitutes[0]) for seat in (seats[17], seats[19])
    }
    said[seats[18].id] = AnswerInput(AnswerKind.PROXY, to=seats[0].id)
    for seat_id, answer in said.items():
        await sittings.answer(world, SYSTEM, event, seat_id, answer)
