"""The ten events of the demo, and where and when they are: days from today, in Paris time."""

import msgspec


class DemoVenue(msgspec.Struct, frozen=True):
    """`insee` inside the territory, otherwise the commune's name."""

    name: str
    address: str
    insee: str = ""
    commune: str = ""


class DemoEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event made from a format. `day`: days from today; `people`: how many register, companions apart."""

    format: str
    slug: str
    title: str
    body: str
    day: int
    at: str  # "14:00"
    venue: DemoVenue
    minutes: int = 0  # 0: as long as its format
    capacity: int = 0  # 0: its format's
    visibility: str = ""
    people: int = 0
    published: bool = True
    doors_open_now: bool = False
    coaches: tuple[tuple[str, str, str], ...] = ()  # session code, coach, room


MONKEY_TIME = "monkey-time-lens"

BODIES = (("lens-lievin", "Communauté d’agglomération de Lens-Liévin"),)

_SYNDICALE = DemoVenue("Maison syndicale des mineurs", "32 rue Casimir-Beugnet", insee="62498")
_GRAND_PALAIS = DemoVenue("Lille Grand Palais", "1 boulevard des Cités-Unies", commune="Lille")

PAST_EVENING = DemoEvent(
    format="networking",
    slug="networking-rev3-printemps",
    title="Session de réseautage REV3\u202f: la première édition",
    body="",
    day=-24,
    at="17:30",
    people=42,
    venue=_SYNDICALE,
)
"""An evening that is over, with its report; everything else is still to come."""

EVENTS = (
    DemoEvent(
        format="monkey_time",
        slug=MONKEY_TIME,
        title="Monkey Time à Lens",
        body="",
        day=1,
        at="14:00",
        people=43,
        doors_open_now=True,
        coaches=(
            ("mental", "Sylvie Marchal", "Salle Casimir"),
            ("confiance", "Karim Belaïd", "Salle des Galibots"),
            ("reorienter", "Anne-Laure Petit", "Salle du Chevalement"),
            ("communiquer", "Thomas Wiart", "Salle du Terril"),
            ("reseauter", "Nadia Roussel", "Bibliothèque"),
        ),
        venue=_SYNDICALE,
    ),
    DemoEvent(
        format="speed_dating",
        slug="forum-recrutement-parcours-culturel",
        title="Forum de recrutement\u202f: Parcours artistique et culturel en Artois",
        body="",
        day=9,
        at="13:30",
        people=24,
        venue=_SYNDICALE,
    ),
    DemoEvent(
        format="information_meeting",
        slug="chaine-des-parcs-information-bethune",
        title="Service civique à la Chaîne des parcs\u202f: réunion d’information à Béthune",
        body="",
        day=5,
        at="17:30",
        people=12,
        venue=DemoVenue("Hôtel de ville de Béthune", "6 place du 4-Septembre", insee="62119"),
    ),
    DemoEvent(
        format="cycle",
        slug="cycle-solaire-premiere-rencontre",
        title="Cycle solaire\u202f: produire de l’électricité sur le patrimoine communal",
        body="",
        day=12,
        at="09:30",
        people=14,
        venue=DemoVenue("CD2E, base du 11/19", "Rue de Bourgogne", insee="62528"),
    ),
    DemoEvent(
        format="discovery",
        slug="osons-nos-talents-lievin",
        title="Osons nos talents à Liévin",
        body="lens-lievin",
        day=16,
        at="09:00",
        people=22,
        venue=DemoVenue("Arena Stade couvert", "Chemin des Manufactures", insee="62510"),
    ),
    DemoEvent(
        format="committee",
        slug="comite-syndical",
        title="Comité syndical du Pôle métropolitain de l’Artois",
        body="",
        day=20,
        at="18:00",
        visibility="invited",
        venue=_SYNDICALE,
    ),
    DemoEvent(
        format="festival",
        slug="fete-de-la-chaine-des-parcs",
        title="Fête de la Chaîne des parcs",
        body="",
        day=25,
        at="10:00",
        venue=DemoVenue("Parc des Cytises et huit autres sites", "", commune="Bénifontaine"),
    ),
    DemoEvent(
        format="forum",
        slug="world-forum",
        title="World Forum for a Responsible Economy",
        body="",
        day=35,
        at="09:00",
        people=60,
        venue=_GRAND_PALAIS,
    ),
    DemoEvent(
        format="networking",
        slug="networking-rev3",
        title="Session de réseautage REV3, avant la plénière",
        body="",
        day=35,
        at="16:00",
        people=48,
        venue=_GRAND_PALAIS,
    ),
    DemoEvent(
        format="trade_fair",
        slug="simi",
        title="SIMI\u202f: le stand commun du territoire",
        body="lens-lievin",
        day=40,
        at="09:00",
        venue=DemoVenue("Palais des congrès", "2 place de la Porte-Maillot", commune="Paris"),
        published=False,
    ),
)
