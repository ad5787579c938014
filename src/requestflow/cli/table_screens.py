"""Verdicts on annual tables on a terminal, and what each subordinate table gave to a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from requestflow.cli.annual_screens import broken_sentence, judged

if TYPE_CHECKING:
    from requestflow.cli.desk import Desk
    from requestflow.domain.aggregates import Share
    from requestflow.domain.explanations import Explanation
    from requestflow.domain.tables import AnnualTable
    from requestflow.services.checking import Checked


_SHOWN = 5  # explanations, on a screen


def explanation_sentence(desk: Desk, table: AnnualTable, found: Explanation) -> str:
    """What may have happened, in words: how, and which figures would have to be which."""
    words, form = desk.words, table.form
    names = {row.code: row.label for row in form.rows} | dict(form.blocks)
    columns = {column.code: column.label for column in form.columns} | dict(form.figures)
    changes = words.text("semicolon").join(
        words.text("cell_should_be", row=names[c.row], column=columns[c.column], figure=c.stands,
                   should_be=c.should_be)
        for c in found.changes
    )  # fmt: skip
    return words.text(f"slip_{found.slip.value}", changes=changes)


def verdicts(desk: Desk, found: Sequence[Checked]) -> None:
    """The verdicts in the order given, and how many there are of each kind."""
    for one in found:
        _verdict(desk, one)
    if len(found) > 1:
        read = [one.verdict for one in found if one.error is None]
        counts = {kind: read.count(kind) for kind in ("broken", "not_assessable", "holds")}
        text = desk.words.text("verdict_counts", **counts)
        unread = len(found) - len(read)
        desk.print(text + (desk.words.text("verdict_unread", count=unread) if unread else ""))


def _verdict(desk: Desk, checked: Checked) -> None:
    table = checked.table
    if table is None:
        why = (
            desk.joined(desk.words.say(checked.error.code, checked.error.facts)) if checked.error else ""
        )
        desk.print(desk.words.text("table_unread_line", file=checked.file, why=why))
    else:
        key = f"verdict_{checked.verdict}"
        desk.print(desk.words.text(key, file=checked.file, office=table.office,
                                   year=table.year or "?", form=table.form.code))  # fmt: skip
        _places(desk, checked, table)
    for finding in checked.findings:
        desk.print("  " + desk.finding(finding))


def _places(desk: Desk, checked: Checked, table: AnnualTable) -> None:
    for one in checked.broken:
        known = desk.words.text("finding_id", id=checked.id_of(one))
        desk.print(f"✗ {broken_sentence(desk, table, one)}{known}")
    for one, why in checked.dismissed:
        reason = desk.words.text("dismissed_line", reason=why.reason, by=why.by, at=why.at[:10])
        desk.print(f"○ {broken_sentence(desk, table, one)}{reason}")
    if not checked.all_broken:
        judged(desk, checked.identities)
    for found in checked.explanations[:_SHOWN]:
        desk.print("  → " + explanation_sentence(desk, table, found))
    if len(checked.explanations) > _SHOWN:
        desk.print("  " + desk.words.text("and_more", count=len(checked.explanations) - _SHOWN))


def shares(desk: Desk, cell: str, figure: int | None, found: Sequence[Share]) -> None:
    """What each subordinate table gave to a figure."""
    row, _, column = cell.partition(":")
    desk.print(desk.words.text("cell_line", row=row, column=column, figure=stated(figure)))
    _lines(desk, found, 1)


def _lines(desk: Desk, found: Sequence[Share], depth: int) -> None:
    for share in found:
        name = f"{share.office} ({share.file})"
        line = desk.words.text("fact_line", name=name, value=stated(share.figure))
        desk.print("  " * depth + line)
        _lines(desk, share.children, depth + 1)


def stated(figure: int | None) -> str:
    """A figure as a screen shows it, a dash where it is not stated."""
    return "—" if figure is None else str(figure)
