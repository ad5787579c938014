"""Pages that stand alone: one file, no network, no script but the one whose digest they carry."""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from requestflow.exchange.table_layout import CellKind, Grid, GridCell, by_row

_HERE = Path(__file__).parent


def _shipped(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def page(title: str, body: str, *, lang: str, script: str = "") -> bytes:
    """A whole page; nothing is loaded from anywhere, and only `script` may run.

    Args:
        title: as text.
        body: as HTML, everything from data escaped already.
        lang: `zh-CN` or `en`.
        script: name of a script of ours, put into the page; none where empty.
    """
    code = _shipped(script) if script else ""
    digest = b64encode(sha256(code.encode()).digest()).decode()
    allowed = f"script-src 'sha256-{digest}'; " if code else ""
    policy = (
        f"default-src 'none'; {allowed}style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(lang)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{_shipped('page.css')}</style>",
            "</head>",
            "<body>",
            body,
            f"<script>{code}</script>" if code else "",
            "</body>",
            "</html>",
            "",
        ]
    ).encode()


def grid_html(grid: Grid, buttons: Mapping[tuple[str, str], str] | None = None) -> str:
    """A printed table; a figure whose place is in `buttons` can be pressed, and says what it is."""
    rows = by_row(grid)
    lines = ['<div class="scroll"><table>']
    lines += (
        ["<thead>", *(_row(row, {}) for row in rows[: grid.heads]), "</thead>"] if grid.heads else []
    )
    lines += ["<tbody>", *(_row(row, buttons or {}) for row in rows[grid.heads :]), "</tbody>"]
    return "\n".join([*lines, "</table></div>"])


def _row(cells: list[GridCell], buttons: Mapping[tuple[str, str], str]) -> str:
    return "<tr>" + "".join(_cell(cell, buttons) for cell in cells) + "</tr>"


def _cell(cell: GridCell, buttons: Mapping[tuple[str, str], str]) -> str:
    tag = "th" if cell.kind in (CellKind.HEAD, CellKind.LABEL) else "td"
    names = [cell.kind.value, *(["broken"] if cell.broken else [])]
    spans = "".join(
        f' {name}="{span}"'
        for name, span in (("rowspan", cell.rowspan), ("colspan", cell.colspan))
        if span > 1
    )
    scope = ' scope="row"' if cell.kind is CellKind.LABEL else ""
    content = escape(cell.text)
    if cell.place is not None and cell.place in buttons and cell.figure:
        row, column = cell.place
        label = escape(buttons[cell.place])
        content = (
            f'<button type="button" data-row="{escape(row)}" data-column="{escape(column)}"'
            f' data-label="{label}" aria-label="{label} {content}">{content}</button>'
        )
    return f'<{tag} class="{" ".join(names)}"{scope}{spans}>{content}</{tag}>'


def data_block(name: str, value: Any) -> str:
    """Data for a script: JSON that no text in it can break out of."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{escape(name)}">{text}</script>'


def charts_html(charts: Mapping[str, str]) -> str:
    """Pictures, each with its title; they are drawn by us, as SVG."""
    if not charts:
        return ""
    figures = [
        f'<figure role="img" aria-label="{escape(t)}">{svg}</figure>' for t, svg in charts.items()
    ]
    return "\n".join(['<div class="charts">', *figures, "</div>"])
