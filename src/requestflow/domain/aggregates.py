"""Sums of annual tables: identity 6, an aggregate is the sum of its children, cell by cell."""

from collections.abc import Iterable, Sequence
from datetime import date

from requestflow.domain.forms import Form
from requestflow.domain.tables import AnnualTable, Figure


def _added(rows: Iterable[Sequence[Figure]], width: int) -> tuple[Figure, ...]:
    total: list[Figure] = [0] * width
    for figures in rows:
        total = [
            None if left is None or right is None else left + right
            for left, right in zip(total, figures, strict=True)
        ]
    return tuple(total)


def summed(
    tables: Sequence[AnnualTable], *, office: str, year: int, form: Form, as_of: date
) -> AnnualTable:
    """One table out of many of one form and year; a figure that one of them leaves open stays open.

    The sum is final where every part of it is.
    """
    return AnnualTable(
        office=office,
        year=year,
        form=form,
        rows={
            code: _added((table.rows[code] for table in tables), len(form.columns))
            for code in form.codes()
        },
        table4={
            block: _added((table.table4[block] for table in tables if table.table4), len(form.figures))
            for block in form.blocks
        },
        as_of=as_of,
        status="closed" if tables and all(t.status == "closed" for t in tables) else "draft",
    )
