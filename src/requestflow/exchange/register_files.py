"""Registers kept elsewhere: reads a file into rows with places, and writes an empty register.

A file is read as it stands: text keeps its wording, days become ISO text, and whatever cannot be
read for certain becomes a finding with file, row and column. What a row means is not judged here.
"""

import csv
import io
import json
import re
import tomllib
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from requestflow.errors import Finding, FoundProblems, NotFound, Refused, WrongUsage
from requestflow.exchange.written_dates import parse_day
from requestflow.exchange.written_texts import decoded

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "number": "申请编号",
        "received": "收到日期",
        "submitted": "提交日期",
        "name": "申请人",
        "kind": "申请人类型",
        "channel": "申请渠道",
        "subject": "内容描述",
        "state": "办理状态",
        "outcome": "办理结果",
        "decided": "答复日期",
        "extended_to": "延期至",
        "contact": "联系方式",
        "id_number": "证件号码",
        "note": "备注",
    }
)
"""Field code and Chinese head, in the order of the columns."""
DATE_FIELDS = frozenset({"received", "submitted", "decided", "extended_to"})
NEEDED_FIELDS = ("received", "kind")
FIGURE_FIELDS = frozenset({"number", "contact", "id_number"})
"""Rows of figures that are names, not amounts; a spreadsheet likes to spoil them."""

FORMATS = ".csv .xlsx .jsonl"
_DELIMITERS = ",;\t"
_HEAD_SAMPLE = 10_000
_EMPTY_MARKS = "/／-－—–"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_IN_POWERS_OF_TEN = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]{2,}")
_DIGITS_END = 1e15  # a spreadsheet keeps fifteen digits of a number
_LAST_ROW = 1_048_575
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row of a register: its texts by field, and the place where each stands."""

    file: str
    line: int
    values: Mapping[str, str]
    columns: Mapping[str, str]

    def place(self, field: str | None = None) -> str:
        """What a person can point at: `register.csv:12`, with a field `register.csv:12:C`."""
        column = self.columns.get(field) if field else None
        return f"{self.file}:{self.line}:{column}" if column else f"{self.file}:{self.line}"


class _Head(NamedTuple):
    text: str
    line: int
    column: str


class _Table(NamedTuple):
    """What the three formats have in common."""

    heads: Sequence[_Head] = ()
    records: Iterable[tuple[int, Sequence[object]]] = ()
    spreadsheet: bool = False


def read_register(
    path: Path, mapping: Mapping[str, str] | None = None
) -> tuple[list[RegisterRow], list[Finding]]:
    """The rows of a register, and all that is wrong with the file; wrong heads yield no rows.

    A value with a finding is left out of its row. In an .xlsx file the first visible sheet is
    read, and bare numbers among the days count from 1900.

    Args:
        path: a .csv, .xlsx or .jsonl file.
        mapping: the office's own heads and the fields they stand for, see `read_mapping`.

    Raises:
        WrongUsage: the suffix names none of the formats.
        NotFound: there is no such file.
        Refused: the file cannot be opened.
    """
    open_table = _FORMATS.get(path.suffix.lower())
    if open_table is None:
        raise WrongUsage("unknown_file_format", file=str(path), formats=FORMATS)
    findings: list[Finding] = []
    table = open_table(path, _contents(path), findings)
    if not table.heads:
        return [], findings or [Finding("register_empty", path.name)]
    fields = _fields(path.name, table.heads, mapping or {}, findings)
    if fields is None:
        deque(table.records, maxlen=0)  # for what is wrong with the file itself
        return [], findings
    reader = _RowReader(path.name, table, fields, findings)
    rows = [row for line, cells in table.records if (row := reader.row(line, cells))]
    if not rows and all(finding.warning for finding in findings):
        findings.append(Finding("register_empty", path.name))
    return rows, findings


def read_mapping(path: Path) -> dict[str, str]:
    """Own heads and their fields from a TOML file of lines such as `"来件日" = "received"`.

    Raises:
        NotFound: there is no such file.
        Refused: the file cannot be opened.
        FoundProblems: it is no TOML file, or names an unknown field or a head twice.
    """
    findings: list[Finding] = []
    mapping: dict[str, str] = {}
    seen: dict[str, str] = {}
    for head, field in _toml(path).items():
        if not isinstance(field, str) or field not in FIELDS:
            near = _nearest(str(field), {_key(code): code for code in FIELDS})
            facts = {"head": head, "field": str(field), "near": near}
            findings.append(Finding("unknown_field", path.name, facts))
        elif _key(head) in seen:
            facts = {"head": head, "first": seen[_key(head)]}
            findings.append(Finding("doubled_head", path.name, facts))
        else:
            seen[_key(head)] = head
            mapping[head] = field
    if findings:
        raise FoundProblems("bad_mapping", findings, file=str(path))
    return mapping


def write_template(
    path: Path, *, kinds: Sequence[str], outcomes: Sequence[str], channels: Sequence[str]
) -> None:
    """Write an empty register with the Chinese heads; the three lists are offered in its cells.

    Raises:
        WrongUsage: the file is not to be an .xlsx file.
        Refused: the file exists already, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise WrongUsage("unknown_file_format", file=str(path), formats=".xlsx")
    book = _template({"kind": kinds, "outcome": outcomes, "channel": channels})
    try:
        with path.open("xb") as file:
            file.write(book)
    except FileExistsError as error:
        raise Refused("file_exists", file=str(path)) from error
    except OSError as error:
        raise Refused("file_unwritable", file=str(path), reason=error.strerror) from error


