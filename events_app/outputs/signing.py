"""A mail with its DKIM signature (RFC 6376), by which other servers know that it is the domain's own."""

from msgspec import Struct

_SIGNED = (
    b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"auto-submitted", b"mime-version",
    b"content-type", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip


class SigningKey(Struct, frozen=True):
    selector: str
    domain: str
    pem: str  # RSA, PKCS#1 or PKCS#8

    def __repr__(self) -> str:
        return f"SigningKey({self.selector}._domainkey.{self.domain})"


def signed(content: bytes, key: SigningKey) -> bytes:
    """The bytes that SMTP sends, with one more header before them."""
    import dkim

    header = dkim.sign(
        content,
        key.selector.encode(),
        key.domain.encode(),
        key.pem.encode(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=list(_SIGNED),
    )
    return bytes(header) + content


def public_record(key: SigningKey) -> str:
    """What is published at `SELECTOR._domainkey.DOMAIN`."""
    from base64 import b64encode

    from cryptography.hazmat.primitives import serialization

    public = serialization.load_pem_private_key(key.pem.encode(), None).public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(der).decode()}"
