"""Messages as pages and API show them."""

from collections import Counter

from events_app.features.events.model import EventRecord
from events_app.features.mailing.rendering import Rendered, render
from events_app.features.messages import audience as people
from events_app.features.messages import queries
from events_app.features.messages.letters import trial
from events_app.features.messages.model import Fate, MessageRecord
from events_app.features.messages.schemas import MessageAnswer, MessageSummary, PreviewAnswer, fate_answer
from events_app.infra.world import World


async def summary(event: EventRecord, message: MessageRecord) -> MessageSummary:
    return _summary(event, message, await _number(event, message), await queries.fates(message))


async def answer(world: World, event: EventRecord, message: MessageRecord) -> MessageAnswer:
    fates = await queries.fates(message)
    shown = await preview(world, event, message)
    summarised = _summary(event, message, await _number(event, message), fates)
    return MessageAnswer(
        **{name: getattr(summarised, name) for name in MessageSummary.__struct_fields__},
        preview=PreviewAnswer(shown.subject, shown.text, shown.html),
        fates=[fate_answer(each) for each in fates],
    )


async def preview(world: World, event: EventRecord, message: MessageRecord) -> Rendered:
    """As the first reader would read it."""
    letter = await trial(world, event, message, "")
    facts = {**letter.facts, "sender": letter.sender_name, "footer": "", "tickets": (), "unsubscribe_url": ""}
    return render(letter.template, letter.language, facts)


async def _number(event: EventRecord, message: MessageRecord) -> int:
    if message.may_change:
        return len(await people.readers(event, message.audience))
    return message.recipients


def _summary(
    event: EventRecord, message: MessageRecord, recipients: int, fates: list[Fate]
) -> MessageSummary:
    return MessageSummary(
        id=message.id,
        event=event.slug,
        status=message.status,
        kind=message.kind,
        subject=message.subject,
        text=message.text,
        audience=message.audience,
        send_at=message.send_at,
        started_at=message.started_at,
        recipients=recipients,
        counts=dict(Counter(each.status.value for each in fates)),
        revision=message.revision,
    )
