"""A proxy on loopback that stands between a tablet and the service, and loses answers or changes a file."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host"})
ANSWER_S = 60.0

Lose = Callable[[str, str], bool]
Rewrite = Callable[[str, bytes], bytes]


class Proxy:
    """Passes everything on.

    Parameters
    ----------
    upstream : str
        Address of the service; may be changed while it runs, as a restarted service may have another port.
    lose : callable
        Told method and path of each request that the service has answered: whether to drop the answer.
    rewrite : callable
        Told the path and the body of each answer: what to send instead.
    """

    def __init__(
        self,
        upstream: str,
        lose: Lose = lambda _method, _path: False,
        rewrite: Rewrite = lambda _path, body: body,
    ) -> None:
        self.upstream, self.lose, self.rewrite = upstream, lose, rewrite
        self.lost: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop; requests under way are cut off."""
        self._server.shutdown()
        self._server.server_close()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            try:
                status, headers, body = self._ask()
            except (OSError, http.client.HTTPException):
                self._cut_off()  # the service is not there, or died while it worked
                return
            if proxy.lose(self.command, self.path):
                proxy.lost.append(self.path)
                self._cut_off()
                return
            body = proxy.rewrite(self.path, body)
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _ask(self) -> tuple[int, list[tuple[str, str]], bytes]:
            where = urlsplit(proxy.upstream)
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=ANSWER_S)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            try:
                connection.request(self.command, self.path, content or None, headers)
                answer = connection.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            finally:
                connection.close()

        def _cut_off(self) -> None:
            self.close_connection = True
            self.connection.close()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:
            pass

        def handle(self) -> None:
            # The browser went away, or the line was cut above.
            with suppress(OSError, ValueError):
                super().handle()

    return Handler
