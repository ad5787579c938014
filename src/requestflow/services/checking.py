"""`check`: the identities of any table, ours or published, in whatever file it stands."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from requestflow.domain.aggregates import Share, figure_of, place_in, shares
from requestflow.domain.explanations import Explanation, explain
from requestflow.domain.identities import Identity, assessable, broken, check
from requestflow.domain.tables import AnnualTable
from requestflow.errors import Finding, FoundProblems, Refused, RequestflowError
from requestflow.exchange.dismissal_file import Dismissal
from requestflow.exchange.table_files import table_digest
from requestflow.exchange.table_readers import SUFFIXES, UNREAD, Reading, TableReader, Told
from requestflow.services.office import RuleBook
from requestflow.services.progress import Progress

HOLDS, BROKEN, NOT_ASSESSABLE = "holds", "broken", "not_assessable"


@dataclass
class Checked:
    """A file, its table where one was read, and which of its identities do not hold."""

    file: str
    table: AnnualTable | None = None
    identities: list[Identity] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    error: RequestflowError | None = None
    dismissals: Mapping[str, Dismissal] = field(default_factory=dict)

    @cached_property
    def _digest(self) -> str:
        return table_digest(self.table) if self.table else ""

    def id_of(self, identity: Identity) -> str:
        """What a broken identity is known by: the table's figures, the place, both sides.

        It is the same for the same figures in any format, and another one once a figure of the table
        has changed.
        """
        place = (identity.name, identity.row, identity.column, identity.left, identity.right)
        return hashlib.sha256(repr((self._digest, place)).encode()).hexdigest()[:12]

    @cached_property
    def all_broken(self) -> list[Identity]:
        """Those that do not hold, dismissed or not."""
        return broken(self.identities)

    @cached_property
    def broken(self) -> list[Identity]:
        """Those that do not hold and that nobody has dismissed."""
        return [one for one in self.all_broken if self.id_of(one) not in self.dismissals]

    @property
    def dismissed(self) -> list[tuple[Identity, Dismissal]]:
        """Those that do not hold and were let stand, with the reason."""
        every = ((one, self.dismissals.get(self.id_of(one))) for one in self.all_broken)
        return [(one, found) for one, found in every if found is not None]

    @property
    def verdict(self) -> str:
        """`holds`, `broken`, or `not_assessable` where too little is stated to say either."""
        if self.broken:
            return BROKEN
        return HOLDS if assessable(self.identities) else NOT_ASSESSABLE

    @property
    def holds(self) -> bool | None:
        """The verdict as yes or no; None where it is neither."""
        return {HOLDS: True, BROKEN: False}.get(self.verdict)

    @cached_property
    def explanations(self) -> list[Explanation]:
        """Which figures could explain what is broken."""
        return explain(self.table, self.identities) if self.table and self.broken else []


@dataclass(frozen=True, slots=True)
class Question:
    """What a call wants to know besides the files: what they are held against, and what is let stand."""

    told: Told = field(default_factory=Told)
    against: Path | None = None
    children: Sequence[Path] = ()
    dismissals: Mapping[str, Dismissal] = field(default_factory=dict)


def table_files(paths: Sequence[Path]) -> list[Path]:
    """The files of a call: those named, and in the folders named all that may hold a table.

    Raises:
        Refused: a folder without any.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        named = SUFFIXES | UNREAD
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in named and _visible(p, path))
        if not inside:
            raise Refused("no_tables_in_folder", folder=str(path), formats=sorted(SUFFIXES))
        found += inside
    return found


def _visible(path: Path, folder: Path) -> bool:
    """No hidden files, and none of the copies that offices lay beside a file that is open."""
    parts = path.relative_to(folder).parts
    return path.is_file() and not any(part.startswith((".", "~$")) for part in parts)


def _needed(reading: Reading) -> AnnualTable:
    if reading.table is None:
        raise FoundProblems("table_broken", reading.findings, file=reading.file)
    return reading.table


def read_all(
    reader: TableReader, paths: Sequence[Path], told: Told, progress: Progress
) -> Iterator[tuple[Path, Reading | RequestflowError]]:
    """Every file in order: what was read, or why it was not; one bad file does not hold the rest up."""
    for number, path in enumerate(paths, 1):
        try:
            yield path, reader.read(path, told)
        except RequestflowError as error:
            yield path, error
        progress(number, len(paths))


def _last_year(reader: TableReader, path: Path | None) -> AnnualTable | None:
    return None if path is None else _needed(reader.read(path))


