"""The annual table: figures by row and column, counted from cases or read from a document."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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
class AnnualTable:
    """Tables three and four of a report. A row has a figure for each column, the total last."""

    office: str
    year: int
    form: Form
    rows: Mapping[str, tuple[Figure, ...]]
    table4: Mapping[str, tuple[Figure, ...]] | None = None
    as_of: date | None = None
    status: str = "draft"
    sources: tuple["Source", ...] = ()

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
class Period:
    """The days a table covers, both included."""

    first: date
    last: date


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
