"""Who may register at an event by invitation: a list of addresses, each with a link of its own."""

from events_app.features.events.model import EventRecord
from events_app.features.registration.model import RegistrationRequest
from events_app.features.registration.rules import InvitationNeeded
from events_app.infra.database import row
from events_app.kernel.errors import N_, InvalidInput
from events_app.kernel.ids import token_hash
from events_app.kernel.text import clean_email, fold_email


async def invited_address(event: EventRecord, token: str) -> str | None:
    """The address that this invitation was made for."""
    found = await row(
        "SELECT email FROM invitation WHERE token_hash = {} AND event = {}", token_hash(token), event.id
    )
    return str(found["email"]) if found else None


async def require_invitation(event: EventRecord, request: RegistrationRequest) -> None:
    """Raises `InvitationNeeded`, the same for everybody without a valid link; with one, `InvalidInput` when
    the address is not the invited one: who holds the link knows that address."""
    address = await invited_address(event, request.invitation) if request.invitation else None
    if address is None:
        raise InvitationNeeded
    if fold_email(clean_email(request.email) or "") != fold_email(address):
        message = N_("This invitation was made for another address. Please use the one it was sent to.")
        raise InvalidInput.one("/email", "not-invited", message)
