"""Grids → table four: three blocks of five figures, in one row or a row each."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from requestflow.domain.forms import Form
from requestflow.domain.labels import plain
from requestflow.domain.tables import FIGURES_OF_A_BLOCK, Figure
from requestflow.errors import Finding
from requestflow.exchange.grids import Cell, Grid
from requestflow.exchange.table_labels import figure, is_label

_REVIEW = "行政复议"
_UPHELD = ("结果维持", "维持")

Blocks = dict[str, tuple[Figure, ...]]
_plain = lru_cache(maxsize=8192)(plain)


def _has(row: Sequence[Cell], *labels: str) -> bool:
    return any(cell is not None and _plain(cell) in labels for cell in row)


def _starts(grid: Grid) -> Iterator[int]:
    """The rows behind one that names the results of a review: there the figures begin."""
    for number, row in enumerate(grid.rows):
        if _has(row, *_UPHELD) and any(_has(r, _REVIEW) for r in grid.rows[max(0, number - 3) :]):
            yield number + 1


def _is_data(row: Sequence[Cell], form: Form) -> bool:
    """Whether a row holds figures: it is none of the heads."""
    heads = {plain(part) for label in form.blocks.values() for part in label.split("/")}
    heads |= {plain(label) for label in form.figures.values()}
    return any(cell is not None for cell in row) and not _has(row, *heads)


def _fitted(cells: list[str], width: int) -> list[str]:
    if cells and is_label(cells[0]) and len(cells) > width:
        cells = cells[1:]
    while len(cells) > width and not cells[0]:
        cells = cells[1:]
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells


def _in_one_row(
    rows: Sequence[Sequence[Cell]], form: Form, place: str
) -> tuple[Blocks, list[Finding]] | None:
    width = FIGURES_OF_A_BLOCK * len(form.blocks)
    for row in rows:
        if not _is_data(row, form):
            continue
        cells = _fitted([cell for cell in row if cell is not None], width)
        if not width // 2 < len(cells) <= width:
            continue
        figures: list[Figure] = [figure(cell) for cell in cells]
        figures += [None] * (width - len(figures))
        findings = []
        unread = sum(one is None for one in figures)
        if unread:
            findings.append(Finding("blocks_incomplete", place, {"count": unread}, warning=True))
        return _blocks(form, figures), findings
    return None


def _blocks(form: Form, figures: Sequence[Figure]) -> Blocks:
    size = FIGURES_OF_A_BLOCK
    return {
        block: tuple(figures[number * size : (number + 1) * size])
        for number, block in enumerate(form.blocks)
    }


def _row_each(rows: Sequence[Sequence[Cell]], form: Form) -> Blocks | None:
    """A row for each block: some offices turn the table on its side."""
    names = {plain(label.rpartition("/")[2]): block for block, label in form.blocks.items()}
    found: Blocks = {}
    for row in rows:
        cells = [cell for cell in row if cell is not None]
        labels = [names[_plain(cell)] for cell in cells if _plain(cell) in names]
        if len(labels) == 1 and len(cells) > FIGURES_OF_A_BLOCK:
            found[labels[0]] = tuple(figure(cell) for cell in cells[-FIGURES_OF_A_BLOCK:])
    return found if len(found) == len(form.blocks) else None


def recognise_disputes(grids: Sequence[Grid], form: Form) -> tuple[Blocks | None, list[Finding]]:
    """Table four of a document, or None where there is none, with what was not to be read."""
    for grid in grids:
        for start in _starts(grid):
            found = _in_one_row(grid.rows[start:], form, grid.place)
            if found is not None:
                return found
            turned = _row_each(grid.rows[start:], form)
            if turned is not None:
                return turned, []
    return None, [Finding("table4_not_found", "", warning=True)]
