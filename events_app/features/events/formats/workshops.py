"""Formats where people are brought into workshops or tables."""

from events_app.features.events.formats.template import EventTemplate, SessionTemplate
from events_app.features.events.model import PROFILES, ConsentPurpose, Question, SessionKind, ShownWhen
from events_app.kernel.errors import N_

NEXT_TIME = ConsentPurpose(
    code="next-time",
    purpose="Prévenez-moi par courriel des prochaines rencontres.",
)
AT_MY_TABLE = ConsentPurpose(code="at-my-table", purpose="Mon nom est montré aux personnes de ma table.")

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
    summary="Deux heures de coaching collectif : un tour de présentation en petits groupes, puis cinq "
    "ateliers menés chacun par un coach.",
    description="Étudiants, personnes en reconversion, en recherche d’emploi, cadres ou salariés : "
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
            label="Qu’attendez-vous de ces deux heures ?",
            kind="long_text",
            help="Quelques mots suffisent.",
            for_coach=True,
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

NETWORKING = EventTemplate(
    code="networking",
    name=N_("Networking session"),
    pitch=N_("Tables that mix business leaders, investors and public bodies, in several rounds."),
    icon="handshake",
    duration_minutes=120,
    title="Session de réseautage REV3",
    summary="Dirigeants, investisseurs et acteurs publics se rencontrent par petites tables, en plusieurs "
    "tours.",
    description="À chaque tour, une autre table, pour rencontrer d’autres personnes.",
    capacity=120,
    approval=True,
    questions=(
        Question(
            code="cote",
            label="Vous venez en tant que",
            kind="one_choice",
            choices=["Dirigeant d’entreprise", "Investisseur", "Acteur public", "Autre"],
            required=True,
        ),
        Question(code="recherche", label="Qui souhaitez-vous rencontrer ?", kind="long_text"),
    ),
    consents=(NEXT_TIME, AT_MY_TABLE),
    sessions=(
        SessionTemplate(code="accueil", title="Accueil", kind=SessionKind.BREAK, after=0, lasts=20),
        SessionTemplate(
            code="tables", title="Tours de table", kind=SessionKind.NETWORKING, after=20, lasts=80
        ),
        SessionTemplate(code="verre", title="Verre de l’amitié", kind=SessionKind.BREAK, after=100, lasts=20),
    ),
)

SPEED_DATING = EventTemplate(
    code="speed_dating",
    name=N_("Recruiting forum"),
    pitch=N_("Speed-dating between structures that recruit and candidates, in rounds with breaks."),
    icon="briefcase",
    duration_minutes=210,
    title="Forum de recrutement",
    summary="Une demi-journée d’entretiens courts entre des structures qui recrutent et des candidats.",
    description="Chaque entretien dure dix minutes. Apportez plusieurs exemplaires de votre CV.",
    capacity=40,
    approval=True,
    profiles=("student", "changing_career", "job_seeker", "in_employment", "other"),
    questions=(
        Question(
            code="cote",
            label="Vous êtes",
            kind="one_choice",
            choices=["Candidat", "Structure qui recrute"],
            required=True,
        ),
        Question(
            code="postes",
            label="Postes proposés",
            kind="long_text",
            help="Les candidats les lisent avant de dire qui ils souhaitent rencontrer.",
            required=True,
            shown_when=ShownWhen("cote", ["Structure qui recrute"]),
        ),
        Question(
            code="metiers",
            label="Métiers recherchés",
            kind="long_text",
            help="Les structures le lisent, sans votre nom, avant de dire qui elles souhaitent rencontrer.",
            shown_when=ShownWhen("cote", ["Candidat"]),
        ),
        Question(
            code="conflits",
            label="Structures ou personnes que vous ne souhaitez pas rencontrer",
            kind="short_text",
            help="Par exemple votre employeur actuel. Personne d’autre que l’organisateur ne le lit.",
        ),
    ),
    consents=(NEXT_TIME,),
    sessions=(
        SessionTemplate(code="accueil", title="Accueil", kind=SessionKind.BREAK, after=0, lasts=20),
        SessionTemplate(
            code="entretiens", title="Entretiens", kind=SessionKind.SPEED_DATING, after=20, lasts=190
        ),
    ),
)

DISCOVERY = EventTemplate(
    code="discovery",
    name=N_("Trades to try out"),
    pitch=N_("Residents try out trades that recruit: many small dated places."),
    icon="hammer",
    duration_minutes=7 * 60,
    title="Osons nos talents",
    summary="Une journée pour essayer un métier qui recrute, chez celles et ceux qui l’exercent.",
    description="Prévoyez une tenue de travail et de bonnes chaussures. Le repas de midi est offert.",
    capacity=24,
    preferences_count=2,
    profiles=PROFILES,
    questions=(
        Question(code="repas", label="Mangez-vous avec nous ?", kind="yes_no", required=True),
        Question(
            code="regime",
            label="Régime alimentaire",
            kind="short_text",
            shown_when=ShownWhen("repas", ["yes"]),
        ),
    ),
    consents=(NEXT_TIME,),
    sessions=(
        SessionTemplate(code="accueil", title="Accueil", kind=SessionKind.PLENARY, after=0, lasts=30),
        *(
            SessionTemplate(
                code=code,
                title=title,
                kind=SessionKind.WORKSHOP,
                slot="metiers",
                after=30,
                lasts=360,
                capacity_min=2,
                capacity_max=8,
            )
            for code, title in (
                ("maraichage", "Une journée chez un maraîcher"),
                ("batiment", "Une journée sur un chantier"),
                ("soin", "Une journée en résidence pour aînés"),
            )
        ),
        SessionTemplate(code="bilan", title="Bilan en commun", kind=SessionKind.PLENARY, after=390, lasts=30),
    ),
)
