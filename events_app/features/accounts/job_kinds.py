"""What is asked of the worker about accounts and bodies."""

from uuid import UUID

import msgspec

from events_app.infra.job_kinds import Kind, Nothing


class AskedLink(msgspec.Struct, frozen=True):
    account_id: UUID | None
    """None for an address that nobody has: the same is written for it."""


class LinkToSend(msgspec.Struct, frozen=True):
    account_id: UUID
    link_id: UUID


class ChangedBody(msgspec.Struct, frozen=True):
    body_id: UUID


SEND_LINK = Kind("accounts.send_link", AskedLink)
SIGN_IN = Kind("mail.sign_in", LinkToSend)
MEMBER_INVITED = Kind("mail.member_invited", LinkToSend)
BODY_CHANGED = Kind("events.body_changed", ChangedBody)
FORGET_EXPIRED = Kind("accounts.forget_expired", Nothing)
