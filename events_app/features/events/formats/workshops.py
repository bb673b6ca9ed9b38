"""Formats where people are brought into workshops or tables."""

from events_app.features.events.formats.template import EventTemplate, SessionTemplate
from events_app.features.events.model import PROFILES, ConsentPurpose, Question, SessionKind
from events_app.kernel.errors import N_

NEXT_TIME = ConsentPurpose(
    code="next-time",
    purpose="J’accepte d’être prévenu par e-mail des prochaines rencontres de ce format.",
)

_COACHED = (
    ("mental", "Je veux mieux me préparer mentalement"),
    ("confiance", "Je veux reprendre confiance en moi"),
    ("reorienter", "Je veux me réorienter / évoluer"),
    ("communiquer", "Je veux mieux communiquer"),
    ("reseauter", "Je veux mieux réseauter"),
)

MONKEY_TIME = EventTemplate(
    code="monkey_time",
    name=N_("Monkey Time"),
    pitch=N_("Two hours of coaching: introductions in small groups, then five workshops of one's choice."),
    icon="users",
    duration_minutes=120,
    title="Monkey Time",
    summary="Deux heures de coaching collectif : un tour de présentation en petits groupes, puis cinq "
    "ateliers menés chacun par un coach.",
    description="Étudiants, personnes en reconversion, en recherche d’emploi, cadres ou salariés : "
    "**la diversité du public est l’une des clés de la réussite.**\n\n"
    "Classez les ateliers par ordre de préférence en vous inscrivant. Vous recevez ensuite le nom de votre "
    "atelier, sa salle et son coach.\n\n"
    "Gratuit, sur inscription.",
    capacity=40,
    preferences_count=3,
    profiles=PROFILES,
    questions=(
        Question(
            code="attentes",
            label="Qu’attendez-vous de ces deux heures ?",
            kind="long_text",
            help="Quelques mots suffisent. Votre coach les lira.",
        ),
    ),
    consents=(NEXT_TIME,),
    sessions=(
        SessionTemplate(
            code="accueil",
            title="Accueil et tour de présentation",
            description="En petits groupes.",
            kind=SessionKind.NETWORKING,
            after=0,
            lasts=45,
        ),
        *(
            SessionTemplate(
                code=code,
                title=title,
                kind=SessionKind.WORKSHOP,
                slot="ateliers",
                after=45,
                lasts=60,
                capacity_min=4,
                capacity_max=10,
            )
            for code, title in _COACHED
        ),
        SessionTemplate(
            code="conclusion",
            title="Mise en commun et échanges",
            kind=SessionKind.PLENARY,
            after=105,
            lasts=15,
        ),
    ),
)
