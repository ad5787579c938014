"""From cases to the annual table, the plain way: replayed histories in, figures out.

The quick way is a few statements over the index (`storage`), on rows that `verify` compares with their
histories; the property tests hold the two ways against each other.
"""

from collections.abc import Iterable
from datetime import date

from requestflow.domain.case import Case
from requestflow.domain.forms import Form
from requestflow.domain.tables import (
    AnnualTable,
    CountedCase,
    Period,
    count,
    empty_blocks,
    tabulate,
)
from requestflow.domain.workflow import Workflow


def counted(case: Case) -> CountedCase:
    """What the table takes from a case."""
    result = case.standing.counted
    return CountedCase(
        number=case.application.number,
        received=case.application.received,
        kind=case.application.kind,
        outcome=result.outcome if result else None,
        concluded=result.on if result else None,
    )


def report_period(year: int, as_of: date | None = None) -> Period:
    """The report year, cut off at `as_of`."""
    last = date(year, 12, 31)
    return Period(date(year, 1, 1), min(last, as_of) if as_of else last)


def rollup(
    cases: Iterable[Case], *, office: str, period: Period, form: Form, workflow: Workflow
) -> AnnualTable:
    """The annual table of a period from its cases; void registrations are in no figure."""
    counts = count((counted(case) for case in cases if not case.standing.void), period)
    return AnnualTable(
        office=office,
        year=period.first.year,
        form=form,
        rows=tabulate(counts, form, workflow),
        table4=empty_blocks(form),
        as_of=period.last,
    )
