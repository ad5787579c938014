"""Annual tables out of any file: `.json .xlsx .xls .docx .html .csv .txt`, by what the file holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from requestflow.domain.forms import Form
from requestflow.domain.tables import AnnualTable, Figure, of_year
from requestflow.errors import Finding, Refused
from requestflow.exchange.dispute_recognition import recognise_disputes
from requestflow.exchange.grids import Paper
from requestflow.exchange.table_files import MOST_BYTES, parse_table
from requestflow.exchange.table_labels import Labels
from requestflow.exchange.table_recognition import recognise
from requestflow.exchange.table_titles import Title, stated_in
from requestflow.files import file_bytes

SUFFIXES = frozenset({".json", ".xlsx", ".xls", ".docx", ".html", ".htm", ".csv", ".txt"})
UNREAD = frozenset({".pdf"})  # what tables come in too often to be passed over in silence
_ZIP, _OLD_OFFICE = b"PK", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Told:
    """What the person who calls says of a file, where the file does not say it or says it wrongly."""

    year: int | None = None
    form: str | None = None
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read: its table, or None where none was found in it, and what could not be read."""

    file: str
    table: AnnualTable | None
    findings: tuple[Finding, ...] = ()


def _page(file: str, data: bytes) -> Paper:
    from requestflow.exchange.page_grids import read_page

    return read_page(file, data)


def _word(file: str, data: bytes) -> Paper:
    from requestflow.exchange.word_grids import read_word

    return read_word(file, data)


def _workbook(file: str, data: bytes) -> Paper:
    from requestflow.exchange.sheet_grids import read_workbook

    return read_workbook(file, data)


def _csv(file: str, data: bytes) -> Paper:
    from requestflow.exchange.csv_grids import read_csv

    return read_csv(file, data)


def _text(file: str, data: bytes) -> Paper:
    from requestflow.exchange.csv_grids import read_text

    return read_text(file, data)


_BY_SUFFIX: Mapping[str, Callable[[str, bytes], Paper]] = {
    ".xlsx": _workbook, ".xls": _workbook, ".docx": _word, ".html": _page, ".htm": _page,
    ".csv": _csv, ".txt": _text,
}  # fmt: skip


def _kind(suffix: str, data: bytes) -> Callable[[str, bytes], Paper]:
    """The reader for what a file holds: pages are saved as .xls, workbooks as .html, and so on."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(_ZIP):
        return _word if b"word/document.xml" in data else _workbook
    if data.startswith(_OLD_OFFICE):
        return _workbook
    if start.startswith(b"<"):
        return _page
    if suffix == ".xls" and start and b"\0" not in start:
        return _csv  # text that a program wrote and called a workbook, since Excel opens it
    return _BY_SUFFIX[suffix]


class TableReader:
    """Reads annual tables of the forms it is given, their labels prepared once for all files."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = forms
        self._labels = {code: Labels(form) for code, form in forms.items()}

    def read(self, path: Path, told: Told | None = None) -> Reading:
        """The annual table of a file, with what of it could not be read.

        Args:
            path: a file of any of the formats; what it holds counts more than its suffix.
            told: year, form and office where the file does not state them, or states them wrongly.

        Raises:
            NotFound, Refused: the file is missing, damaged, too large, or has a password.
            FoundProblems: a JSON document that is no table.
        """
        if path.suffix.lower() in UNREAD:
            raise Refused("pdf_unreadable", file=path.name)
        told = told or Told()
        data = file_bytes(path, MOST_BYTES)
        if path.suffix.lower() not in _BY_SUFFIX:
            return Reading(path.name, _corrected(parse_table(path.name, data, self._forms), told))
        paper = self._paper(path, data)
        return self._recognised(path.name, paper, told)

    def _paper(self, path: Path, data: bytes) -> Paper:
        try:
            return _kind(path.suffix.lower(), data)(path.name, data)
        except RecursionError:
            raise Refused("document_damaged", file=path.name) from None

    def _known(self, told: Told, year: int | None) -> list[Labels]:
        """The forms that a file may have, the one prescribed for its year first."""
        if told.form is not None:
            return [self._labels[told.form]]
        return sorted(self._labels.values(), key=lambda one: year is None or not one.form.covers(year))

    def _recognised(self, file: str, paper: Paper, told: Told) -> Reading:
        title = stated_in(paper.texts, (row for grid in paper.grids for row in grid.rows))
        title = replace(title, year=title.year or told.year, office=told.office or title.office)
        found = recognise(paper.grids, self._known(told, told.year or title.year))
        if found is None:
            return Reading(file, None, (Finding("table3_not_found", file),))
        blocks, missed = recognise_disputes(paper.grids, found.form)
        findings = [*found.findings, *missed, *_unknown(title, found.form, clear=found.clear)]
        table4: Mapping[str, tuple[Figure, ...]] | None = blocks
        table = AnnualTable(title.office, title.year or 0, found.form, found.rows, table4)
        if title.days is not None:
            table = replace(table, first=title.days.first, as_of=title.days.last)
        table = of_year(table, told.year or table.year)
        placed = [replace(f, where=f"{file}: {f.where}" if f.where else file) for f in findings]
        return Reading(file, table, tuple(placed))


def _unknown(title: Title, form: Form, *, clear: bool) -> list[Finding]:
    found = []
    if title.year is None:
        found.append(Finding("report_year_not_found", "", warning=True))
    if not title.office:
        found.append(Finding("report_office_not_found", "", warning=True))
    if not clear:
        found.append(Finding("report_form_guessed", "", {"form": form.code}, warning=True))
    return found


def _corrected(table: AnnualTable, told: Told) -> AnnualTable:
    return of_year(replace(table, office=told.office or table.office), told.year or table.year)
