"""The official layout: every position covered once, every label printed once, every figure in its place."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.definitions.form_files import load_form
from requestflow.definitions.shipped import shipped
from requestflow.domain.identities import check
from requestflow.domain.tables import AnnualTable
from requestflow.exchange.table_layout import (
    CellKind,
    Grid,
    applications_grid,
    broken_places,
    disputes_grid,
    flat,
    publication_grid,
)

FORMS = {code: load_form(shipped("workflows") / "forms" / f"{code}.yaml") for code in ("2019", "2021")}
SIZES = {"2019": ((26, 10), (4, 15), (18, 4)), "2021": ((28, 10), (4, 15), (14, 4))}
FIGURE = st.one_of(st.none(), st.integers(0, 10**8))


def table(code: str, figure: Any = 1) -> AnnualTable:
    form = FORMS[code]
    rows = {row.code: (figure,) * 7 for row in form.rows}
    return AnnualTable("某局", 2026, form, rows, dict.fromkeys(form.blocks, (figure,) * 5))


@pytest.mark.parametrize("code", FORMS)
def test_the_tables_have_the_size_of_the_official_ones(code: str) -> None:
    """Head and rows as printed: 28 rows of ten columns in the form of 2021."""
    third, fourth = applications_grid(table(code)), disputes_grid(table(code))
    second = publication_grid(FORMS[code].publication, {})

    assert fourth is not None
    assert second is not None
    assert (third.size, fourth.size, second.size) == SIZES[code]


def test_the_head_of_table_three_is_merged_as_printed() -> None:
    """Note over three columns; 申请人情况 over seven; 法人或其他组织 over five, its columns below."""
    heads = {cell.text: cell for cell in applications_grid(table("2021")).cells if cell.row < 3}

    def span(text: str) -> tuple[int, int, int, int]:
        cell = heads[text]
        return cell.row, cell.col, cell.rowspan, cell.colspan

    assert span("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）") == (0, 0, 3, 3)
    assert span("申请人情况") == (0, 3, 1, 7)
    assert span("自然人") == (1, 3, 2, 1)
    assert span("法人或其他组织") == (1, 4, 1, 5)
    assert span("商业企业") == (2, 4, 1, 1)
    assert span("总计") == (1, 9, 2, 1)


def test_groups_of_rows_are_merged_as_printed() -> None:
    """三 reaches over its 22 rows, （三）不予公开 over eight, and a row without a group to the figures."""
    cells = {cell.text: cell for cell in applications_grid(table("2021")).cells}

    assert (cells["三、本年度办理结果"].rowspan, cells["三、本年度办理结果"].col) == (22, 0)
    assert (cells["（三）不予公开"].rowspan, cells["（三）不予公开"].col) == (8, 1)
    assert (cells["（六）其他处理"].rowspan, cells["（一）予以公开"].colspan) == (3, 2)
    assert cells["四、结转下年度继续办理"].colspan == 3


def test_table_four_stands_side_by_side() -> None:
    """Review over five columns and two rows of the head, suits over ten in two halves."""
    fourth = disputes_grid(table("2021"))
    assert fourth is not None
    heads = {cell.text: cell for cell in fourth.cells if cell.row < 2}

    assert (heads["行政复议"].rowspan, heads["行政复议"].colspan) == (2, 5)
    assert (heads["行政诉讼"].rowspan, heads["行政诉讼"].colspan) == (1, 10)
    assert (heads["复议后起诉"].col, heads["复议后起诉"].colspan) == (10, 5)


@pytest.mark.parametrize("code", FORMS)
def test_every_label_of_the_form_is_printed_once(code: str) -> None:
    """Labels are printed word for word, each as often as the form has it."""
    form, third = FORMS[code], applications_grid(table(code))
    printed = [cell.text for cell in third.cells if cell.kind in (CellKind.LABEL, CellKind.HEAD)]
    groups = {row.groups[: n + 1] for row in form.rows for n in range(len(row.groups))}

    expected = [row.label for row in form.rows] + [c.label for c in form.columns]
    expected += [group[-1] for group in groups] + ["申请人情况", "法人或其他组织"]
    assert sorted(printed) == sorted(expected)


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_every_figure_stands_in_its_place(code: str, data: st.DataObject) -> None:
    """Whatever the figures, stated or not: the grid gives each back at its row and column."""
    rows = {
        row.code: tuple(data.draw(st.lists(FIGURE, min_size=7, max_size=7))) for row in FORMS[code].rows
    }
    whole = replace(table(code), rows=rows)
    found = {cell.place: cell.figure for cell in applications_grid(whole).cells if cell.place}

    assert found == {
        (row, column.code): figure
        for row, figures in rows.items()
        for column, figure in zip(FORMS[code].columns, figures, strict=True)
    }


@given(
    st.sampled_from(sorted(FORMS)), st.integers(0), st.sampled_from(["row", "col", "rowspan", "colspan"])
)
def test_a_layout_with_a_hole_or_an_overlap_is_refused(code: str, index: int, what: str) -> None:
    """No cell can be moved or made larger without another position being covered twice or not at all."""
    third = applications_grid(table(code))
    cells = list(third.cells)
    index %= len(cells)
    cells[index] = replace(cells[index], **{what: getattr(cells[index], what) + 1})

    with pytest.raises(ValueError, match="三、收到和处理政府信息公开申请情况"):
        Grid(third.title, tuple(cells), third.heads)


def test_a_flat_grid_has_each_cell_where_it_begins() -> None:
    """Flattened, a merged cell stands at its first position and nowhere else."""
    third = applications_grid(table("2021"))
    cells = [cell for row in flat(third) for cell in row if cell is not None]

    assert len(cells) == len(third.cells)


def test_broken_figures_are_marked_by_their_identity() -> None:
    """Identities 1 to 5 each mark the figures that a reader has to look at."""
    whole = table("2021", 1)  # 1+1 = 1+1, but twenty-one leaves are not 1, and six columns not 1
    marked = broken_places(whole.form, check(whole, replace(table("2021", 2), year=2025)))

    assert ("concluded", "natural_person") in marked  # identity 2
    assert ("new", "total") in marked  # identity 3
    assert ("carried_in", "enterprise") in marked  # identity 4
    assert ("review", "total") in marked  # identity 5
    assert ("new", "natural_person") not in marked
