"""An aggregate: the sum of subordinate tables, cell by cell (30号)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from requestflow.domain.facts import near
from requestflow.domain.forms import Form
from requestflow.domain.tables import AnnualTable, Figure, Source, summed
from requestflow.errors import WrongUsage


def _row(rows: Sequence[tuple[Figure, ...]]) -> tuple[Figure, ...]:
    return tuple(summed(column) for column in zip(*rows, strict=True))


def total(
    tables: Sequence[AnnualTable],
    office: str,
    year: int,
    form: Form,
    *,
    sources: tuple[Source, ...] = (),
    as_of: date | None = None,
) -> AnnualTable:
    """The sum of tables of one form, tables three and four, in whatever order they come; identity 6.

    A figure that one of them does not state is not stated in the sum: what is not known cannot be added.
    The sum of none at all is all zeros. It is final where every part of it is.
    """
    nothing = ((0,) * len(form.columns),)
    rows = {code: _row([table.rows[code] for table in tables] or nothing) for code in form.codes()}
    blocks: list[Mapping[str, tuple[Figure, ...]]] = [t.table4 for t in tables if t.table4 is not None]
    table4 = None
    if len(blocks) == len(tables):
        none = ((0,) * len(form.figures),)
        table4 = {block: _row([one[block] for one in blocks] or none) for block in form.blocks}
    closed = bool(tables) and all(table.status == "closed" for table in tables)
    status = "closed" if closed else "draft"
    return AnnualTable(office, year, form, rows, table4, as_of, status, sources=sources)


_PIECES = re.compile(r"([^0-9]*)([0-9]*)")


@dataclass(frozen=True, slots=True)
class Share:
    """What a subordinate table gave to a figure, and what its own subordinates gave to that."""

    file: str
    office: str
    figure: Figure
    children: tuple["Share", ...] = ()


def figure_of(table: AnnualTable, row: str, column: str) -> Figure:
    """A figure of table three by row and column, or of table four by block and figure."""
    if row in table.rows:
        return table.cell(row, column)
    if table.table4 is None:
        return None
    return table.table4[row][list(table.form.figures).index(column)]


def shares(sources: Sequence[Source], row: str, column: str) -> tuple[Share, ...]:
    """Which subordinate table gave how much to a figure, level by level."""
    return tuple(
        Share(
            s.file, s.table.office, figure_of(s.table, row, column), shares(s.table.sources, row, column)
        )
        for s in sorted(sources, key=lambda one: _as_read(one.table.office))
    )


def _as_read(name: str) -> list[tuple[int, str]]:
    """A name as people sort it: 第2区 before 第10区."""
    return [(int(digits or 0), text) for text, digits in _PIECES.findall(name)]


def places(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Every row and block of a form with the codes of its figures: what ROW:COLUMN may name."""
    columns = tuple(column.code for column in form.columns)
    return {
        **dict.fromkeys(form.codes(), columns),
        **dict.fromkeys(form.blocks, tuple(form.figures)),
    }


def place_in(form: Form, cell: str) -> tuple[str, str]:
    """Row and column of a figure written ROW:COLUMN; of table four, block and figure.

    Raises:
        WrongUsage: no such row or column in the form, with the nearest; no column at all.
    """
    row, _, column = cell.partition(":")
    known = places(form)
    if row in known and not column:
        raise WrongUsage("cell_without_column", row=row, columns=list(known[row]))
    for name, names in ((row, list(known)), (column, list(known.get(row, ())))):
        if name not in names:
            near_names = near(name, names) or names
            raise WrongUsage("unknown_cell", name=name or cell, form=form.code, near=near_names)
    return row, column


def doubled(sources: Sequence[Source]) -> list[tuple[str, list[str]]]:
    """Offices that would be counted twice, each with the files they stand in, at whatever level.

    A government that stands among its own departments under the aggregate's name is not doubled: an
    aggregate holds its own unit (30号).
    """
    found: dict[str, list[str]] = {}
    for source in sources:
        for name, path in _within(source, source.file):
            found.setdefault(name, []).append(path)
    return [(name, files) for name, files in found.items() if len(files) > 1]


def _within(source: Source, path: str, above: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    name = "".join(source.table.office.split())
    if name not in above:
        yield name, path
    for child in source.table.sources:
        yield from _within(child, f"{path} → {child.file}", above | {name})
