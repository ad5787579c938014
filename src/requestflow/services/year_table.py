"""The year's table from the applications, and the applications behind each of its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from requestflow.domain.facts import near
from requestflow.domain.forms import TOTAL, Form, RowKind
from requestflow.domain.identities import Identity, check
from requestflow.domain.rollup import report_period
from requestflow.domain.tables import AnnualTable, Period, empty_blocks, tabulate
from requestflow.errors import Refused, WrongUsage
from requestflow.services.office import Office
from requestflow.storage import figures


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table and what its identities say."""

    table: AnnualTable
    identities: list[Identity]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and the applications that make it."""

    row: str
    column: str
    figure: int
    cases: Sequence[Any]


def _period(office: Office, year: int, as_of: date | None) -> Period:
    if not 1990 <= year <= 2100:  # noqa: PLR2004  what a calendar can know
        raise WrongUsage("bad_year", year=year)
    today = office.today()
    if as_of is not None and as_of.year != year:
        raise WrongUsage("as_of_outside_year", as_of=as_of, year=year)
    if as_of is not None and as_of > today:
        raise Refused("as_of_in_future", as_of=as_of, today=today)
    if year > today.year:
        raise Refused("year_in_future", year=year, today=today)
    return report_period(year, as_of or (today if year == today.year else None))


def rollup(office: Office, year: int, *, form: str | None = None, as_of: date | None = None) -> Rollup:
    """The annual table of a year, with its identities judged.

    Args:
        office: whose.
        year: the report year.
        form: the layout, where not the one prescribed for the year.
        as_of: a day of the year up to which is counted; its last day (or today) where not given.

    Raises:
        WrongUsage: an unknown form, a day outside the year.
        Refused: a year or day in the future.
    """
    layout = office.form_for(year, form)
    period = _period(office, year, as_of)
    with office.reading() as session:
        counts = figures.count(session, period)
    table = AnnualTable(
        office=office.name,
        year=year,
        form=layout,
        rows=tabulate(counts, layout, office.workflow),
        table4=empty_blocks(layout),
        as_of=period.last,
    )
    return Rollup(table, check(table))


_GROUPS = {
    RowKind.NEW: "new",
    RowKind.CARRIED_IN: "carried_in",
    RowKind.RESULT: "results",
    RowKind.CONCLUDED: "results",
    RowKind.CARRIED_OUT: "carried_out",
}


def _place(layout: Form, cell: str) -> tuple[str, str]:
    row, _, column = cell.partition(":")
    rows = list(layout.codes())
    columns = [c.code for c in layout.columns]
    for name, known in ((row, rows), (column, columns)):
        if name not in known:
            raise WrongUsage("unknown_cell", name=name or cell, form=layout.code,
                             near=near(name, known) or known)  # fmt: skip
    return row, column


def cell(
    office: Office, year: int, place: str, *, form: str | None = None, as_of: date | None = None
) -> Cell:
    """The applications behind one figure, `ROW:COLUMN`.

    Raises:
        WrongUsage: no such row or column in the form, with the nearest.
    """
    layout = office.form_for(year, form)
    code, column = _place(layout, place)
    row = next(row for row in layout.rows if row.code == code)
    outcomes = None
    if row.kind is RowKind.RESULT:
        every = office.workflow.outcomes.values()
        outcomes = [o.code for o in every if o.rows.get(layout.code) == code]
    with office.reading() as session:
        found = figures.cases(
            session,
            _period(office, year, as_of),
            group=_GROUPS[row.kind],
            kinds=None if column == TOTAL else [column],
            outcomes=outcomes,
        )
    return Cell(code, column, len(found), found)
