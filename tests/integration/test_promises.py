"""What guides, cards and helps promise is there: the screens are rendered and looked at.

Every page that somebody may open is fetched in French from one filled database, as each kind of person. What
a guide calls a label, « so », stands on one of them or among the words that a page hands to its scripts.
"""

import html
import re
from pathlib import Path

import msgspec
import pytest
from babel.messages.pofile import read_po

from events_app.features.events.formats import FORMATS
from events_app.infra.settings import Secret
from tests.integration.rights_table import ROUTES
from tests.integration.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROOT = Path(__file__).parents[2]
GUIDES = sorted({*(ROOT / "docs").glob("guide-*.md"), *(ROOT / "docs").glob("*-organisateur.md")})
PEOPLE = ("administrator", "coach", "device", "participant")
PLACES = ("own", "own_draft")

ON_ANOTHER_OCCASION = {
    "Inviter les derniers représentants": "series/series.html",  # once the next meeting is published
    "Attestation de présence (PDF)": "admission/_certificate.html",  # once it is over
    "Annoncer la nouvelle date": "events/overview.html",  # of a postponed event
    "Donner une place maintenant": "registration/person.html",  # of somebody who waits
    "Personne n’a une place moins bonne": "workshops/placement.html",  # once places are published
    "Proposer mieux": "workshops/_standing.html",  # and a seat has become free
    "Signature": "workshops/_people.html",  # where somebody is placed
    "Renvoyer": "mailing/mail.html",  # of a mail that failed
    "Réponse à l’invitation": "inbound/_of_person.html",  # where a calendar has answered
    "Proposer un plan de table": "networking/room.html",  # once somebody is confirmed
    "Chacun lit qui est à sa table": "networking/room.html",  # where an agreement is asked for
    "Proposer les tours": "networking/meetings.html",  # of a speed-dating session
    "Publier…": "networking/_plan_head.html",  # of a plan that was proposed
    "Annuler la publication…": "networking/_plan_head.html",  # before its first round
    "Feuilles des structures": "networking/_plan_head.html",
    "Ouvrir la séance": "committees/sitting.html",  # before it, of a meeting with a committee
    "Rouvrir": "committees/sitting.html",  # once it is closed
    "Annuler le vote": "committees/vote.html",  # once it is counted
}
"""Labels that need a state which the database of this test is not in, and the template that shows them."""

KEPT_BY: dict[str, str] = {
    # a word of a guide, a card or a help: the route whose screen keeps the promise; "" where nothing does
    "quorum": "GET /org/events/{slug}/sitting",
    "procuration": "POST /org/events/{slug}/sitting/seats/{seat_id}",
    "scrutin": "POST /org/events/{slug}/sitting/items/{item}/vote",
    "comptage": "GET /count/{slug}",
    "speed-dating": "GET /org/events/{slug}/networking/{code}",
    "réseautage": "GET /org/events/{slug}/networking/{code}",
    "liste d’attente": "GET /org/events/{slug}/registrations",
    "placement": "GET /org/events/{slug}/placement",
    "lien personnel": "GET /me/{token}",
    "grand écran": "GET /org/events/{slug}/networking/{code}/screen",
    "rappel": "GET /org/events/{slug}/messages",
    "badge": "GET /api/v1/events/{slug}/badges.pdf",
    "sondage": "",
    "paiement": "",
    "SMS": "",
}
"""A promise about something new gets its line here; a word without a screen may stand in no text."""

