"""What is kept of registrations, counted from them (docs/decisions/0065-kept-counts.md)."""

from events_app.infra.database import is_postgres
from events_app.infra.kept import Kept


def _people(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"


_STATUSES = ("confirmed", "waiting", "pending", "cancelled", "refused")
_WISHES = "EXISTS (SELECT 1 FROM preference p WHERE p.registration = r.id)"

EVENT_COUNT = Kept(
    "event_count",
    ("event", *_STATUSES, "waiting_groups", "wishing", "last_arrival"),
    "SELECT r.event, "
    + ", ".join(_people(f"r.status = '{status}'") for status in _STATUSES)
    + ", "
    + _people("r.status = 'waiting' AND r.id = r.group_id")
    + ", "
    + _people(f"r.status = 'confirmed' AND {_WISHES}")
    + ", max(r.arrival) FROM registration r GROUP BY r.event",
    meaningful="last_arrival > 0",
)

REGISTERED_GROUP = Kept(
    "registered_group",
    ("event", "kind", "name", "people"),
    " UNION ALL ".join(
        f"SELECT event, '{kind}' AS kind, {kind} AS name, count(*) AS people FROM registration"
        f" WHERE status = 'confirmed' GROUP BY event, {kind}"
        for kind in ("organisation", "commune")
    ),
)


def registration_word() -> Kept:
    """The index of `search_words`: cut out of the text in the way of each database."""
    cut = (
        "LATERAL unnest(string_to_array(trim(r.search_words), ' ')) AS w (value)"
        if is_postgres()
        else "json_each('[\"' || replace(trim(r.search_words), ' ', '\",\"') || '\"]') AS w"
    )
    return Kept(
        "registration_word",
        ("event", "word", "arrival"),
        "SELECT DISTINCT e.number AS event, w.value AS word, r.arrival FROM registration r"
        f" JOIN event e ON e.id = r.event, {cut} WHERE r.search_words <> '' AND w.value <> ''",
    )


def kept() -> list[Kept]:
    return [EVENT_COUNT, REGISTERED_GROUP, registration_word()]