def _children(
    reader: TableReader, paths: Sequence[Path], progress: Progress
) -> list[tuple[str, AnnualTable]]:
    """The subordinate tables that an aggregate is held against.

    Raises:
        FoundProblems: all of them that cannot be read, by name.
    """
    found, faults = [], []
    for path, result in read_all(reader, table_files(paths), Told(), progress):
        if isinstance(result, Reading) and result.table is not None:
            found.append((path.name, result.table))
        else:
            faults.append(Finding("child_unreadable", str(path)))
    if faults:
        raise FoundProblems("children_unreadable", faults)
    return found


def _compared(table: AnnualTable, children: Sequence[tuple[str, AnnualTable]]) -> list[Finding]:
    """What the children given and those that the aggregate names have not in common."""
    stated = {source.table.office: source for source in table.sources}
    given = {child.office: (file, child) for file, child in children}
    found = [Finding("child_missing", "", {"office": o}, warning=True) for o in stated if o not in given]
    for office, (file, child) in given.items():
        source = stated.get(office)
        if source is None:
            found.append(Finding("child_not_named", file, {"office": office}, warning=True))
        elif source.digest != table_digest(child):
            found.append(Finding("child_changed", file, {"office": office}, warning=True))
    return found if table.sources else []


def _checked(
    path: Path, reading: Reading, last_year: AnnualTable | None,
    children: Sequence[tuple[str, AnnualTable]], dismissals: Mapping[str, Dismissal],
) -> Checked:  # fmt: skip
    table = reading.table
    if table is None:
        return Checked(str(path), findings=reading.findings)
    if last_year is not None and table.year and last_year.year and last_year.year != table.year - 1:
        raise Refused("not_last_year", file=path.name, year=table.year, last=table.year - 1,
                      other=last_year.year)  # fmt: skip
    below = [child for _file, child in children] or [source.table for source in table.sources]
    for child in below:
        if (child.form.code, child.year) != (table.form.code, table.year):
            raise Refused("child_of_another_kind", office=child.office, year=child.year,
                          form=child.form.code)  # fmt: skip
    findings = [*reading.findings, *(_compared(table, children) if children else [])]
    identities = check(table, last_year, below or None)
    return Checked(str(path), table, identities, tuple(findings), dismissals=dismissals)


def check_files(
    book: RuleBook,
    files: Sequence[Path],
    question: Question | None = None,
    progress: Progress = lambda _done, _all: None,
) -> list[Checked]:
    """The verdict on each file, in the order given; of one that cannot be read, the reason.

    Args:
        book: the forms that a table may have.
        files: tables to check, or folders of them.
        question: what they are held against besides their own identities.
        progress: told how many are done.

    Raises:
        NotFound, Refused, FoundProblems: none of the files is a table; or what they are to be held
            against is none, or is not of the year before, or not of the same form.
    """
    question = question or Question()
    reader = TableReader(book.forms)
    if question.told.form is not None:
        book.form_for(0, question.told.form)
    last_year = _last_year(reader, question.against)
    children = _children(reader, question.children, progress) if question.children else []
    found = []
    for path, result in read_all(reader, table_files(files), question.told, progress):
        if isinstance(result, Reading):
            found.append(_checked(path, result, last_year, children, question.dismissals))
        else:
            found.append(Checked(str(path), error=result))
    errors = [one.error for one in found if one.error is not None]
    if errors and len(errors) == len(found):
        raise errors[0] if len(errors) == 1 else _nothing_read(found)
    return found


def _nothing_read(found: Sequence[Checked]) -> FoundProblems:
    faults = [Finding(one.error.code, one.file, one.error.facts) for one in found if one.error]
    return FoundProblems("no_table_read", faults)


def worst_first(found: Sequence[Checked]) -> list[Checked]:
    """Broken ones by number and size of the breaks, then what cannot be judged, then those that hold."""
    order = {BROKEN: 0, NOT_ASSESSABLE: 1, HOLDS: 2}

    def key(one: Checked) -> tuple[int, int, int, str]:
        size = sum(abs((i.left or 0) - (i.right or 0)) for i in one.broken)
        return order[one.verdict], -len(one.broken), -size, one.file

    return sorted(found, key=key)


def contributions(book: RuleBook, file: Path, cell: str) -> tuple[int | None, tuple[Share, ...]]:
    """What each subordinate table gave to one figure of an aggregate, ROW:COLUMN, level by level.

    Raises:
        WrongUsage: no such row or column.
        Refused: the document names no sources.
    """
    table = _needed(TableReader(book.forms).read(file))
    row, column = place_in(table.form, cell)
    if not table.sources:
        raise Refused("no_sources", file=file.name)
    return figure_of(table, row, column), shares(table.sources, row, column)
