"""Changing what somebody said about themselves: own data and wishes."""

from uuid import UUID

import msgspec

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration import address, storage, withdrawal
from events_app.features.registration import applicant as applicants
from events_app.features.registration.access import may_decide
from events_app.features.registration.answers import check_answers, means_absence
from events_app.features.registration.finding import words_of
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import registration_by_id
from events_app.features.registration.reading import locked
from events_app.features.registration.rules import NotPossibleNow
from events_app.features.registration.wishes import asked_of, check_preferences
from events_app.infra import audit
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.i18n import LANGUAGES, current_language
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput
from events_app.kernel.text import fold_email

TEXT_FIELDS = ("email", "given_name", "family_name", "organisation", "commune", "profile", "language")


class RegistrationChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only what is given changes. `answers` are all of them anew."""

    email: str | msgspec.UnsetType = msgspec.UNSET
    given_name: str | msgspec.UnsetType = msgspec.UNSET
    family_name: str | msgspec.UnsetType = msgspec.UNSET
    organisation: str | msgspec.UnsetType = msgspec.UNSET
    insee: str | msgspec.UnsetType | None = msgspec.UNSET
    commune: str | msgspec.UnsetType = msgspec.UNSET
    profile: str | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET
    answers: dict[str, object] | msgspec.UnsetType = msgspec.UNSET


@retried
async def change(
    world: World,
    actor: Actor,
    registration_id: UUID,
    changes: RegistrationChanges,
    expected_revision: int | None = None,
) -> RegistrationRecord:
    """Raises `InvalidInput` with all errors, `NotFound`, `NotAllowed`, `RevisionMismatch`; `NotPossibleNow`
    once it is cancelled or refused; `AlreadyRegistered` when an organiser gives somebody the address
    of another."""
    async with unit_of_work():
        registration, event = await locked(actor, registration_id, expected_revision)
        if not registration.status.is_active:
            raise NotPossibleNow(status=registration.status.value)
        changed = _changed(registration, changes, event, by_organiser=may_decide(actor, event))
        if changed == registration:
            return registration
        changed = await _with_address(world, actor, event, registration, changed)
        await execute(
            "UPDATE registration SET email = {}, email_folded = {}, given_name = {}, family_name = {},"
            " organisation = {}, search_words = {}, insee = {}, commune = {}, profile = {}, language = {},"
            " answers = {}, revision = revision + 1 WHERE id = {}",
            changed.email,
            storage.address_key(registration.id, changed.email),
            changed.given_name,
            changed.family_name,
            changed.organisation,
            words_of(
                changed.given_name,
                changed.family_name,
                changed.organisation,
                changed.email,
                changed.short_code,
            ),
            changed.insee,
            changed.commune,
            changed.profile,
            changed.language,
            msgspec.json.encode(changed.answers).decode(),
            registration.id,
        )
        await _note(world, actor, event, registration.id, "registration.changed")
        if means_absence(event.questions, changed.answers):
            return await withdrawal.cancel(world, actor, registration.id)
        return await registration_by_id(registration.id) or changed


@retried
async def set_preferences(
    world: World,
    actor: Actor,
    registration_id: UUID,
    codes: list[str],
    expected_revision: int | None = None,
    *,
    accepts_any: bool | None = None,
) -> RegistrationRecord:
    """Replace the ranked wishes and, unless it is None, what is said of other workshops.

    Raises as `change`; also `NotPossibleNow` to a participant once it began.
    """
    async with unit_of_work():
        registration, event = await locked(actor, registration_id, expected_revision)
        begun = event.has_begun(world.now()) and not may_decide(actor, event)
        if not registration.status.is_active or begun:
            raise NotPossibleNow(status=registration.status.value)
        sessions = await sessions_of(event.id)
        any_other = registration.accepts_any if accepts_any is None else accepts_any
        wanted, errors = check_preferences(codes, sessions, asked_of(event, any_other))
        if errors:
            raise InvalidInput(errors)
        await execute("DELETE FROM preference WHERE registration = {}", registration.id)
        await storage.insert_preferences(world, [(registration.id, wanted)])
        await execute(
            "UPDATE registration SET accepts_any = {}, revision = revision + 1 WHERE id = {}",
            any_other,
            registration.id,
        )
        await _note(world, actor, event, registration.id, "registration.preferences_changed")
        return await registration_by_id(registration.id) or registration


def _changed(
    registration: RegistrationRecord, changes: RegistrationChanges, event: EventRecord, by_organiser: bool
) -> RegistrationRecord:
    """Raises `InvalidInput`. A companion has no address and no answers of its own."""
    errors: list[FieldError] = []
    new: dict[str, object] = {}
    if isinstance(changes.email, str) and (registration.email or changes.email.strip()):
        new["email"] = applicants.check_email(changes.email, "/email", errors)
    if isinstance(changes.given_name, str) or isinstance(changes.family_name, str):
        given, family = (
            value if isinstance(value := getattr(changes, name), str) else getattr(registration, name)
            for name in ("given_name", "family_name")
        )
        new["given_name"], new["family_name"] = applicants.check_names(given, family, "", errors)
    if isinstance(changes.organisation, str):
        most = applicants.ORGANISATION_MOST
        new["organisation"] = applicants.check_line(changes.organisation, "/organisation", most, errors)
    if changes.insee is not msgspec.UNSET or changes.commune is not msgspec.UNSET:
        insee = changes.insee if isinstance(changes.insee, str) else None
        name = changes.commune if isinstance(changes.commune, str) else ""
        new["insee"], new["commune"] = applicants.check_commune(insee, name, errors)
    if isinstance(changes.profile, str):
        new["profile"] = applicants.check_profile(changes.profile, event, errors)
    if isinstance(changes.language, str):
        new["language"] = applicants.check_language(changes.language, LANGUAGES, errors)
    if isinstance(changes.answers, dict):
        answers, wrong = check_answers(
            event.questions, changes.answers, require=not by_organiser, language=current_language.get()
        )
        new["answers"] = answers
        errors += wrong
    if errors:
        raise InvalidInput(errors)
    return msgspec.structs.replace(registration, **new)


async def _with_address(
    world: World, actor: Actor, event: EventRecord, old: RegistrationRecord, new: RegistrationRecord
) -> RegistrationRecord:
    """What stands after the step that another address takes."""
    if not new.leads or fold_email(old.email) == fold_email(new.email):
        return new
    if not may_decide(actor, event):
        message = N_("A new address has to be confirmed: it can be asked for on the personal page.")
        raise InvalidInput.one("/email", "not-changeable", message)
    await address.replace(world, actor, event, old, new.email)
    return new


async def _note(world: World, actor: Actor, event: EventRecord, registration_id: UUID, action: str) -> None:
    await audit.record(
        world, actor, action, body_id=event.body_id, event_id=event.id, object_id=registration_id
    )