# --- files ---------------------------------------------------------------------------------------


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound("file_missing", file=str(path)) from error
    except OSError as error:
        raise Refused("file_unreadable", file=str(path), reason=error.strerror) from error


def _toml(path: Path) -> dict[str, object]:
    text = decoded(_contents(path), path.name)
    if isinstance(text, Finding):
        raise FoundProblems("bad_mapping", [text], file=str(path))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_PLACE.search(str(error))
        where = f"{path.name}:{found[1]}:{found[2]}" if found else path.name
        facts = {"reason": _TOML_PLACE.sub("", str(error))}
        finding = Finding("bad_toml", where, facts)
        raise FoundProblems("bad_mapping", [finding], file=str(path)) from error


# --- the three formats ---------------------------------------------------------------------------


def _csv_table(path: Path, data: bytes, findings: list[Finding]) -> _Table:
    text = decoded(data, path.name)
    if isinstance(text, Finding):
        findings.append(text)
        return _Table()
    table = _headed(_csv_records(text, path.name, findings))
    return _Table() if findings else table


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


def _xlsx_table(path: Path, data: bytes, findings: list[Finding]) -> _Table:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    from python_calamine import SheetTypeEnum as Type
    from python_calamine import SheetVisibleEnum as Visible

    if not data.strip():
        return _Table()
    try:
        with CalamineWorkbook.from_path(path) as book:
            for number, sheet in enumerate(book.sheets_metadata):
                if sheet.typ == Type.WorkSheet and sheet.visible == Visible.Visible:
                    cells = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
                    return _headed(iter(enumerate(cells, 1)))._replace(spreadsheet=True)
    except PasswordError:
        findings.append(Finding("file_has_password", path.name))
    except CalamineError as error:
        findings.append(Finding("file_damaged", path.name, {"reason": str(error)}))
    return _Table()


def _headed(records: Iterator[tuple[int, Sequence[object]]]) -> _Table:
    """Take the first row that is not blank for the heads, and leave the others to be read."""
    for line, cells in records:
        texts = [_one_line(cell) for cell in cells]
        if any(texts):
            heads = [_Head(text, line, _letters(index)) for index, text in enumerate(texts)]
            return _Table(heads, records)
    return _Table()


