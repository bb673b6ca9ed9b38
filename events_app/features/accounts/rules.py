"""Pure rules of accounts."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from events_app.features.accounts.guessable import is_guessable
from events_app.features.accounts.passwords import LONGEST, SHORTEST
from events_app.kernel.actor import Role
from events_app.kernel.errors import N_, FieldError
from events_app.kernel.text import clean_email

LINK_LIFE = timedelta(minutes=30)
FIRST_LINK_LIFE = timedelta(days=2)
INVITATION_LIFE = timedelta(days=7)
SESSION_LIFE = timedelta(days=14)

PLACEHOLDER_EMAIL = "administrateur@convive.invalid"
"""Of the first administrator until they say who they are (RFC 2606: nobody's)."""

MEMBER_ROLES = (Role.ADMINISTRATOR, Role.ORGANISER, Role.DOOR, Role.COACH)

ROLE_NAMES = {
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.ORGANISER: N_("Organiser"),
    Role.DOOR: N_("Door staff"),
    Role.COACH: N_("Coach"),
    Role.READER: N_("Reader"),
}


def password_errors(password: str, own: Sequence[str]) -> list[FieldError]:
    """`own`: what everybody knows of this person and this site."""
    if not SHORTEST <= len(password) <= LONGEST:
        return [
            FieldError(
                "/password",
                "length",
                N_("A password needs {shortest} to {longest} characters. A sentence is a good one."),
                {"shortest": SHORTEST, "longest": LONGEST},
            )
        ]
    if is_guessable(password, own):
        message = N_(
            "This password is among the first that are tried: a row of keys, a repetition, a common word or a"
            " name. A sentence of your own is a good one."
        )
        return [FieldError("/password", "guessable", message)]
    return []


def member_errors(email: str, role: str) -> list[FieldError]:
    errors = []
    if clean_email(email) is None:
        errors.append(
            FieldError(
                "/email",
                "invalid",
                N_("This is not one e-mail address. It should look like name@example.org."),
            )
        )
    if role not in MEMBER_ROLES:
        errors.append(FieldError("/role", "unknown", N_("Please choose one of the values offered.")))
    return errors


def leaves_no_administrator(roles: Mapping[UUID, Role], account_id: UUID, new_role: Role | None) -> bool:
    """Whether giving this account `new_role` (None: removing it) leaves the body without an administrator."""
    after = {member: role for member, role in roles.items() if member != account_id}
    if new_role is not None:
        after[account_id] = new_role
    return Role.ADMINISTRATOR not in after.values()
