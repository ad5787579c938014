"""Grids → tables three and four: which grid is which, which line is which row, whatever the file type.

Lines are not matched one by one, where a misprint may carry a figure into the neighbouring row, but all
together in the form's order: the pairing of lines and rows that fits best as a whole is taken.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from requestflow.domain.forms import Form, Row
from requestflow.domain.tables import Figure
from requestflow.errors import Finding
from requestflow.exchange.grids import Cell, Grid
from requestflow.exchange.table_columns import Figures, Heads, figures_of, heads_of
from requestflow.exchange.table_labels import Labels, is_label

_FEWEST_CELLS = 3  # behind a label: heads and titles have fewer
_WORTH = 0.55
_FEWEST_ROWS = 1 / 3
_ALIKE = 0.5  # of the best score: what a second table three has at least
_PART = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a grid that may be a row of table three, with the place of its label."""

    grid: Grid
    number: int
    label: int
    nearness: tuple[float, ...]

    @property
    def cells(self) -> Sequence[Cell]:
        return self.grid.rows[self.number]

    @property
    def place(self) -> str:
        return f"{self.grid.place}, row {self.number + 1}"


@dataclass(frozen=True, slots=True)
class _Pairing:
    """Lines paired with rows of a form, by index of the row; the higher the score the better."""

    labels: Labels
    lines: Mapping[int, _Line]
    score: float


@dataclass(frozen=True, slots=True)
class Recognised:
    """Table three as read: the form it is in, its figures, and what was not to be read."""

    form: Form
    rows: Mapping[str, tuple[Figure, ...]]
    findings: tuple[Finding, ...]
    clear: bool  # the form shows in its rows


def _label_of(row: Sequence[Cell], labels: Labels) -> int | None:
    """Where the label of a line stands: of the texts before the first figure, the one that a row has."""
    texts: list[int] = []
    for place, cell in enumerate(row):
        if cell and is_label(cell):
            texts.append(place)
        elif cell and texts:  # a figure in front of every label is the number of the line
            break
    if not texts:
        return None
    return max(texts, key=lambda place: (labels.best(row[place] or ""), place))


def _lines(grid: Grid, labels: Labels) -> list[_Line]:
    found = []
    for number, row in enumerate(grid.rows):
        label = _label_of(row, labels)
        if label is None or len(row) - label - 1 < _FEWEST_CELLS:
            continue
        nearness = labels.nearness(row[label] or "")
        if max(nearness) > 0:
            found.append(_Line(grid, number, label, nearness))
    return found


def _worth(nearness: float) -> float:
    return nearness - _WORTH if nearness else -1.0


def _best(lines: Sequence[_Line], rows: int) -> list[list[float]]:
    """The best worth of pairing the first lines with the first rows, for every number of both."""
    table = [[0.0] * (rows + 1)]
    for line in lines:
        above, current = table[-1], [0.0]
        for row in range(1, rows + 1):
            paired = above[row - 1] + _worth(line.nearness[row - 1])
            current.append(max(above[row], current[row - 1], paired))
        table.append(current)
    return table


def _pair(lines: Sequence[_Line], labels: Labels) -> _Pairing:
    """Lines and rows paired in order, as well as they fit altogether."""
    rows = len(labels.form.rows)
    table = _best(lines, rows)
    found: dict[int, _Line] = {}
    line, row = len(lines), rows
    while line and row:
        if table[line][row] == table[line][row - 1]:
            row -= 1
        elif table[line][row] == table[line - 1][row]:
            line -= 1
        else:
            line, row = line - 1, row - 1
            found[row] = lines[line]
    fitting = sum(paired.nearness[place] for place, paired in found.items())
    left = rows - len(found) + 2 * (len(lines) - len(found))
    return _Pairing(labels, found, fitting - left / 2)


