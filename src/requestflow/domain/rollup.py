"""From cases to the annual table, the plain way: replayed histories in, figures out.

The quick way is a few statements over the index (`storage`), on rows that `verify` compares with their
histories; the property tests hold the two ways against each other.
"""

from collections.abc import Iterable
from datetime import date

from requestflow.domain.case import Case
from requestflow.domain.disputes import Dispute, blocks
from requestflow.domain.forms import Form
from requestflow.domain.tables import (
    AnnualTable,
    CountedCase,
    Period,
    count,
    tabulate,
)
from requestflow.domain.workflow import Workflow
from requestflow.domain.years import whole


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
    days = whole(year)
    return Period(days.first, min(days.last, as_of)) if as_of else days


def rollup(
    cases: Iterable[Case],
    disputes: Iterable[Dispute] = (),
    *,
    office: str,
    period: Period,
    form: Form,
    workflow: Workflow,
) -> AnnualTable:
    """The annual table of a period from its cases and disputes; void ones are in no figure."""
    counts = count((counted(case) for case in cases if not case.standing.void), period)
    return AnnualTable(
        office=office,
        year=period.first.year,
        form=form,
        rows=tabulate(counts, form, workflow),
        table4=blocks(disputes, period, form),
        as_of=period.last,
        first=period.first,
    )
