"""Bodies, accounts, memberships, sign-in and keys."""

from piccolo.columns import UUID, ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Body(Table, tablename="body"):
    """An organising body: the PMA, an agglomeration, a partner."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(80, unique=True)
    name = Varchar(200)
    article = Varchar(4, default="")  # "le ", "l’": what stands before the name in a sentence
    contact_email = Varchar(254, default="")
    brand_colour = Varchar(7, null=True, default=None)
    logo_id = UUID(null=True, default=None)
    created_at = Timestamptz(default=None)


class Account(Table, tablename="account"):
    id = UUID(primary_key=True, default=None)
    email = Varchar(254)
    email_folded = Varchar(254, unique=True)
    name = Varchar(200)
    password_hash = Text(null=True, default=None)
    language = Varchar(8)
    created_at = Timestamptz(default=None)
    disabled_at = Timestamptz(null=True, default=None)
    signed_in_at = Timestamptz(null=True, default=None)  # last
    digest = Varchar(8, default="daily")  # each, daily, never
    digest_until = Timestamptz(null=True, default=None)  # told what was new until then


class Membership(Table, tablename="membership"):
    """One role of one account in one body (unique together)."""

    id = UUID(primary_key=True, default=None)
    body = ForeignKey(Body, on_delete=OnDelete.cascade, null=False, index=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, index=True)
    role = Varchar(20)
    created_at = Timestamptz(default=None)


class LoginSession(Table, tablename="login_session"):
    """A signed-in browser. The cookie's token is stored hashed and changes at each sign-in."""

    id = UUID(primary_key=True, default=None)
    token_hash = Varchar(64, unique=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, index=True)
    created_at = Timestamptz(default=None)
    last_seen_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)


class LoginLink(Table, tablename="login_link"):
    """A single-use link, mailed or printed."""

    id = UUID(primary_key=True, default=None)
    token_hash = Varchar(64, unique=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, index=True)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class ApiKey(Table, tablename="api_key"):
    id = UUID(primary_key=True, default=None)
    body = ForeignKey(Body, on_delete=OnDelete.cascade, null=False, index=True)
    event_id = UUID(null=True, default=None)  # bound to one event when given
    name = Varchar(200)
    role = Varchar(20)  # organiser, door, reader
    key_hash = Varchar(64, unique=True)
    hint = Varchar(8)  # the first characters, to recognise a key in the list
    created_at = Timestamptz(default=None)
    last_used_on = Varchar(10, null=True, default=None)  # a day: written at most once a day
    revoked_at = Timestamptz(null=True, default=None)
    created_by = UUID(null=True, default=None)  # an account; none: the command line


class LegalNotice(Table, tablename="legal_notice"):
    """One row, once somebody answered: what the law asks a public site to say of itself."""

    id = UUID(primary_key=True, default=None)
    publisher = Varchar(200, default="")
    publisher_address = Text(default="")
    director = Varchar(200, default="")
    host = Text(default="")
    data_contact = Varchar(300, default="")
    created_at = Timestamptz(default=None)


ACCOUNTS_TABLES = [Body, Account, Membership, LoginSession, LoginLink, ApiKey, LegalNotice]
