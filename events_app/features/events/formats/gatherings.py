"""Formats where people meet, listen, look and go home: forums, cycles, committees, festivals."""

from events_app.features.events.formats.template import EventTemplate, SessionTemplate
from events_app.features.events.formats.workshops import NEXT_TIME
from events_app.features.events.model import Question, SessionKind
from events_app.kernel.errors import N_

_DAY = 24 * 60

FORUM = EventTemplate(
    code="forum",
    name=N_("Forum of several days"),
    pitch=N_("Plenaries, parallel sessions and a networking session, over three days."),
    icon="landmark",
    duration_minutes=2 * _DAY + 9 * 60,
    title="Forum mondial de l’économie responsable",
    summary="Trois jours de conférences et de rencontres, avec des intervenants du monde entier.",
    description="Plénières le matin, sessions parallèles l’après-midi. Une session de réseautage ouvre le "
    "forum.\n\n"
    "Les conférences sont interprétées en français et en anglais.",
    capacity=3000,
    max_companions=4,
    questions=(
        Question(
            code="langue",
            label="Langue d’interprétation",
            kind="one_choice",
            choices=["Français", "English"],
        ),
        Question(
            code="acces",
            label="Avez-vous besoin d’un accueil particulier (fauteuil, boucle magnétique, autre) ?",
            kind="short_text",
        ),
    ),
    consents=(NEXT_TIME,),
    sessions=(
        SessionTemplate(
            code="reseautage", title="Session de réseautage", kind=SessionKind.NETWORKING, after=0, lasts=90
        ),
        SessionTemplate(
            code="ouverture", title="Plénière d’ouverture", kind=SessionKind.PLENARY, after=90, lasts=90
        ),
        SessionTemplate(code="dejeuner-1", title="Déjeuner", kind=SessionKind.BREAK, after=180, lasts=90),
        *(
            SessionTemplate(
                code=f"j{day}-{letter}",
                title=f"Session parallèle {day}{letter.upper()}",
                kind=SessionKind.WORKSHOP,
                slot=f"jour-{day}",
                after=(day - 1) * _DAY + 270,
                lasts=120,
                capacity_max=200,
            )
            for day in (1, 2, 3)
            for letter in ("a", "b", "c")
        ),
        SessionTemplate(
            code="pleniere-2",
            title="Plénière du deuxième jour",
            kind=SessionKind.PLENARY,
            after=_DAY,
            lasts=150,
        ),
        SessionTemplate(
            code="cloture", title="Plénière de clôture", kind=SessionKind.PLENARY, after=2 * _DAY, lasts=150
        ),
    ),
)

CYCLE = EventTemplate(
    code="cycle",
    name=N_("Meeting of a cycle"),
    pitch=N_("A series of meetings of one group; what counts is the commune that is represented."),
    icon="repeat-2",
    duration_minutes=180,
    title="Cycle d’échanges",
    summary="Une rencontre du cycle entre communes : retours d’expérience et travail en commun.",
    description="Chaque commune est représentée par la personne de son choix, qui peut changer d’une "
    "rencontre à l’autre. Indiquez la commune que vous représentez.",
    capacity=30,
    visibility="invited",
    questions=(
        Question(code="fonction", label="Votre fonction dans la commune", kind="short_text", required=True),
    ),
    sessions=(
        SessionTemplate(code="accueil", title="Accueil café", kind=SessionKind.BREAK, after=0, lasts=20),
        SessionTemplate(
            code="apports",
            title="Apports et retours d’expérience",
            kind=SessionKind.PLENARY,
            after=20,
            lasts=80,
        ),
        SessionTemplate(
            code="travail", title="Travail en commun", kind=SessionKind.OTHER, after=100, lasts=80
        ),
    ),
)

