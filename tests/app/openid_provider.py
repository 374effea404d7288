"""A small OpenID Connect provider on loopback, with a key of its own; it checks the client, and PKCE."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT, SECRET = "planimeter", "a secret between the two"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Provider:
    """What it tells, and what a test may bend of it.

    Attributes
    ----------
    person : dict
        Claims of who is signed in at the provider.
    bend : callable
        Changes the ID token's header and claims before they are signed.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.address = ""
        self.person: dict[str, Any] = {}
        self.bend: Callable[[dict[str, Any], dict[str, Any]], None] = lambda _header, _claims: None
        self.key = rsa.generate_private_key(65537, 2048)
        self.curve = ec.generate_private_key(ec.SECP256R1())
        self.forger = rsa.generate_private_key(65537, 2048)
        self.algorithm, self.sign_with = "RS256", self.key
        self._codes: dict[str, dict[str, str]] = {}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        }

    def keys(self) -> dict[str, Any]:
        public, point = self.key.public_key().public_numbers(), self.curve.public_key().public_numbers()
        side = {name: b64(value.to_bytes(32, "big")) for name, value in (("x", point.x), ("y", point.y))}
        return {
            "keys": [
                {"kid": "RS256", "kty": "RSA", "use": "sig", "n": number(public.n), "e": number(public.e)},
                {"kid": "ES256", "kty": "EC", "use": "sig", "crv": "P-256", **side},
            ]
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """The person agrees: where the browser is led back to."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code; None when the client or its proof is not right."""
        asked = self._codes.pop(form.get("code", ""), None)
        client = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
        if asked is None or authorization != client or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        if b64(hashlib.sha256(form["code_verifier"].encode()).digest()) != asked["code_challenge"]:
            return None
        claims = {
            "iss": self.address, "aud": CLIENT, "nonce": asked["nonce"],
            "iat": int(self.now()), "exp": int(self.now()) + 300, **self.person,
        }  # fmt: skip
        return {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        header: dict[str, Any] = {"alg": self.algorithm, "kid": self.algorithm}
        self.bend(header, claims)
        message = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
        if self.algorithm == "ES256":
            r, s = decode_dss_signature(self.curve.sign(message.encode(), ec.ECDSA(SHA256())))
            raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        else:
            raw = self.sign_with.sign(message.encode(), padding.PKCS1v15(), SHA256())
        return f"{message}.{b64(raw) if header['alg'] != 'none' else ''}"


@contextmanager
def running(now: Callable[[], float]) -> Iterator[Provider]:
    """Serve on loopback."""
    provider = Provider(now)

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif parts.path == "/.well-known/openid-configuration":
                self._json(provider.discovery())
            else:
                self._json(provider.keys() if parts.path == "/keys" else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._json(provider.token(form, self.headers.get("Authorization", "")))

        def _json(self, content: dict[str, Any] | None) -> None:
            self.send_response(400 if content is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content or {"error": "invalid_grant"}).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
