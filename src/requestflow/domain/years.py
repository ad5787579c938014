"""Closed years: what one counts, what would change it, and what two countings differ in.

What a year counts of a case is its `Part`: a correction that leaves every part of a closed year as
it is may be made, one that moves a part is refused.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from typing import Any

from requestflow.domain.disputes import Dispute
from requestflow.domain.entries import Entry
from requestflow.domain.forms import TOTAL, Form, RowKind
from requestflow.domain.tables import (
    CountedCase,
    Period,
    is_carried_in,
    is_carried_out,
    is_concluded,
    is_new,
)
from requestflow.domain.workflow import Workflow

CLOSE_YEAR, REOPEN_YEAR = "close_year", "reopen_year"
CARRY_OVER = "carry_over"  # the transition that only the close makes


def whole(year: int) -> Period:
    """The days of a report year."""
    return Period(date(year, 1, 1), date(year, 12, 31))


_NAMED = {
    (1, 12): "year", (1, 6): "first_half", (7, 12): "second_half",
    (1, 3): "quarter_1", (4, 6): "quarter_2", (7, 9): "quarter_3", (10, 12): "quarter_4",
}  # fmt: skip


def period_name(period: Period) -> str:
    """What days of one year are called: `year`, a half, a quarter, a `month`, else `days`."""
    first, last = period.first, period.last
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return "days"
    if first.month == last.month:
        return "month"
    return _NAMED.get((first.month, last.month), "days")


def period_words(words: Callable[..., str], period: Period) -> str:
    """The days of a table as its titles say them: 2025年, 2025年第一季度, 2025年2月3日至6月30日."""
    first, last = period.first, period.last
    return words(
        f"period_{period_name(period)}", year=first.year, month=first.month, day=first.day,
        last_month=last.month, last_day=last.day,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """What a year counts of one case."""

    kind: str
    new: bool
    carried_in: bool
    outcome: str | None
    carried_out: bool

    @property
    def counts(self) -> bool:
        """Whether the case is in any figure at all."""
        return self.new or self.carried_in or self.outcome is not None or self.carried_out


def part(case: CountedCase | None, period: Period) -> Part | None:
    """What a period counts of a case; None where it is in no figure of it."""
    if case is None:
        return None
    found = Part(
        kind=case.kind,
        new=is_new(case, period),
        carried_in=is_carried_in(case, period),
        outcome=case.outcome if is_concluded(case, period) else None,
        carried_out=is_carried_out(case, period),
    )
    return found if found.counts else None


def years_moved(
    before: CountedCase | None, after: CountedCase | None, closed: Collection[int]
) -> list[int]:
    """The closed years whose figures a change of a case would move; None: not there, or void."""
    return [year for year in sorted(closed) if part(before, whole(year)) != part(after, whole(year))]


def years_of_dispute(before: Dispute | None, after: Dispute, closed: Collection[int]) -> list[int]:
    """The closed years whose table four a change of a dispute would move."""

    def figure(dispute: Dispute | None, year: int) -> tuple[str, str] | None:
        found = dispute.figure(whole(year)) if dispute else None
        return (dispute.kind, found) if dispute and found else None

    return [year for year in sorted(closed) if figure(before, year) != figure(after, year)]


@dataclass(frozen=True, slots=True)
class Close:
    """One close of a year as the office's entries tell it."""

    year: int
    version: int
    digest: str
    entry: Entry
    reopening: Entry | None = None


