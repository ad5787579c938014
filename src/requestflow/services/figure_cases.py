"""What stands behind each figure of a table: applications, and for table four disputes.

Three sources, one question. The rows, by index, for what is counted now; the books of a day for
`--known-on`; and for one close of a year the cases that it froze, with their days and contents as the
history stood in the chain when the year was closed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from requestflow.domain import tables
from requestflow.domain.aggregates import figure_of, place_in
from requestflow.domain.case import Case
from requestflow.domain.disputes import Dispute, as_of
from requestflow.domain.forms import TOTAL, Form, RowKind
from requestflow.domain.rollup import counted
from requestflow.domain.tables import AnnualTable, CellCase, CountedCase, Figure, Period
from requestflow.domain.years import part, whole
from requestflow.errors import Finding
from requestflow.services import year_table
from requestflow.services.hindsight import Books, books_at_close, books_on
from requestflow.services.office import Office
from requestflow.services.year_table import Wanted
from requestflow.storage import dispute_store, figures
from requestflow.storage.database import Session
from requestflow.storage.year_store import Version


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and what makes it: applications, or for a figure of table four disputes.

    `left_out` are the numbers of those that a close counted in the figure, and whose history as it
    stood then does not say so.
    """

    row: str
    column: str
    figure: Figure
    cases: Sequence[CellCase]
    disputes: Sequence[Dispute] = ()
    left_out: Sequence[str] = ()

    @property
    def listed(self) -> int:
        """How many are named, applications or disputes."""
        return len(self.cases) + len(self.disputes)


def unproven(found: Cell, label: str, version: int | None) -> Finding | None:
    """What is to be said where a figure is not that of the list behind it; None where it is."""
    if found.figure is None or found.figure == found.listed:
        return None
    facts = {"row": label, "stated": found.figure, "counted": found.listed}
    if version is None:
        return Finding("cases_differ", "", facts, warning=True)
    facts |= {"version": version, "numbers": list(found.left_out)}
    return Finding("frozen_cases_differ", "", facts, warning=True)


class Behind(Protocol):
    """Where what stands behind the figures of one table is read."""

    def applications(self, row: str, column: str) -> Cell:
        """The applications of a figure of table three."""

    def disputes(self, block: str, figure: str) -> Cell:
        """The disputes of a figure of table four."""


def behind(office: Office, session: Session, wanted: Wanted) -> Behind:
    """What stands behind the table that is asked for, read in the caller's snapshot.

    Raises:
        WrongUsage, Refused, NotFound: as for `rollup`.
    """
    layout = office.form_for(wanted.year, wanted.form)
    period = year_table.period_of(office, wanted)
    if wanted.version is not None:
        version, table = year_table.table_of_version(office, session, wanted, layout)
        return _Frozen(office, session, version, table)
    if wanted.known_on is not None:
        return _Known(office, layout, period, books_on(office, session, wanted.known_on))
    return _Rows(office, session, layout, period)


_GROUPS = {
    RowKind.NEW: "new",
    RowKind.CARRIED_IN: "carried_in",
    RowKind.RESULT: "results",
    RowKind.CONCLUDED: "results",
    RowKind.CARRIED_OUT: "carried_out",
}


def _group(layout: Form, code: str) -> str:
    return _GROUPS[next(row.kind for row in layout.rows if row.code == code)]


def _outcomes(office: Office, layout: Form, code: str) -> list[str] | None:
    row = next(row for row in layout.rows if row.code == code)
    if row.kind is not RowKind.RESULT:
        return None
    every = office.workflow.outcomes.values()
    return [o.code for o in every if o.rows.get(layout.code) == code]


