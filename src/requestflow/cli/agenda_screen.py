"""What is owed, on a terminal: a line an obligation, the most urgent first, coloured by urgency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from requestflow.cli.case_words import applicant_name, unit_name

if TYPE_CHECKING:
    from requestflow.cli.desk import Desk
    from requestflow.exchange.ics import Entry
    from requestflow.services.agenda import Item
    from requestflow.services.duties import Duty

_NEAR = 2  # working days
_HEADS = ("due", "urgency", "obligation", "owed_by", "number", "applicant", "subject")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: a duty, or several of one case and day that are owed only if needed."""

    item: Item
    duties: tuple[Duty, ...]

    @property
    def first(self) -> Duty:
        return self.duties[0]


def _rows(items: Iterable[Item]) -> list[_Row]:
    """Duties in the order of their days; what may not be needed on one day of a case in one line."""
    rows: list[_Row] = []
    for item in items:
        maybe: dict[object, list[Duty]] = {}
        for duty in item.duties:
            if duty.if_needed:
                maybe.setdefault((duty.due, duty.owed_by), []).append(duty)
            else:
                rows.append(_Row(item, (duty,)))
        rows += [_Row(item, tuple(several)) for several in maybe.values()]
    return sorted(rows, key=lambda row: (row.first.due, row.first.if_needed, row.first.number or ""))


def _style(duty: Duty) -> str | None:
    if duty.if_needed:
        return "dim"
    if duty.remaining < 0:
        return "red"
    return "yellow" if duty.remaining <= _NEAR else None


def _remaining(desk: Desk, duty: Duty) -> str:
    words = desk.words
    if duty.remaining < 0:
        return words.text("days_over", days=-duty.remaining)
    today = duty.due == desk.office.today()
    return words.text("due_today") if today else words.text("days_left", days=duty.remaining)


def _what(desk: Desk, duties: Sequence[Duty]) -> str:
    named = desk.words.text("comma").join(desk.words.words(duty.words) for duty in duties)
    return named + (desk.words.text("if_needed") if duties[0].if_needed else "")


def _day(desk: Desk, duty: Duty) -> str:
    return duty.due.isoformat() + (desk.words.text("provisional") if duty.provisional else "")


def show_agenda(desk: Desk, items: Sequence[Item], *, personal: bool) -> None:
    """What is owed, each with the working days that are left and whose move it is."""
    rows = _rows(items)
    if not rows:
        desk.print(desk.words.text("nothing_due"))
        return
    units = any(row.first.unit for row in rows)
    table = desk.table(*_HEADS, *(["unit"] if units else []))
    for row in rows:
        duty, line = row.first, row.item.line
        table.add_row(
            _day(desk, duty),
            _remaining(desk, duty),
            _what(desk, row.duties),
            desk.words.text(f"owed_by_{duty.owed_by}"),
            duty.number or desk.words.text("of_the_office"),
            applicant_name(line.row.applicant, personal=personal) if line else "",
            duty.subject,
            *([unit_name(desk, duty.unit)] if units else []),
            style=_style(duty),
        )
    desk.console.print(table)
    desk.print(desk.words.text("due_count", count=len(items), duties=len(rows)))


def calendar_entries(desk: Desk, items: Iterable[Item]) -> Iterator[Entry]:
    """The duties as a calendar shows them: the case by its number alone."""
    from requestflow.exchange.ics import Entry

    words = desk.words
    for duty in (duty for item in items for duty in item.duties):
        number = duty.number or words.text("of_the_office")
        mark = words.text("provisional") if duty.provisional else ""
        yield Entry(
            key="-".join(
                str(part) for part in (duty.number or duty.subject, duty.kind, duty.entry or 0)
            ),
            due=duty.due,
            title=words.text("event_title", number=number, what=_what(desk, [duty]), mark=mark),
            details=words.text(
                "event_details",
                owed_by=words.text(f"owed_by_{duty.owed_by}"),
                basis=words.basis(duty.basis),
                mark=mark,
            ),
            provisional=duty.provisional,
            alarm=not duty.if_needed,
        )
