"""What the readers of files have in common: tables as grids of texts, and the lines around them."""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from requestflow.errors import Refused

Cell = str | None  # None: covered by a merged cell; a cell that is missing is not in its row at all

_MOST_UNPACKED = 256 * 1024 * 1024
_MOST_PARTS = 5_000
_MOST_CELLS = 400_000
WIDEST = 60  # columns that one cell may span; what is more is a slip, or meant to fill the memory


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands: rows of texts, merged cells told apart from blank ones."""

    place: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its lines of text in order, the title first, and its tables."""

    texts: tuple[str, ...]
    grids: tuple[Grid, ...]


def captions(rows: Iterable[Sequence[Cell]]) -> list[str]:
    """Rows that hold a single text: the titles that sheets write above their tables."""
    found = []
    for row in rows:
        texts = [cell for cell in row if cell]
        if len(texts) == 1:
            found.append(texts[0])
    return found


def sized(file: str, rows: Iterable[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows as a value, refused as soon as no annual table can be that large."""
    found: list[tuple[Cell, ...]] = []
    left = _MOST_CELLS
    for row in rows:
        left -= len(row)
        if left < 0:
            raise Refused("file_too_large", file=file)
        found.append(tuple(row))
    return tuple(found)


def unpacked(file: str, data: bytes, most: int = _MOST_UNPACKED) -> zipfile.ZipFile:
    """The parts of an office document, none of them read yet.

    Args:
        file: its name.
        data: what it holds.
        most: bytes to which it may unpack; more than an annual table can hold is what a zip bomb does.

    Raises:
        Refused: `document_damaged` (cut off, not a zip at all), `file_too_large`, `document_locked`.
    """
    try:
        parts = zipfile.ZipFile(BytesIO(data))
        infos = parts.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refused("document_damaged", file=file) from None
    if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > most:
        raise Refused("file_too_large", file=file)
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("document_locked", file=file)
    return parts
