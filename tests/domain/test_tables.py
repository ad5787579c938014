"""The annual table from raw counts, and what each row counts."""

from collections.abc import Mapping
from datetime import date
from itertools import product

import pytest

from requestflow.domain.disputes import blocks
from requestflow.domain.forms import TOTAL, Form, RowKind
from requestflow.domain.identities import broken, check
from requestflow.domain.machine import Engine
from requestflow.domain.rollup import report_period
from requestflow.domain.tables import (
    AnnualTable,
    CountedCase,
    Counts,
    Period,
    count,
    is_carried_in,
    is_carried_out,
    is_concluded,
    is_new,
    summed,
    tabulate,
)

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
BEFORE, FIRST, WITHIN, LAST, AFTER = (
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 7, 1), date(2026, 12, 31), date(2027, 1, 1),
)  # fmt: skip
FORMS = ["2019", "2021"]


def case(received: date, concluded: date | None = None, kind: str = "natural_person",
         outcome: str = "partial") -> CountedCase:  # fmt: skip
    """A case as the table sees it."""
    return CountedCase("2026-0001", received, kind, outcome if concluded else None, concluded)


def table_of(cases: list[CountedCase], form: Form, engine: Engine) -> AnnualTable:
    """The table that these cases make."""
    rows = tabulate(count(cases, YEAR), form, engine.workflow)
    return AnnualTable("某局", 2026, form, rows, blocks((), YEAR, form))


@pytest.mark.parametrize(
    ("received", "concluded", "rows"),
    [
        (BEFORE, None, {"carried_in", "carried_out"}),
        (BEFORE, BEFORE, set()),
        (BEFORE, FIRST, {"carried_in", "concluded"}),
        (BEFORE, LAST, {"carried_in", "concluded"}),
        (BEFORE, AFTER, {"carried_in", "carried_out"}),
        (FIRST, None, {"new", "carried_out"}),
        (FIRST, FIRST, {"new", "concluded"}),
        (WITHIN, LAST, {"new", "concluded"}),
        (LAST, LAST, {"new", "concluded"}),
        (LAST, None, {"new", "carried_out"}),
        (WITHIN, AFTER, {"new", "carried_out"}),
        (AFTER, None, set()),
        (AFTER, AFTER, set()),
    ],
)
def test_which_rows_a_case_stands_in(received: date, concluded: date | None, rows: set[str]) -> None:
    """一 counts by receipt, 三 by result; 二 and 四 are what is open when the year begins and ends."""
    tests = {
        "new": is_new,
        "carried_in": is_carried_in,
        "concluded": is_concluded,
        "carried_out": is_carried_out,
    }
    assert {n for n, test in tests.items() if test(case(received, concluded), YEAR)} == rows


@pytest.mark.parametrize(
    ("received", "concluded"), list(product([BEFORE, FIRST, WITHIN, LAST, AFTER], repeat=2))
)
def test_every_case_keeps_the_first_identity_by_itself(received: date, concluded: date) -> None:
    """一 + 二 = 三 + 四 holds for each single case, whenever it came and went."""
    for ended in (None, max(received, concluded)):
        one = case(received, ended)
        left = is_new(one, YEAR) + is_carried_in(one, YEAR)
        assert left == is_concluded(one, YEAR) + is_carried_out(one, YEAR)
        assert left in (0, 1)


def test_the_year_is_cut_off_at_a_day() -> None:
    """A table as of a day counts up to that day; one of a whole year to its last."""
    assert report_period(2026) == YEAR
    assert report_period(2026, WITHIN) == Period(FIRST, WITHIN)
    assert report_period(2026, AFTER) == YEAR


def test_counts_by_kind_and_outcome() -> None:
    """Each case is counted under its kind, and its result under its outcome."""
    counts = count(
        [
            case(WITHIN, LAST),
            case(WITHIN, LAST, "enterprise"),
            case(WITHIN, LAST, "enterprise", "disclosed.provided"),
            case(BEFORE, None, "enterprise"),
        ],
        YEAR,
    )
    assert (dict(counts.new), dict(counts.results)) == (
        {"natural_person": 1, "enterprise": 2},
        {
            ("partial", "natural_person"): 1,
            ("partial", "enterprise"): 1,
            ("disclosed.provided", "enterprise"): 1,
        },
    )
    assert (counts.carried_in["enterprise"], counts.carried_out["enterprise"]) == (1, 1)


