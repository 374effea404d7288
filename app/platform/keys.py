"""Keys made of the settings' secret: ciphers for what is stored, signers for what leaves."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
"""Of AES-256 and of an Ed25519 seed (RFC 8032)."""

NONCE_BYTES = 12
"""Of AES-GCM (NIST SP 800-38D); random, for far fewer than 2^32 messages a key."""

KEY_ID_DIGITS = 16
"""Hexadecimal digits that name a public key: enough to tell an installation's keys apart."""


def key_id(public_key: bytes) -> str:
    """Name of a public key: the beginning of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:KEY_ID_DIGITS]


def is_signed(message: bytes, signature: str, public_key: bytes) -> bool:
    """Whether the Ed25519 signature is that key's over the message.

    Parameters
    ----------
    message : bytes
        What was signed.
    signature : str
        In base64.
    public_key : bytes
        32 bytes.
    """
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Signer:
    """Signs with Ed25519 (RFC 8032)."""

    _key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        """32 bytes; with them alone signatures are checked."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> str:
        """The signature in base64."""
        return base64.b64encode(self._key.sign(message)).decode()


class Keys:
    """Keys derived from one secret by HKDF (RFC 5869).

    Parameters
    ----------
    secret : bytes
        The settings' secret. Another secret makes other keys: what was sealed before cannot be opened.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def signer(self, purpose: str) -> Signer:
        """The signing key for a purpose."""
        return Signer(Ed25519PrivateKey.from_private_bytes(self._derived(f"sign {purpose}")))

    def shared(self, purpose: str, about: str) -> bytes:
        """32 bytes to hand to whom they concern: the same each time for the same purpose and subject."""
        return self._derived(f"share {purpose} {about}")

    def seal(self, purpose: str, content: bytes, about: str) -> str:
        """Encrypt, bound to what it is about: moved to another row it does not open."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._derived(f"seal {purpose}")).encrypt(nonce, content, about.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def unseal(self, purpose: str, sealed: str, about: str) -> bytes | None:
        """What was sealed; None when it was altered, moved, or sealed under another secret."""
        try:
            raw = base64.urlsafe_b64decode(sealed.encode())
            cipher = AESGCM(self._derived(f"seal {purpose}"))
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode())
        except (InvalidTag, binascii.Error, ValueError):
            return None

    def _derived(self, purpose: str) -> bytes:
        info = f"planimeter {purpose}".encode()
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self._secret)
