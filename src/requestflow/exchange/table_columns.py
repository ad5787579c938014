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
        if code in places or before not in places:
            continue
        between = places[before] + 1
        if places.get(after) == between + 1:
            places[code] = between


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


def _certain(figures: Sequence[Figure], columns: int) -> tuple[Figure, ...]:
    """What a row that is short of cells states for certain; which of them is missing is not known.

    Where the last figure is less than the sum of the others it cannot be the total, so the total is what
    is missing. Where it is their sum, it is the total, and any of the others may be missing. Where it is
    more, nothing is certain.
    """
    nothing: tuple[Figure, ...] = (None,) * columns
    stated = [one for one in figures if one is not None]
    if not figures or len(stated) < len(figures):
        return nothing
    *others, last = stated
    if last < sum(others) or not any(stated):
        return (*figures, *nothing[len(figures) :])
    return (*nothing[1:], last) if last == sum(others) else nothing


@dataclass(frozen=True, slots=True)
class Figures:
    """A row's figures, and what was not to be read: the columns and the texts that stand there."""

    figures: tuple[Figure, ...]
    unreadable: Mapping[str, str]
    missing: tuple[str, ...]


def figures_of(row: Sequence[Cell], label: int, heads: Heads, labels: Labels) -> Figures | None:
    """The figures of a row in the form's order of columns, or None where it has too many cells.

    A cell that is missing, merged away or unreadable is not stated.
    """
    codes = [column.code for column in labels.form.columns]
    cells = _by_heads(row, label, heads)
    if cells is None:
        cells = _by_order(row, label, heads.order)
    if cells is None:
        return None
    read = {code: figure(cell) if cell is not None else None for code, cell in cells.items()}
    found = tuple(read.get(code) for code in codes)
    missing = tuple(code for code in codes if cells.get(code) is None)
    if len(cells) < (len(heads.places) if heads.known else len(codes)):
        usual = list(heads.order) == codes and len(heads.places) in (0, len(codes))
        found = _certain([read[code] for code in codes if code in cells] if usual else [], len(codes))
    unreadable = {c: cell for c, cell in cells.items() if cell is not None and read[c] is None}
    return Figures(found, unreadable, missing)
