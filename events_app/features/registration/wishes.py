"""Ranked wishes for workshops, checked against the programme. Pure."""

from collections.abc import Sequence
from uuid import UUID

from events_app.features.events.model import SessionRecord
from events_app.kernel.errors import N_, FieldError


def check_preferences(
    codes: Sequence[str], sessions: Sequence[SessionRecord], most: int
) -> tuple[list[UUID], list[FieldError]]:
    """The sessions, best first, and every error at `/preferences/<index>`. `most` 0: as many as there are."""
    workshops = {session.code: session.id for session in sessions if session.is_workshop}
    wanted: list[UUID] = []
    errors: list[FieldError] = []
    most = most or len(workshops)
    for index, code in enumerate(codes[:200]):
        session_id = workshops.get(code.strip())
        pointer = f"/preferences/{index}"
        if session_id is None:
            errors.append(FieldError(pointer, "unknown", N_("This event has no such workshop.")))
        elif session_id in wanted:
            errors.append(FieldError(pointer, "duplicate", N_("This workshop is among your wishes already.")))
        elif index >= most:
            errors.append(
                FieldError(pointer, "too-many", N_("Please choose at most {most} workshops."), {"most": most})
            )
        else:
            wanted.append(session_id)
    return wanted, errors
