"""Which part of the agenda somebody follows: `?commune=&body=&format=&q=`."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import msgspec

from events_app.features.events.formats import FORMATS
from events_app.features.territory.communes import commune_by_insee, commune_by_name
from events_app.infra.database import row
from events_app.kernel.errors import N_, AppError
from events_app.kernel.text import clean_line, fold, is_slug

MOST_WORDS = 8


class UnknownFilter(AppError):
    """A calendar that quietly held everything would be taken for the part that was asked for."""

    type = "unknown-filter"
    status = 400
    title = N_("This calendar cannot be made")
    detail = N_("The agenda can be narrowed by commune, body, format and words. This filter is not known.")


class AgendaFilter(msgspec.Struct, frozen=True):
    """Empty: the whole agenda."""

    commune: str = ""  # its INSEE code
    body: str = ""  # its slug
    format: str = ""
    q: str = ""

    @property
    def query(self) -> str:
        said = {name: getattr(self, name) for name in self.__struct_fields__ if getattr(self, name)}
        return "?" + urlencode(said) if said else ""

    def conditions(self) -> tuple[str, list[Any]]:
        """Of events `e` with their bodies `b`."""
        pairs = (("e.venue_insee", self.commune), ("b.slug", self.body), ("e.format", self.format))
        texts, args = [], list[Any]()
        for column, value in pairs:
            if value:
                texts.append(f" AND {column} = {{}}")
                args.append(value)
        for word in fold(self.q).split()[:MOST_WORDS]:
            texts.append(" AND e.search_text LIKE {}")
            args.append(f"%{word}%")
        return "".join(texts), args


async def read_filter(parameters: Iterable[tuple[str, str]]) -> AgendaFilter:
    """Raises `UnknownFilter` for a name or a value that we do not know, and for a name said twice."""
    found: dict[str, str] = {}
    for name, typed in parameters:
        value = clean_line(typed)[:200]
        if name not in AgendaFilter.__struct_fields__ or name in found:
            raise UnknownFilter(filter=name[:40])
        if value:
            found[name] = await _value(name, value)
    return AgendaFilter(**found)


async def _value(name: str, value: str) -> str:
    if name == "commune":
        commune = commune_by_insee(value) or commune_by_name(value)
        if commune is not None:
            return commune.insee
    elif name == "body":
        if is_slug(value) and await row("SELECT 1 AS one FROM body WHERE slug = {}", value):
            return value
    elif name == "format":  # programs may have formats of their own
        if value in FORMATS or await row("SELECT 1 AS one FROM event WHERE format = {} LIMIT 1", value):
            return value
    elif fold(value):
        return value
    raise UnknownFilter(filter=name, value=value[:60])
