"""Names that papers cannot show, for want of a font: said to the organiser before anything is printed."""

import time
from collections import OrderedDict
from functools import partial
from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import counts_of_one
from events_app.infra.database import is_postgres, rows
from events_app.infra.i18n import Translator
from events_app.infra.processes import paper_shop
from events_app.kernel.errors import N_
from events_app.outputs.scripts import packages_for, undrawn, unusual

UNDRAWN_NOTE = N_("Some letters cannot be printed here. The page of the registration shows them all.")

_drawn: dict[str, bool] = {}
"""What the fonts of this machine show, asked once for each letter: fonts come with a restart."""


class UndrawnNames(msgspec.Struct, frozen=True):
    """`names`: how many people; `letters`: those that would be empty boxes; `packages`: Debian's, which
    show them once they are installed."""

    names: int
    letters: str
    packages: tuple[str, ...]


async def undrawn_names(event_id: UUID) -> UndrawnNames:
    """Of whoever holds or may get a place. One indexed read, and for letters never met the helper process."""
    found = [name for name in await _names(event_id) if unusual(name)]
    letters = set[str]().union(*map(unusual, found))
    if asked := frozenset(letters.difference(_drawn)):
        lacking = await paper_shop.run(partial(undrawn, asked))
        _drawn.update({letter: letter not in lacking for letter in asked})
    missing = {letter for letter in letters if not _drawn[letter]}
    return UndrawnNames(
        sum(1 for name in found if missing.intersection(name)),
        "".join(sorted(missing)),
        packages_for(missing),
    )


async def _names(event_id: UUID) -> list[str]:
    """Those with a letter beyond ASCII: texts of more bytes than letters."""
    size = "octet_length({0})" if is_postgres() else "length(CAST({0} AS BLOB))"
    name = "(given_name || ' ' || family_name)"
    found = await rows(
        f"SELECT {name} AS name FROM registration WHERE event = {{}}"
        " AND status IN ('confirmed', 'waiting', 'pending')"
        f" AND {size.format(name)} > length({name})",
        event_id,
    )
    return [each["name"] for each in found]


_LARGE = 5_000  # people: from there on, reading all names costs more than the page
_REMEMBERED_SECONDS = 60.0
_MOST_EVENTS = 100
_remembered: OrderedDict[UUID, tuple[float, UndrawnNames]] = OrderedDict()


async def _lately(event_id: UUID) -> UndrawnNames:
    """Of a large event what was read a minute ago; of all others what is."""
    if (await counts_of_one(event_id)).active < _LARGE:
        return await undrawn_names(event_id)
    until, found = _remembered.pop(event_id, (0.0, None))
    if found is None or time.monotonic() > until:
        until, found = time.monotonic() + _REMEMBERED_SECONDS, await undrawn_names(event_id)
    _remembered[event_id] = until, found
    if len(_remembered) > _MOST_EVENTS:
        _remembered.popitem(last=False)
    return found


async def paper_warnings(event: EventRecord, words: Translator) -> list[str]:
    found = await _lately(event.id)
    if not found.names:
        return []
    said = words.ngettext(
        "%(num)s name has letters that PDF tickets, cards and lists cannot show (%(letters)s).",
        "%(num)s names have letters that PDF tickets, cards and lists cannot show (%(letters)s).",
        found.names,
    ) % {"num": found.names, "letters": found.letters[:20]}
    if not found.packages:
        return [said]
    mend = words.gettext("Whoever hosts this site mends it by installing %(packages)s.")
    return [f"{said} {mend % {'packages': ', '.join(found.packages)}}"]