def closes(acts: Iterable[Entry]) -> list[Close]:
    """Every close of every year that an office's entries tell of, oldest first.

    Raises:
        LookupError: a year is opened again that no entry closed.
    """
    found: list[Close] = []
    for entry in acts:
        if entry.transition == CLOSE_YEAR:
            found.append(
                Close(
                    entry.count("year") or 0,
                    entry.count("version") or 0,
                    entry.text("digest") or "",
                    entry,
                )
            )
        elif entry.transition == REOPEN_YEAR:
            year = entry.count("year")
            place = next((i for i in reversed(range(len(found))) if found[i].year == year), None)
            if place is None:
                raise LookupError(f"{REOPEN_YEAR} {year}")
            last = found[place]
            found[place] = Close(last.year, last.version, last.digest, last.entry, entry)
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """A year as counted at one time: tables by form, table four, and what stands behind them."""

    tables: Mapping[str, Mapping[str, tuple[int, ...]]]
    table4: Mapping[str, tuple[int, ...]]
    cases: Mapping[str, Part]
    disputes: Mapping[str, tuple[str, str]]

    def carried_in(self) -> set[str]:
        """Numbers of the cases that came over from the year before."""
        return {number for number, part in self.cases.items() if part.carried_in}

    def carried_out(self) -> set[str]:
        """Numbers of the cases that go over into the next year."""
        return {number for number, part in self.cases.items() if part.carried_out}

    def behind(self, row: str, column: str, form: Form, workflow: Workflow) -> set[str]:
        """The cases, or for a block the disputes, behind one figure."""
        if row in form.blocks:
            return {
                number
                for number, (kind, figure) in self.disputes.items()
                if kind == row and column in (figure, TOTAL)
            }
        return {
            number
            for number, part in self.cases.items()
            if column in (part.kind, TOTAL) and _stands_in(part, row, form, workflow)
        }


def _stands_in(part: Part, row: str, form: Form, workflow: Workflow) -> bool:
    kind = next(one.kind for one in form.rows if one.code == row)
    outcome = workflow.outcomes.get(part.outcome or "")
    return {
        RowKind.NEW: part.new,
        RowKind.CARRIED_IN: part.carried_in,
        RowKind.CARRIED_OUT: part.carried_out,
        RowKind.CONCLUDED: part.outcome is not None,
        RowKind.RESULT: outcome is not None and outcome.rows.get(form.code) == row,
    }[kind]


Rows = Mapping[str, Iterable[int]]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of table three or four that is another one now; `row` is a row or a block."""

    row: str
    column: str
    before: int
    after: int
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


def _differing(
    before: Rows, after: Rows, order: Iterable[str], columns: Iterable[str]
) -> Iterator[tuple[str, str, int, int]]:
    """Row, column, old and new figure of what differs, in printed order."""
    named = list(columns)
    for row in order:
        for column, old, new in zip(named, before.get(row, ()), after.get(row, ()), strict=False):
            if old != new:
                yield row, column, old, new


def figures_changed(before: Counted, after: Counted, form: Form, workflow: Workflow) -> list[Change]:
    """The figures in which two countings of a year differ, old and new, with the cases of each side."""
    old_rows, new_rows = (one.tables.get(form.code, {}) for one in (before, after))
    found = [
        *_differing(old_rows, new_rows, form.codes(), [column.code for column in form.columns]),
        *_differing(before.table4, after.table4, form.blocks, form.figures),
    ]
    changes = []
    for row, column, old, new in found:
        was = before.behind(row, column, form, workflow)
        now = after.behind(row, column, form, workflow)
        changes.append(Change(row, column, old, new, tuple(sorted(now - was)), tuple(sorted(was - now))))
    return changes


def document(counted: Counted) -> dict[str, object]:
    """A counting as JSON values: what is frozen."""
    return {
        "tables": {
            form: {row: list(figures) for row, figures in rows.items()}
            for form, rows in counted.tables.items()
        },
        "table4": {block: list(figures) for block, figures in counted.table4.items()},
        "cases": {number: list(astuple(part)) for number, part in counted.cases.items()},
        "disputes": {number: list(pair) for number, pair in counted.disputes.items()},
    }


def read(value: Mapping[str, Any]) -> Counted:
    """A frozen counting out of its JSON values."""
    return Counted(
        tables={
            form: {row: tuple(figures) for row, figures in rows.items()}
            for form, rows in value["tables"].items()
        },
        table4={block: tuple(figures) for block, figures in value["table4"].items()},
        cases={number: Part(*values) for number, values in value["cases"].items()},
        disputes={number: (pair[0], pair[1]) for number, pair in value["disputes"].items()},
    )


def frozen_digest(text: str) -> str:
    """The digest by which a frozen text is known in the chain."""
    return hashlib.sha256(text.encode()).hexdigest()
