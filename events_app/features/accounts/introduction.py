"""The first administrator says who they are and whose site this is: until then nothing else is open."""

import msgspec

from events_app.features.accounts.bodies import body_errors, change_body, first_body
from events_app.features.accounts.legal import LegalFacts, cleaned, fact_errors, save_facts
from events_app.features.accounts.naming import split_article
from events_app.features.accounts.rules import PLACEHOLDER_EMAIL
from events_app.infra import audit
from events_app.infra.database import execute, retried, row, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput, NotAllowed
from events_app.kernel.text import clean_email, clean_line, email_problem, fold_email, slugify


class Introduction(msgspec.Struct, frozen=True):
    """`body_name`: as in a sentence, with its article."""

    name: str
    email: str
    body_name: str
    contact_email: str
    facts: LegalFacts
    language: str = "fr"


@retried
async def introduce(world: World, actor: Actor, said: Introduction) -> None:
    """All of it or nothing. Raises `InvalidInput` with all that is wrong, `NotAllowed` to anybody else."""
    if not actor.must_introduce:
        raise NotAllowed
    async with unit_of_work():
        body = await first_body()
        if body is None:
            raise NotAllowed
        errors = own_errors(said)
        address = clean_email(said.email) or ""
        if address and await row("SELECT 1 AS one FROM account WHERE email_folded = {}", fold_email(address)):
            message = N_("Somebody has an access with this address already.")
            errors.append(FieldError("/email", "taken", message))
        wrong = {error.pointer for error in errors}
        for error in await body_errors(split_article(said.body_name)[1], said.contact_email, body.id):
            pointer = {"/name": "/body_name"}.get(error.pointer, error.pointer)
            if pointer not in wrong:
                errors.append(msgspec.structs.replace(error, pointer=pointer))
        if errors:
            raise InvalidInput(errors)
        body = await change_body(world, actor, body.slug, said.body_name, said.contact_email)
        await save_facts(world, actor, said.facts)
        # While no program knows the body's address on this site, it may still follow the name.
        slug = slugify(body.name, "organisation")
        await execute(
            "UPDATE body SET slug = {} WHERE id = {} AND NOT EXISTS (SELECT 1 FROM body WHERE slug = {})"
            " AND NOT EXISTS (SELECT 1 FROM api_key)",
            slug,
            body.id,
            slug,
        )
        done = await execute(
            "UPDATE account SET name = {}, email = {}, email_folded = {}, language = {}"
            " WHERE id = {} AND email_folded = {}",
            clean_line(said.name),
            address,
            fold_email(address),
            said.language,
            actor.id,
            PLACEHOLDER_EMAIL,
        )
        if not done:
            raise NotAllowed  # another window was faster
        await audit.record(world, actor, "account.introduced", body_id=body.id, object_id=actor.id)


_NEEDED = N_("This field is needed.")


def own_errors(said: Introduction) -> list[FieldError]:
    """What can be said without looking anything up."""
    errors = []
    if len(clean_line(said.name)) > 200:
        message = N_("Please shorten this to {most} characters.")
        errors.append(FieldError("/name", "length", message, {"most": 200}))
    if clean_line(said.email):
        address = clean_email(said.email)
        if address is None:
            errors.append(FieldError("/email", "invalid", email_problem(said.email)))
        elif address.endswith(".invalid"):
            errors.append(FieldError("/email", "invalid", N_("No mail ever reaches this address.")))
    needed = {
        "/name": said.name,
        "/email": said.email,
        "/body_name": said.body_name,
        "/contact_email": said.contact_email,
        "/publisher": said.facts.publisher,
        "/host": said.facts.host,
    }
    errors += [FieldError(at, "required", _NEEDED) for at, text in needed.items() if not clean_line(text)]
    return errors + fact_errors(cleaned(said.facts))
