"""The identities of the annual table: each with a table that keeps it and one that breaks it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from requestflow.domain.disputes import blocks
from requestflow.domain.forms import Form
from requestflow.domain.identities import Identity, broken, check
from requestflow.domain.tables import AnnualTable, Figure, Period

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
# columns: natural person, enterprise, research, welfare, legal service, other, total
RIGHT: Mapping[str, tuple[Figure, ...]] = {
    "new": (5, 2, 0, 0, 1, 0, 8),
    "carried_in": (1, 0, 0, 0, 0, 0, 1),
    "disclosed": (3, 1, 0, 0, 0, 0, 4),
    "partial": (1, 0, 0, 0, 1, 0, 2),
    "concluded": (4, 1, 0, 0, 1, 0, 6),  # 3 + 1, 1, 1
    "carried_out": (2, 1, 0, 0, 0, 0, 3),  # 5 + 1 - 4, 2 - 1, 1 - 1
}


@pytest.fixture
def table(forms: Mapping[str, Form]) -> AnnualTable:
    """A table of 2026 that keeps every identity."""
    form = forms["2021"]
    rows = {code: RIGHT.get(code, (0,) * 7) for code in form.codes()}
    return AnnualTable("某局", 2026, form, rows, blocks((), YEAR, form))


def changed(table: AnnualTable, row: str, **figures: Figure) -> AnnualTable:
    """The table with other figures in some columns of a row."""
    columns = [column.code for column in table.form.columns]
    values = list(table.rows[row])
    for column, figure in figures.items():
        values[columns.index(column)] = figure
    return replace(table, rows={**table.rows, row: tuple(values)})


def faults(table: AnnualTable, last_year: AnnualTable | None = None) -> set[tuple[object, ...]]:
    """What does not hold: number, column or block, row, and both sides."""
    found = broken(check(table, last_year))
    return {(i.name, i.column, i.row, i.left, i.right) for i in found}


def test_a_right_table_keeps_them_all(table: AnnualTable) -> None:
    """A table that adds up has nothing broken and nothing that was not judged."""
    assert {i.holds for i in check(table)} == {True}


def test_the_numbers_of_the_identities_follow_one_another(table: AnnualTable) -> None:
    """Identity 1 comes first, then 2, 3, 4, 5; each once for each column, row or block."""
    names = [i.name for i in check(table, replace(table, year=2025))]
    assert names == sorted(names)
    rows = len(table.rows)
    assert {name: names.count(name) for name in set(names)} == {
        "1": 7, "2": 7, "3": rows, "4": 7, "5": 3,
    }  # fmt: skip


def test_first_what_came_in_is_what_went_out(table: AnnualTable) -> None:
    """Identity 1, 一 + 二 = 三（七） + 四: one too many carried out breaks it."""
    wrong = changed(table, "carried_out", natural_person=3, total=4)
    assert faults(wrong) == {
        ("1", "natural_person", None, 6, 7),  # 5 + 1 against 4 + 3
        ("1", "total", None, 9, 10),
    }


def test_second_the_total_of_results_is_the_sum_of_its_rows(table: AnnualTable) -> None:
    """Identity 2, the leaves = （七）: a published table may keep identity 1 and break this one."""
    wrong = changed(table, "disclosed", enterprise=2, total=5)
    assert faults(wrong) == {
        ("2", "enterprise", None, 2, 1),
        ("2", "total", None, 7, 6),
    }


def test_third_a_rows_total_is_the_sum_of_its_columns(table: AnnualTable) -> None:
    """Identity 3, 总计 = the six columns: judged in every row, zeros included."""
    wrong = changed(table, "withheld.state_secret", total=1)
    assert faults(wrong) == {
        ("3", "total", "withheld.state_secret", 1, 0),
        ("2", "total", None, 7, 6),
    }


def test_fourth_what_was_carried_out_is_carried_in(table: AnnualTable) -> None:
    """Identity 4, 二 of a year = 四 of the year before, per column."""
    last_year = changed(table, "carried_out", natural_person=1, enterprise=0, total=1)
    assert faults(table, replace(last_year, year=2025)) == set()
    assert faults(table, replace(table, year=2025)) == {
        ("4", "natural_person", None, 1, 2),
        ("4", "enterprise", None, 0, 1),
        ("4", "total", None, 1, 3),
    }


def test_fourth_holds_between_tables_of_two_forms(table: AnnualTable, forms: Mapping[str, Form]) -> None:
    """The year before may have been reported in the old form."""
    form = forms["2019"]
    rows = {code: RIGHT.get(code, (0,) * 7) for code in form.codes()}
    old = AnnualTable("某局", 2025, form, {**rows, "carried_out": (1, 0, 0, 0, 0, 0, 1)})
    assert faults(table, old) == set()


@pytest.mark.parametrize("block", ["review", "suit_direct", "suit_after_review"])
def test_fifth_a_blocks_total_is_the_sum_of_its_results(table: AnnualTable, block: str) -> None:
    """Identity 5, 总计 = 维持 + 纠正 + 其他 + 尚未审结, in each block of table four."""
    right = {**blocks((), YEAR, table.form), block: (2, 1, 0, 3, 6)}
    assert faults(replace(table, table4=right)) == set()
    wrong = {**blocks((), YEAR, table.form), block: (2, 1, 0, 3, 5)}
    assert faults(replace(table, table4=wrong)) == {("5", block, None, 5, 6)}


def test_without_table_four_it_is_not_asked(table: AnnualTable) -> None:
    """A table without its table four is judged by the rest."""
    names = {i.name for i in check(replace(table, table4=None))}
    assert names == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("row", "column", "not_judged"),
    [
        ("new", "enterprise", {("1", "enterprise", None), ("3", "total", "new")}),
        ("disclosed", "enterprise", {("2", "enterprise", None), ("3", "total", "disclosed")}),
        ("carried_out", "total", {("1", "total", None), ("3", "total", "carried_out")}),
        (
            "concluded", "total",
            {("1", "total", None), ("2", "total", None), ("3", "total", "concluded")},
        ),
    ],
)  # fmt: skip
def test_what_is_not_stated_is_not_judged(
    table: AnnualTable, row: str, column: str, not_judged: set[tuple[str, str, str | None]]
) -> None:
    """A figure left blank makes its identities neither hold nor break; the others are judged."""
    found = check(changed(table, row, **{column: None}))
    assert {(i.name, i.column, i.row) for i in found if i.holds is None} == not_judged
    assert broken(found) == []


def test_what_last_year_does_not_state_is_not_judged(table: AnnualTable) -> None:
    """A blank carry-over of the year before says nothing about this year's."""
    last_year = replace(changed(table, "carried_out", enterprise=None), year=2025)
    fourth = {i.column: i.holds for i in check(table, last_year) if i.name == "4"}
    assert fourth["enterprise"] is None
    assert fourth["natural_person"] is False


def test_a_blank_is_not_a_zero(table: AnnualTable) -> None:
    """Blanks that hide a fault are shown as not judged, with the side that is known."""
    found = check(changed(table, "carried_out", natural_person=None))
    first = next(i for i in found if (i.name, i.column) == ("1", "natural_person"))
    assert first == Identity("1", "natural_person", None, 6, None)


def test_one_cell_is_found_by_its_row_and_column(table: AnnualTable) -> None:
    """A figure is found by the codes of its row and column."""
    assert (table.cell("new", "legal_service"), table.cell("carried_out", "total")) == (1, 3)
