"""An annual table on a terminal: its figures, whether they hold together, the cases behind one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requestflow.cli.case_words import kind_words, outcome_words
from requestflow.domain.years import period_name, period_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from requestflow.cli.desk import Desk
    from requestflow.domain.identities import Identity
    from requestflow.domain.tables import AnnualTable, Period

_WIDE = 120  # columns of a terminal


def _stated(figure: int | None) -> str:
    return "" if figure is None else str(figure)


def _folded(label: str, signs: int) -> str:
    """A head of a narrow column, so many signs a line."""
    return "\n".join(label[start : start + signs] for start in range(0, len(label), signs))


def annual_table(desk: Desk, table: AnnualTable, identities: Sequence[Identity], days: Period) -> None:
    """The table in the official layout, headed by its year, or by the days of it that are counted."""
    words, form = desk.words, table.form
    key = "table_title" if period_name(days) == "year" else "table_title_period"
    desk.print(words.text(key, office=table.office, year=table.year, document=form.document,
                           as_of=days.last, first=days.first,
                           period=period_words(words.text, days)))  # fmt: skip
    desk.print(form.title)
    desk.print(form.note)
    grid = desk.table()
    wide = desk.console.width >= _WIDE
    grid.add_column("", overflow="fold", min_width=24)
    for column in form.columns:
        grid.add_column(_folded(column.label, 4 if wide else 2), justify="right", no_wrap=True)
    inside = [column.label for column in form.columns if column.group]
    if inside:
        group = next(column.group for column in form.columns if column.group)
        desk.print(words.text("group_line", columns=inside, group=group))
    open_groups: tuple[str, ...] = ()
    for row in form.rows:
        for depth, name in enumerate(row.groups):
            if row.groups[: depth + 1] != open_groups[: depth + 1]:
                grid.add_row("  " * depth + name)
        open_groups = row.groups
        figures = [_stated(figure) for figure in table.rows[row.code]]
        grid.add_row("  " * len(row.groups) + row.label, *figures)
    desk.console.print(grid)
    _judged(desk, table, identities)


def _judged(desk: Desk, table: AnnualTable, identities: Sequence[Identity]) -> None:
    wrong = [identity for identity in identities if identity.holds is False]
    for identity in wrong:
        desk.print("✗ " + broken_sentence(desk, table, identity))
    if not wrong:
        judged(desk, identities)


def judged(desk: Desk, identities: Sequence[Identity], *, vouched: bool = True) -> None:
    """How many identities were judged, and how many could not be.

    Without `vouched` nothing is said of those that hold: too little is stated to stand for the table.
    """
    known = [identity for identity in identities if identity.holds is not None]
    if known and vouched:
        desk.print(desk.words.text("identities_hold", count=len(known)))
    if len(known) < len(identities):
        desk.print(desk.words.text("not_judged", count=len(identities) - len(known)))


def broken_sentence(desk: Desk, table: AnnualTable, identity: Identity) -> str:
    """An identity that does not hold: which, where, both sides, and by how much."""
    blocks = dict(table.form.blocks)
    labels = {column.code: column.label for column in table.form.columns} | blocks
    rows = {row.code: row.label for row in table.form.rows} | blocks
    if identity.row in blocks:  # identity 6 in table four: its columns are the five figures
        labels = dict(table.form.figures)
    left, right = identity.left or 0, identity.right or 0
    return desk.words.text(
        f"identity_{identity.name}",
        column=labels.get(identity.column, identity.column),
        row=rows.get(identity.row or "", ""),
        left=left,
        right=right,
        difference=abs(left - right),
    )


def cell(desk: Desk, found: Any) -> None:
    """The applications behind a figure."""
    desk.print(desk.words.text("cell_line", row=found.row, column=found.column, figure=found.figure))
    if not found.cases:
        return
    heads = ("number", "received", "kind", "outcome", "concluded", "subject")
    table = desk.table(*heads)
    for one in found.cases:
        table.add_row(
            one.number,
            one.received.isoformat(),
            kind_words(desk, one.kind),
            outcome_words(desk, one.counted_outcome),
            one.concluded.isoformat() if one.concluded else "",
            one.subject,
        )
    desk.console.print(table)
