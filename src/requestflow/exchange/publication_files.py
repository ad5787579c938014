"""Table two's figures from a TOML file that the office keeps, and an empty one to fill in."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from requestflow.domain.expectations import not_toml
from requestflow.domain.forms import FigureKind, Form, PublicationColumn
from requestflow.domain.publication import Imbalance, Publication, Stated
from requestflow.errors import Finding, FoundProblems, Refused
from requestflow.files import file_bytes, write_first

_MOST = 1024 * 1024
_LARGEST = 10**9
_FINEST = -6  # decimals of an amount: a hundredth of a yuan, in ten thousands


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    data = file_bytes(path, _MOST)
    try:
        text = data.decode("utf-8-sig")
        return text, tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError:
        finding = Finding("file_not_text", path.name)
    except (ValueError, ArithmeticError, RecursionError) as error:
        empty = list(_empty(path.name, text))
        finding = not_toml(error, path.name)
        if empty:
            raise FoundProblems("figures_broken", empty, file=path.name) from None
    raise FoundProblems("figures_broken", [finding], file=path.name)


def _empty(file: str, text: str) -> Iterator[Finding]:
    """Keys that have lost their mark of a comment and have no figure yet, each at its line."""
    for number, line in enumerate(text.splitlines(), start=1):
        key, equals, value = line.partition("=")
        if equals and not key.lstrip().startswith("#") and not value.split("#")[0].strip():
            yield Finding("figure_left_empty", f"{file}:{number}", {"key": key.strip()})


def line_of(text: str, table: str, key: str = "") -> int:
    """The line of a key in a table of a TOML text; of the table's head, or 1, where there is none."""
    inside, found = table == "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.split("#")[0].strip() == f"[{table}]"
            found = number if inside else found
        elif inside and key and stripped.split("=")[0].strip().strip("\"'") == key:
            return number
    return found


def _allowed(value: Any, column: PublicationColumn) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return False
    if column.kind is FigureKind.CHANGE:
        return isinstance(value, int) and abs(value) < _LARGEST
    if isinstance(value, Decimal):
        fine = value.is_finite() and int(value.as_tuple().exponent) >= _FINEST
        return column.kind is FigureKind.MONEY and fine and 0 <= value < _LARGEST
    return 0 <= value < _LARGEST


class _Reading:
    """One file on its way to figures: what is wrong with it is gathered, not raised."""

    def __init__(self, path: Path, form: Form) -> None:
        self.file, self.form = path.name, form
        self.text, self.value = _read(path)
        self.findings: list[Finding] = []
        self.figures: dict[tuple[str, str], Stated] = {}

    def fault(self, code: str, table: str, key: str = "", **facts: Any) -> None:
        where = f"{self.file}:{line_of(self.text, table, key)}"
        self.findings.append(Finding(code, where, facts))

    def year(self, wanted: int) -> None:
        year = self.value.get("year")
        if year != wanted:
            self.fault("figures_of_another_year", "", "year", year=year, wanted=wanted)

    def rows(self) -> None:
        columns = {row: part.columns for part in self.form.publication.parts for row in part.rows}
        for name, values in self.value.items():
            if name in ("year", "office", "form"):
                continue
            if name not in columns or not isinstance(values, Mapping):
                self.fault("figures_row_unknown", name, name, row=name, known=list(columns))
        for row, known in columns.items():
            values = self.value.get(row, {})
            if isinstance(values, Mapping):
                self._row(row, values, {column.code: column for column in known})

    def _row(self, row: str, values: Mapping[str, Any], known: Mapping[str, PublicationColumn]) -> None:
        for key, value in values.items():
            if key not in known:
                self.fault("figures_column_unknown", row, key, column=key, known=list(known))
            elif not _allowed(value, known[key]):
                code = f"figure_not_{known[key].kind.value}"
                self.fault(code, row, key, column=known[key].label, value=str(value)[:40])
            else:
                self.figures[row, key] = value


def read_publication(path: Path, year: int, form: Form) -> Publication:
    """The figures of table two of a year; a row or figure that is left out is not stated.

    Raises:
        NotFound, Refused: the file is missing or cannot be read.
        FoundProblems: another year's, unknown rows and columns, figures that cannot be; all with lines.
    """
    reading = _Reading(path, form)
    reading.year(year)
    reading.rows()
    if reading.findings:
        raise FoundProblems("figures_broken", reading.findings, file=path.name)
    return Publication(year, form.publication, reading.figures)


def imbalance_finding(path: Path, form: Form, fault: Imbalance) -> Finding:
    """A balance that does not hold as a finding, with the line of the figure."""
    text, _value = _read(path)
    rows = {row: label for part in form.publication.parts for row, label in part.rows.items()}
    columns = {
        (row, column.code): column.label
        for part in form.publication.parts
        for row in part.rows
        for column in part.columns
    }
    facts = {"row": rows[fault.row], "column": columns[fault.row, fault.column],
             "stated": fault.stated, "expected": fault.expected}  # fmt: skip
    return Finding("figure_unbalanced", f"{path.name}:{line_of(text, fault.row, fault.column)}", facts)


def write_figures_template(path: Path, year: int, form: Form) -> None:
    """Writes an empty file of figures, every row and column with its printed label, none filled in.

    Raises:
        Refused: there is such a file already, or the place cannot be written.
    """
    publication = form.publication
    lines = [f"# {publication.title}（{form.document}）", f"year = {year}", ""]
    for part in publication.parts:
        lines += [f"# {part.article}", ""]
        for row, label in part.rows.items():
            lines.append(f"[{row}]  # {label}")
            lines += [f"# {column.code} =   # {column.label}" for column in part.columns]
            lines.append("")
    _folder(path.parent)
    write_first(path, "\n".join(lines).encode())


def _folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused("folder_unwritable", folder=str(folder), reason=error) from None
