"""The states of a matrix in words, and the matrix as a table and as a paper."""

from events_app.features.series.matrix import Matrix, State
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import N_
from events_app.outputs.documents import Document, Grid, Paragraph

STATE_NAMES = {
    State.PRESENT: N_("present"),
    State.REGISTERED: N_("registered"),
    State.EXCUSED: N_("excused"),
    State.ABSENT: N_("absent"),
    State.SILENT: N_("no answer"),
}


def table_of(matrix: Matrix, words: Translator) -> tuple[list[str], list[list[str]]]:
    """Heads and rows: a line a member, a column a meeting, how often present of how many meetings."""
    heads = [words.gettext("Member of the group")]
    heads += [
        words.short_date(to_wall(meeting.starts_at, meeting.timezone).date()) for meeting in matrix.meetings
    ]
    heads.append(words.gettext("Presence"))
    rows = [
        [
            row.member.name,
            *(words.gettext(STATE_NAMES[cell.state]) for cell in row.cells),
            f"{words.number(row.present)} / {words.number(row.held)}",
        ]
        for row in matrix.rows
    ]
    return heads, rows


def paper_of(title: str, body_name: str, matrix: Matrix, words: Translator) -> Document:
    heads, rows = table_of(matrix, words)
    alerts = [row.member.name for row in matrix.rows if row.is_alert]
    missing = words.gettext("Absent twice in a row or more: %(names)s.") % {"names": ", ".join(alerts)}
    return Document(
        language=words.language,
        sender=body_name,
        title=title,
        subtitle=words.gettext("Who was represented at each meeting"),
        blocks=[Grid(heads, rows), *([Paragraph(missing)] if alerts else [])],
        wide=len(heads) > 5,
    )
