"""Signatures that another reader of the standard believes, and that a changed mail loses."""

from datetime import UTC, datetime
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from events_app.outputs.calendar import Mailbox
from events_app.outputs.messages import Mail, mail_bytes
from events_app.outputs.signing import SigningKey, public_record, signed

MAIL = Mail(
    sender=Mailbox("inscriptions@pma.example", "Pôle Métropolitain de l’Artois"),
    to=Mailbox("zoe@mail.example", "Zoé"),
    subject="Votre inscription à « Monkey Time »",
    text="Bonjour Zoé,\n.\nà bientôt.  ",
    html="<p>Bonjour</p>",
    message_id="<0123@convive.example>",
    date=datetime(2018, 4, 1, 8, 30, tzinfo=UTC),
)


@cache
def key() -> SigningKey:
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SigningKey("convive", "pma.example", pem.decode())


def believed(content: bytes) -> bool:
    def published(name: bytes, timeout: float = 5) -> bytes:
        assert name == b"convive._domainkey.pma.example."
        return public_record(key()).encode()

    return bool(dkim.verify(content, dnsfunc=published))


def test_a_mail_is_signed_for_the_senders_domain() -> None:
    content = signed(mail_bytes(MAIL), key())
    assert content.endswith(mail_bytes(MAIL))
    assert believed(content)


@pytest.mark.parametrize(
    ("said", "changed"),
    [(b"mail.example", b"evil.example"), (b"Bonjour", b"Bonsoir"), (b"Monkey", b"Donkey")],
)
def test_a_changed_mail_is_not_believed(said: bytes, changed: bytes) -> None:
    content = signed(mail_bytes(MAIL), key())
    assert said in content
    assert not believed(content.replace(said, changed))
