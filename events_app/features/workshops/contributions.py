"""What other features show of places: columns of the table of people, a copy of own data, tasks."""

from uuid import UUID

from events_app.features.events.hooks import Task
from events_app.features.events.model import EventRecord
from events_app.features.registration.hooks import ExtraColumns
from events_app.features.registration.model import RegistrationRecord
from events_app.features.workshops.queries import people_at_two_places, places_of, places_of_event
from events_app.features.workshops.standing import Standing, standing_of
from events_app.infra.i18n import Translator
from events_app.kernel.errors import N_
from events_app.outputs.tables import Cell

BETWEEN = " ; "


async def place_columns(event: EventRecord, words: Translator) -> ExtraColumns:
    """One for each slot in which somebody has a place, and one for all that was chosen."""
    places = await places_of_event(event.id)
    slots = sorted({each.slot for own in places.values() for each in own if not each.session.is_chosen})
    choosing = any(each.session.is_chosen for own in places.values() for each in own)
    head = words.gettext(N_("Workshop"))
    heads = [head if len(slots) == 1 else f"{head} ({slot})" for slot in slots]
    cells: dict[UUID, list[Cell]] = {}
    for registration_id, own in places.items():
        given = {each.slot: each.session.title for each in own if not each.session.is_chosen}
        cells[registration_id] = [given.get(slot) for slot in slots]
        if choosing:
            titles = [each.session.title for each in own if each.session.is_chosen]
            cells[registration_id].append(BETWEEN.join(titles) or None)
    return ExtraColumns([*heads, *([words.gettext(N_("Chosen sessions"))] if choosing else [])], cells)


async def own_places(_event: EventRecord, registration: RegistrationRecord) -> dict[str, object]:
    return {
        "workshops": [
            {
                "session": place.session.title,
                "starts_at": place.session.starts_at,
                "ends_at": place.session.ends_at,
                "wish": place.rank,
                "assigned_at": place.assigned_at,
            }
            for place in await places_of(registration.id)
        ]
    }


MOST_NAMED = 2


async def placement_tasks(event: EventRecord, words: Translator) -> list[Task]:
    if event.placement_published_at is None:
        return []
    programme = f"/org/events/{event.slug}/programme"
    tasks = [Task(text, programme, words.gettext("See")) for text in await double_places(event, words)]
    standing = await standing_of(event.id)
    if standing is None:
        return tasks
    _, href = words.gettext, f"/org/events/{event.slug}/placement#now"
    text = _lacking(standing, words)
    if text:
        tasks.append(Task(text, href, _("Propose them") if standing.better_exists else _("See")))
    elif standing.better_exists:
        better = _("A better workshop is possible for some people")
        tasks.append(Task(_with_seats(better, standing, words), href, _("See")))
    return tasks


def _lacking(standing: Standing, words: Translator) -> str:
    lacking = standing.outcome.unassigned
    if not lacking:
        return ""
    text = words.ngettext("%(num)s person without a workshop", "%(num)s people without a workshop", lacking)
    return _with_seats(text % {"num": lacking}, standing, words)


def _with_seats(text: str, standing: Standing, words: Translator) -> str:
    """ "2 people without a workshop, 1 place free in “Voix”"."""
    wanted = {gain.after.id for gain in standing.gains}
    named = [seats for seats in standing.free if not wanted or seats.session.id in wanted][:MOST_NAMED]
    for seats in named:
        if seats.seats is None:
            part = words.gettext("places free in “%(session)s”") % {"session": seats.session.title}
        else:
            part = words.ngettext(
                "%(num)s place free in “%(session)s”", "%(num)s places free in “%(session)s”", seats.seats
            ) % {"num": seats.seats, "session": seats.session.title}
        text += ", " + part
    return text


async def double_places(event: EventRecord, words: Translator) -> list[str]:
    """Since a session was moved, people may have two places at one time."""
    people = await people_at_two_places(event.id)
    if not people:
        return []
    text = words.ngettext(
        "%(num)s person has places in two workshops at the same time. Change the hours, or place again.",
        "%(num)s people have places in two workshops at the same time. Change the hours, or place again.",
        people,
    )
    return [text % {"num": people}]
