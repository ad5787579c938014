"""What the charts of a year show: months, results, days to a decision, applicants, years before."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from requestflow.domain.forms import TOTAL, Row, RowKind
from requestflow.domain.tables import AnnualTable, Period

_NUMBERING = re.compile(r"^(（[一二三四五六七八九十]+）|[0-9]+[.．、])\s*")
_BRACKETED = re.compile(r"（.*）$")
_BOUNDS = (5, 10, 15, 20, 40)  # working days: the limit of art. 33 is 20, with an extension 40


@dataclass(frozen=True, slots=True)
class Span:
    """Decisions made within so many working days of receipt; `last` None: more than `first - 1`."""

    first: int
    last: int | None
    cases: int


@dataclass(frozen=True, slots=True)
class YearProfile:
    """A year, or a part of it, at a glance; what cannot be told of a table is empty."""

    period: Period
    received: tuple[int, ...]  # twelve months
    concluded: tuple[int, ...]
    outcomes: Mapping[str, int]
    spans: tuple[Span, ...]
    kinds: Mapping[str, int]
    trend: Mapping[int, tuple[int, int]]  # year → received, concluded


def plain_label(label: str) -> str:
    """A printed label without its number and without what stands in brackets behind it."""
    return _BRACKETED.sub("", _NUMBERING.sub("", label)).strip()


def result_group(row: Row) -> str:
    """The kind of result that a row belongs to: its group (不予公开), or its own label (予以公开)."""
    return plain_label(row.groups[-1] if len(row.groups) > 1 else row.label)


def outcome_groups(table: AnnualTable) -> dict[str, int]:
    """The results of a year by kind, in printed order."""
    found: Counter[str] = Counter()
    for row in table.form.rows:
        if row.kind is RowKind.RESULT:
            found[result_group(row)] += table.cell(row.code, TOTAL) or 0
    return dict(found)


def kinds_of(table: AnnualTable) -> dict[str, int]:
    """What was received in a year by kind of applicant, in printed order."""
    new = table.rows[table.form.row_of(RowKind.NEW)]
    return {
        column.label: figure or 0
        for column, figure in zip(table.form.columns, new, strict=True)
        if column.code != TOTAL
    }


def spans_of(days: Mapping[int, int]) -> tuple[Span, ...]:
    """Cases by working days from receipt to decision, in six spans."""
    firsts = (0, *(bound + 1 for bound in _BOUNDS))
    lasts: tuple[int | None, ...] = (*_BOUNDS, None)
    return tuple(
        Span(first, last, sum(n for day, n in days.items() if first <= max(day, 0) <= (last or day)))
        for first, last in zip(firsts, lasts, strict=True)
    )
