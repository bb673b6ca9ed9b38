"""Writes the words of every registration anew: `finding` has another rule, or an old backup came back."""

from uuid import UUID

from events_app.features.registration.finding import words_of
from events_app.infra.database import execute, rows

AT_ONCE = 500


async def refold_registrations() -> int:
    """How many had other words. In the caller's transaction."""
    changed = 0
    last = UUID(int=0)
    while True:
        found = await rows(
            "SELECT id, given_name, family_name, organisation, email, short_code, search_words"
            " FROM registration WHERE id > {} AND erased_at IS NULL ORDER BY id LIMIT {}",
            last,
            AT_ONCE,
        )
        for each in found:
            words = words_of(
                each["given_name"],
                each["family_name"],
                each["organisation"],
                each["email"],
                each["short_code"],
            )
            if words != each["search_words"]:
                changed += 1
                await execute("UPDATE registration SET search_words = {} WHERE id = {}", words, each["id"])
        if len(found) < AT_ONCE:
            return changed
        last = found[-1]["id"]
