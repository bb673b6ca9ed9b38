"""The address that each mail is sent from, where one takes what comes back: `returns+TOKEN@example.fr`.

The token stands in the mail's Message-ID too: 128 bits that whoever did not get the mail does not know.
"""

import re

_TOKEN = re.compile(r"[0-9a-f]{32}")


def envelope_sender(mail_from: str, bounces_to: str, message_id: str) -> str:
    if not bounces_to:
        return mail_from
    local, _, domain = bounces_to.rpartition("@")
    return f"{local}+{token_of(message_id)}@{domain}"


def token_of(message_id: str) -> str:
    return message_id[1:].partition("@")[0]


def token_in(address: str, bounces_to: str) -> str | None:
    """The token of an address of this kind."""
    local, _, domain = address.lower().rpartition("@")
    own_local, _, own_domain = bounces_to.lower().rpartition("@")
    name, _, token = local.rpartition("+")
    if not bounces_to or (name, domain) != (own_local, own_domain) or not _TOKEN.fullmatch(token):
        return None
    return token
