"""The official layout of the annual tables: every printed cell with its place and its span.

One generator for all formats: a writer prints these cells and knows nothing of the law. A position that
no cell covers, or two, is a fault of the layout and is refused before anything is written.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from requestflow.domain.forms import Column, Form, PublicationForm, PublicationPart, Row
from requestflow.domain.identities import Identity
from requestflow.domain.tables import AnnualTable

Place = tuple[str, str]  # row and column of a figure; block and figure in table four
Stated = int | Decimal | None


class CellKind(StrEnum):
    """What a cell of a printed table is."""

    NOTE = "note"
    HEAD = "head"
    LABEL = "label"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class GridCell:
    """A printed cell: where it begins, how far it reaches, what it says."""

    row: int
    col: int
    text: str
    kind: CellKind
    rowspan: int = 1
    colspan: int = 1
    figure: Stated = None
    place: Place | None = None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A printed table: its cells, its size, how many rows its head has, which columns hold labels."""

    title: str
    cells: tuple[GridCell, ...]
    heads: int
    labels: int = 0
    size: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        rows = max((cell.row + cell.rowspan for cell in self.cells), default=0)
        columns = max((cell.col + cell.colspan for cell in self.cells), default=0)
        object.__setattr__(self, "size", (rows, columns))
        _covered_once(self)


def _covered_once(grid: Grid) -> None:
    """Holds a layout to its one rule: each position is covered by exactly one cell."""
    covered = Counter(
        (row, col)
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for col in range(cell.col, cell.col + cell.colspan)
    )
    rows, columns = grid.size
    wrong = [(r, c) for r in range(rows) for c in range(columns) if covered[r, c] != 1]
    if wrong:
        raise ValueError(grid.title, wrong)


def by_row(grid: Grid) -> list[list[GridCell]]:
    """The cells of each printed row, from left to right."""
    rows: list[list[GridCell]] = [[] for _ in range(grid.size[0])]
    for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.col)):
        rows[cell.row].append(cell)
    return rows


def flat(grid: Grid) -> list[list[GridCell | None]]:
    """Every position of a grid: the cell that begins there, None where an earlier one reaches."""
    rows: list[list[GridCell | None]] = [[None] * grid.size[1] for _ in range(grid.size[0])]
    for cell in grid.cells:
        rows[cell.row][cell.col] = cell
    return rows


