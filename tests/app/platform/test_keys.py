"""Keys of the settings' secret: what is sealed opens here alone, signatures are checked by the public key."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.platform.keys import Keys, is_signed, key_id

KEYS, OTHERS = Keys(b"a secret" * 4), Keys(b"another!" * 4)


def test_sealed_content_opens_where_it_was_sealed_and_nowhere_else() -> None:
    sealed = KEYS.seal("codes", b"content", "row 1")
    assert b"content" not in base64.urlsafe_b64decode(sealed)
    assert KEYS.unseal("codes", sealed, "row 1") == b"content"
    assert KEYS.unseal("codes", sealed, "row 2") is None
    assert KEYS.unseal("cookies", sealed, "row 1") is None
    assert OTHERS.unseal("codes", sealed, "row 1") is None
    # well before the end, whose last bits may stand for nothing
    altered = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    assert KEYS.unseal("codes", altered, "row 1") is None
    for nonsense in ("", "x", "é", "AAAA"):
        assert KEYS.unseal("codes", nonsense, "row 1") is None
    assert KEYS.seal("codes", b"content", "row 1") != sealed


def test_signatures_are_ed25519_and_checked_by_the_public_key_alone() -> None:
    signer = KEYS.signer("trail")
    signature = signer.sign(b"message")
    assert is_signed(b"message", signature, signer.public_key)
    assert not is_signed(b"messagf", signature, signer.public_key)
    assert not is_signed(b"message", "?", signer.public_key)
    assert not is_signed(b"message", signature, b"short")
    for other in (KEYS.signer("readings"), OTHERS.signer("trail")):
        assert not is_signed(b"message", signature, other.public_key)
        assert key_id(other.public_key) != key_id(signer.public_key)
    Ed25519PublicKey.from_public_bytes(signer.public_key).verify(base64.b64decode(signature), b"message")


def test_the_same_secret_makes_the_same_keys() -> None:
    assert Keys(b"a secret" * 4).signer("trail").public_key == KEYS.signer("trail").public_key


def test_what_is_handed_out_is_the_same_for_the_same_subject_and_no_other() -> None:
    given = KEYS.shared("vault", "account 1")
    assert len(given) == 32
    assert KEYS.shared("vault", "account 1") == given
    others = (
        KEYS.shared("vault", "account 2"),
        KEYS.shared("door", "account 1"),
        OTHERS.shared("vault", "account 1"),
    )
    assert given not in others