def _letters(index: int) -> str:
    """A column's letters as spreadsheets write them: 0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        letters = chr(ord("A") + index % 26) + letters
        index = index // 26 - 1
    return letters


def _jsonl_table(path: Path, data: bytes, findings: list[Finding]) -> _Table:
    text = decoded(data, path.name)
    if isinstance(text, Finding):
        findings.append(text)
        return _Table()
    heads: dict[str, _Head] = {}
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
            heads.setdefault(key, _Head(key.strip() or '""', line, key.strip() or '""'))
        records.append((line, [values.get(key) for key in heads]))
    return _Table(list(heads.values()), records)


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
    if any(_CONTROL.search(key) for key, _ in found):
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


_FORMATS: Mapping[str, Callable[[Path, bytes, list[Finding]], _Table]] = {
    ".csv": _csv_table,
    ".xlsx": _xlsx_table,
    ".jsonl": _jsonl_table,
}


# --- heads ---------------------------------------------------------------------------------------


def _key(head: str) -> str:
    """A head without the ways in which it may differ: width, case, white space, underscores."""
    plain = unicodedata.normalize("NFKC", head).casefold()
    return "".join(mark for mark in plain if mark.isprintable() and mark not in " _")


def _nearest(text: str, known: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(_key(text), known, n=1)
    return known[near[0]] if near else ""


def _fields(
    file: str, heads: Sequence[_Head], mapping: Mapping[str, str], findings: list[Finding]
) -> list[str | None] | None:
    """The field of each column, None for one without a head; None altogether if heads are wrong."""
    known = {_key(code): (code, code) for code in FIELDS}
    known |= {_key(head): (head, code) for code, head in FIELDS.items()}
    known |= {_key(head): (head, code) for head, code in mapping.items()}
    wrong: list[Finding] = []
    places: dict[str, str] = {}
    fields: list[str | None] = []
    for head in heads:
        where = f"{file}:{head.line}:{head.column}"
        _, field = known.get(_key(head.text), ("", None))
        fields.append(field)
        if field in places:
            facts = {"head": head.text, "first": places[field]}
            wrong.append(Finding("doubled_head", where, facts))
        elif field:
            places[field] = where
        elif head.text:
            near = _nearest(head.text, {key: shown for key, (shown, _) in known.items()})
            wrong.append(Finding("unknown_head", where, {"head": head.text, "near": near}))
    where = f"{file}:{heads[0].line}"
    missing = [FIELDS[field] for field in NEEDED_FIELDS if field not in places]
    wrong += [Finding("missing_head", where, {"head": head}) for head in missing]
    findings += wrong
    return None if wrong else fields


# --- rows ----------------------------------------------------------------------------------------


class _RowReader:
    """Turns cells into rows, and collects what is wrong with them."""

    def __init__(
        self,
        file: str,
        table: _Table,
        fields: Sequence[str | None],
        findings: list[Finding],
    ) -> None:
        self.file = file
        self.fields = fields
        self.findings = findings
        self.spreadsheet = table.spreadsheet
        self.headless = [index for index, field in enumerate(fields) if field is None]
        self.columns = {
            field: head.column for field, head in zip(fields, table.heads, strict=True) if field
        }
        self.days: dict[str, str] = {}

    def row(self, line: int, cells: Sequence[object]) -> RegisterRow | None:
        """The row, or None for a blank one."""
        before = len(self.findings)
        values: dict[str, str] = {}
        for field, cell in zip(self.fields, cells, strict=False):
            if cell == "" or cell is None or field is None:
                continue
            text = self._text(line, field, cell)
            if text:
                values[field] = text
        if self.headless or len(cells) > len(self.fields):
            self._check_headless(line, cells)
        if values or len(self.findings) > before:
            return RegisterRow(self.file, line, values, self.columns)
        return None

    def _text(self, line: int, field: str, cell: object) -> str:
        written = cell if isinstance(cell, str) else _shown(cell)
        if not written.isprintable():
            if found := _CONTROL.search(written.replace("\r", "\n")):
                return self._refuse("control_character", line, field, f"U+{ord(found[0]):04X}")
            written = written.replace("\r\n", "\n").replace("\r", "\n")
        written = written.strip()
        if not written.strip(_EMPTY_MARKS):
            return ""
        if field in DATE_FIELDS:
            return self._day(line, field, written, cell)
        if _is_spoilt(field, written, cell):
            code = "id_number_destroyed" if field == "id_number" else "figures_destroyed"
            return self._refuse(code, line, field, written)
        return written

    def _day(self, line: int, field: str, written: str, cell: object) -> str:
        serial = self.spreadsheet and not isinstance(cell, str)
        day = None if serial else self.days.get(written)
        if day is None:
            found = parse_day(written, serial=serial)
            if found is None:
                return self._refuse("not_a_day", line, field, written)
            day = found.isoformat()
            if not serial:
                self.days[written] = day
        return day

    def _check_headless(self, line: int, cells: Sequence[object]) -> None:
        for index in (*self.headless, *range(len(self.fields), len(cells))):
            text = _one_line(cells[index]) if index < len(cells) else ""
            if text.strip(_EMPTY_MARKS):
                where = f"{self.file}:{line}:{_letters(index)}"
                self.findings.append(Finding("too_many_cells", where, {"text": text}))
                return

    def _refuse(self, code: str, line: int, field: str, text: str) -> str:
        where = f"{self.file}:{line}:{self.columns[field]}"
        self.findings.append(Finding(code, where, {"text": text, "field": FIELDS[field]}))
        return ""


def _shown(cell: object) -> str:
    """A cell as text: no `.0` behind whole numbers, days and times as ISO writes them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) < _DIGITS_END else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return str(cell)


