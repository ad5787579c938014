"""The year, its disputes and the offices on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requestflow.cli.table_screens import stated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from requestflow.cli.desk import Desk
    from requestflow.domain.disputes import Dispute
    from requestflow.domain.forms import Form
    from requestflow.domain.tables import AnnualTable
    from requestflow.domain.years import Change
    from requestflow.services.aggregation import Aggregate, SharedCell
    from requestflow.services.closing import Closed, YearStatus
    from requestflow.services.handing_in import HandedIn
    from requestflow.services.office_tree import Node
    from requestflow.services.year_table import Rollup


def table_four(desk: Desk, table: AnnualTable) -> None:
    """Reviews and suits, where there are any."""
    found = table.table4 or {}
    if not any(any(figures) for figures in found.values()):
        return
    grid = desk.table()
    grid.add_column("", overflow="fold", min_width=24)
    for label in table.form.figures.values():
        grid.add_column(label, justify="right", no_wrap=True)
    for block, label in table.form.blocks.items():
        grid.add_row(label, *("" if f is None else str(f) for f in found[block]))
    desk.console.print(grid)


def period(desk: Desk, found: Rollup) -> None:
    """What a table covers, where it is not simply its year; and what a recount found."""
    first, last = found.period.first, found.period.last
    if (first.month, first.day) != (1, 1):
        desk.print(desk.words.text("period_line", first=first, last=last))
    if found.known_on is not None:
        desk.print(desk.words.text("known_on_line", day=found.known_on))
    if found.table.status == "closed":
        desk.print(desk.words.text("frozen_line"))
    if found.changes is not None:
        changes(desk, found.changes, found.table.form)


def changes(desk: Desk, found: Sequence[Change], form: Form) -> None:
    """Figures that are other ones than they were, a line each."""
    labels = {row.code: row.label for row in form.rows} | dict(form.blocks)
    columns = {column.code: column.label for column in form.columns} | dict(form.figures)
    if not found:
        desk.print(desk.words.text("no_figure_changed"))
    for one in found:
        desk.print(desk.words.text(
            "figure_changed", row=labels[one.row], column=columns[one.column], before=one.before,
            after=one.after, came=list(one.came), went=list(one.went)))  # fmt: skip


def units(desk: Desk, found: Aggregate) -> None:
    """What a sum is made of."""
    words = desk.words
    for unit in found.units:
        key = "unit_missing" if unit.missing else f"unit_{unit.table.status}"
        desk.print(words.text("sum_unit_line", office=unit.office, status=words.text(key)))
    if found.left_out:
        desk.print(words.text("left_out_line", offices=found.left_out))


def shares(desk: Desk, found: SharedCell) -> None:
    """What each office below gave to a figure."""
    words = desk.words
    desk.print(words.text("cell_line", row=found.row, column=found.column,
                          figure=stated(found.figure)))  # fmt: skip
    for share in found.children:
        status = words.text(f"unit_{share.status}")
        desk.print(words.text("share_line", office=share.office, figure=stated(share.figure),
                              status=status))  # fmt: skip
    own = [case.number for case in found.cases] + [one.number for one in found.disputes]
    desk.print(words.text("own_cases", numbers=own))


def disputes(desk: Desk, found: Sequence[Dispute]) -> None:
    """Reviews and suits, a line each."""
    if not found:
        desk.print(desk.words.text("no_dispute"))
        return
    table = desk.table("dispute", "application", "dispute_kind", "filed", "organ", "result", "closed")
    for one in found:
        table.add_row(
            one.number, one.application or "", _label(desk, one.kind), one.filed.isoformat(),
            one.organ or "", _state(desk, one), one.closed.isoformat() if one.closed else "",
        )  # fmt: skip
    desk.console.print(table)


def _form(desk: Desk) -> Form:
    return desk.book.forms[desk.book.workflow.forms[-1]]


def _label(desk: Desk, kind: str) -> str:
    return _form(desk).blocks.get(kind, kind)


def _state(desk: Desk, one: Dispute) -> str:
    if one.void:
        return desk.words.text("void")
    figure = _form(desk).figures.get(one.result or "pending", "")
    return figure if one.counted else figure + desk.words.text("not_counted_here")


def dispute(desk: Desk, one: Dispute) -> None:
    """One line on a dispute after something happened to it."""
    desk.print(desk.words.text(
        "dispute_line", number=one.number, kind=_label(desk, one.kind), filed=one.filed,
        state=_state(desk, one)))  # fmt: skip


def status(desk: Desk, found: YearStatus) -> None:
    """How a year stands: what is in the way of its close, and its closes so far."""
    words = desk.words
    key = "year_is_closed" if found.closed else "year_is_open"
    desk.print(words.text(key, year=found.year, carried_in=found.carried_in,
                          carried_out=found.carried_out))  # fmt: skip
    zone = desk.office.settings.zone
    for one in found.versions:
        day = one.closed_at.astimezone(zone).date()
        desk.print(words.text("version_line", version=one.version, day=day, by=one.closed_by))
        if one.version in found.changes:
            changes(desk, found.changes[one.version], desk.office.form_for(found.year))
        if one.reopened_at is not None:
            day = one.reopened_at.astimezone(zone).date()
            desk.print(words.text("reopened_line", day=day, by=one.reopened_by, reason=one.reason))
    for name, day in found.published.items():
        duty = desk.office.workflow.yearly.get(name)
        desk.print(
            words.text("published_line", year=found.year, duty=duty.words if duty else name, on=day)
        )
    for finding in found.obstacles:
        desk.print("✗ " + desk.finding(finding))
    for finding in found.notes:
        desk.print(words.text("warning", text=desk.finding(finding)))
    if not found.closed:
        desk.print(words.text(_readiness(found), year=found.year))


def _readiness(found: YearStatus) -> str:
    if not found.over:
        return "year_still_runs"
    return "year_not_yet_ready" if found.obstacles else "year_ready"


def closed(desk: Desk, found: Closed) -> None:
    """A close that was made: what was frozen, carried over, and changed since the last close."""
    desk.print(desk.words.text("year_was_closed", year=found.year, version=found.version,
                               count=len(found.carried_out), digest=found.digest))  # fmt: skip
    if found.version > 1:
        changes(desk, found.changes, found.table.form)


def published(desk: Desk, found: HandedIn) -> None:
    """That a yearly duty was met, stood so before, or is owed again."""
    key = "published_again" if found.again else "published_line"
    if found.on is None:
        key = "published_undone"
    desk.print(desk.words.text(key, year=found.year, duty=found.duty.words, on=found.on or ""))


def tree(desk: Desk, nodes: Sequence[Node], depth: int = 0) -> None:
    """Offices, those below another one further in."""
    for one in nodes:
        marks: list[Any] = [desk.words.text(f"level_{one.row.level}")] if one.row.level else []
        marks += [desk.words.text("vertical")] if one.row.vertical else []
        mark = f" ({desk.words.text('comma').join(marks)})" if marks else ""
        desk.print("  " * depth + one.row.name + mark)
        tree(desk, one.children, depth + 1)
