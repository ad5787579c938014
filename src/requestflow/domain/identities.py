"""The identities that an annual table must keep, numbered as in the official form's notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from requestflow.domain.forms import TOTAL, RowKind
from requestflow.domain.tables import AnnualTable, Figure


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity in one place: both sides, and whether they are equal.

    `holds` is None where a figure is not stated: then nothing is judged. `column` is a column, or for
    identity 5 a block of table four; `row` is named by identity 3 alone.
    """

    name: str
    column: str
    holds: bool | None
    left: int | None
    right: int | None
    row: str | None = None


def _sum(figures: Sequence[Figure]) -> int | None:
    stated = [figure for figure in figures if figure is not None]
    return sum(stated) if len(stated) == len(figures) else None


def _identity(
    name: str, column: str, left: int | None, right: int | None, row: str | None = None
) -> Identity:
    judged = left is not None and right is not None
    return Identity(name, column, left == right if judged else None, left, right, row)


def _by_column(table: AnnualTable) -> Iterator[Identity]:
    """Identity 1: 一 + 二 = 三（七） + 四; identity 2: the sum of the leaf rows = （七）."""
    form = table.form
    for column in (c.code for c in form.columns):
        new, carried_in, concluded, carried_out = (
            table.cell(form.row_of(kind), column)
            for kind in (
                RowKind.NEW, RowKind.CARRIED_IN, RowKind.CONCLUDED, RowKind.CARRIED_OUT,
            )
        )  # fmt: skip
        yield _identity("1", column, _sum([new, carried_in]), _sum([concluded, carried_out]))
        leaves = _sum([table.cell(row, column) for row in form.results])
        yield _identity("2", column, leaves, concluded)


def _by_row(table: AnnualTable) -> Iterator[Identity]:
    """Identity 3: 总计 = sum of the six columns."""
    for row, figures in table.rows.items():
        yield _identity("3", TOTAL, figures[-1], _sum(figures[:-1]), row)


def _across_years(table: AnnualTable, last_year: AnnualTable) -> Iterator[Identity]:
    """Identity 4: 二 of a year = 四 of the year before."""
    for column in (c.code for c in table.form.columns):
        carried_in = table.cell(table.form.row_of(RowKind.CARRIED_IN), column)
        carried_out = last_year.cell(last_year.form.row_of(RowKind.CARRIED_OUT), column)
        yield _identity("4", column, carried_in, carried_out)


def _by_block(table: AnnualTable) -> Iterator[Identity]:
    """Identity 5: in each block of table four 总计 = 维持 + 纠正 + 其他 + 尚未审结."""
    for block, figures in (table.table4 or {}).items():
        yield _identity("5", block, figures[-1], _sum(figures[:-1]))


def check(table: AnnualTable, last_year: AnnualTable | None = None) -> list[Identity]:
    """Every identity of a table, judged or not, in order of their numbers."""
    found = list(_by_column(table))
    found.sort(key=lambda identity: identity.name)
    found += _by_row(table)
    if last_year is not None:
        found += _across_years(table, last_year)
    return found + list(_by_block(table))


def broken(identities: Sequence[Identity]) -> list[Identity]:
    """Those that do not hold; what was not judged is not broken."""
    return [identity for identity in identities if identity.holds is False]
