"""What slip of the pen could have broken a table: single figures, and neighbouring ones swapped.

An identity is a sum of cells that has to be nought; a figure that is off by `d` moves every identity
that it takes part in by `d` or `-d`, and no other. So a figure explains what is broken only where all
its identities are off by the same amount, and none of them holds as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from requestflow.domain.aggregates import figure_of
from requestflow.domain.forms import TOTAL, RowKind
from requestflow.domain.identities import Identity
from requestflow.domain.tables import AnnualTable

Place = tuple[str, str]  # row and column, or block and figure of table four


class Slip(StrEnum):
    """How a figure may have gone wrong, the likelier first."""

    TRANSPOSED = "transposed"
    SWAPPED = "swapped"
    DIGIT_LOST = "digit_lost"
    DIGIT_TOO_MANY = "digit_too_many"
    TOTAL_NOT_UPDATED = "total_not_updated"
    DIGIT_MISTYPED = "digit_mistyped"
    FIGURE_WRONG = "figure_wrong"
    FIGURE_AND_TOTAL = "figure_and_total"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure as it stands, and as it would have to be."""

    row: str
    column: str
    stands: int
    should_be: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Changes that together repair identities and break none; `whole`: nothing is broken after them."""

    slip: Slip
    changes: tuple[Change, ...]
    repairs: int
    whole: bool


def _terms(identity: Identity, table: AnnualTable) -> dict[Place, int]:
    """The cells of an identity with their signs: left side plus, right side minus."""
    form, column = table.form, identity.column
    row_of = form.row_of
    if identity.name == "1":
        signs = {RowKind.NEW: 1, RowKind.CARRIED_IN: 1, RowKind.CONCLUDED: -1, RowKind.CARRIED_OUT: -1}
        return {(row_of(kind), column): sign for kind, sign in signs.items()}
    if identity.name == "2":
        leaves = {(row, column): 1 for row in form.results}
        return {**leaves, (row_of(RowKind.CONCLUDED), column): -1}
    if identity.name == "3":
        row = identity.row or ""
        return {(row, TOTAL): 1, **{(row, kind): -1 for kind in form.kinds}}
    if identity.name == "4":
        return {(row_of(RowKind.CARRIED_IN), column): 1}
    if identity.name == "5":
        *parts, whole = form.figures
        return {(column, whole): 1, **{(column, part): -1 for part in parts}}
    return {(identity.row or "", column): 1}


class _Equations:
    """A table's judged identities as sums over its cells."""

    def __init__(self, table: AnnualTable, identities: Sequence[Identity]) -> None:
        self.table = table
        self.off: list[int] = []
        self.of_cell: dict[Place, dict[int, int]] = {}
        for identity in identities:
            if identity.left is None or identity.right is None:
                continue
            for place, sign in _terms(identity, table).items():
                self.of_cell.setdefault(place, {})[len(self.off)] = sign
            self.off.append(identity.left - identity.right)
        self.broken = sum(1 for off in self.off if off)

    def figure(self, place: Place) -> int | None:
        return figure_of(self.table, *place)

    def repaired(self, moves: Mapping[Place, int]) -> int | None:
        """How many identities a set of changes repairs; None where one stays or becomes broken."""
        moved: dict[int, int] = {}
        for place, difference in moves.items():
            for equation, sign in self.of_cell.get(place, {}).items():
                moved[equation] = moved.get(equation, 0) + sign * difference
        touched = {equation: move for equation, move in moved.items() if move}
        if not touched or any(self.off[e] + move for e, move in touched.items()):
            return None
        return len(touched)

    def needed(self, place: Place) -> int | None:
        """By how much a cell would have to change to repair its first broken identity."""
        for equation, sign in self.of_cell.get(place, {}).items():
            if self.off[equation]:
                return -sign * self.off[equation]
        return None


