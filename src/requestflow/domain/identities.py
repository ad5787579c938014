"""The identities that an annual table must keep, numbered as in the official form's notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from requestflow.domain.aggregates import total
from requestflow.domain.forms import TOTAL, RowKind
from requestflow.domain.tables import AnnualTable, adjoins, summed


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity in one place: both sides, and whether they are equal.

    `holds` is None where a figure is not stated: then nothing is judged. `column` is a column, or for
    identity 5 a block of table four; `row` is named by identities 3 and 6 alone, and is a block of table
    four where identity 6 is about that table: its column is then one of the block's figures.
    """

    name: str
    column: str
    holds: bool | None
    left: int | None
    right: int | None
    row: str | None = None


def _identity(
    name: str, column: str, left: int | None, right: int | None, row: str | None = None
) -> Identity:
    judged = left is not None and right is not None
    return Identity(name, column, left == right if judged else None, left, right, row)


def _by_column(table: AnnualTable) -> Iterator[Identity]:
    """Identity 1: 一 + 二 = 三（七） + 四; identity 2: the sum of the leaf rows = （七）."""
    form = table.form
    new, carried_in, concluded, carried_out = (
        table.rows[form.row_of(kind)]
        for kind in (RowKind.NEW, RowKind.CARRIED_IN, RowKind.CONCLUDED, RowKind.CARRIED_OUT)
    )
    leaves = [table.rows[row] for row in form.results]
    for place, column in enumerate(form.columns):
        came, went = [new[place], carried_in[place]], [concluded[place], carried_out[place]]
        yield _identity("1", column.code, summed(came), summed(went))
    for place, column in enumerate(form.columns):
        yield _identity("2", column.code, summed([leaf[place] for leaf in leaves]), concluded[place])


def _by_row(table: AnnualTable) -> Iterator[Identity]:
    """Identity 3: 总计 = sum of the six columns."""
    for row, figures in table.rows.items():
        yield _identity("3", TOTAL, figures[-1], summed(figures[:-1]), row)


def _across_years(table: AnnualTable, last_year: AnnualTable) -> Iterator[Identity]:
    """Identity 4: 二 of a year, or of a part of it, = 四 of the days before.

    Between tables whose days do not adjoin nothing is carried over, and nothing is judged.
    """
    if adjoins(last_year, table) is False:
        return
    for column in (c.code for c in table.form.columns):
        carried_in = table.cell(table.form.row_of(RowKind.CARRIED_IN), column)
        carried_out = last_year.cell(last_year.form.row_of(RowKind.CARRIED_OUT), column)
        yield _identity("4", column, carried_in, carried_out)


def _by_block(table: AnnualTable) -> Iterator[Identity]:
    """Identity 5: in each block of table four 总计 = 维持 + 纠正 + 其他 + 尚未审结."""
    for block, figures in (table.table4 or {}).items():
        yield _identity("5", block, figures[-1], summed(figures[:-1]))


def _by_children(table: AnnualTable, children: Sequence[AnnualTable]) -> Iterator[Identity]:
    """Identity 6: an aggregate = the sum of its children, cell by cell, in both tables."""
    whole = total(children, table.office, table.year, table.form)
    columns = [column.code for column in table.form.columns]
    for row, figures in table.rows.items():
        for column, left, right in zip(columns, figures, whole.rows[row], strict=True):
            yield _identity("6", column, left, right, row)
    for block, figures in (table.table4 or {}).items():
        right_side = (whole.table4 or {}).get(block, (None,) * len(figures))
        for code, left, right in zip(table.form.figures, figures, right_side, strict=True):
            yield _identity("6", code, left, right, block)


def check(
    table: AnnualTable,
    last_year: AnnualTable | None = None,
    children: Sequence[AnnualTable] | None = None,
) -> list[Identity]:
    """Every identity of a table, judged or not, in order of their numbers.

    Args:
        table: the table that is judged.
        last_year: the table of the year (or period) before, for identity 4.
        children: the subordinate tables of an aggregate, in its form, for identity 6.
    """
    found = [*_by_column(table), *_by_row(table)]
    if last_year is not None:
        found += _across_years(table, last_year)
    found += _by_block(table)
    return found if children is None else [*found, *_by_children(table, children)]


def broken(identities: Sequence[Identity]) -> list[Identity]:
    """Those that do not hold; what was not judged is not broken."""
    return [identity for identity in identities if identity.holds is False]


def assessable(identities: Sequence[Identity]) -> bool:
    """Whether table three states enough to be vouched for.

    What came in must be held against what went out, in one column at least: a table that breaks off
    before its last row foots row by row, and proves nothing.
    """
    return "1" not in unjudged(identities)


def unjudged(identities: Sequence[Identity]) -> list[str]:
    """Which of identities 1 and 2 could be judged in no column: rows that they need are not stated."""
    judged = {one.name for one in identities if one.holds is not None}
    return [name for name in ("1", "2") if name not in judged]
