"""The papers of a sitting: the letter that convenes it, the sheet to sign, the minutes; its data.

What minutes hold is said by CGCT L2121-15: date and hour, chair, members present or represented, secretary,
quorum, agenda, what was decided and proposed, how it was voted (by name where the vote was public), and
what was said.
"""

from datetime import datetime

from events_app.features.committees.matters import MATTERS
from events_app.features.committees.model import (
    Attendance,
    Item,
    ItemKind,
    ItemNow,
    SeatNow,
    SittingNow,
    Vote,
)
from events_app.features.committees.rules import clear_days
from events_app.features.committees.votes import Outcome
from events_app.features.committees.wording import BALLOT_NAMES, quorum_sentence, vote_sentence
from events_app.features.events.model import EventRecord
from events_app.infra.i18n import Translator
from events_app.kernel.civil_time import to_wall
from events_app.outputs.documents import Block, Bullets, Document, Grid, Heading, Paragraph
from events_app.outputs.tables import Cell, Table

SCDL_COLUMNS = (
    "COLL_NOM",
    "COLL_SIRET",
    "DELIB_ID",
    "DELIB_DATE",
    "DELIB_MATIERE_CODE",
    "DELIB_MATIERE_NOM",
    "DELIB_OBJET",
    "BUDGET_ANNEE",
    "BUDGET_NOM",
    "PREF_ID",
    "PREF_DATE",
    "VOTE_EFFECTIF",
    "VOTE_REEL",
    "VOTE_POUR",
    "VOTE_CONTRE",
    "VOTE_ABSTENTION",
    "DELIB_URL",
)
"""Of the national schema of deliberations, version 2.1."""


def convocation(event: EventRecord, now: SittingNow, words: Translator) -> Document:
    """Dated the day on which the letters went out; until then it says that it is a draft."""
    sent = now.sitting.convened_on
    blocks: list[Block] = [
        Paragraph(
            words.gettext("Date of the letter: %(date)s") % {"date": words.date(sent)}
            if sent
            else words.gettext("Draft: the letters have not gone out.")
        ),
        Paragraph(
            words.gettext(
                "The members of %(assembly)s are invited to the sitting that is held %(when)s, %(where)s."
            )
            % {"assembly": now.assembly.name, "when": _when(event, words), "where": _where(event)}
        ),
    ]
    if now.sitting.second and now.rules.second_after_days is not None:
        blocks.append(
            Paragraph(
                words.gettext(
                    "It follows a sitting without quorum and can decide whatever the number of those present."
                )
            )
        )
    blocks += [Heading(words.gettext("Order of business")), *_agenda(now, words)]
    instead = words.gettext(
        "Whoever cannot come lets their substitute sit, or gives another member a written proxy."
    )
    blocks.append(Paragraph(instead))
    return _document(event, now, words.gettext("Convocation"), blocks, words)


def sheet_to_sign(event: EventRecord, now: SittingNow, words: Translator) -> Document:
    heads = [
        words.gettext("Member"),
        words.gettext("Represents"),
        words.gettext("Substitutes"),
        words.gettext("Signature"),
    ]
    rows = [[s.seat.name, s.seat.represents, ", ".join(s.seat.substitutes), ""] for s in now.seats]
    return _document(event, now, words.gettext("Attendance sheet"), [Grid(heads, rows, room=True)], words)


def minutes(event: EventRecord, now: SittingNow, words: Translator) -> Document:
    """A draft while the sitting is not closed."""
    sitting = now.sitting
    chair = now.by_id.get(sitting.chair) if sitting.chair else None
    secretary = now.by_id.get(sitting.secretary) if sitting.secretary else None
    facts = [
        words.gettext("Sitting of %(when)s, %(where)s.")
        % {"when": _when(event, words), "where": _where(event)}
    ]
    if sitting.convened_on:
        facts.append(words.gettext("Convened on %(date)s.") % {"date": words.date(sitting.convened_on)})
    if sitting.opened_at:
        facts.append(words.gettext("Opened: %(time)s.") % {"time": _hour(event, sitting.opened_at, words)})
    if sitting.closed_at:
        facts.append(words.gettext("Closed: %(time)s.") % {"time": _hour(event, sitting.closed_at, words)})
    facts.append(words.gettext("Chair: %(name)s.") % {"name": chair.name if chair else "–"})
    facts.append(words.gettext("Secretary: %(name)s.") % {"name": secretary.name if secretary else "–"})
    blocks: list[Block] = [Paragraph("\n".join(facts))]
    blocks += [Heading(words.gettext("Members")), *_members(now, words)]
    blocks.append(
        Paragraph(quorum_sentence(now.quorum, now.rules, words, second=sitting.second), strong=True)
    )
    blocks += [Heading(words.gettext("Order of business")), *_agenda(now, words)]
    for each in now.items:
        blocks += _item(each, now, words)
    blocks.append(Paragraph("\n\n" + words.gettext("The chair") + "\n\n" + words.gettext("The secretary")))
    title = words.gettext("Minutes") if sitting.closed_at else words.gettext("Minutes (draft)")
    return _document(event, now, title, blocks, words)


