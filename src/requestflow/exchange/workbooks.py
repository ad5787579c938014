"""Workbooks opened under guard: what would fill the memory is refused before it is read.

A cell far out makes a reader lay out every cell before it, so a file of a kilobyte can ask for half a
terabyte. The places of all cells are looked at first, in the parts as they are unpacked.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from requestflow.errors import Refused
from requestflow.exchange.grids import unpacked

_PLACE = re.compile(rb"<(?:\w{1,20}:)?c\b[^>]{0,200}?\br\s*=\s*[\"']([A-Za-z]{1,4})([0-9]{1,9})[\"']")
_PIECE, _OVERLAP = 1 << 20, 512
_ALPHABET = 26
_DAMAGES = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError)
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # what a sheet under a password is kept in


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a workbook may be: columns, rows and cells of a sheet, bytes of the parts unpacked."""

    columns: int
    rows: int
    cells: int
    unpacked: int


def column_of(letters: bytes) -> int:
    """The place of a column by its letters, the first being 0."""
    number = 0
    for letter in letters.upper():
        number = number * _ALPHABET + letter - ord("A") + 1
    return number - 1


def part_of(file: str, parts: zipfile.ZipFile, name: str) -> bytes:
    """A part of a workbook, held to the size that it says.

    Raises:
        Refused: `document_damaged`.
    """
    try:
        return parts.read(name)
    except _DAMAGES:
        raise Refused("document_damaged", file=file) from None


def _pieces(file: str, parts: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part piece by piece, each beginning with the end of the one before."""
    before = b""
    try:
        with parts.open(name) as stream:
            while piece := stream.read(_PIECE):
                yield before + piece
                before = piece[-_OVERLAP:]
    except _DAMAGES:
        raise Refused("document_damaged", file=file) from None


def _check_places(file: str, parts: zipfile.ZipFile, name: str, bounds: Bounds) -> None:
    width = height = 0
    for piece in _pieces(file, parts, name):
        for letters, row in _PLACE.findall(piece):
            width, height = max(width, column_of(letters) + 1), max(height, int(row))
        if width > bounds.columns or height > bounds.rows or width * height > bounds.cells:
            raise Refused("file_too_large", file=file)


def guarded(file: str, data: bytes, bounds: Bounds) -> zipfile.ZipFile | None:
    """The parts of a workbook that is within its bounds; None for the older .xls, which has none.

    Raises:
        Refused: `file_too_large`, `document_damaged`, `document_locked`.
    """
    if not data.startswith(b"PK"):
        return None
    parts = unpacked(file, data, bounds.unpacked)
    for name in parts.namelist():  # a sheet may be any part; read to its end, it is held to its size
        _check_places(file, parts, name, bounds)
    return parts


def opened(file: str, data: bytes) -> Any:
    """A workbook that `guarded` has let through, to be read by sheets.

    Raises:
        Refused: `document_locked`, `document_damaged`.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if _LOCKED in data:
        raise Refused("document_locked", file=file)
    try:
        return CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        raise Refused("document_locked", file=file) from None
    except (CalamineError, ValueError, OSError, KeyError):
        raise Refused("document_damaged", file=file) from None
