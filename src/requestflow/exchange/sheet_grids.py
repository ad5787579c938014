"""Workbooks as grids: each visible sheet, merged cells covered, formulas by the value they show."""

import re
import zipfile
from typing import Any

from requestflow.domain.signs import one_line
from requestflow.errors import Refused
from requestflow.exchange.grids import Cell, Grid, Paper, captions, sized
from requestflow.exchange.workbooks import Bounds, column_of, guarded, opened, part_of

_NEVER_WORKED_OUT = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOUNDS = Bounds(columns=1_000, rows=20_000, cells=1_000 * 20_000, unpacked=256 * 1024 * 1024)
NOT_WORKED_OUT = "=…"
"""What stands for a formula without a value: a figure that nobody has worked out is not a zero."""


Place = tuple[int, int]


def _pending(file: str, parts: zipfile.ZipFile) -> dict[str, set[Place]]:
    """Formulas without a value, by the name of their sheet.

    A sheet that a program wrote holds no values until a person has opened and saved it.
    """
    pending: dict[str, set[Place]] = {}
    for name in filter(_WORKSHEET.fullmatch, parts.namelist()):
        found = _NEVER_WORKED_OUT.findall(part_of(file, parts, name))
        pending[name] = {(int(row) - 1, column_of(letters)) for letters, row in found}
    titles = _titles(file, parts) if any(pending.values()) else {}
    return {titles.get(name, name): places for name, places in pending.items()}


def _titles(file: str, parts: zipfile.ZipFile) -> dict[str, str]:
    """Parts and the names of the sheets that they are, as the workbook states it."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        book = etree.fromstring(part_of(file, parts, "xl/workbook.xml"), parser)
        links = etree.fromstring(part_of(file, parts, "xl/_rels/workbook.xml.rels"), parser)
    except (etree.XMLSyntaxError, KeyError):
        raise Refused("document_damaged", file=file) from None
    targets = {link.get("Id"): (link.get("Target") or "").removeprefix("/xl/") for link in links}
    return {
        f"xl/{targets.get(sheet.get(_LINK))}": sheet.get("name") or "" for sheet in book.iter(_SHEET)
    }


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004  a sheet's digits
        return str(int(value))
    return one_line(str(value))


def _rows(sheet: Any, pending: set[Place]) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    for row, column in pending:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = NOT_WORKED_OUT
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for number in range(top, min(bottom + 1, len(rows))):
            for place in range(left, min(right + 1, len(rows[number]))):
                if (number, place) != (top, left):
                    rows[number][place] = None
    return rows


def read_workbook(file: str, data: bytes) -> Paper:
    """A workbook's sheets, .xlsx or the older .xls; formulas are not worked out, macros not looked at.

    Raises:
        Refused: cut off, damaged, with a password, or larger than any report.
    """
    from python_calamine import CalamineError
    from python_calamine import SheetVisibleEnum as Visible

    parts = guarded(file, data, _BOUNDS)
    pending = _pending(file, parts) if parts else {}
    book = opened(file, data)
    try:
        names = [m.name for m in book.sheets_metadata if m.visible is Visible.Visible]
        sheets = [
            (name, _rows(book.get_sheet_by_name(name), pending.get(name, set()))) for name in names
        ]
    except (CalamineError, ValueError, OSError, KeyError):
        raise Refused("document_damaged", file=file) from None
    texts = [text for name, rows in sheets for text in (*captions(rows), name)]
    return Paper(tuple(texts), tuple(Grid(name, sized(file, rows)) for name, rows in sheets))