def _item(each: ItemNow, now: SittingNow, words: Translator) -> list[Block]:
    item = each.item
    blocks: list[Block] = [Heading(f"{item.number}. {item.title}")]
    if item.rapporteur:
        blocks.append(Paragraph(words.gettext("Rapporteur: %(name)s.") % {"name": item.rapporteur}))
    if item.note:
        blocks.append(Paragraph(item.note))
    if item.discussion:
        blocks.append(Paragraph(item.discussion))
    vote = item.vote
    if vote is None:
        if item.kind is not ItemKind.INFORMATION:
            blocks.append(Paragraph(words.gettext("No vote was held.")))
        return blocks
    if vote.recused:
        blocks.append(
            Paragraph(words.gettext("Stepped aside: %(names)s.") % {"names": ", ".join(vote.recused)})
        )
    blocks.append(Paragraph(quorum_sentence(vote.quorum, now.rules, words, second=now.sitting.second)))
    ballot = words.gettext("Ballot: %(ballot)s.") % {"ballot": words.gettext(BALLOT_NAMES[vote.ballot])}
    blocks.append(Paragraph(f"{ballot}\n{vote_sentence(vote, words)}", strong=True))
    if vote.by_name:
        named = {
            "for": words.gettext("For"),
            "against": words.gettext("Against"),
            "abstention": words.gettext("Abstention"),
            "none": words.gettext("Not taking part"),
        }
        blocks.append(
            Bullets(
                [
                    f"{label} – {', '.join(who)}"
                    for said, label in named.items()
                    if (who := [name for name, word in vote.by_name.items() if word == said])
                ]
            )
        )
    return blocks


def _members(now: SittingNow, words: Translator) -> list[Block]:
    """As of the last vote, else as it is now."""
    voted = [each.item.vote for each in now.items if each.item.vote]
    found = voted[-1].attendance if voted else [_now(each) for each in now.seats]
    labels = {
        "present": words.gettext("Present"),
        "substituted": words.gettext("Replaced by their substitute"),
        "proxy": words.gettext("Represented by proxy"),
        "excused": words.gettext("Excused members"),
        "absent": words.gettext("Absent"),
    }
    return [
        Paragraph(f"{label} ({words.number(len(there))}) – {', '.join(_named(each) for each in there)}")
        for state, label in labels.items()
        if (there := [each for each in found if each.state == state])
    ]


def _now(each: SeatNow) -> Attendance:
    seat = each.seat
    if each.sitter:
        state = "substituted" if each.substituted else "present"
        return Attendance(seat.name, seat.represents, state, each.sitter if each.substituted else "")
    if each.proxy_to:
        return Attendance(seat.name, seat.represents, "proxy", each.proxy_to.name)
    return Attendance(seat.name, seat.represents, "excused" if each.answer else "absent")


def _named(each: Attendance) -> str:
    inside = ", ".join(part for part in (each.represents, each.other) if part)
    return f"{each.name} ({inside})" if inside else each.name


def _agenda(now: SittingNow, words: Translator) -> list[Block]:
    if not now.items:
        return [Paragraph(words.gettext("No item yet."))]
    return [
        Bullets(
            [
                f"{each.item.number}. {each.item.title}"
                + (f" ({each.item.rapporteur})" if each.item.rapporteur else "")
                for each in now.items
            ]
        )
    ]


def delay_given(now: SittingNow) -> int | None:
    """Clear days between the letter and the sitting; None before the letters went out."""
    return clear_days(now.sitting.convened_on, now.day) if now.sitting.convened_on else None


def missing_for_deliberations(now: SittingNow, words: Translator) -> list[str]:
    """What the national schema needs and nobody said yet."""
    found = []
    if not now.assembly.siret:
        found.append(words.gettext("the SIRET number of the organisation"))
    for item, _ in _decided(now):
        if not item.matter:
            found.append(words.gettext("the subject of “%(title)s”") % {"title": item.title})
    return found


def deliberations(now: SittingNow, url: str) -> Table:
    """What was decided, as the national schema has it; elections and what was rejected included."""
    return Table(SCDL_COLUMNS, [_scdl_row(now, item, vote, url) for item, vote in _decided(now)])


def _decided(now: SittingNow) -> list[tuple[Item, Vote]]:
    undecided = Outcome.ANOTHER_ROUND, Outcome.EQUAL
    return [
        (each.item, each.item.vote)
        for each in now.items
        if each.item.vote is not None and each.item.vote.outcome not in undecided
    ]


def _scdl_row(now: SittingNow, item: Item, vote: Vote, url: str) -> list[Cell]:
    counts, last = vote.counts, vote.rounds[-1] if vote.rounds else None
    votes_for = counts.votes_for if counts else last.votes.get(vote.elected, 0) if last else None
    budget_and_prefecture: list[Cell] = [None] * 4
    return [
        now.assembly.body_name,
        now.assembly.siret,
        f"{now.day.year}-{now.day.month:02}{now.day.day:02}-{item.number:02}",
        now.day,
        item.matter,
        MATTERS[item.matter],
        item.title,
        *budget_and_prefecture,
        vote.quorum.in_office,
        vote.quorum.voters,
        votes_for,
        counts.against if counts else None,
        counts.abstentions if counts else None,
        url,
    ]


def _document(
    event: EventRecord, now: SittingNow, title: str, blocks: list[Block], words: Translator
) -> Document:
    return Document(
        language=words.language,
        sender=now.assembly.body_name,
        title=f"{title} – {now.assembly.name}",
        subtitle=f"{event.title}, {_when(event, words)}",
        blocks=blocks,
        footer=f"{now.assembly.name}, {words.date(now.day)}",
        undrawn_note=words.gettext(
            "Some letters cannot be printed here: the names stand whole on the screen."
        ),
    )


def _when(event: EventRecord, words: Translator) -> str:
    return words.when(event.starts_at, event.ends_at, event.timezone)


def _where(event: EventRecord) -> str:
    return (
        ", ".join(part for part in (event.venue_name, event.venue_address, event.venue_commune) if part)
        or "–"
    )


def _hour(event: EventRecord, instant: datetime, words: Translator) -> str:
    """With its day where that is not the day of the sitting."""
    wall = to_wall(instant, event.timezone)
    same = wall.date() == to_wall(event.starts_at, event.timezone).date()
    return words.time(wall) if same else words.moment(instant, event.timezone)
