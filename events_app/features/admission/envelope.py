"""What a phone writes down of people who came without a registration: only this deployment can read it.

The phone draws a key of its own for each letter, and keeps neither that nor what it wrote; so a lost phone
names nobody. The browser does the same in static/js/door/envelope.js.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CONTEXT: Final = b"convive walk-in v1\x00"
_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2)
_POINT_BYTES: Final = 65
_NONCE_BYTES: Final = 12


class Unopened(ValueError):
    """Cut short, altered, or closed for another deployment."""


def letter_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Of a deployment, from its secret."""
    drawn = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"convive walk-in key\x00").derive(secret)
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (_ORDER - 1) + 1, _CURVE)


def address_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """What a phone closes letters with: the public point, uncompressed."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def close(text: bytes, address: bytes, own: ec.EllipticCurvePrivateKey, nonce: bytes) -> str:
    """As a browser does it. `own` and `nonce` are for this letter alone."""
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, address))
    sender = address_of(own)
    return b64encode(sender + nonce + _cipher(shared, sender, address).encrypt(nonce, text, None)).decode()


def open_letter(letter: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    """Raises `Unopened`."""
    try:
        raw = b64decode(letter, validate=True)
        sender, sealed = raw[:_POINT_BYTES], raw[_POINT_BYTES:]
        point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender)
        cipher = _cipher(key.exchange(ec.ECDH(), point), sender, address_of(key))
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (NotBase64, ValueError, InvalidTag) as error:
        raise Unopened from error


def _cipher(shared: bytes, sender: bytes, address: bytes) -> AESGCM:
    return AESGCM(sha256(_CONTEXT + shared + sender + address).digest()[:16])
