"""The foot of each mail says how its address came here, truly."""

from uuid import UUID

import pytest

from events_app.features.mailing.building import _facts
from events_app.features.mailing.model import Letter
from events_app.outputs.calendar import Mailbox

SOMEBODY, SOMETHING = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("event_id", "registration_id", "why"),
    [
        (None, None, "an access here"),
        (SOMETHING, None, "invited this address"),
        (SOMETHING, SOMEBODY, "given to register"),
        (None, SOMEBODY, "given to register"),  # the links to all tickets are of no single event
    ],
)
def test_an_invited_address_was_not_given_by_its_owner(
    event_id: UUID | None, registration_id: UUID | None, why: str
) -> None:
    letter = Letter(
        template="invitation",
        to=Mailbox("ana@example.org", "Ana"),
        sender_name="Pôle",
        language="en",
        facts={},
        event_id=event_id,
        registration_id=registration_id,
    )
    assert why in str(_facts(letter)["footer"])
