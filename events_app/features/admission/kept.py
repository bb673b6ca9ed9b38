"""What is kept of the doors, counted from presences and scans (docs/decisions/0065-kept-counts.md)."""

from events_app.infra.database import is_postgres
from events_app.infra.kept import Kept

_INSIDE = "sum(CASE WHEN inside THEN 1 ELSE 0 END)"
_REGISTERED = (
    "FROM presence p JOIN registration r ON r.id = p.registration AND r.status = 'confirmed'"
    " WHERE p.point = '' GROUP BY p.event"
)


def _minutes() -> str:
    """Ten minutes of UTC, as text; SQLite keeps instants so."""
    if is_postgres():
        return "left(to_char(first_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), 15) || '0'"
    return "substr(first_at, 1, 15) || '0'"


def presence_count() -> Kept:
    """Only its bucket of ten minutes is written otherwise on the two databases."""
    parts = [
        f"SELECT event, 'point' AS kind, point AS name, count(*) AS present, {_INSIDE} AS inside"
        " FROM presence GROUP BY event, point",
        "SELECT event, 'gate', first_gate, count(*), 0 FROM presence WHERE point = ''"
        " GROUP BY event, first_gate",
        f"SELECT event, 'arrival', {_minutes()}, count(*), 0 FROM presence WHERE point = ''"
        f" GROUP BY event, {_minutes()}",
        f"SELECT p.event, 'registered', '', count(*), 0 {_REGISTERED}",
        f"SELECT p.event, 'organisation', r.organisation, count(*), 0 {_REGISTERED}, r.organisation",
        f"SELECT p.event, 'commune', r.commune, count(*), 0 {_REGISTERED}, r.commune",
        "SELECT event, 'refused', '', count(*), 0 FROM scan WHERE outcome = 'refused' GROUP BY event",
        "SELECT event, 'flagged', '', count(*), 0 FROM scan WHERE flagged GROUP BY event",
    ]
    return Kept("presence_count", ("event", "kind", "name", "present", "inside"), " UNION ALL ".join(parts))
