"""What the law asks a public site to say of itself (law 2004-575, article 6 III), as it was answered."""

import msgspec

from events_app.features.accounts.bodies import administers_site, first_body
from events_app.features.accounts.tables import LegalNotice
from events_app.infra import audit
from events_app.infra.database import execute, retried, row, unit_of_work
from events_app.infra.settings import UNSET_MAIL_FROM, Settings
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed
from events_app.kernel.text import clean_block, clean_line


class LegalFacts(msgspec.Struct, frozen=True):
    """`publisher_address` and `host` hold several lines: address, telephone."""

    publisher: str = ""
    publisher_address: str = ""
    director: str = ""
    host: str = ""
    data_contact: str = ""


class PublishedFacts(msgspec.Struct, frozen=True):
    facts: LegalFacts
    contact: str
    missing: tuple[str, ...]
    """What the law asks for and nobody has said, as messages to be translated."""


_LIMITS = {"publisher": 200, "publisher_address": 500, "director": 200, "host": 500, "data_contact": 300}
_ASKED = {
    "publisher": N_("the publisher"),
    "publisher_address": N_("the publisher’s address and telephone"),
    "director": N_("the director of publication"),
    "host": N_("the host, with address and telephone"),
    "data_contact": N_("the data protection contact"),
}
CONTACT_MISSING = N_("a contact address")


async def published_facts(settings: Settings) -> PublishedFacts:
    found = await row(
        "SELECT publisher, publisher_address, director, host, data_contact FROM legal_notice"
        " ORDER BY created_at, id LIMIT 1"
    )
    facts = msgspec.convert(found, LegalFacts) if found else LegalFacts()
    contact = await contact_address(settings)
    missing = [words for name, words in _ASKED.items() if not getattr(facts, name)]
    return PublishedFacts(facts, contact, tuple(missing if contact else [*missing, CONTACT_MISSING]))


async def missing_facts(settings: Settings) -> tuple[str, ...]:
    return (await published_facts(settings)).missing


async def contact_address(settings: Settings) -> str:
    """Where people write to whoever looks after the site; "" while nobody has said it."""
    first = await first_body()
    if first is not None and first.contact_email:
        return first.contact_email
    sender = settings.mail_from
    return "" if sender == UNSET_MAIL_FROM else sender


def cleaned(facts: LegalFacts) -> LegalFacts:
    return LegalFacts(
        **{
            name: (clean_block if name in ("publisher_address", "host") else clean_line)(getattr(facts, name))
            for name in _LIMITS
        }
    )


def fact_errors(facts: LegalFacts) -> list[FieldError]:
    message = N_("Please shorten this to {most} characters.")
    return [
        FieldError(f"/{name}", "length", message, {"most": most})
        for name, most in _LIMITS.items()
        if len(getattr(facts, name)) > most
    ]


@retried
async def save_facts(world: World, actor: Actor, facts: LegalFacts) -> None:
    """Raises `NotAllowed`, `InvalidInput`."""
    facts = cleaned(facts)
    if errors := fact_errors(facts):
        raise InvalidInput(errors)
    async with unit_of_work():
        if not await administers_site(actor):
            raise NotAllowed
        await execute("DELETE FROM legal_notice")
        await LegalNotice(id=world.new_id(), created_at=world.now(), **msgspec.structs.asdict(facts)).save()
        await audit.record(world, actor, "site.legal_notice_changed")