def _merged(texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Runs of equal texts: where each begins, how long it is, what it says."""
    start = 0
    for end in range(1, len(texts) + 1):
        if end == len(texts) or texts[end] != texts[start]:
            yield start, end - start, texts[start]
            start = end


def _column_heads(form: Form, labels: int, first: int) -> Iterator[GridCell]:
    """The heads of the columns, groups of them merged above; `first` is the row they begin in."""
    grouped = any(column.group for column in form.columns)
    depth = 2 if grouped else 1
    for start, length, group in _merged([_group_key(column) for column in form.columns]):
        col = labels + start
        if not form.columns[start].group:
            yield GridCell(first, col, form.columns[start].label, CellKind.HEAD, rowspan=depth)
            continue
        yield GridCell(first, col, group, CellKind.HEAD, colspan=length)
        for index, column in enumerate(form.columns[start : start + length]):
            yield GridCell(first + 1, col + index, column.label, CellKind.HEAD)


def _group_key(column: Column) -> str:
    return column.group or f"\0{column.code}"  # columns without a group never merge


def _row_labels(rows: Sequence[Row], labels: int, first: int) -> Iterator[GridCell]:
    """The labels of the rows: groups merged downwards, a row's own reaching to the figures."""
    for depth in range(labels - 1):
        keys = ["\0".join(row.groups[: depth + 1]) for row in rows]
        for start, length, key in _merged(keys):
            if len(rows[start].groups) > depth and key:
                text = rows[start].groups[depth]
                yield GridCell(first + start, depth, text, CellKind.LABEL, rowspan=length)
    for index, row in enumerate(rows):
        col = len(row.groups)
        yield GridCell(first + index, col, row.label, CellKind.LABEL, colspan=labels - col)


def _written(figure: Stated) -> str:
    """A figure as it is printed: an amount without an exponent, nothing where it is not stated."""
    if figure is None:
        return ""
    return f"{figure:f}" if isinstance(figure, Decimal) else str(figure)


def _figure(row: int, col: int, figure: Stated, *, place: Place, broken: frozenset[Place]) -> GridCell:
    text, kind = _written(figure), CellKind.FIGURE
    return GridCell(row, col, text, kind, figure=figure, place=place, broken=place in broken)


def applications_grid(table: AnnualTable, broken: frozenset[Place] = frozenset()) -> Grid:
    """Table three as it is printed: merged heads, group cells to the left, a figure a row and column."""
    form = table.form
    labels = max(len(row.groups) for row in form.rows) + 1
    above = 1 if form.applicants else 0
    heads = above + (2 if any(column.group for column in form.columns) else 1)
    cells = [GridCell(0, 0, form.note, CellKind.NOTE, rowspan=heads, colspan=labels)]
    if above:
        width = len(form.columns)
        cells.append(GridCell(0, labels, form.applicants, CellKind.HEAD, colspan=width))
    cells += _column_heads(form, labels, above)
    cells += _row_labels(form.rows, labels, heads)
    for index, row in enumerate(form.rows):
        for col, (column, figure) in enumerate(zip(form.columns, table.rows[row.code], strict=True)):
            place = (row.code, column.code)
            cells.append(_figure(heads + index, labels + col, figure, place=place, broken=broken))
    return Grid(form.title, tuple(cells), heads, labels)


def disputes_grid(table: AnnualTable, broken: frozenset[Place] = frozenset()) -> Grid | None:
    """Table four as it is printed, its blocks side by side; None where the form or table has none."""
    form = table.form
    if not form.blocks or table.table4 is None:
        return None
    paths = [label.split(" / ") for label in form.blocks.values()]
    depth = max(len(path) for path in paths)
    width = len(form.figures)
    cells = list(_block_heads(paths, depth, width))
    for block, (code, figures) in enumerate(table.table4.items()):
        for index, (name, label) in enumerate(form.figures.items()):
            col = block * width + index
            cells.append(GridCell(depth, col, label, CellKind.HEAD))
            place = (code, name)
            cells.append(_figure(depth + 1, col, figures[index], place=place, broken=broken))
    return Grid(form.title4, tuple(cells), depth + 1)


def _block_heads(paths: Sequence[Sequence[str]], depth: int, width: int) -> Iterator[GridCell]:
    for level in range(depth):
        keys = ["\0".join(path[: level + 1]) if len(path) > level else "" for path in paths]
        for start, length, key in _merged(keys):
            if not key:
                continue
            path = paths[start]
            reach = depth - level if len(path) == level + 1 else 1
            yield GridCell(level, start * width, path[level], CellKind.HEAD, reach, length * width)


def publication_grid(form: PublicationForm, figures: Mapping[tuple[str, str], Stated]) -> Grid | None:
    """Table two as it is printed: the parts one below the other; None where the form has none.

    A part with fewer columns than the widest lets its last column reach to the edge.
    """
    if not form.parts:
        return None
    width = 1 + max(len(part.columns) for part in form.parts)
    cells: list[GridCell] = []
    row = 0
    for part in form.parts:
        cells += _part(part, row, width, figures)
        row += 2 + len(part.rows)
    return Grid(form.title, tuple(cells), 0, 1)


def _part(
    part: PublicationPart, row: int, width: int, figures: Mapping[tuple[str, str], Stated]
) -> Iterator[GridCell]:
    last = len(part.columns) - 1
    yield GridCell(row, 0, part.article, CellKind.HEAD, colspan=width)
    yield GridCell(row + 1, 0, part.head, CellKind.HEAD)
    for index, column in enumerate(part.columns):
        reach = width - 1 - last if index == last else 1
        yield GridCell(row + 1, 1 + index, column.label, CellKind.HEAD, colspan=reach)
    for offset, (code, label) in enumerate(part.rows.items(), start=2):
        yield GridCell(row + offset, 0, label, CellKind.LABEL)
        for index, column in enumerate(part.columns):
            reach = width - 1 - last if index == last else 1
            figure = figures.get((code, column.code))
            text = _written(figure)
            yield GridCell(row + offset, 1 + index, text, CellKind.FIGURE, colspan=reach,
                           figure=figure, place=(code, column.code))  # fmt: skip


def broken_places(form: Form, identities: Iterable[Identity]) -> frozenset[Place]:
    """The figures of each identity that does not hold: where a reader has to look."""
    found: set[Place] = set()
    for identity in identities:
        if identity.holds is False:
            found.update(_places(form, identity))
    return frozenset(found)


def _places(form: Form, identity: Identity) -> Iterator[Place]:
    kinds = {row.kind.value: row.code for row in form.rows}
    rows = {
        "1": ("new", "carried_in", "concluded", "carried_out"),
        "2": ("concluded",),
        "4": ("carried_in",),
    }.get(identity.name, ())
    for kind in rows:
        yield kinds[kind], identity.column
    if identity.name == "3" and identity.row:
        yield identity.row, identity.column
    if identity.name == "5":
        yield identity.column, "total"
