"""Every number that a measurement rests on, read from the code: docs/reference/measurement-constants.md.

Run: python benchmarks/constants_page.py [--out FILE]
Constants that stand one under the other share the docstring below them.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "measurement-constants.md"

MODULES = (
    "calibration/*.py",
    "app/domain/*.py",
    "app/digit.py",
    "app/gate.py",
    "app/measuring.py",
    "models/*.py",
)
"""Where measurements, and the rules that read them, are made."""

NOT_OF_MEASUREMENTS = ROOT / "app" / "domain" / "errors.py"
"""Its only numbers are those of HTTP."""

HEAD = """# Constants of the measurement

Written by `python benchmarks/constants_page.py` from the code; a test holds it to the code. The limits of
the capture gate, which a study's protocol may change, are in [capture-gate.md](capture-gate.md); the charter
of the readers in [reading-charter.md](reading-charter.md). All of them are part of the software's version.
"""


@dataclass(frozen=True)
class Constant:
    """A named number, or several, of a module.

    Attributes
    ----------
    name : str
        Its name.
    value : str
        As the code states it.
    reason : str
        Why this much, and where it is from; empty where nothing says so.
    """

    name: str
    value: str
    reason: str


def constants_of(source: str) -> list[Constant]:
    """The numbers named at the top level of a module.

    Parameters
    ----------
    source : str
        Of the module.
    """
    found: list[Constant] = []
    waiting: list[tuple[str, str]] = []
    last_line = 0
    for statement in ast.parse(source).body:
        if _is_text(statement):
            reason = " ".join(_text(statement).split())
            found += [Constant(name, value, reason) for name, value in waiting]
            waiting = []
            continue
        named = list(_numbers_of(statement))
        # a blank line ends what shares a docstring
        if not named or statement.lineno > last_line + 1:
            found += [Constant(name, value, "") for name, value in waiting]
            waiting = []
        waiting += named
        last_line = statement.end_lineno or statement.lineno
    return found + [Constant(name, value, "") for name, value in waiting]


def _is_text(statement: ast.stmt) -> bool:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        return False
    return isinstance(statement.value.value, str)


def _text(statement: ast.stmt) -> str:
    text = ast.literal_eval(statement.value) if isinstance(statement, ast.Expr) else ""
    return str(text)


def _numbers_of(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Name and value of a constant that holds a number, one for each name of a list of names."""
    if isinstance(statement, ast.Assign):
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value = statement.target, statement.value
    else:
        return
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    values = (
        value.elts if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) else [value] * len(names)
    )
    for name, one in zip(names, values, strict=True):
        if isinstance(name, ast.Name) and name.id.isupper() and _holds_number(one):
            yield name.id, ast.unparse(one)


def _holds_number(value: ast.expr) -> bool:
    constants = (node.value for node in ast.walk(value) if isinstance(node, ast.Constant))
    return any(isinstance(each, int | float) and not isinstance(each, bool) for each in constants)


def sections() -> Iterator[tuple[str, list[Constant]]]:
    """Modules with their constants."""
    for pattern in MODULES:
        for file in sorted(ROOT.glob(pattern)):
            found = constants_of(file.read_text(encoding="utf-8"))
            if found and file != NOT_OF_MEASUREMENTS:
                yield file.relative_to(ROOT).as_posix(), found


def page() -> str:
    """The page as Markdown."""
    lines = [HEAD]
    for module, constants in sections():
        lines += [f"## {module}", "", "| constant | value | reason and source |", "|---|---|---|"]
        lines += [f"| `{one.name}` | `{_cell(one.value)}` | {_cell(one.reason)} |" for one in constants]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=PAGE)
    arguments = parser.parse_args()
    arguments.out.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
