"""How the tests are shared out between processes: by module, the longest first.

Fixtures of a module, and the demo of several, are then made in one process only. xdist's own groups
(`--dist loadgroup`) would do, but with pytest 9.2 they group nothing, silently (pytest-xdist, issue 1386).
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

THE_DEMO = "the demo"

SHARE_THE_DEMO = (
    "tests/browser/test_capture.py",
    "tests/browser/test_study.py",
    "tests/browser/test_reading.py",
    "tests/browser/test_reading_room.py",
    "tests/browser/test_wcag.py",
    "tests/browser/test_tablet.py",
)
"""These modules share one running demo, which is slow to start, in this order: first what needs nothing
measured, then the study's pages while it measures, and the reader's empty page before anything is read."""

LONGEST_FIRST = (
    THE_DEMO,
    "tests/reliability/test_killed_server.py",
    "tests/training/test_phantoms.py",
    "tests/test_house.py",
    "tests/browser/test_live_camera.py",
    "tests/training/test_fit.py",
    "tests/training/test_export.py",
    "tests/reliability/test_workers.py",
    "tests/reliability/test_tablet_queue.py",
    "tests/app/test_reading_room.py",
)
"""Groups of half a minute and more: one of them begun last would let the other process stand idle. A new one
that is missing here costs its length at most."""


def group_of(nodeid: str) -> str:
    """What a test is kept together with: its module, or all that share the demo."""
    module = nodeid.partition("::")[0]
    return THE_DEMO if module in SHARE_THE_DEMO else module


def turn_of(nodeid: str) -> tuple[int, int]:
    """When a test's turn comes: its group's, then its module's among those that share the demo."""
    module, group = nodeid.partition("::")[0], group_of(nodeid)
    among = SHARE_THE_DEMO.index(module) if group == THE_DEMO else 0
    return (LONGEST_FIRST.index(group) if group in LONGEST_FIRST else len(LONGEST_FIRST), among)


class ByGroup(LoadScopeScheduling):
    """Gives a process one group after the other, each whole."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
