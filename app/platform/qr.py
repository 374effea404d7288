"""QR codes as pictures for the pages."""

from __future__ import annotations

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

QUIET = 4
"""White modules around the code (ISO/IEC 18004)."""

Modules = list[list[bool]]


def qr_modules(text: str) -> Modules:
    """The code's modules with their quiet zone; True is dark."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    side = [False] * QUIET
    rows = [[*side, *map(bool, row), *side] for row in code.modules]
    empty = [[False] * len(rows[0]) for _ in range(QUIET)]
    return [*empty, *rows, *empty]


def qr_svg(text: str) -> str:
    """The code as an SVG picture, black on white."""
    rows = qr_modules(text)
    size = len(rows)
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, line in enumerate(rows)
        for column, dark in enumerate(line)
        if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )
