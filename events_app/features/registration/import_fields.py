"""Which column of a file is which field of a registration. Pure."""

from collections.abc import Mapping, Sequence

from events_app.features.events.model import EventRecord, Question
from events_app.features.registration.export import question_heads, wish_head
from events_app.features.registration.model import RegistrationRequest
from events_app.features.registration.wording import PROFILE_NAMES, STATUS_NAMES
from events_app.infra.i18n import LANGUAGES, Translator, translator
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import fold
from events_app.outputs.sheets import head_key, recognised

FIELDS = {
    "email": N_("E-mail address"),
    "given_name": N_("First name"),
    "family_name": N_("Last name"),
    "organisation": N_("Organisation"),
    "commune": N_("Commune"),
    "insee": N_("INSEE code"),
    "profile": N_("Profile"),
    "language": N_("Language"),
    "preferences": N_("Workshop wishes"),
    "status": N_("Status"),
}
"""What a file may say of a person, by the name that programs use; questions come by their codes."""

ANSWER = "answer:"
CHOICE = "="
"""After the code of a question: one of its choices, which our own export gives a column."""
WISH = "wish:"
_MOST_WISHES = 20
STATUSES = ("confirmed", "pending", "invited")
_BETWEEN_WISHES = ";"

# How else people name these columns.
_ALSO = {
    "email": ("mail", "e-mail", "courriel", "adresse mail", "adresse électronique", "adresse courriel"),
    "given_name": ("prénom", "prénoms", "given name", "forename"),
    "family_name": ("nom", "nom de famille", "surname", "family name"),
    "organisation": ("organisme", "entreprise", "société", "employeur", "organization", "company"),
    "commune": ("ville", "town", "city"),
    "insee": ("insee",),
    "profile": ("vous êtes",),
    "preferences": ("vœux", "wishes"),
    "status": ("état",),
}


def targets(event: EventRecord) -> list[str]:
    return [*FIELDS, *_own_columns(event, translator(LANGUAGES[0]))]


def label_of(target: str, event: EventRecord, words: Translator) -> str:
    return words.gettext(FIELDS[target]) if target in FIELDS else _own_columns(event, words)[target]


def _own_columns(event: EventRecord, words: Translator) -> dict[str, str]:
    """What this event asks, each with its head as our export writes it."""
    found = {}
    for question in event.questions:
        found[ANSWER + question.code] = question.label
        if question.kind == "several_choices":
            for number, head in enumerate(question_heads(question)):
                found[f"{ANSWER}{question.code}{CHOICE}{number}"] = head
    for rank in range(1, (event.preferences_count or _MOST_WISHES) + 1):
        found[f"{WISH}{rank}"] = wish_head(rank, words)
    return found


def recognise(heads: Sequence[str], event: EventRecord) -> list[str]:
    """For each column what it is, "" where nothing fits; no field is taken twice (the first column wins)."""
    return recognised(heads, _names(event))


def _names(event: EventRecord) -> dict[str, str]:
    names: dict[str, str] = {}
    for question in event.questions:
        names[head_key(question.code)] = ANSWER + question.code
    for language in LANGUAGES:
        own = _own_columns(event, translator(language))
        names |= {head_key(head): target for target, head in own.items()}
    for field, label in FIELDS.items():
        names[head_key(field)] = field
        for language in LANGUAGES:
            names[head_key(translator(language).gettext(label))] = field
    for field, others in _ALSO.items():
        names |= {head_key(name): field for name in others}
    return names


def request_of(
    cells: Mapping[str, str], event: EventRecord
) -> tuple[RegistrationRequest, str, list[FieldError]]:
    """From one line, by target: the request, its status, and what no field can hold."""
    errors: list[FieldError] = []
    status = _status(cells.get("status", ""), errors)
    questions = {question.code: question for question in event.questions}
    answers: dict[str, object] = {}
    for target, text in cells.items():
        if target.startswith(ANSWER) and text:
            code, _, choice = target.removeprefix(ANSWER).partition(CHOICE)
            if not choice:
                answers[code] = _answer(questions[code], text)
            elif _yes(text) is True:
                chosen = answers.setdefault(code, [])
                if isinstance(chosen, list):
                    chosen.append(questions[code].choices[int(choice)])
    ranked = sorted((target for target in cells if target.startswith(WISH)), key=_rank)
    wishes = [cells[target] for target in ranked if cells[target]]
    request = RegistrationRequest(
        email=cells.get("email", ""),
        given_name=cells.get("given_name", ""),
        family_name=cells.get("family_name", ""),
        organisation=cells.get("organisation", ""),
        insee=cells.get("insee") or None,
        commune="" if cells.get("insee") else cells.get("commune", ""),
        profile=_profile(cells.get("profile", "")),
        language=_language(cells.get("language", "")),
        preferences=wishes
        or [wish.strip() for wish in cells.get("preferences", "").split(_BETWEEN_WISHES) if wish.strip()],
        answers=answers,
    )
    return request, status, errors


def _answer(question: Question, text: str) -> object:
    if question.kind == "several_choices":
        return [part.strip() for part in text.split(_BETWEEN_WISHES) if part.strip()]
    return _yes(text) if question.kind == "yes_no" else text


def _yes(text: str) -> bool | str:
    """As it is where it says neither."""
    if fold(text) in ("oui", "yes", "1", "true", "vrai", "x"):
        return True
    return False if fold(text) in ("non", "no", "0", "false", "faux") else text


def _rank(target: str) -> int:
    return int(target.removeprefix(WISH))


def _status(text: str, errors: list[FieldError]) -> str:
    if not text:
        return "confirmed"
    for status in STATUSES:
        names = {status} | {
            fold(translator(language).gettext(STATUS_NAMES[status]))
            for language in LANGUAGES
            if status in STATUS_NAMES
        }
        if fold(text) in names or (status == "invited" and fold(text).startswith("invite")):
            return status
    message = N_("Please write confirmed, pending or invited.")
    errors.append(FieldError("/status", "unknown", message))
    return "confirmed"


def _profile(text: str) -> str:
    """Its code, or its name in one of our languages; anything else is refused later, as typed."""
    for code, name in PROFILE_NAMES.items():
        if fold(text) in {fold(code), *(fold(translator(language).gettext(name)) for language in LANGUAGES)}:
            return code
    return text


def _language(text: str) -> str | None:
    said = fold(text)
    return {"": None, "francais": "fr", "anglais": "en", "french": "fr", "english": "en"}.get(said, said)
