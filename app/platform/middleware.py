"""Round every request: size limit, headers, one log line, figures."""

from __future__ import annotations

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
PHOTO_PREFIX = "/v1/captures/"
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
        private = PRIVATE if scope["path"].startswith(API) else ()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *ALWAYS, *private]
            await send(message)

        try:
            await self._app(scope, self._limited(scope, receive), send_with_headers)
        finally:
            route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
            self._note(scope["method"], route, status, time.perf_counter() - started, request_id)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        photo = scope["method"] == "PUT" and scope["path"].startswith(PHOTO_PREFIX)
        left = self._photo_limit if photo else self._body_limit
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        too_long = announced.isdigit() and int(announced) > left

        async def receive_limited() -> Message:
            nonlocal left
            if too_long:
                raise CodedError("body_too_large")
            message = await receive()
            if message["type"] == "http.request":
                left -= len(message.get("body", b""))
                if left < 0:
                    raise CodedError("body_too_large")
            return message

        return receive_limited

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
