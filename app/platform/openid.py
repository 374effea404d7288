"""An OpenID Connect provider: its addresses and keys, and the exchange of a code for a verified ID token."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

DISCOVERY = "/.well-known/openid-configuration"
SCOPES = "openid email profile"
TIMEOUT_S = 10.0
"""A person waits for it: a provider that takes longer is down."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts that may be spoken to without TLS: nothing leaves the machine."""

LEAST_RSA_BITS = 2048
"""NIST SP 800-131A."""

P256_BYTES = 32


class ProviderError(Exception):
    """The provider did not answer as OpenID Connect says, or its token is not its own."""


def is_safe_address(address: str) -> bool:
    """Whether an address is HTTPS, or on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


@dataclass(frozen=True)
class Client:
    """This service as the provider knows it.

    Attributes
    ----------
    issuer : str
        Address of the provider.
    client_id, client_secret : str
        As registered there; an empty secret for a public client.
    redirect_uri : str
        Where the provider leads back to.
    """

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


class OpenIdProvider:
    """Speaks with one provider; what it learns of it is kept until a token names another key.

    Parameters
    ----------
    client : Client
        Registered there.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self._addresses: dict[str, Any] = {}
        self._keys: dict[str, dict[str, Any]] = {}

    def authorization_address(self, *, state: str, nonce: str, challenge: str) -> str:
        """Where to lead the browser.

        Parameters
        ----------
        state, nonce : str
            Random; come back with the browser, and in the token.
        challenge : str
            PKCE, S256.
        """
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri,
            "scope": SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self._address("authorization_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def claims(self, code: str, verifier: str) -> dict[str, Any]:
        """Exchange a code; the claims of the ID token, whose signature is the provider's.

        Raises
        ------
        ProviderError
            When there is no such token.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "code_verifier": verifier,
            "client_id": self.client.client_id,
        }
        secret = self.client.client_secret
        auth = (self.client.client_id, secret) if secret else None
        token = self._ask("POST", self._address("token_endpoint"), data=form, auth=auth).get("id_token")
        if not isinstance(token, str):
            raise ProviderError("no ID token")
        return self._verified(token)

    def _address(self, name: str) -> str:
        if not self._addresses:
            found = self._ask("GET", self.client.issuer.rstrip("/") + DISCOVERY)
            if found.get("issuer") != self.client.issuer:
                raise ProviderError("another issuer")
            self._addresses = found
        address = self._addresses.get(name)
        if not isinstance(address, str) or not is_safe_address(address):
            raise ProviderError(f"no {name}")
        return address

    def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            answer = httpx.request(method, address, timeout=TIMEOUT_S, **more)
            answer.raise_for_status()
            body = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderError(type(error).__name__) from None
        if not isinstance(body, dict):
            raise ProviderError("not an object")
        return body

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            head, body, mark = token.split(".")
            header, claims, signature = json.loads(_raw(head)), json.loads(_raw(body)), _raw(mark)
            key = self._key(str(header.get("kid", "")))
            _check_signature(key, str(header.get("alg")), f"{head}.{body}".encode(), signature)
        except (InvalidSignature, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProviderError(f"ID token: {type(error).__name__}") from None
        if not isinstance(claims, dict):
            raise ProviderError("claims are not an object")
        return claims

    def _key(self, kid: str) -> dict[str, Any]:
        if kid not in self._keys:
            found = self._ask("GET", self._address("jwks_uri")).get("keys", [])
            self._keys = {str(key.get("kid", "")): key for key in found if key.get("use", "sig") == "sig"}
        return self._keys[kid]


def _check_signature(key: dict[str, Any], algorithm: str, message: bytes, signature: bytes) -> None:
    """Check a JWS signature (RFC 7518); the key's own type decides, never the token's word alone."""
    if (algorithm, key["kty"]) == ("RS256", "RSA"):
        public = rsa.RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
        if public.key_size < LEAST_RSA_BITS:
            raise ValueError("short key")
        public.verify(signature, message, padding.PKCS1v15(), SHA256())
    elif (algorithm, key["kty"], key.get("crv")) == ("ES256", "EC", "P-256"):
        point = ec.EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), ec.SECP256R1())
        if len(signature) != 2 * P256_BYTES:
            raise ValueError("length")
        r, s = (int.from_bytes(half, "big") for half in (signature[:P256_BYTES], signature[P256_BYTES:]))
        point.public_key().verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    else:
        raise ValueError("algorithm")


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(text: str) -> int:
    return int.from_bytes(_raw(text), "big")
