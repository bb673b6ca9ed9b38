"""The recruiting forum of the demo: candidates and structures who have said whom they would like to meet."""

from collections.abc import Mapping
from random import Random
from uuid import UUID

from events_app.features.events.model import EventRecord, SessionKind
from events_app.features.events.queries import sessions_of
from events_app.features.networking.model import WishValue
from events_app.features.networking.wishes import set_wishes
from events_app.features.operations.demo.people import InventedPerson, invent
from events_app.features.registration.approval import approve
from events_app.features.registration.model import RegistrationRequest, Source
from events_app.features.registration.service import register
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM

COMES, RECEIVES = "Candidat", "Structure qui recrute"
# Invented structures and what they look for; the second person of one receives beside the first.
STRUCTURES = (
    ("Les Ateliers du Terril", "Médiatrice ou médiateur culturel, service civique"),
    ("Fosse 9 Productions", "Régie lumière, assistant de production"),
    ("Médiathèque La Lampisterie", "Animation du livre, accueil du public"),
    ("Compagnie des Galibots", "Chargé de diffusion, intervenante théâtre"),
    ("École de musique de la Deûle", "Professeur de cuivres, dumiste"),
    ("Écomusée des Corons", "Guide, régie des collections"),
    ("Festival Les Berlines", "Billetterie, communication, bénévolat"),
    ("Ciné-club du Rivage", "Projection, éducation à l’image"),
    ("Radio Bassin", "Animation d’antenne, montage son"),
    ("Centre social Les Hauts", "Animatrice jeunesse, ateliers d’écriture"),
    ("Harmonie du 11 bis", "Coordination, partothèque"),
    ("Le Hangar, arts de la rue", "Construction de décors, accueil des compagnies"),
)
SECOND = "Médiathèque La Lampisterie"
TRADES = (
    "Médiation culturelle",
    "Régie et technique",
    "Communication",
    "Animation auprès des jeunes",
    "Enseignement artistique",
    "Accueil et billetterie",
)


async def fill_forum(world: World, rng: Random, event: EventRecord, candidates: int) -> None:
    receiving = [name for name, _ in STRUCTURES] + [SECOND]
    wanted = dict(STRUCTURES)
    people = invent(rng, candidates + len(receiving), event.profiles)
    posts: dict[str, UUID] = {}
    receiving_ids = []
    for person, name in zip(people, receiving, strict=False):
        answers = {"cote": RECEIVES, "postes": wanted[name]}
        made = await _come(world, rng, event, person, name, answers)
        posts.setdefault(name, made)
        receiving_ids.append(made)
    comes = [
        await _come(world, rng, event, person, "", {"cote": COMES, "metiers": rng.choice(TRADES)})
        for person in people[len(receiving) :]
    ]
    code = next(s.code for s in await sessions_of(event.id) if s.kind is SessionKind.SPEED_DATING)
    for person_id in comes[: candidates * 2 // 3]:  # the others have not answered yet
        await _wish(world, rng, code, person_id, list(posts.values()))
    for person_id in receiving_ids[:5]:
        await _wish(world, rng, code, person_id, comes)


async def _come(
    world: World,
    rng: Random,
    event: EventRecord,
    person: InventedPerson,
    organisation: str,
    answers: Mapping[str, object],
) -> UUID:
    request = RegistrationRequest(
        email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        organisation=organisation,
        insee=person.insee,
        profile="other" if organisation else person.profile,
        language="fr",
        consent={purpose.code: purpose.required or rng.random() < 0.6 for purpose in event.consents},
        answers=dict(answers),
    )
    answer = await register(world, SYSTEM, event, request, Source.DEMO)
    if answer.registration is None:
        raise RuntimeError(f"{person.email} is not registered")
    await approve(world, SYSTEM, answer.registration.id)
    return answer.registration.id


async def _wish(world: World, rng: Random, code: str, person: UUID, others: list[UUID]) -> None:
    values: tuple[WishValue, ...] = ("must", "wish", "wish", "no")
    chosen = rng.sample(others, len(values))
    await set_wishes(world, SYSTEM, person, code, dict(zip(chosen, values, strict=True)))