def _standing(found: Iterable[Dispute], block: str, figure: str, period: Period) -> list[Dispute]:
    """The disputes that a period counts in a figure of a block."""
    stands = [(one, one.figure(period)) for one in found if one.kind == block]
    return [as_of(one, period.last) for one, at in stands if at is not None and figure in (at, TOTAL)]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows, by index: what is counted now."""

    office: Office
    session: Session
    layout: Form
    period: Period

    def applications(self, row: str, column: str) -> Cell:
        found = figures.cases(
            self.session,
            self.period,
            group=_group(self.layout, row),
            kinds=None if column == TOTAL else [column],
            outcomes=_outcomes(self.office, self.layout, row),
        )
        return Cell(row, column, len(found), found)

    def disputes(self, block: str, figure: str) -> Cell:
        found = _standing(dispute_store.every(self.session), block, figure, self.period)
        return Cell(block, figure, len(found), (), found)


_BELONGS = {
    "new": tables.is_new,
    "carried_in": tables.is_carried_in,
    "results": tables.is_concluded,
    "carried_out": tables.is_carried_out,
}


def _line(case: CountedCase, subject: str) -> CellCase:
    return CellCase(case.number, case.received, case.kind, case.outcome, case.concluded, subject)


def _sorted(lines: Iterable[CellCase]) -> list[CellCase]:
    return sorted(lines, key=lambda line: (line.received, line.number))


@dataclass(frozen=True, slots=True)
class _Known:
    """The books of a day: what was known when it ended."""

    office: Office
    layout: Form
    period: Period
    books: Books

    def applications(self, row: str, column: str) -> Cell:
        belongs = _BELONGS[_group(self.layout, row)]
        outcomes = _outcomes(self.office, self.layout, row)
        told = [(counted(case), case.application.subject) for case in self.books.cases]
        found = _sorted(
            _line(case, subject)
            for case, subject in told
            if belongs(case, self.period)
            and column in (case.kind, TOTAL)
            and (outcomes is None or case.outcome in outcomes)
        )
        return Cell(row, column, len(found), found)

    def disputes(self, block: str, figure: str) -> Cell:
        found = _standing(self.books.disputes, block, figure, self.period)
        return Cell(block, figure, len(found), (), found)


class _Frozen:
    """One close of a year: which cases stand where is frozen, what they were the history tells.

    A case of which the history, as it stood at the close, tells another part than the one that was
    frozen is left out.
    """

    def __init__(self, office: Office, session: Session, version: Version, table: AnnualTable) -> None:
        self._office = office
        self._table = table
        self._counted = year_table.frozen_counting(version)
        numbers = sorted(self._counted.cases)
        books = books_at_close(office, session, version.year, version.version, numbers)
        self._cases = dict(self._told(books.cases, whole(version.year)))
        self._disputes = dict(self._fought(books.disputes, whole(version.year)))

    def _told(self, cases: Iterable[Case], period: Period) -> Iterator[tuple[str, CellCase]]:
        """The cases whose history told at the close what was frozen."""
        for case in cases:
            of_then = counted(case)
            if part(of_then, period) == self._counted.cases.get(of_then.number):
                yield of_then.number, _line(of_then, case.application.subject)

    def _fought(self, disputes: Iterable[Dispute], period: Period) -> Iterator[tuple[str, Dispute]]:
        """The disputes of which the same is true."""
        for one in disputes:
            if (one.kind, one.figure(period)) == self._counted.disputes.get(one.number):
                yield one.number, as_of(one, period.last)

    def _behind(self, row: str, column: str) -> list[str]:
        return sorted(self._counted.behind(row, column, self._table.form, self._office.workflow))

    def applications(self, row: str, column: str) -> Cell:
        numbers = self._behind(row, column)
        found = _sorted(self._cases[number] for number in numbers if number in self._cases)
        left_out = [number for number in numbers if number not in self._cases]
        return Cell(row, column, figure_of(self._table, row, column), found, left_out=left_out)

    def disputes(self, block: str, figure: str) -> Cell:
        numbers = self._behind(block, figure)
        found = [self._disputes[number] for number in numbers if number in self._disputes]
        left_out = [number for number in numbers if number not in self._disputes]
        stated = figure_of(self._table, block, figure)
        return Cell(block, figure, stated, (), found, left_out)


def cell_in(office: Office, session: Session, wanted: Wanted, place: str) -> Cell:
    """What stands behind one figure, read in the caller's snapshot."""
    layout = office.form_for(wanted.year, wanted.form)
    row, column = place_in(layout, place)
    source = behind(office, session, wanted)
    if row in layout.blocks:
        return source.disputes(row, column)
    return source.applications(row, column)


def cell(office: Office, wanted: Wanted, place: str) -> Cell:
    """What stands behind one figure, `ROW:COLUMN`: applications, or disputes for `BLOCK:FIGURE`.

    Raises:
        WrongUsage: no such row or column in the form, with the nearest.
        NotFound: `no_such_version`.
    """
    with office.reading() as session:
        return cell_in(office, session, wanted, place)
