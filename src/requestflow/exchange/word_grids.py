"""Word documents as grids: merged cells are those that Word itself calls merged."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from requestflow.domain.signs import one_line
from requestflow.errors import Refused
from requestflow.exchange.grids import WIDEST, Cell, Grid, Paper, sized, unpacked

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _TEXT, _TAB, _BREAK = (f"{_W}{name}" for name in ("p", "tbl", "t", "tab", "br"))
_CONTENT = "word/document.xml"
_DAMAGES = (KeyError, ValueError, OSError, AttributeError, NotImplementedError, EOFError)


def _body(file: str, data: bytes) -> Any:
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    if _CONTENT not in unpacked(file, data).namelist():
        raise Refused("document_damaged", file=file)
    try:
        return Document(BytesIO(data)).element.body
    except (OpcError, LxmlError, zlib.error, zipfile.BadZipFile, *_DAMAGES):
        raise Refused("document_damaged", file=file) from None


def _paragraph(paragraph: Any) -> str:
    pieces = paragraph.iter(_TEXT, _TAB, _BREAK)
    return "".join(piece.text or "" if piece.tag == _TEXT else " " for piece in pieces)


def _own_paragraphs(element: Any) -> Iterator[Any]:
    """Paragraphs of an element, those of tables inside it left out."""
    for child in element:
        if child.tag == _PARAGRAPH:
            yield child
        elif child.tag != _TABLE:
            yield from _own_paragraphs(child)


def _rows(table: Any) -> Iterator[list[Cell]]:
    for row in table.tr_lst:
        cells: list[Cell] = [None] * min(row.grid_before, WIDEST)
        for cell in row.tc_lst:
            text = one_line("\n".join(_paragraph(p) for p in _own_paragraphs(cell)))
            covered = cell.vMerge == "continue"
            cells += [None if covered else text, *[None] * (min(cell.grid_span, WIDEST) - 1)]
        yield cells


def read_word(file: str, data: bytes) -> Paper:
    """A Word document's lines and tables, nested tables each by itself; macros are not looked at.

    Raises:
        Refused: cut off, damaged, with a password, or larger than any report.
    """
    body = _body(file, data)
    texts = [text for p in body.iter(_PARAGRAPH) if (text := one_line(_paragraph(p)))]
    try:
        grids = [
            Grid(f"table {number}", sized(file, _rows(table)))
            for number, table in enumerate(body.iter(_TABLE), 1)
        ]
    except _DAMAGES:  # a span that is no number
        raise Refused("document_damaged", file=file) from None
    return Paper(tuple(texts), tuple(grids))
