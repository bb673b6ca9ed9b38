"""What can go wrong, as types with fields. Sentences are made at the edge, in the reader's language.

A class names its stable `type` (the last part of the problem's URI), its HTTP `status`, and two message
templates; the instance's attributes fill the template's `{fields}`.
"""

from typing import Any, ClassVar

import msgspec


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translated later"
    """Marks a message for the catalogues; it is translated where it is shown."""
    return message


class FieldError(msgspec.Struct, frozen=True):
    """One value that cannot be accepted. `pointer` is a JSON pointer (RFC 6901) into the input."""

    pointer: str
    code: str
    message: str  # an English message template, translated at the edge
    params: dict[str, str | int] = {}

    @property
    def field(self) -> str:
        """The form field's name: `/venue/address` is `venue.address`."""
        return self.pointer.lstrip("/").replace("/", ".")


class AppError(Exception):
    type: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: ClassVar[str] = N_("The request could not be carried out")
    detail: ClassVar[str] = N_("The request could not be carried out.")

    def __init__(self, **fields: Any) -> None:
        super().__init__(self.type, fields)
        self.fields = fields


class InvalidInput(AppError):
    type = "invalid-input"
    status = 422
    title = N_("Some values cannot be accepted")
    detail = N_("Please correct the values named below.")

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__()
        self.errors = errors

    def __reduce__(self) -> Any:
        """Files are read in helper processes, and refused there."""
        return InvalidInput, (self.errors,)

    @classmethod
    def one(cls, pointer: str, code: str, message: str, **params: str | int) -> "InvalidInput":
        return cls([FieldError(pointer, code, message, params)])


class BadRequest(AppError):
    type = "bad-request"
    title = N_("Bad request")
    detail = N_("The request could not be read.")


class NotFound(AppError):
    type = "not-found"
    status = 404
    title = N_("Not found")
    detail = N_("There is nothing at this address, or it is not yours to see.")


class NotSignedIn(AppError):
    type = "not-signed-in"
    status = 401
    title = N_("Sign-in needed")
    detail = N_("Please sign in, or send a valid API key.")


class NotAllowed(AppError):
    type = "not-allowed"
    status = 403
    title = N_("Not allowed")
    detail = N_("You do not have the right to do this.")


class IntroductionNeeded(AppError):
    """To the first administrator, whatever is asked for: `web/entrance.py`."""

    type = "introduction-needed"
    status = 403
    title = N_("Say who you are first")
    detail = N_(
        "This is the first sign-in of this site. Please answer the page /org/welcome first: who you are, and"
        " whose site this is."
    )


class Conflict(AppError):
    type = "conflict"
    status = 409
    title = N_("Conflict")
    detail = N_("This contradicts the present state.")


class RevisionMismatch(AppError):
    type = "revision-mismatch"
    status = 412
    title = N_("Changed meanwhile")
    detail = N_("Somebody changed this meanwhile. Please read it again before you change it.")


class TooManyRequests(AppError):
    """`retry_after_seconds` says when to come back."""

    type = "too-many-requests"
    status = 429
    title = N_("Too many requests")
    detail = N_("Too many requests came from this address. Please try again in a moment.")


class TooSlow(AppError):
    type = "request-timeout"
    status = 408
    title = N_("Too slow")
    detail = N_("What was sent did not arrive within its time. Please try again.")


class Unavailable(AppError):
    type = "unavailable"
    status = 503
    title = N_("Busy")
    detail = N_("The service is busy. Please try again in a moment.")
