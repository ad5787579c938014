"""Which cell of a row stands in which column: by the heads, or where these do not fit, by order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from requestflow.domain.tables import Figure
from requestflow.exchange.grids import Cell
from requestflow.exchange.table_labels import Labels, figure, is_label

_FEWEST_HEADS = 4


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the heads of the columns stand: which column of the grid is whose, and their order."""

    places: Mapping[str, int]
    others: frozenset[int]
    order: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether there are enough heads to go by."""
        return len(self.places) >= _FEWEST_HEADS


def heads_of(rows: Sequence[Sequence[Cell]], labels: Labels) -> Heads:
    """The heads in the rows above the figures; where one head stands twice the lower one holds."""
    places: dict[str, int] = {}
    written: set[int] = set()
    lines: dict[str, int] = {}
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell and is_label(cell):
                code = labels.column(cell)
                written.add(place)
                if code is not None:
                    places[code] = place
                    lines[code] = number
    codes = [column.code for column in labels.form.columns]
    _fill(places, codes)
    found = sorted(places, key=places.__getitem__)
    level = len(set(lines.values())) == 1
    if not level and found != [code for code in codes if code in places]:
        return Heads({}, frozenset(), tuple(codes))  # merged cells were lost: heads stand anywhere
    order = found if level and len(found) == len(codes) else codes
    first = min(places.values(), default=0)
    return Heads(places, frozenset(p for p in written if p > first) - set(places.values()), tuple(order))


def _fill(places: dict[str, int], codes: Sequence[str]) -> None:
    """A head that is unreadable between two that stand two apart is the one between them."""
    for before, code, after in zip(codes, codes[1:], codes[2:], strict=False):
        apart = places.get(after, 0) - places.get(before, 0)
        if code not in places and before in places and apart == 2:  # noqa: PLR2004  one is between
            places[code] = places[before] + 1


def _by_heads(row: Sequence[Cell], label: int, heads: Heads) -> dict[str, Cell] | None:
    """Cells by column, or None where the heads do not fit the row: it is set out of line."""
    if not heads.known or label >= min(heads.places.values()):
        return None
    cells = {code: row[place] for code, place in heads.places.items() if place < len(row)}
    own = set(heads.places.values()) | heads.others
    strange = [place for place, cell in enumerate(row) if cell and place > label and place not in own]
    whole = len(cells) == len(heads.places) and None not in cells.values()
    if any(place < max(own) or not whole for place in strange):  # behind a whole row may stand a remark
        return None
    return cells


def _by_order(row: Sequence[Cell], label: int, codes: Sequence[str]) -> dict[str, Cell] | None:
    """Cells by order from the left; more cells than columns say nothing."""
    cells = list(row[label + 1 :])
    while cells and cells[0] is None:
        cells.pop(0)
    while len(cells) > len(codes) and not cells[0]:
        cells.pop(0)
    while len(cells) > len(codes) and not cells[-1]:
        cells.pop()
    return dict(zip(codes, cells, strict=False)) if len(cells) <= len(codes) else None


def _is_shifted(figures: Sequence[Figure], cells: int, columns: int) -> bool:
    """Whether a row that is short of a cell has its total in the last: then any other is missing."""
    present = [one for one in figures[:cells] if one is not None]
    return 1 < cells < columns and len(present) == cells and 0 != present[-1] == sum(present[:-1])


@dataclass(frozen=True, slots=True)
class Figures:
    """A row's figures, and what was not to be read: the columns and the texts that stand there."""

    figures: tuple[Figure, ...]
    unreadable: Mapping[str, str]
    missing: tuple[str, ...]


def figures_of(row: Sequence[Cell], label: int, heads: Heads, labels: Labels) -> Figures | None:
    """The figures of a row in the form's order of columns, or None where it has too many cells.

    A cell that is missing, merged away or unreadable is not stated. Where a row is a cell short and its
    last figure is the sum of the others, that one is the total, and none of the others is stated: which
    of them is missing cannot be told.
    """
    codes = [column.code for column in labels.form.columns]
    cells = _by_heads(row, label, heads)
    if cells is None:
        cells = _by_order(row, label, heads.order)
    if cells is None:
        return None
    read = {code: figure(cell) if cell is not None else None for code, cell in cells.items()}
    found: list[Figure] = [read.get(code) for code in codes]
    if _is_shifted(found, len(cells), len(codes)):
        total = found[len(cells) - 1]
        return Figures((*(None for _ in codes[1:]), total), {}, tuple(codes[:-1]))
    unreadable = {c: cell for c, cell in cells.items() if cell is not None and read[c] is None}
    missing = tuple(code for code in codes if cells.get(code) is None)
    return Figures(tuple(found), unreadable, missing)
