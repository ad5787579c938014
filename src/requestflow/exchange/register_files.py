"""Registers kept elsewhere: reads a file into rows with places.

A file is read as it stands: text keeps its wording, days become ISO text, and whatever cannot be
read for certain becomes a finding with file, row and column. What a row means is not judged here.
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from requestflow.domain.signs import IN_A_REGISTER
from requestflow.errors import Finding
from requestflow.exchange.register_heads import DATE_FIELDS, FIELDS, FIGURE_FIELDS, fields_of
from requestflow.exchange.register_tables import (
    DIGITS_END,
    Table,
    column_letters,
    open_table,
    shown,
    shown_in_line,
)
from requestflow.exchange.written_dates import parse_day

_EMPTY_MARKS = "/／-－—–"
_IN_POWERS_OF_TEN = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]{2,}")


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
        Refused: the file cannot be read, or is too large.
    """
    findings: list[Finding] = []
    table = open_table(path, findings)
    if not table.heads:
        return [], findings or [Finding("register_empty", path.name)]
    fields = fields_of(path.name, table.heads, mapping or {}, findings)
    if fields is None:
        deque(table.records, maxlen=0)  # for what is wrong with the file itself
        return [], findings
    reader = _RowReader(path.name, table, fields, findings)
    rows = [row for line, cells in table.records if (row := reader.row(line, cells))]
    if not rows and all(finding.warning for finding in findings):
        findings.append(Finding("register_empty", path.name))
    return rows, findings


class _RowReader:
    """Turns cells into rows, and collects what is wrong with them."""

    def __init__(
        self,
        file: str,
        table: Table,
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
        written = cell if isinstance(cell, str) else shown(cell)
        if not written.isprintable():
            if found := IN_A_REGISTER.search(written.replace("\r", "\n")):
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
            text = shown_in_line(cells[index]) if index < len(cells) else ""
            if text.strip(_EMPTY_MARKS):
                where = f"{self.file}:{line}:{column_letters(index)}"
                self.findings.append(Finding("too_many_cells", where, {"text": text}))
                return

    def _refuse(self, code: str, line: int, field: str, text: str) -> str:
        where = f"{self.file}:{line}:{self.columns[field]}"
        self.findings.append(Finding(code, where, {"text": text, "field": FIELDS[field]}))
        return ""


def _is_spoilt(field: str, written: str, cell: object) -> bool:
    """Whether a spreadsheet has changed the figures past repair."""
    if isinstance(cell, float):
        return abs(cell) >= DIGITS_END
    if field not in FIGURE_FIELDS:
        return False
    return isinstance(cell, date) or bool(_IN_POWERS_OF_TEN.fullmatch(written))
