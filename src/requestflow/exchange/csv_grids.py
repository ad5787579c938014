"""Plain files as grids: CSV, and the text of a report whose tables are set with tabs."""

import csv
import io
from collections.abc import Iterator

from requestflow.domain.signs import one_line
from requestflow.errors import Refused
from requestflow.exchange.grids import Cell, Grid, Paper, captions, sized
from requestflow.exchange.written_texts import decoded

_SEPARATORS = ",\t;"
_SAMPLE = 20_000


def _decoded(file: str, data: bytes) -> str:
    """The text: in UTF-16 where a byte order mark says so, else as any file that somebody has saved."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    text = decoded(data, file)
    if isinstance(text, str):
        return text
    cut_off = text.code == "file_truncated"
    raise Refused("document_damaged" if cut_off else "table_file_not_text", file=file)


def read_csv(file: str, data: bytes) -> Paper:
    """A CSV file as one grid, parted by commas, tabs or semicolons, whichever it has most of.

    Raises:
        Refused: it is not text, or its quotation marks do not fit.
    """
    text = _decoded(file, data)
    sample = text[:_SAMPLE]
    delimiter = max(_SEPARATORS, key=sample.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise Refused("document_damaged", file=file) from None
    rows: list[list[Cell]] = [[one_line(cell) for cell in line] for line in lines]
    return Paper(tuple(captions(rows)), (Grid("table 1", sized(file, rows)),))


def _blocks(text: str) -> Iterator[list[list[Cell]]]:
    """Runs of lines with tabs; a blank line does not end one, a line of prose does."""
    block: list[list[Cell]] = []
    for line in text.splitlines():
        if "\t" in line:
            block.append([one_line(cell) for cell in line.split("\t")])
        elif line.strip() and block:
            yield block
            block = []
    if block:
        yield block


def read_text(file: str, data: bytes) -> Paper:
    """A report as plain text, as copied from a page: lines, and tables set with tabs.

    Raises:
        Refused: it is not text.
    """
    text = _decoded(file, data)
    lines = [one_line(line) for line in text.splitlines() if "\t" not in line and line.strip()]
    grids = [
        Grid(f"table {number}", sized(file, block)) for number, block in enumerate(_blocks(text), 1)
    ]
    return Paper(tuple(lines), tuple(grids))
