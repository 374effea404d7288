"""What the build hook decides, and what the built pages may contain."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import re
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).parents[2]
DIST = REPOSITORY / "app" / "web" / "dist"
pytest.importorskip("hatchling")


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", REPOSITORY / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project: one source, built pages that are newer, and packages that are newer still."""
    for name, at in (("main.tsx", 100), ("dist/index.html", 200), ("node_modules/x/index.js", 300)):
        file = tmp_path / "app" / "web" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
        os.utime(file, (at, at))
    return tmp_path


def test_pages_newer_than_every_source_are_kept(hook: ModuleType, tree: Path) -> None:
    assert not hook.is_stale(tree)


def test_a_newer_source_anywhere_rebuilds(hook: ModuleType, tree: Path) -> None:
    deep = tree / "app" / "web" / "study" / "page.tsx"
    deep.parent.mkdir()
    deep.write_text("x")
    assert hook.is_stale(tree)


def test_a_newer_card_rebuilds(hook: ModuleType, tree: Path) -> None:
    card = tree / "calibration" / "digit_card.json"
    card.parent.mkdir()
    card.write_text("{}")
    assert hook.is_stale(tree)


def test_missing_pages_are_built(hook: ModuleType, tree: Path) -> None:
    (tree / "app" / "web" / "dist" / "index.html").unlink()
    assert hook.is_stale(tree)


def test_an_unreachable_registry_is_told_apart(hook: ModuleType) -> None:
    away = hook.explanation(("ci",), "npm error code ENOTFOUND")
    broken = hook.explanation(("run", "build"), "src/x.ts: syntax error")
    assert "did not reach the npm registry" in away
    assert "registry" not in broken
    assert "npm run build" in broken


def test_the_lock_names_no_host_and_fits_every_platform() -> None:
    packages = json.loads((REPOSITORY / "app" / "web" / "package-lock.json").read_text())["packages"]
    names = {name.rpartition("node_modules/")[2] for name in packages}
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if name and "integrity" not in entry]
    wanted = {o for entry in packages.values() for o in entry.get("optionalDependencies", {})}
    assert wanted <= names, "npm ci refuses a lock without the other platforms' packages"


def test_the_packages_have_permissive_licences() -> None:
    packages = json.loads((REPOSITORY / "app" / "web" / "package-lock.json").read_text())["packages"]
    # Used by tests alone, unchanged (docs/decisions/0012).
    axe = packages.pop("node_modules/axe-core")
    assert axe["dev"]
    licences = {entry["license"] for entry in packages.values()}
    assert licences <= {"MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"}


@pytest.mark.skipif(not DIST.is_dir(), reason="the pages are not built")
def test_built_pages_hold_nothing_inline_and_no_other_host() -> None:
    index = (DIST / "index.html").read_text()
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", index)
    assert re.findall(r'(?:src|href)="(?!/)', index) == []
    hashed = [file.name for file in (DIST / "assets").iterdir()]
    assert all(re.fullmatch(r"[\w-]+-[\w-]{8}\.(js|css)", name) for name in hashed), hashed
    for file in (DIST / "assets").iterdir():
        # Names of XML vocabularies are not addresses that are fetched.
        hosts = set(re.findall(r"https?://([\w.-]+)", file.read_text())) - {"www.w3.org"}
        assert hosts == set(), file.name
        assert "eval(" not in file.read_text()


@pytest.mark.skipif(not DIST.is_dir(), reason="the pages are not built")
def test_a_first_visit_loads_little() -> None:
    entrance = DIST / "index.html"
    named = re.findall(r'(?:src|href)="/([^"]+)"', entrance.read_text())
    assert any(name.endswith(".js") for name in named)
    loaded = [entrance, *(DIST / name for name in named)]
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in loaded) <= 300_000


@pytest.mark.skipif(not DIST.is_dir(), reason="the pages are not built")
def test_the_service_worker_keeps_every_file_of_the_pages_and_nothing_else() -> None:
    worker = (DIST / "sw.js").read_text()
    listed = re.search(r"\[(\"/[^\]]+)\]", worker)
    assert listed is not None
    kept = set(json.loads(f"[{listed[1]}]"))
    built = {f"/{file.relative_to(DIST).as_posix()}" for file in DIST.rglob("*") if file.is_file()}
    assert kept == built - {"/sw.js"}
    assert "__SHELL" not in worker
    assert "import" not in worker


@pytest.mark.skipif(not DIST.is_dir(), reason="the pages are not built")
def test_the_manifest_names_icons_that_are_there() -> None:
    manifest = json.loads((DIST / "manifest.webmanifest").read_text())
    for icon in manifest["icons"]:
        head = (DIST / icon["src"].lstrip("/")).read_bytes()[:24]
        side = int(icon["sizes"].partition("x")[0])
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (side, side)
    assert 'rel="manifest"' in (DIST / "index.html").read_text()