EVENT = "GET /org/events/{slug}"
ROOM, PERSON = f"{EVENT}/networking/{{code}}", f"{EVENT}/registrations/{{registration_id}}"
COMPUTED = f"{EVENT}/placement/{{run_id}}"
SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "comites-organisateur.md": {
        "Une fois : le comité et ses membres": ("GET /org/assemblies", "GET /org/assemblies/{slug}"),
        "Avant la séance": (f"{EVENT}/sitting", f"{EVENT}/sitting/papers/{{paper}}"),
        "La séance": (
            f"{EVENT}/sitting/roll",
            f"{EVENT}/sitting/items/{{item}}/vote",
            f"{EVENT}/sitting/screen",
        ),
        "Après": (f"{EVENT}/sitting/papers/{{paper}}",),
    },
    "guide-accueil.md": {
        "Préparer": ("GET /door/enrol/{token}", "GET /door/{slug}"),
        "Scanner": ("GET /door/{slug}",),
        "Ce que dit l’écran, et quoi faire": ("GET /door/{slug}",),
        "Un billet pour plusieurs": ("POST /api/v1/events/{slug}/scans",),
        "Sans inscription": ("POST /api/v1/events/{slug}/walk-ins",),
        "La borne": ("GET /kiosk/{slug}", "GET /api/v1/events/{slug}/badges.pdf"),
        "Sur papier": ("GET /api/v1/events/{slug}/door-list.pdf", f"{EVENT}/door/ticks"),
        "Sans caméra": ("GET /door/{slug}",),
        "Sans réseau": ("GET /door/service-worker.js", "POST /api/v1/events/{slug}/scans/batch"),
        "Compter, quand personne ne s’inscrit": ("GET /count/{slug}", "GET /count/{slug}/worker.js"),
        "À la fin": ("POST /door/{slug}/give-back",),
    },
    "guide-organisateur.md": {
        "Se connecter": ("GET /sign-in", "GET /org/members", "GET /org/account"),
        "Créer et publier": ("GET /org/events/new", f"{EVENT}/new/look", f"{EVENT}/programme/import"),
        "Le formulaire": (f"{EVENT}/form",),
        "Les inscriptions et la liste d’attente": (f"{EVENT}/registrations", PERSON, f"{PERSON}/{{deed}}"),
        "Les vœux et le placement": (f"{EVENT}/placement", f"{COMPUTED}/publish", f"{EVENT}/placement/lists"),
        "L’accueil": (f"{EVENT}/door", "GET /door/{slug}"),
        "Compter sans inscription": (f"{EVENT}/counting", "GET /count/{slug}"),
        "Écrire aux personnes": (f"{EVENT}/messages", f"{EVENT}/messages/{{message_id}}/preview"),
        "Les courriels": (f"{EVENT}/mail", "GET /org/outbox/{mail_id}"),
        "Reporter, annuler, refaire": (f"{EVENT}/postpone", f"{EVENT}/cancel", f"{EVENT}/clone"),
        "Un cycle de rencontres": ("GET /org/series", "GET /org/series/{slug}"),
        "Après l’événement": (
            f"{EVENT}/door/attendance.csv",
            f"{EVENT}/registrations.xlsx",
            "GET /me/{token}/erase",
        ),
    },
    "placement-organisateur.md": {
        "La règle par défaut, telle qu’elle est montrée aux participants": (f"{EVENT}/placement",),
        "Un exemple": (f"{EVENT}/placement",),
        "Nommer moins de vœux, ou les mélanger : est-ce que cela paie ?": ("GET /events/{slug}/register",),
        "Nommer moins de vœux": ("GET /events/{slug}/register",),
        "Le tirage au sort": (f"{EVENT}/placement",),
        "Ce que vous pouvez demander en plus": (f"{EVENT}/placement", f"{COMPUTED}/move"),
        "Après la publication": (f"{EVENT}/placement",),
        "« Prouvé », « écart »": (COMPUTED,),
        "Pourquoi suis-je là ?": (f"{COMPUTED}/why", f"{COMPUTED}/what-if", "GET /me/{token}"),
    },
    "rencontres-organisateur.md": {
        "Le speed-dating": (ROOM, "GET /me/{token}/meetings/{code}"),
        "Le jour même": (f"{ROOM}/live", f"{ROOM}/screen"),
        "Après": (f"{ROOM}/report", "GET /me/{token}"),
        "Les tables tournantes": (
            ROOM,
            f"{ROOM}/plans/{{plan_id}}/{{paper}}",
            f"{ROOM}/plans/{{plan_id}}/move",
        ),
    },
}
"""By guide and section: the screens that do what it says. A new section is written with its line here."""


def plain(text: str) -> str:
    return " ".join(html.unescape(text).replace("’", "'").split()).lower()


@pytest.fixture(scope="module")
def labels() -> dict[str, list[str]]:
    """By guide, in the order of reading."""
    return {
        guide.name: re.findall(r"\*\*«\s*(.+?)\s*»\*\*", guide.read_text(), re.DOTALL) for guide in GUIDES
    }