@pytest.mark.parametrize("code", FORMS)
def test_every_outcome_has_its_place_in_every_form(
    forms: Mapping[str, Form], engine: Engine, code: str
) -> None:
    """A case of each outcome and each kind: every identity holds, and each stands in one leaf row."""
    form = forms[code]
    cases = [
        case(WITHIN, LAST, kind, outcome) for kind in form.kinds for outcome in engine.workflow.outcomes
    ]
    table = table_of(cases, form, engine)
    assert broken(check(table)) == []
    assert table.cell(form.row_of(RowKind.CONCLUDED), TOTAL) == len(cases)
    assert all(len(figures) == len(form.columns) for figures in table.rows.values())
    assert list(table.rows) == list(form.codes())


@pytest.mark.parametrize("code", FORMS)
def test_an_empty_year_is_all_zeros(forms: Mapping[str, Form], engine: Engine, code: str) -> None:
    """A year without any case is a table of zeros, and keeps every identity."""
    table = table_of([], forms[code], engine)
    assert {figure for figures in table.rows.values() for figure in figures} == {0}
    assert {i.holds for i in check(table)} == {True}


@pytest.mark.parametrize("code", FORMS)
def test_a_result_without_a_row_breaks_an_identity(
    forms: Mapping[str, Form], engine: Engine, code: str
) -> None:
    """A case whose outcome the form has no row for does not vanish: （七） is no longer its leaves."""
    table = table_of([case(WITHIN, LAST, outcome="not_in_any_form")], forms[code], engine)
    found = {(i.name, i.column) for i in broken(check(table))}
    assert found == {("2", "natural_person"), ("2", "total")}


@pytest.mark.parametrize("code", FORMS)
def test_a_kind_without_a_column_breaks_an_identity(
    forms: Mapping[str, Form], engine: Engine, code: str
) -> None:
    """An applicant without a column does not vanish: 总计 is not the sum of its columns."""
    table = table_of([case(WITHIN, LAST, "alien")], forms[code], engine)
    found = {(i.name, i.row) for i in broken(check(table))}
    assert found == {("3", "new"), ("3", "partial"), ("3", "concluded")}


def test_the_same_result_stands_in_other_rows_of_the_other_form(
    forms: Mapping[str, Form], engine: Engine
) -> None:
    """其他处理 is one row in the form of 2019, three in that of 2021."""
    ended = ["other.not_corrected", "other.unpaid", "other.withdrawn", "other.other"]
    cases = [case(WITHIN, LAST, outcome=outcome) for outcome in ended]
    old, new = (table_of(cases, forms[code], engine) for code in FORMS)
    assert old.cell("other", "natural_person") == 4
    assert [new.cell(f"other.{row}", "natural_person") for row in (
        "not_corrected", "unpaid", "other")] == [1, 1, 2]  # fmt: skip


def test_identities_are_counted_on_both_sides(forms: Mapping[str, Form], engine: Engine) -> None:
    """四 and （七） are counted, not worked out: raw counts that disagree show it."""
    form = forms["2021"]
    counts = Counts(
        new={"natural_person": 2},
        carried_in={},
        results={("partial", "natural_person"): 1},
        carried_out={},
    )
    table = AnnualTable("某局", 2026, form, tabulate(counts, form, engine.workflow))
    assert {(i.name, i.column, i.left, i.right) for i in broken(check(table))} == {
        ("1", "natural_person", 2, 1), ("1", "total", 2, 1),
    }  # fmt: skip


def test_table_four_of_an_office_without_disputes(forms: Mapping[str, Form]) -> None:
    """Without any review or suit table four is three blocks of five zeros."""
    assert blocks((), YEAR, forms["2021"]) == dict.fromkeys(
        ("review", "suit_direct", "suit_after_review"), (0, 0, 0, 0, 0)
    )


def test_what_is_not_stated_cannot_be_added() -> None:
    """A sum is not stated where one of its figures is not; of none at all it is zero."""
    assert [summed(()), summed((1, 2, 3)), summed((1, None, 3))] == [0, 6, None]