def _one_line(cell: object) -> str:
    return " ".join(_CONTROL.sub("\ufffd", _shown(cell)).split())


def _is_spoilt(field: str, written: str, cell: object) -> bool:
    """Whether a spreadsheet has changed the figures past repair."""
    if isinstance(cell, float):
        return abs(cell) >= _DIGITS_END
    if field not in FIGURE_FIELDS:
        return False
    return isinstance(cell, date) or bool(_IN_POWERS_OF_TEN.fullmatch(written))


# --- the empty register --------------------------------------------------------------------------


def _template(offered: Mapping[str, Sequence[str]]) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    contents = io.BytesIO()
    with xlsxwriter.Workbook(contents, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # same in, same out
        sheet = book.add_worksheet("登记表")
        lists = book.add_worksheet("选项")
        bold = book.add_format({"bold": True, "num_format": "@"})
        plain = book.add_format()
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, (field, head) in enumerate(FIELDS.items()):
            style = day if field in DATE_FIELDS else text if field in FIGURE_FIELDS else plain
            sheet.set_column(column, column, 20, style)
            sheet.write_string(0, column, head, bold)
        for column, (field, labels) in enumerate(offered.items()):
            _offer(sheet, lists, column, field, labels, bold)
        sheet.freeze_panes(1, 0)
    return contents.getvalue()


def _offer(sheet: Any, lists: Any, column: int, field: str, labels: Sequence[str], bold: Any) -> None:
    """A list to choose from; it stands on its own sheet, because a rule holds few characters."""
    lists.set_column(column, column, 40)
    lists.write_string(0, column, FIELDS[field], bold)
    for row, label in enumerate(labels, 1):
        lists.write_string(row, column, label)
    if labels:
        letter = _letters(column)
        target = list(FIELDS).index(field)
        source = f"='选项'!${letter}$2:${letter}${len(labels) + 1}"
        rule = {"validate": "list", "source": source, "error_title": FIELDS[field]}
        sheet.data_validation(1, target, _LAST_ROW, target, rule)
