"""The annual table: figures by row and column, counted from cases or read from a document."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta

from requestflow.domain.forms import Form, RowKind
from requestflow.domain.workflow import Workflow

Figure = int | None  # None: not stated
FIGURES_OF_A_BLOCK = 5


def summed(figures: Iterable[Figure]) -> Figure:
    """The sum of figures; not stated where one of them is not: what is not known cannot be added."""
    whole = 0
    for figure in figures:
        if figure is None:
            return None
        whole += figure
    return whole


@dataclass(frozen=True, slots=True)
class Period:
    """The days a table covers, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class AnnualTable:
    """Tables three and four of a report. A row has a figure for each column, the total last.

    Attributes:
        office: whose.
        year: the report year, 0 where it is not known.
        form: the layout.
        rows: table three.
        table4: table four, None where it is not stated.
        as_of: the last day that is counted, 31 December where not given.
        status: `draft` or `closed`.
        sources: the subordinate tables of an aggregate.
        first: the first day that is counted, 1 January where not given.
    """

    office: str
    year: int
    form: Form
    rows: Mapping[str, tuple[Figure, ...]]
    table4: Mapping[str, tuple[Figure, ...]] | None = None
    as_of: date | None = None
    status: str = "draft"
    sources: tuple["Source", ...] = ()
    first: date | None = None

    @property
    def period(self) -> Period | None:
        """The days that are counted: the whole year where a day is not stated, or is of another year.

        None where the year is not known.
        """
        if not MINYEAR <= self.year <= MAXYEAR:
            return None
        days = Period(date(self.year, 1, 1), date(self.year, 12, 31))
        first, last = (
            stated if stated is not None and stated.year == self.year else day
            for stated, day in ((self.first, days.first), (self.as_of, days.last))
        )
        return Period(first, last)

    @property
    def in_part(self) -> bool:
        """Whether less than a whole year is counted."""
        days = self.period
        if days is None:
            return False
        return (days.first.month, days.first.day, days.last.month, days.last.day) != (1, 1, 12, 31)

    def cell(self, row: str, column: str) -> Figure:
        """One figure."""
        columns = [c.code for c in self.form.columns]
        return self.rows[row][columns.index(column)]


@dataclass(frozen=True, slots=True)
class Source:
    """A subordinate table that an aggregate was made from: the file it stood in, its digest, itself."""

    file: str
    digest: str
    table: AnnualTable


@dataclass(frozen=True, slots=True)
class Counts:
    """Raw counts by applicant kind, and for results by outcome and kind: what a table is made from.

    They hold every case of the period, whether the form has a place for it or not: so a case without
    a place breaks an identity instead of vanishing.
    """

    new: Mapping[str, int]
    carried_in: Mapping[str, int]
    results: Mapping[tuple[str, str], int]
    carried_out: Mapping[str, int]


def of_year(table: AnnualTable, year: int) -> AnnualTable:
    """The table as one of another year, of the same part of it."""

    def moved(day: date | None) -> date | None:
        if day is None or day.year != table.year or not MINYEAR <= year <= MAXYEAR:
            return day
        return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))

    return replace(table, year=year, first=moved(table.first), as_of=moved(table.as_of))


def adjoins(before: AnnualTable, table: AnnualTable) -> bool | None:
    """Whether a table begins on the day after another one's last; None where a year is not known."""
    if before.period is None or table.period is None:
        return None
    return before.period.last + timedelta(days=1) == table.period.first


def _row(counted: Mapping[str, int], form: Form) -> tuple[int, ...]:
    """Figures of a row: a column each, and the total of all cases, those without a column included."""
    return (*(counted.get(kind, 0) for kind in form.kinds), sum(counted.values()))


def tabulate(counts: Counts, form: Form, workflow: Workflow) -> dict[str, tuple[int, ...]]:
    """The rows of table three from raw counts.

    （七）总计 is the count of all concluded cases, not the sum of the rows above it; 四 is counted, not
    worked out: so the identities have something to prove.
    """
    by_row: dict[str, Counter[str]] = {code: Counter() for code in form.codes()}
    concluded: Counter[str] = Counter()
    for (outcome, kind), number in counts.results.items():
        concluded[kind] += number
        known = workflow.outcomes.get(outcome)
        row = known.rows.get(form.code) if known else None
        if row in by_row:
            by_row[row][kind] += number
    sources: Mapping[RowKind, Mapping[str, int]] = {
        RowKind.NEW: counts.new,
        RowKind.CARRIED_IN: counts.carried_in,
        RowKind.CONCLUDED: concluded,
        RowKind.CARRIED_OUT: counts.carried_out,
    }
    return {row.code: _row(sources.get(row.kind, by_row[row.code]), form) for row in form.rows}


@dataclass(frozen=True, slots=True)
class CountedCase:
    """What the table needs to know of a case: when it came, of whom, and how and when it ended."""

    number: str
    received: date
    kind: str
    outcome: str | None
    concluded: date | None


@dataclass(frozen=True, slots=True)
class CellCase:
    """A case behind a figure: what a list of the figure's cases shows of it."""

    number: str
    received: date
    kind: str
    counted_outcome: str | None
    concluded: date | None
    subject: str


def is_new(case: CountedCase, period: Period) -> bool:
    """一: received in the period."""
    return period.first <= case.received <= period.last


def is_carried_in(case: CountedCase, period: Period) -> bool:
    """二: received before the period, and not concluded when it began."""
    return case.received < period.first and (case.concluded is None or case.concluded >= period.first)


def is_concluded(case: CountedCase, period: Period) -> bool:
    """三: the result was made in the period."""
    return case.concluded is not None and period.first <= case.concluded <= period.last


def is_carried_out(case: CountedCase, period: Period) -> bool:
    """四: received, and not concluded when the period ended; waiting cases included [reading]."""
    return case.received <= period.last and (case.concluded is None or case.concluded > period.last)


def count(cases: Iterable[CountedCase], period: Period) -> Counts:
    """Counts cases one by one: the slow, plain way that the quick one is held against."""
    new: Counter[str] = Counter()
    carried_in: Counter[str] = Counter()
    carried_out: Counter[str] = Counter()
    results: Counter[tuple[str, str]] = Counter()
    for case in cases:
        new[case.kind] += is_new(case, period)
        carried_in[case.kind] += is_carried_in(case, period)
        carried_out[case.kind] += is_carried_out(case, period)
        if case.outcome is not None and is_concluded(case, period):
            results[case.outcome, case.kind] += 1
    return Counts(new, carried_in, results, carried_out)
