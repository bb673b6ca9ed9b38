"""Mails to those who organise: links to sign in."""

from events_app.features.accounts.job_kinds import LinkToSend
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.sign_in import link_url
from events_app.features.mailing.model import Letter
from events_app.infra.database import row, rows
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.outputs.calendar import Mailbox


async def sign_in(world: World, _: ClaimedJob, asked: LinkToSend) -> Letter | None:
    return await _letter(world, asked, "sign_in")


async def member_invited(world: World, _: ClaimedJob, asked: LinkToSend) -> Letter | None:
    return await _letter(world, asked, "member_invited")


async def _letter(world: World, asked: LinkToSend, template: str) -> Letter | None:
    """None when the link was used or has expired meanwhile, or the account is closed."""
    account = await row(
        "SELECT a.email, a.name, a.language FROM account a JOIN login_link l ON l.account = a.id"
        " WHERE a.id = {} AND l.id = {} AND a.disabled_at IS NULL AND l.used_at IS NULL"
        " AND l.expires_at > {}",
        asked.account_id,
        asked.link_id,
        world.now(),
    )
    if account is None:
        return None
    bodies = await rows(
        "SELECT b.name FROM body b JOIN membership m ON m.body = b.id WHERE m.account = {} ORDER BY b.name",
        asked.account_id,
    )
    link = link_url(world, asked.link_id)
    return Letter(
        template=template,
        to=Mailbox(account["email"], account["name"]),
        sender_name=world.settings.site_name,
        language=account["language"],
        facts={
            "name": account["name"] or account["email"],
            "site": world.settings.site_name,
            "bodies": [body["name"] for body in bodies] or [world.settings.territory],
            "minutes": int(LINK_LIFE.total_seconds() // 60),
            "link_url": link,
        },
        secret_link=link,
    )
