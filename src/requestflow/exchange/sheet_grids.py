"""Workbooks as grids: each visible sheet, merged cells covered, formulas by the value they show."""

import re
import zipfile
import zlib
from io import BytesIO
from typing import Any

from requestflow.errors import Refused
from requestflow.exchange.grids import Cell, Grid, Paper, captions, one_line, sized, unpacked

_FARTHEST = re.compile(rb"<c[^>]{0,200}?\br=\"([A-Z]{1,4})([0-9]{1,9})\"")
_NEVER_WORKED_OUT = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_MOST_COLUMNS, _MOST_ROWS = 1_000, 20_000
_ALPHABET = 26
NOT_WORKED_OUT = "=…"
"""What stands for a formula without a value: a figure that nobody has worked out is not a zero."""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _ALPHABET + letter - ord("A") + 1
    return number - 1


def _sheets(parts: zipfile.ZipFile) -> list[str]:
    return [name for name in parts.namelist() if re.match(r"xl/worksheets/[^/]+\.xml$", name)]


def _part(file: str, parts: zipfile.ZipFile, name: str) -> bytes:
    try:
        return parts.read(name)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        raise Refused("document_damaged", file=file) from None


def _inspect(file: str, parts: zipfile.ZipFile) -> set[tuple[int, int]]:
    """Refuses a sheet that would fill the memory by one far cell; gives formulas without a value."""
    texts = [_part(file, parts, name) for name in _sheets(parts)]
    for text in texts:
        for letters, row in _FARTHEST.findall(text):
            if _column(letters) >= _MOST_COLUMNS or int(row) > _MOST_ROWS:
                raise Refused("file_too_large", file=file)
    found = _NEVER_WORKED_OUT.findall(texts[0]) if len(texts) == 1 else []
    return {(int(row) - 1, _column(letters)) for letters, row in found}


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004  a sheet's digits
        return str(int(value))
    return one_line(str(value))


def _rows(sheet: Any, pending: set[tuple[int, int]]) -> list[list[Cell]]:
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
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    from python_calamine import SheetVisibleEnum as Visible

    pending = _inspect(file, unpacked(file, data)) if data.startswith(b"PK") else set()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = [m.name for m in book.sheets_metadata if m.visible is Visible.Visible]
        sheets = [(name, _rows(book.get_sheet_by_name(name), pending)) for name in names]
    except PasswordError:
        raise Refused("document_locked", file=file) from None
    except (CalamineError, ValueError, OSError, KeyError):
        raise Refused("document_damaged", file=file) from None
    texts = [text for name, rows in sheets for text in (*captions(rows), name)]
    return Paper(tuple(texts), tuple(Grid(name, sized(file, rows)) for name, rows in sheets))
