"""The territory's 150 communes, in memory. Source and credit: data/README.md."""

import csv
from functools import cache
from importlib import resources

import msgspec

from events_app.kernel.text import fold


class Commune(msgspec.Struct, frozen=True):
    insee: str
    name: str
    postcodes: tuple[str, ...]
    population: int
    agglomeration: str


@cache
def communes() -> tuple[Commune, ...]:
    """All of them, in the order of the alphabet."""
    text = (resources.files(__package__) / "data" / "communes.csv").read_text("utf-8")
    found = [
        Commune(
            insee=row["insee"],
            name=row["name"],
            postcodes=tuple(row["postcodes"].replace(",", " ").replace("|", " ").split()),
            population=int(row["population"]),
            agglomeration=row["epci_name"],
        )
        for row in csv.DictReader(text.splitlines())
    ]
    return tuple(sorted(found, key=lambda commune: _folded(commune.name)))


def commune_by_insee(insee: str) -> Commune | None:
    return _by_insee().get(insee)


def commune_by_name(name: str) -> Commune | None:
    """Accents, case, hyphens and "St" for "Saint" do not matter."""
    return _by_name().get(_folded(name))


def suggest(query: str, limit: int = 8) -> list[Commune]:
    """For typing ahead, by name or postcode: first those that begin so, the largest first, then those that
    hold the words elsewhere."""
    wanted = _folded(query)
    if not wanted:
        return []
    ranked: list[tuple[int, int, Commune]] = []
    for name, commune in _by_name().items():
        if name.startswith(wanted) or any(code.startswith(wanted) for code in commune.postcodes):
            ranked.append((0, -commune.population, commune))
        elif f" {wanted}" in name:
            ranked.append((1, -commune.population, commune))
        elif wanted in name:
            ranked.append((2, -commune.population, commune))
    return [commune for *_, commune in sorted(ranked, key=lambda entry: entry[:2])[:limit]]


def _folded(name: str) -> str:
    words = fold(name[:120]).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


@cache
def _by_insee() -> dict[str, Commune]:
    return {commune.insee: commune for commune in communes()}


@cache
def _by_name() -> dict[str, Commune]:
    return {_folded(commune.name): commune for commune in communes()}