async def everything_shown(site: Site, *people: str) -> str:
    """All words of all pages, each page once for each kind of person who may open it."""
    shown = []
    for route, line in ROUTES.items():
        method, path = route.split(" ")
        if method != "GET" or path.startswith("/api/") or line.stream:
            continue
        for place in PLACES:
            for person in people:
                if person not in getattr(line, place):
                    continue
                caller = site.two.callers[person]
                answer = await site.call(method, path, line, site.two.places[place], caller)
                if answer.headers.get("content-type", "").startswith("text/html"):
                    shown.append(re.sub(r"<(?!script)[^>]+>", " ", answer.text))
                    shown += re.findall(
                        r'(?:aria-label|placeholder|title|value|data-[\w-]+)="([^"]+)"', answer.text
                    )
    site.put_back()
    return plain(re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), "\n".join(shown)))


async def test_labels_of_the_guides_stand_on_rendered_screens(
    site: Site, labels: dict[str, list[str]]
) -> None:
    assert sum(map(len, labels.values())) > 50
    if not site.thorough:
        return  # the words are the same on both databases
    shown = await everything_shown(site, *PEOPLE)
    world = site.app.state.world
    settings = msgspec.structs.replace(world.settings, smtp_url=Secret("smtp://127.0.0.1:1"))
    site.app.state.world = msgspec.structs.replace(world, settings=settings)
    try:  # where mails leave, other buttons stand there
        shown += await everything_shown(site, "administrator")
    finally:
        site.app.state.world = world
    missing = {
        (guide, label)
        for guide, found in labels.items()
        for label in found
        if plain(label) not in shown and label not in ON_ANOTHER_OCCASION
    }
    assert not missing, "\n".join(map(str, sorted(missing)))


async def test_labels_of_another_occasion_stand_in_the_template_that_is_named() -> None:
    english: dict[str, set[str]] = {}
    for catalogue in (ROOT / "events_app" / "locale" / "fr").glob("*.po"):
        with catalogue.open("rb") as file:
            for message in read_po(file, locale="fr"):
                if isinstance(message.string, str) and isinstance(message.id, str):
                    english.setdefault(plain(message.string), set()).add(message.id)
    for label, template in ON_ANOTHER_OCCASION.items():
        text = (ROOT / "templates" / template).read_text()
        assert any(f"_('{words}'" in text for words in english[plain(label)]), label


async def test_each_section_of_a_guide_has_screens_that_do_what_it_says() -> None:
    for guide in GUIDES:
        heads = re.findall(r"^## (.+)$", guide.read_text(), re.MULTILINE)
        told = SECTIONS[guide.name]
        assert {plain(head) for head in heads} == {plain(head) for head in told}, guide.name
        assert [route for routes in told.values() for route in routes if route not in ROUTES] == []


async def test_what_a_guide_calls_a_button_is_marked_as_one() -> None:
    """Bold words that are the words of a screen stand between « and », where the labels are looked for."""
    french = set()
    for catalogue in (ROOT / "events_app" / "locale" / "fr").glob("*.po"):
        with catalogue.open("rb") as file:
            french |= {plain(m.string) for m in read_po(file, locale="fr") if isinstance(m.string, str)}
    loose = [
        (guide.name, words)
        for guide in GUIDES
        for words in re.findall(r"\*\*([^*«»]+)\*\*", guide.read_text())
        if words[:1].isupper() and plain(words) in french
    ]
    assert loose == []


async def test_words_of_cards_helps_and_guides_have_a_screen_that_keeps_them(site: Site) -> None:
    texts = {f"card {name}": " ".join(_sentences(template)) for name, template in FORMATS.items()}
    texts |= {guide.name: guide.read_text() for guide in GUIDES}
    broken = [
        (place, word)
        for place, text in texts.items()
        for word, route in KEPT_BY.items()
        if word.lower() in plain(text) and route not in ROUTES
    ]
    assert broken == []


def _sentences(template: object) -> list[str]:
    """Every text of a format: its card, its sessions, its questions and their help, what is agreed to."""
    found: list[str] = []
    stack: list[object] = [template]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, list | tuple):
            stack += each
        elif hasattr(each, "__struct_fields__"):
            stack += [getattr(each, name) for name in each.__struct_fields__]
    return found
