"""Invented people: the same ones for the same seed. No name is taken from anybody."""

from pathlib import Path
from random import Random

import msgspec

from events_app.features.territory.communes import communes
from events_app.kernel.text import slugify

_NAMES = Path(__file__).parent / "names"
GIVEN = (_NAMES / "given.txt").read_text("utf-8").split()
FAMILY = (_NAMES / "family.txt").read_text("utf-8").split()
ORGANISATIONS = (
    "",
    "",
    "",
    "Mission locale",
    "Université d’Artois",
    "IUT de Lens",
    "Régie de quartier",
    "Centre social",
)


class InventedPerson(msgspec.Struct, frozen=True):
    given_name: str
    family_name: str
    email: str
    organisation: str
    insee: str
    profile: str


def invent(rng: Random, count: int, profiles: list[str]) -> list[InventedPerson]:
    """`count` people; where they live follows the communes' populations."""
    known = communes()
    homes = rng.choices(known, weights=[commune.population for commune in known], k=count)
    people = []
    for number, home in enumerate(homes, start=1):
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        people.append(
            InventedPerson(
                given_name=given,
                family_name=family,
                email=f"{slugify(given)}.{slugify(family)}.{number}@example.org",
                organisation=rng.choice(ORGANISATIONS),
                insee=home.insee,
                profile=rng.choice(profiles) if profiles else "",
            )
        )
    return people