def _candidates(grids: Sequence[Grid], labels: Labels) -> Iterable[_Pairing]:
    """Each grid by itself, and all parts of one that a page break has cut, in order."""
    parts = [found for grid in grids if (found := _lines(grid, labels))]
    yield from (_pair(lines, labels) for lines in parts)
    cut = [lines for lines in parts if len(lines) >= _PART]
    if len(cut) > 1:
        yield _pair([line for lines in cut for line in lines], labels)


def _heads(pairing: _Pairing) -> dict[int, Heads]:
    """The heads of each grid; a part behind a page break has those of the part before."""
    first: dict[int, _Line] = {}
    for line in sorted(pairing.lines.values(), key=lambda one: one.number):
        first.setdefault(id(line.grid), line)
    found: dict[int, Heads] = {}
    known: Heads | None = None
    for _row, line in sorted(pairing.lines.items()):
        key = id(line.grid)
        if key not in found:
            own = heads_of(line.grid.rows[: first[key].number], pairing.labels)
            found[key] = own if own.known or known is None else known
            known = found[key] if found[key].known else known
    return found


def _findings(read: Figures, row: Row, line: _Line, form: Form) -> Iterator[Finding]:
    """What of a row was not to be read."""
    names = {column.code: column.label for column in form.columns}
    if read.unreadable:
        facts: dict[str, object] = {
            "row": row.label,
            "columns": [names[code] for code in read.unreadable],
            "text": next(iter(read.unreadable.values()))[:40],
        }
        yield Finding("figure_unreadable", line.place, facts, warning=True)
    if read.missing:
        facts = {"row": row.label, "columns": [names[code] for code in read.missing]}
        yield Finding("cells_missing", line.place, facts, warning=True)


def _read(pairing: _Pairing, others: int, *, clear: bool) -> Recognised:
    """The figures of the lines that were paired; rows without a line are not stated."""
    labels, form = pairing.labels, pairing.labels.form
    findings: list[Finding] = []
    if others:
        findings.append(Finding("several_tables", "", {"count": others + 1}, warning=True))
    heads = _heads(pairing)
    rows: dict[str, tuple[Figure, ...]] = {}
    for place, row in enumerate(form.rows):
        rows[row.code] = (None,) * len(form.columns)
        line = pairing.lines.get(place)
        if line is None:
            findings.append(Finding("row_not_found", "", {"row": row.label}, warning=True))
            continue
        read = figures_of(line.cells, line.label, heads[id(line.grid)], labels)
        if read is None:
            findings.append(Finding("row_too_wide", line.place, {"row": row.label}, warning=True))
            continue
        rows[row.code] = read.figures
        findings += _findings(read, row, line, form)
    return Recognised(form, rows, tuple(findings), clear)


def _top(labels: Labels, grids: Sequence[Grid]) -> tuple[_Pairing, int] | None:
    """The best pairing in a form, and how many other tables of the document fit the form as well."""
    pairings = list(_candidates(grids, labels))
    if not pairings:
        return None
    top = max(pairings, key=lambda one: one.score)
    taken = {id(line.grid) for line in top.lines.values()}
    others = [
        p
        for p in pairings
        if len(p.lines) >= len(top.lines) - 1
        and p.score >= top.score * _ALIKE  # a list of cases has lines to spare
        and not taken & {id(line.grid) for line in p.lines.values()}
    ]
    return top, len(others)


def recognise(grids: Sequence[Grid], known: Sequence[Labels]) -> Recognised | None:
    """Table three of a document in the form that fits it best, or None where there is none.

    Args:
        grids: all tables of the document, in order.
        known: the forms that it may have, the likelier first: where the rows do not tell, it is taken.
    """
    tops = [found for labels in known if (found := _top(labels, grids)) is not None]
    if not tops:
        return None
    scores = [pairing.score for pairing, _others in tops]
    pairing, others = max(tops, key=lambda one: one[0].score)
    if len(pairing.lines) < len(pairing.labels.form.rows) * _FEWEST_ROWS:
        return None
    return _read(pairing, others, clear=len(known) == 1 or scores.count(max(scores)) == 1)