COMMITTEE = EventTemplate(
    code="committee",
    name=N_("Committee meeting"),
    pitch=N_("Members in office, agenda, roll call with the quorum, votes and minutes."),
    icon="gavel",
    duration_minutes=120,
    title="Comité syndical",
    summary="Réunion des membres titulaires et suppléants.",
    description="**Ordre du jour**\n\n1. Approbation du procès-verbal de la séance précédente\n"
    "2. Délibérations\n3. Questions diverses",
    capacity=60,
    visibility="invited",
    questions=(
        Question(
            code="presence",
            label="Serez-vous présent ?",
            kind="one_choice",
            choices=["Oui", "Non, mon suppléant siège", "Non, je donne pouvoir"],
            absence=["Non, je donne pouvoir"],
            required=True,
        ),
    ),
    sessions=(
        SessionTemplate(
            code="emargement", title="Accueil et émargement", kind=SessionKind.OTHER, after=0, lasts=15
        ),
        SessionTemplate(code="seance", title="Séance", kind=SessionKind.PLENARY, after=15, lasts=105),
    ),
)

INFORMATION_MEETING = EventTemplate(
    code="information_meeting",
    name=N_("Information meeting"),
    pitch=N_("One meeting held in several towns: clone it for each town and date."),
    icon="info",
    duration_minutes=90,
    title="Service civique : réunion d’information",
    summary="Des missions de service civique sont à pourvoir. Venez découvrir les missions et poser vos "
    "questions.",
    description="La même réunion a lieu dans plusieurs villes : choisissez celle qui vous convient.",
    capacity=50,
    profiles=("student", "job_seeker", "other"),
    questions=(Question(code="naissance", label="Date de naissance", kind="date"),),
    consents=(NEXT_TIME,),
    sessions=(
        SessionTemplate(
            code="presentation",
            title="Présentation des missions",
            kind=SessionKind.PLENARY,
            after=0,
            lasts=45,
        ),
        SessionTemplate(
            code="questions", title="Vos questions, un par un", kind=SessionKind.OTHER, after=45, lasts=45
        ),
    ),
)

FESTIVAL = EventTemplate(
    code="festival",
    name=N_("Open-air festival"),
    pitch=N_("Many sites, no registration: an entry in the agenda."),
    icon="tent-tree",
    duration_minutes=9 * 60,
    title="Fête de la Chaîne des Parcs",
    summary="Une journée en plein air dans les parcs du territoire : balades, spectacles, ateliers pour les "
    "familles.",
    description="Entrée libre, sans inscription.",
    registration_required=False,
    sessions=(
        SessionTemplate(
            code="ouverture", title="Ouverture des parcs", kind=SessionKind.OTHER, after=0, lasts=60
        ),
        SessionTemplate(
            code="animations", title="Balades et animations", kind=SessionKind.OTHER, after=60, lasts=360
        ),
        SessionTemplate(code="spectacle", title="Spectacle", kind=SessionKind.OTHER, after=420, lasts=120),
    ),
)

TRADE_FAIR = EventTemplate(
    code="trade_fair",
    name=N_("Stand at a trade fair"),
    pitch=N_("Someone else's event: a delegation, and who is at the stand when."),
    icon="store",
    duration_minutes=2 * _DAY + 9 * 60,
    title="Salon SIMI : stand commun",
    summary="La délégation du territoire tient un stand commun pendant trois jours.",
    description="Inscrivez-vous sur les permanences que vous tiendrez.",
    capacity=24,
    visibility="invited",
    approval=True,
    sessions=tuple(
        SessionTemplate(
            code=f"permanence-{day}-{half}",
            title=f"Permanence du stand, jour {day}, {words}",
            kind=SessionKind.WORKSHOP,
            slot=f"jour-{day}-{half}",
            after=(day - 1) * _DAY + start,
            lasts=270,
            capacity_min=2,
            capacity_max=6,
        )
        for day in (1, 2, 3)
        for half, words, start in (("matin", "matin", 0), ("apres-midi", "après-midi", 270))
    ),
)
