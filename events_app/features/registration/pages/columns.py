"""Which columns the list of people shows: chosen by whoever reads it, kept in this browser."""

from collections.abc import Callable, Sequence

import msgspec
from litestar import Request
from litestar.datastructures import Cookie

from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.registration import hooks
from events_app.features.registration.consents import consents_of, standing
from events_app.features.registration.export import answer_words, consent_word
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import preferences_of_each
from events_app.features.registration.tags import tags_of
from events_app.features.registration.wording import PROFILE_NAMES, SOURCE_NAMES
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_
from events_app.web.pages import secure_cookie

COOKIE = "convive_columns"
COMPACT = "compact"
USUAL = ("organisation", "commune", "tags", "registered")
UNTAGGED = tuple(each for each in USUAL if each != "tags")
MOST = 40
FIXED = {
    "email": N_("E-mail address"),
    "organisation": N_("Organisation"),
    "commune": N_("Commune"),
    "profile": N_("Profile"),
    "tags": N_("Tags"),
    "wishes": N_("Wishes"),
    "places": N_("Sessions with a place"),
    "presence": N_("Came in at"),
    "registered": N_("Registered on"),
    "source": N_("Registered by"),
}

Cells = Callable[[RegistrationRecord], str]


class Layout(msgspec.Struct, frozen=True):
    """`offered`: code and label of each column there is; `chosen`: those shown, in the order of `offered`."""

    offered: list[tuple[str, str]]
    chosen: list[tuple[str, str]]
    compact: bool


def offered_for(event: EventRecord, words: Translator) -> list[tuple[str, str]]:
    agreement = words.gettext(N_("Agreement: {code}"))
    return [
        *((code, words.gettext(label)) for code, label in FIXED.items()),
        *((f"answer.{each.code}", each.label) for each in event.questions),
        *((f"consent.{each.code}", agreement.replace("{code}", each.code)) for each in event.consents),
    ]


def layout_of(request: Request, event: EventRecord, words: Translator, *, tagged: bool) -> Layout:  # type: ignore[type-arg]
    """As just asked for in the address, else as kept, else as usual: tags where there are some."""
    asked = request.query_params.getall("column", [])
    wanted = asked if "columns" in request.query_params else _kept(request, USUAL if tagged else UNTAGGED)
    offered = offered_for(event, words)
    return Layout(offered, [each for each in offered if each[0] in wanted], COMPACT in wanted)


def kept_cookie(request: Request) -> list[Cookie]:  # type: ignore[type-arg]
    """What was just chosen, for a year; nothing where nothing was chosen."""
    if "columns" not in request.query_params:
        return []
    names = [name for name in request.query_params.getall("column", []) if _is_code(name)][:MOST]
    return [secure_cookie(COOKIE, "~".join(names) or "-", request.app.state.world.settings, 365 * 86400)]


async def cells_of(
    layout: Layout,
    event: EventRecord,
    sessions: Sequence[SessionRecord],
    people: Sequence[RegistrationRecord],
    words: Translator,
    registered: Cells,
) -> dict[str, list[str]]:
    """Texts by registration, one for each chosen column; what needs a query of its own is read only where it
    is shown. `registered`: how the moment of registering is written."""
    ids, codes = [each.id for each in people], {code for code, _ in layout.chosen}
    titles = {each.id: each.title for each in sessions}
    tags = await tags_of(ids) if "tags" in codes else {}
    wishes = await preferences_of_each(ids) if "wishes" in codes else {}
    places = await hooks.stops_of_each(ids) if "places" in codes else {}
    came = await hooks.came_in(ids) if "presence" in codes else {}
    given = await consents_of(ids) if any(code.startswith("consent.") for code in codes) else {}

    def text(person: RegistrationRecord, code: str) -> str:
        kind, _, which = code.partition(".")
        match kind:
            case "answer":
                return str(answer_words(person.answers.get(which), words) or "")
            case "consent":
                states = standing(event.consents, given.get(person.id, []))
                return next((consent_word(each, words) for each in states if each.code == which), "")
            case "tags":
                return ", ".join(tags.get(person.id, []))
            case "wishes":
                return " ; ".join(titles.get(wish, "") for wish in wishes.get(person.id, []))
            case "places":
                return " ; ".join(place.title for place in places.get(person.id, []))
            case "presence":
                at = came.get(person.id)
                return words.moment(at, event.timezone) if at else ""
            case "registered":
                return registered(person)
            case "profile":
                return words.gettext(PROFILE_NAMES.get(person.profile, person.profile))
            case "source":
                return words.gettext(SOURCE_NAMES.get(person.source, person.source))
        return str(getattr(person, code))

    return {str(each.id): [text(each, code) for code, _ in layout.chosen] for each in people}


def _kept(request: Request, usual: Sequence[str]) -> Sequence[str]:  # type: ignore[type-arg]
    found = request.cookies.get(COOKIE, "")
    return found.split("~") if found else usual


def _is_code(name: str) -> bool:
    return len(name) <= 60 and all(sign.isascii() and (sign.isalnum() or sign in "._-") for sign in name)
