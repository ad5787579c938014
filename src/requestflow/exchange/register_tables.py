"""A register's file as a table of heads and cells, whichever of the three formats it has."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from requestflow.domain.signs import IN_A_REGISTER, one_line
from requestflow.errors import Finding, Refused, WrongUsage
from requestflow.exchange.workbooks import Bounds, guarded, opened
from requestflow.exchange.written_texts import decoded
from requestflow.files import file_bytes

FORMATS = ".csv .xlsx .jsonl"
DIGITS_END = 1e15  # a spreadsheet keeps fifteen digits of a number
_DELIMITERS = ",;\t"
_HEAD_SAMPLE = 10_000
_MOST = 256 * 1024 * 1024  # bytes; a register of a million rows has fewer
_BOUNDS = Bounds(columns=1_000, rows=1 << 20, cells=40_000_000, unpacked=4 * 1024**3)


class Head(NamedTuple):
    """A head and the place where it stands."""

    text: str
    line: int
    column: str


class Table(NamedTuple):
    """What the three formats have in common."""

    heads: Sequence[Head] = ()
    records: Iterable[tuple[int, Sequence[object]]] = ()
    spreadsheet: bool = False


def open_table(path: Path, findings: list[Finding]) -> Table:
    """The table in a file: the first row that is not blank is its heads; a blank file has none.

    Args:
        path: a .csv, .xlsx or .jsonl file.
        findings: what is wrong with the file is added to them, some of it only as records are read.

    Raises:
        WrongUsage: the suffix names none of the formats.
        NotFound: there is no such file.
        Refused: the file cannot be read, or is too large.
    """
    read = _FORMATS.get(path.suffix.lower())
    if read is None:
        raise WrongUsage("unknown_file_format", file=str(path), formats=FORMATS)
    return read(path, file_bytes(path, _MOST), findings)


def _csv_table(path: Path, data: bytes, findings: list[Finding]) -> Table:
    text = decoded(data, path.name)
    if isinstance(text, Finding):
        findings.append(text)
        return Table()
    table = _headed(_csv_records(text, path.name, findings))
    return Table() if findings else table


def _csv_records(
    text: str, file: str, findings: list[Finding]
) -> Iterator[tuple[int, Sequence[object]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    width = line = 0
    cells: list[str] = []
    while True:
        begin = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            findings.append(_csv_fault(str(error), f"{file}:{begin}"))
            continue
        line, width = begin, width or len(cells)
        yield line, cells
    if 0 < len(cells) < width and not text.endswith(("\n", "\r")):
        findings.append(Finding("file_truncated", f"{file}:{line}", warning=True))


def _csv_fault(message: str, where: str) -> Finding:
    if message == "unexpected end of data":
        return Finding("file_truncated", where)
    if message.startswith("field larger"):
        return Finding("cell_too_long", where, {"longest": csv.field_size_limit()})
    return Finding("stray_quote", where)


def _delimiter(text: str) -> str:
    lines = io.StringIO(text, newline="")
    head = next((line for line in lines if line.strip()), "")[:_HEAD_SAMPLE]
    return max(_DELIMITERS, key=lambda mark: len(next(csv.reader([head], delimiter=mark))))


def _xlsx_table(path: Path, data: bytes, findings: list[Finding]) -> Table:
    if not data.strip():
        return Table()
    try:
        guarded(path.name, data, _BOUNDS)
        cells = _first_sheet(path.name, data)
    except Refused as error:
        findings.append(Finding(error.code, path.name, error.facts))
        return Table()
    return _headed(iter(enumerate(cells, 1)))._replace(spreadsheet=True) if cells else Table()


def _first_sheet(file: str, data: bytes) -> list[list[Any]]:
    """The cells of the first sheet that a person sees."""
    from python_calamine import CalamineError
    from python_calamine import SheetTypeEnum as Type
    from python_calamine import SheetVisibleEnum as Visible

    book = opened(file, data)
    try:
        for number, sheet in enumerate(book.sheets_metadata):
            if sheet.typ == Type.WorkSheet and sheet.visible == Visible.Visible:
                cells: list[list[Any]] = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
                return cells
    except (CalamineError, ValueError, OSError, KeyError):
        raise Refused("document_damaged", file=file) from None
    return []


def _headed(records: Iterator[tuple[int, Sequence[object]]]) -> Table:
    """Take the first row that is not blank for the heads, and leave the others to be read."""
    for line, cells in records:
        texts = [shown_in_line(cell) for cell in cells]
        if any(texts):
            heads = [Head(text, line, column_letters(index)) for index, text in enumerate(texts)]
            return Table(heads, records)
    return Table()


def column_letters(index: int) -> str:
    """A column's letters as spreadsheets write them: 0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        letters = chr(ord("A") + index % 26) + letters
        index = index // 26 - 1
    return letters


def _jsonl_table(path: Path, data: bytes, findings: list[Finding]) -> Table:
    text = decoded(data, path.name)
    if isinstance(text, Finding):
        findings.append(text)
        return Table()
    heads: dict[str, Head] = {}
    records: list[tuple[int, Sequence[object]]] = []
    lines = text.split("\n")
    for line, written in enumerate(lines, 1):
        if not written.strip():
            continue
        found = _json_object(written, f"{path.name}:{line}", last=line == len(lines))
        if isinstance(found, Finding):
            findings.append(found)
            continue
        values = _json_values(found, f"{path.name}:{line}", findings)
        for key in values:
            heads.setdefault(key, Head(key.strip() or '""', line, key.strip() or '""'))
        records.append((line, [values.get(key) for key in heads]))
    return Table(list(heads.values()), records)


def _json_object(written: str, where: str, *, last: bool) -> Sequence[tuple[str, object]] | Finding:
    """The pairs of one object, doubled keys included."""
    try:
        found = json.loads(written, object_pairs_hook=tuple)
    except json.JSONDecodeError as error:
        if last:
            return Finding("file_truncated", where)
        return Finding("bad_json", f"{where}:{error.colno}")
    except (ValueError, RecursionError):
        return Finding("bad_json", where)
    if not isinstance(found, tuple):
        return Finding("json_not_object", where)
    if any(IN_A_REGISTER.search(key) for key, _ in found):
        return Finding("bad_json", where)
    return found


def _json_values(
    pairs: Sequence[tuple[str, object]], where: str, findings: list[Finding]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for key, value in pairs:
        place = f"{where}:{key}"
        if key in values:
            findings.append(Finding("doubled_head", place, {"head": key, "first": place}))
        elif value is None or (isinstance(value, str | int | float) and not _is_flag(value)):
            values[key] = value
        else:
            values[key] = None
            findings.append(Finding("json_bad_value", place))
    return values


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


_FORMATS: Mapping[str, Callable[[Path, bytes, list[Finding]], Table]] = {
    ".csv": _csv_table,
    ".xlsx": _xlsx_table,
    ".jsonl": _jsonl_table,
}


def shown(cell: object) -> str:
    """A cell as text: no `.0` behind whole numbers, days and times as ISO writes them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) < DIGITS_END else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return str(cell)


def shown_in_line(cell: object) -> str:
    """A cell as text on one line, every sign that nobody sees made visible."""
    return one_line(IN_A_REGISTER.sub("\ufffd", shown(cell)))
