"""The live camera's own page: built as the pages are, and served with their security policy."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from app.platform.middleware import PAGE_POLICY
from tests.browser.test_frontend_units import WEB, node

HERE = Path(__file__).parent
BUILD_S = 180

CAMERA_FLAGS = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""Chromium takes a file for a camera, and nobody has to allow it."""

COUNT_ANSWERS = """
const Real = window.Worker;
window.answers = 0;
window.Worker = class extends Real {
  constructor(...told) { super(...told); this.addEventListener("message", () => (window.answers += 1)); }
};
"""
"""Counts in `window.answers` what the page's workers answer."""


def build_page(out: Path) -> None:
    """Build the page into a folder.

    Raises
    ------
    RuntimeError
        With what vite said.
    """
    done = subprocess.run(
        [
            node(),
            str(WEB / "node_modules" / "vite" / "bin" / "vite.js"),
            "build",
            f"--config={HERE / 'vite.config.mjs'}",
            f"--outDir={out}",
            "--logLevel=warn",
        ],
        cwd=WEB,
        env={**os.environ, "NODE_ENV": "production"},
        capture_output=True,
        text=True,
        timeout=BUILD_S,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-4000:] + done.stderr[-4000:])


@contextmanager
def serving(page: Path, photos: Path) -> Iterator[str]:
    """Serve the built page at /, and photographs of a folder at /photos/, on loopback; gives the address."""

    class Pages(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            name = path.partition("?")[0]
            if name.startswith("/photos/"):
                return str(photos / Path(name).name)
            return str(page / ("index.html" if name == "/" else name.lstrip("/")))

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", PAGE_POLICY)
            super().end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
