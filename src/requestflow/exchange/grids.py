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


def sized(file: str, rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows as a value, refused where no annual table can be that large."""
    if sum(len(row) for row in rows) > _MOST_CELLS:
        raise Refused("file_too_large", file=file)
    return tuple(tuple(row) for row in rows)


def unpacked(file: str, data: bytes) -> zipfile.ZipFile:
    """The parts of an office document, none of them read yet.

    Raises:
        Refused: `file_damaged` (cut off, not a zip at all), `file_too_large` (unpacks to more than an
            annual table can hold: what a zip bomb does), `file_has_password`.
    """
    try:
        parts = zipfile.ZipFile(BytesIO(data))
        infos = parts.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refused("document_damaged", file=file) from None
    if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_UNPACKED:
        raise Refused("file_too_large", file=file)
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("document_locked", file=file)
    return parts
