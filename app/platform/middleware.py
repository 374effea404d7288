"""Round every request: size limit, headers, one log line, figures."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from app.domain.errors import CodedError
from app.platform.ids import new_id
from app.platform.telemetry import Figures

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

API = "/v1"
PHOTO_PREFIXES = ("/v1/captures/", "/v1/phantom-shots/")
UNKNOWN_ROUTE = "(none)"
SERVER_ERROR = 500

PAGE_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", PAGE_POLICY.encode()),
)
PRIVATE = ((b"cache-control", b"private, no-store"),)
"""On everything under /v1, refusals included."""

log = structlog.get_logger()


class Surround:
    """The outermost layer.

    Parameters
    ----------
    app : App
        What answers.
    figures : Figures
        Counters.
    photo_limit, body_limit : int
        Largest bodies in bytes: of photographs, of anything else.
    """

    def __init__(self, app: App, figures: Figures, *, photo_limit: int, body_limit: int) -> None:
        self._app, self._figures = app, figures
        self._photo_limit, self._body_limit = photo_limit, body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, request_id, status = time.perf_counter(), new_id(), SERVER_ERROR
        body = _LimitedBody(receive, self._limit(scope), scope)
        private = PRIVATE if scope["path"].startswith(API) else ()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            for part in body.instead_of(message):
                if part["type"] == "http.response.start":
                    status = part["status"]
                    part["headers"] = [*part.get("headers", []), *ALWAYS, *private]
                await send(part)

        try:
            await self._app(scope, body.receive, send_with_headers)
        finally:
            route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
            self._note(scope["method"], route, status, time.perf_counter() - started, request_id)

    def _limit(self, scope: Scope) -> int:
        photo = scope["method"] == "PUT" and scope["path"].startswith(PHOTO_PREFIXES)
        return self._photo_limit if photo else self._body_limit

    def _note(self, method: str, route: str, status: int, seconds: float, request_id: str) -> None:
        self._figures.requests.labels(method, route, str(status)).inc()
        self._figures.request_seconds.labels(method, route).observe(seconds)
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            duration_ms=round(1000 * seconds, 1),
            request_id=request_id,
        )


class _LimitedBody:
    """A request's body, cut off at the limit; what was to be answered then is replaced by the refusal.

    Frameworks turn an exception while a body is read into an answer of their own ("malformed"): the caller is
    told what was wrong all the same.
    """

    def __init__(self, receive: Receive, limit: int, scope: Scope) -> None:
        self._receive, self._left, self._refused = receive, limit, False
        announced = dict(scope["headers"]).get(b"content-length", b"")
        self._too_long = announced.isdigit() and int(announced) > limit

    async def receive(self) -> Message:
        """The next piece.

        Raises
        ------
        CodedError
            `body_too_large`, before anything is read when the length was announced.
        """
        if not self._too_long:
            message = await self._receive()
            self._left -= len(message.get("body", b""))
            if self._left >= 0:
                return message
        self._refused = True
        raise CodedError("body_too_large")

    def instead_of(self, message: Message) -> tuple[Message, ...]:
        """The message itself, or the refusal in place of the whole answer."""
        if not self._refused:
            return (message,)
        if message["type"] != "http.response.start":
            return ()
        refusal = CodedError("body_too_large")
        content = json.dumps(refusal.body(), ensure_ascii=False).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        start = {"type": "http.response.start", "status": refusal.status, "headers": headers}
        return (start, {"type": "http.response.body", "body": content})
