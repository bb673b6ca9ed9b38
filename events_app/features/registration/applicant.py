"""A request to register, cleaned and checked: every error is found before anything is refused. Pure."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from events_app.features.events.model import PROFILES, ConsentPurpose, EventRecord, SessionRecord
from events_app.features.events.rules import MOST_COMPANIONS
from events_app.features.registration.answers import NOT_OFFERED, check_answers
from events_app.features.registration.model import Answer, Companion, RegistrationRequest
from events_app.features.registration.wishes import asked_of, check_preferences
from events_app.features.territory.communes import commune_by_insee, commune_by_name
from events_app.kernel.errors import N_, FieldError, InvalidInput
from events_app.kernel.text import clean_email, clean_line, email_problem, has_letters

NAME_MOST = 120
ORGANISATION_MOST = 200
COMMUNE_MOST = 120


class Applicant(msgspec.Struct, frozen=True):
    """Somebody whose every value may be stored."""

    email: str
    given_name: str
    family_name: str
    organisation: str
    insee: str | None
    commune: str
    profile: str
    language: str
    answers: dict[str, Answer]
    consents: list[ConsentPurpose]
    preferences: list[UUID]
    accepts_any: bool
    companions: list[Companion]

    @property
    def group_size(self) -> int:
        return 1 + len(self.companions)


def check(
    request: RegistrationRequest,
    event: EventRecord,
    sessions: Sequence[SessionRecord],
    languages: Sequence[str],
    by_hand: bool = False,
    at_door: bool = False,
    is_inside: bool = False,
) -> Applicant:
    """Raises `InvalidInput` with all errors. By the organiser's hand, only what identifies is needed. Whoever
    stands before the door gives a name and, unless they are inside already, the agreements that are needed;
    they come with whom they like."""
    errors: list[FieldError] = []
    email = check_email(request.email, "/email", errors) if request.email.strip() or not at_door else ""
    given, family = check_names(request.given_name, request.family_name, "", errors)
    organisation = check_line(request.organisation, "/organisation", ORGANISATION_MOST, errors)
    insee, commune = check_commune(request.insee, request.commune, errors)
    profile = check_profile(request.profile, event, errors)
    language = check_language(request.language or event.language, languages, errors)
    answers, wrong = check_answers(event.questions, request.answers, require=not by_hand, language=language)
    errors += wrong
    consents = check_consents(
        request.consent, event.consents, errors, require=not (is_inside if at_door else by_hand)
    )
    asked = asked_of(event, request.accepts_any)
    preferences, wrong = check_preferences(request.preferences, sessions, asked)
    errors += wrong
    most = MOST_COMPANIONS if at_door else event.max_companions
    companions = _check_companions(request, most, given, family, errors)
    if errors:
        raise InvalidInput(errors)
    return Applicant(
        email=email,
        given_name=given,
        family_name=family,
        organisation=organisation,
        insee=insee,
        commune=commune,
        profile=profile,
        language=language,
        answers=answers,
        consents=consents,
        preferences=preferences,
        accepts_any=request.accepts_any,
        companions=companions,
    )


def check_email(raw: str, pointer: str, errors: list[FieldError]) -> str:
    if not raw.strip():
        errors.append(FieldError(pointer, "required", N_("Please enter an e-mail address.")))
        return ""
    cleaned = clean_email(raw)
    if cleaned is None:
        errors.append(FieldError(pointer, "invalid", email_problem(raw)))
    return cleaned or ""


def check_names(given: str, family: str, pointer: str, errors: list[FieldError]) -> tuple[str, str]:
    """Many people have one name only: one of the two is enough."""
    names = (
        _check_name(given, f"{pointer}/given_name", errors),
        _check_name(family, f"{pointer}/family_name", errors),
    )
    if not any(names):
        errors.append(FieldError(f"{pointer}/given_name", "required", N_("Please enter a name.")))
    return names


def _check_name(raw: str, pointer: str, errors: list[FieldError]) -> str:
    name = check_line(raw, pointer, NAME_MOST, errors)
    if (name or raw.strip()) and not has_letters(name):
        errors.append(FieldError(pointer, "invalid", N_("Please write a name with letters.")))
    return name


def check_line(raw: str, pointer: str, most: int, errors: list[FieldError]) -> str:
    text = clean_line(raw)
    if len(text) > most:
        message = N_("Please shorten this to {most} characters.")
        errors.append(FieldError(pointer, "too-long", message, {"most": most}))
        return text[:most]
    return text


def check_commune(insee: str | None, name: str, errors: list[FieldError]) -> tuple[str | None, str]:
    """Code and name. A commune outside of the territory is given by its name alone."""
    code = (insee or "").strip()
    if not code:
        written = check_line(name, "/commune", COMMUNE_MOST, errors)
        found = commune_by_name(written)
        return (found.insee, found.name) if found else (None, written)
    known = commune_by_insee(code)
    if known is None:
        message = N_("No commune has this code. Please choose one, or write its name instead.")
        errors.append(FieldError("/insee", "unknown", message))
        return None, ""
    return code, known.name


def check_profile(raw: str, event: EventRecord, errors: list[FieldError]) -> str:
    profile = clean_line(raw)
    if profile and profile not in (event.profiles or PROFILES):
        errors.append(FieldError("/profile", "unknown", NOT_OFFERED))
        return ""
    return profile


def check_language(raw: str, languages: Sequence[str], errors: list[FieldError]) -> str:
    if raw not in languages:
        errors.append(FieldError("/language", "unknown", NOT_OFFERED))
        return languages[0]
    return raw


def check_consents(
    given: bool | list[str] | dict[str, bool],
    purposes: Sequence[ConsentPurpose],
    errors: list[FieldError],
    require: bool = True,
) -> list[ConsentPurpose]:
    """The purposes agreed to. A bare `true` agrees to what is required and to nothing more: agreement to
    the rest has to name its purpose (GDPR article 4(11): specific)."""
    known = {purpose.code for purpose in purposes}
    if isinstance(given, bool):
        agreed = {purpose.code for purpose in purposes if purpose.required} if given else set()
    else:
        agreed = {code for code, yes in given.items() if yes} if isinstance(given, dict) else set(given)
        errors.extend(
            FieldError(f"/consent/{code[:80]}", "unknown", N_("This event does not ask this."))
            for code in sorted(set(given) - known)
        )
    if require:
        errors.extend(
            FieldError(f"/consent/{purpose.code}", "required", N_("Your agreement to this is needed."))
            for purpose in purposes
            if purpose.required and purpose.code not in agreed
        )
    return [purpose for purpose in purposes if purpose.code in agreed]


def _check_companions(
    request: RegistrationRequest, most: int, given: str, family: str, errors: list[FieldError]
) -> list[Companion]:
    """An unnamed companion goes by the name of whoever brings it: "Jeanne Martin (+1)"."""
    asked = request.companions
    number = asked if isinstance(asked, int) else len(asked)
    if not 0 <= number <= most:
        if most == 0:
            message = N_("Each person registers alone for this event.")
        else:
            message = N_("You may bring at most {most} people.")
        errors.append(FieldError("/companions", "too-many", message, {"most": most}))
        return []
    named = [Companion() for _ in range(number)] if isinstance(asked, int) else asked
    companions = []
    for index, companion in enumerate(named):
        if not clean_line(companion.given_name) and not clean_line(companion.family_name):
            suffix = f" (+{index + 1})"
            family_name = (family[: NAME_MOST - len(suffix)] + suffix).strip()
            companions.append(Companion(given_name=given, family_name=family_name))
            continue
        names = check_names(companion.given_name, companion.family_name, f"/companions/{index}", errors)
        companions.append(Companion(*names))
    return companions
