"""What stands in a row is what its history says: on every day, in every figure."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from requestflow.domain.rollup import report_period
from requestflow.domain.rollup import rollup as counted_one_by_one
from requestflow.domain.summary import due_now, summarize
from requestflow.domain.workflow import OwedBy
from requestflow.services import casework, listing
from requestflow.services.agenda import agenda
from requestflow.services.figure_cases import cell
from requestflow.services.office import Office
from requestflow.services.verification import verify
from requestflow.services.year_table import Wanted, rollup
from requestflow.storage.registry import Filter

Days = Callable[[date, date, int], list[Any]]


@pytest.fixture(scope="module")
def cases(busy: Office) -> list[Any]:
    """Every case of the office, its history replayed."""
    lines = listing.listed(busy, Filter())
    return [casework.read(busy, line.row.summary.number) for line in lines]


def test_the_year_is_varied(cases: list[Any]) -> None:
    """The seeded office has cases in most states, or it would show little."""
    assert len({case.standing.state for case in cases}) >= 5
    assert sum(len(case.history) for case in cases) > 150
    assert sum(case.standing.void for case in cases) == 6


def test_every_row_is_what_its_history_says(busy: Office, cases: list[Any]) -> None:
    """The row of every application is the summary of its replayed history, and `verify` agrees."""
    rows = {line.row.summary.number: line.row.summary for line in listing.listed(busy, Filter())}

    for case in cases:
        assert rows[case.application.number] == summarize(case, busy.rules)
    assert verify(busy).holds


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("year", [2025, 2026])
def test_the_quick_table_is_the_slow_one(busy: Office, cases: list[Any], year: int, form: str) -> None:
    """Figures counted by index are those counted case by case, in both forms, as of many days."""
    layout = busy.form_for(year, form)
    days: list[date | None] = [None, *(date(year, month, 9) for month in range(1, 12, 2))]
    for as_of in days:
        quick = rollup(busy, Wanted(year, form=form, as_of=as_of)).table
        last = as_of or min(date(year, 12, 31), busy.today())
        slow = counted_one_by_one(cases, office=busy.name, period=report_period(year, last), form=layout,
                                  workflow=busy.workflow)  # fmt: skip
        assert quick.rows == slow.rows


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_figure_has_its_applications(busy: Office, year: int) -> None:
    """Behind every figure stand as many applications, each once, none of them void."""
    table = rollup(busy, Wanted(year)).table
    void = {line.row.summary.number for line in listing.listed(busy, Filter()) if line.row.summary.void}
    for row, figures in table.rows.items():
        for column, figure in zip(table.form.columns, figures, strict=True):
            found = [case.number for case in cell(busy, Wanted(year), f"{row}:{column.code}").cases]
            assert len(found) == len(set(found)) == figure
            assert not void & set(found)


def test_the_table_of_every_day_foots(busy: Office, days: Days) -> None:
    """As of any day of either year the table keeps its identities."""
    for day in days(date(2025, 10, 9), busy.today(), 13):
        found = rollup(busy, Wanted(day.year, as_of=day))
        assert [identity for identity in found.identities if identity.holds is not True] == []


def test_what_is_open_at_new_year_is_carried_in(busy: Office) -> None:
    """What 2025 carries out, 2026 carries in, column by column."""
    before, after = (rollup(busy, Wanted(year)).table for year in (2025, 2026))
    assert before.rows["carried_out"] == after.rows["carried_in"]
    assert after.rows["carried_in"][-1] > 0


def test_a_row_knows_its_due_date_on_every_later_day(busy: Office, cases: list[Any], days: Days) -> None:
    """The due date, status and lateness that a list works out are those that `deadline` explains."""
    for case in cases:
        row = summarize(case, busy.rules)
        begin = max(entry.on for entry in case.standing.entries)
        for day in days(begin, date(2026, 12, 31), 17):
            now, full = due_now(row, day, busy.calendar), case.deadline(day, busy.rules)
            assert (now.due, now.provisional, now.status) == (full.due, full.provisional, full.status)
            assert now.remaining == full.remaining
            assert now.overdue == (full.overdue and not row.void)


def test_what_is_due_is_what_is_owed(busy: Office, cases: list[Any]) -> None:
    """`due` lists exactly the cases in which the office owes something for sure, void ones apart."""
    listed = {item.line.row.summary.number for item in agenda(busy) if item.line}
    owed = {
        case.application.number
        for case in cases
        for one in case.deadline(busy.today(), busy.rules).obligations
        if not case.standing.void
        and not one.met
        and not one.limit.if_needed
        and one.limit.owed_by is OwedBy.OFFICE
    }

    assert listed == owed
    assert listed


@pytest.mark.parametrize("within", [0, 1, 5, 10, 20])
def test_due_within_leaves_out_nothing_that_falls_due(busy: Office, within: int) -> None:
    """`due --within N` is the beginning of `due`: what is due by the N-th working day."""
    last = busy.calendar.after(busy.today(), within)
    everything = agenda(busy)

    assert agenda(busy, within=within) == [item for item in everything if item.due <= last]
    assert [item.due for item in everything] == sorted(item.due for item in everything)


def test_work_reports_its_progress(busy: Office) -> None:
    """Long work says how far it has come, and comes to its end."""
    seen: list[tuple[int, int]] = []

    verdict = verify(busy, lambda done, total: seen.append((done, total)))

    assert [done for done, _total in seen] == sorted(done for done, _total in seen)
    assert all(done <= total for done, total in seen)
    assert verdict.entries <= len(seen)