def _swapped_digits(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    differ = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return (
        len(differ) == 2  # noqa: PLR2004  a pair
        and differ[1] == differ[0] + 1
        and one[differ[0]] == other[differ[1]]
        and one[differ[1]] == other[differ[0]]
    )


def _lacks_a_digit(short: str, long: str) -> bool:
    return len(long) == len(short) + 1 and any(
        long[:n] + long[n + 1 :] == short for n in range(len(long))
    )


def _slip(place: Place, stands: int, should_be: int, totals: frozenset[str]) -> Slip:
    one, other = str(stands), str(should_be)
    checks = (
        (Slip.TRANSPOSED, _swapped_digits(one.zfill(len(other)), other.zfill(len(one)))),
        (Slip.DIGIT_LOST, stands > 0 and _lacks_a_digit(one, other)),
        (Slip.DIGIT_TOO_MANY, should_be > 0 and _lacks_a_digit(other, one)),
        (Slip.TOTAL_NOT_UPDATED, bool(totals & set(place))),
        (Slip.DIGIT_MISTYPED, len(one) == len(other) and sum(map(str.__ne__, one, other)) == 1),
    )
    return next((slip for slip, fits in checks if fits), Slip.FIGURE_WRONG)


def _single(equations: _Equations, totals: frozenset[str]) -> Iterator[Explanation]:
    """Every cell whose change alone repairs all that it takes part in."""
    for place in equations.of_cell:
        stands, difference = equations.figure(place), equations.needed(place)
        if stands is None or difference is None or stands + difference < 0:
            continue
        repairs = equations.repaired({place: difference})
        if repairs is not None:
            change = Change(*place, stands, stands + difference)
            slip = _slip(place, stands, stands + difference, totals)
            yield Explanation(slip, (change,), repairs, repairs == equations.broken)


def _neighbours(table: AnnualTable) -> Iterator[tuple[Place, Place]]:
    """Cells that stand side by side or one below the other, in print."""
    tables: list[tuple[list[str], list[str]]] = [
        (list(table.form.codes()), [column.code for column in table.form.columns]),
        (list(table.form.blocks) if table.table4 is not None else [], list(table.form.figures)),
    ]
    for rows, columns in tables:
        for row in rows:
            yield from (((row, a), (row, b)) for a, b in pairwise(columns))
        for above, below in pairwise(rows):
            yield from (((above, column), (below, column)) for column in columns)


def _swaps(equations: _Equations) -> Iterator[Explanation]:
    """Neighbours whose figures, swapped, repair all: a figure typed a row too low, a column too far."""
    for one, other in _neighbours(equations.table):
        here, there = equations.figure(one), equations.figure(other)
        if here is None or there is None or here == there:
            continue
        repairs = equations.repaired({one: there - here, other: here - there})
        if repairs is not None:
            changes = (Change(*one, here, there), Change(*other, there, here))
            yield Explanation(Slip.SWAPPED, changes, repairs, repairs == equations.broken)


def _with_totals(equations: _Equations) -> Iterator[Explanation]:
    """A figure together with the total of its row, which was worked out from it."""
    form = equations.table.form
    for row in form.codes():
        total = equations.figure((row, TOTAL))
        for column in form.kinds:
            stands, difference = equations.figure((row, column)), equations.needed((row, column))
            if stands is None or total is None or difference is None:
                continue
            if min(stands, total) + difference < 0:
                continue
            repairs = equations.repaired({(row, column): difference, (row, TOTAL): difference})
            if repairs is not None:
                changes = (Change(row, column, stands, stands + difference),
                           Change(row, TOTAL, total, total + difference))  # fmt: skip
                yield Explanation(Slip.FIGURE_AND_TOTAL, changes, repairs, repairs == equations.broken)


def explain(table: AnnualTable, identities: Sequence[Identity]) -> list[Explanation]:
    """What could explain the identities that do not hold, the likeliest first; nothing where all hold.

    Of a table that held before one figure was changed, that change is always among them. What repairs
    everything comes before what repairs a part; then the slip that hands make more often.
    """
    equations = _Equations(table, identities)
    if not equations.broken:
        return []
    totals = frozenset({TOTAL, table.form.row_of(RowKind.CONCLUDED), list(table.form.figures)[-1]})
    found = [*_single(equations, totals), *_swaps(equations), *_with_totals(equations)]
    order = list(Slip)
    return sorted(found, key=lambda e: (not e.whole, -e.repairs, order.index(e.slip)))
