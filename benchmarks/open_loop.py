"""A client that asks at a fixed rate, whether or not earlier requests were answered, at little cost.

HTTP/1.1 over connections that are kept open, as browsers keep theirs. A full client library would take as
much of the machine as the server whose speed is measured.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONNECTIONS = 64
"""Of the client to the server."""

PATIENCE_SECONDS = 60.0
OK = b"HTTP/1.1 200 "
LENGTH = b"content-length:"
Check = Callable[[bytes], None]


@dataclass(frozen=True)
class Load:
    """What an open loop saw.

    Attributes
    ----------
    times_ms : list of float
        From the moment each request was due until its whole answer was there.
    client_cpu_ms : float
        The client's own work for one request.
    """

    times_ms: list[float]
    client_cpu_ms: float


def load(port: int, path: str, tokens: Sequence[str], rate: float, seconds: float, check: Check) -> Load:
    """Ask `rate` times a second, in turn for each session.

    Parameters
    ----------
    port : int
        Of the server on this machine.
    path : str
    tokens : sequence of str
        Of sessions.
    rate, seconds : float
        How often, how long.
    check : callable
        Is given every body; raises where it is not as it should be.

    Raises
    ------
    RuntimeError
        If an answer is not 200.
    """
    requests = [_request(port, path, token) for token in tokens]
    before = time.process_time()
    times = asyncio.run(_load(port, requests, rate, int(rate * seconds), check))
    return Load(times, 1e3 * (time.process_time() - before) / len(times))


def _request(port: int, path: str, token: str) -> bytes:
    lines = (
        f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Cookie: planimeter_session={token}",
        "Accept: application/json", "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


async def _load(port: int, requests: list[bytes], rate: float, count: int, check: Check) -> list[float]:
    free: asyncio.Queue[_Line] = asyncio.Queue()
    lines = [await _Line.opened(port) for _ in range(CONNECTIONS)]
    for line in lines:
        free.put_nowait(line)
    started = time.perf_counter()

    async def ask(number: int, due: float) -> float:
        line = await free.get()
        check(await asyncio.wait_for(line.ask(requests[number % len(requests)]), PATIENCE_SECONDS))
        free.put_nowait(line)
        return 1e3 * (time.perf_counter() - due)

    asked = []
    for number in range(count):
        due = started + number / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        asked.append(asyncio.create_task(ask(number, due)))
    times = await asyncio.gather(*asked)
    for line in lines:
        line.close()
    return list(times)


class _Line(asyncio.Protocol):
    """One connection: a request at a time, an answer with its length announced."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None
        self._came = b""

    @classmethod
    async def opened(cls, port: int) -> _Line:
        """A connection to this machine's port."""
        _, line = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("not a stream")
        self._transport = transport

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        """Send; the body of the answer."""
        if self._transport is None:
            raise RuntimeError("not connected")
        self._came, self._answer = b"", asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Put pieces together until the announced length is there."""
        self._came += data
        head, blank, body = self._came.partition(b"\r\n\r\n")
        if not blank or self._answer is None:
            return
        if not head.startswith(OK):
            self._answer.set_exception(RuntimeError(self._came[:300].decode(errors="replace")))
            return
        lines = (line for line in head.lower().split(b"\r\n") if line.startswith(LENGTH))
        if len(body) >= int(next(lines).removeprefix(LENGTH)):
            self._answer.set_result(body)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever waits."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the server closed the connection"))

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()
