"""What is owed, on a terminal: a line an obligation, the most urgent first, coloured by urgency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from requestflow.cli.case_words import applicant_name, event_words, unit_name
from requestflow.messages.time_left import time_left

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


def _remaining(desk: Desk, row: _Row) -> str:
    words, duty = desk.words, row.first
    if not duty.waits:
        return time_left(words, duty.due, duty.remaining, desk.office.today())
    anew = row.item.waiting.anew if row.item.waiting else None
    if anew is None:
        return words.text("left_paused", days=duty.remaining)
    return words.text("left_anew", event=anew.step.words, days=anew.limit.working_days)


def _what(desk: Desk, duties: Sequence[Duty]) -> str:
    named = desk.words.text("comma").join(desk.words.words(duty.words) for duty in duties)
    return named + (desk.words.text("if_needed") if duties[0].if_needed else "")


def _cell(desk: Desk, row: _Row) -> str:
    """What is owed, and below it the office's next step there."""
    said = _what(desk, row.duties)
    act = row.item.next_act(row.first, desk.office.workflow)
    if act is None:
        return said
    if row.item.line is None:
        return (
            f"{said}\n{desk.words.text('next_published', year=row.first.subject, duty=row.first.kind)}"
        )
    return f"{said}\n{desk.words.text('next_act', name=act, event=event_words(desk, act))}"


def _day(desk: Desk, row: _Row) -> str:
    """The day; of an answer that waits, the one that would stay if the wait ended today."""
    duty, item, words = row.first, row.item, desk.words
    answer = desk.office.workflow.answer
    if not duty.waits or item.waiting is None or answer is None or duty.kind != answer.name:
        return duty.due.isoformat() + (words.text("provisional") if duty.provisional else "")
    anew, day = item.waiting.anew, item.if_ended_today or duty.due
    event = words.words(anew.step.words) if anew else words.text("effect_resume")
    mark = words.text("provisional") if desk.office.calendar.is_provisional(day) else ""
    return f"{day.isoformat()}{mark}\n{words.text('if_today', event=event)}"


def _waits(desk: Desk, item: Item) -> str:
    """For what a case waits, and since when."""
    pauses = item.waiting.pauses if item.waiting else ()
    return "\n".join(
        desk.words.text("waits_since", since=one.since, event=event_words(desk, one.transition))
        for one in pauses
    )


def show_agenda(desk: Desk, items: Sequence[Item], *, personal: bool) -> None:
    """What is owed, each with the working days that are left and whose move it is."""
    rows = _rows(items)
    if not rows:
        desk.print(desk.words.text("nothing_due"))
        return
    units = any(row.first.unit for row in rows)
    waits = any(item.waiting for item in items)
    more = [*(["waiting"] if waits else []), *(["unit"] if units else [])]
    table = desk.table(*_HEADS, *more)
    for row in rows:
        duty, line = row.first, row.item.line
        table.add_row(
            _day(desk, row),
            _remaining(desk, row),
            _cell(desk, row),
            desk.words.text(f"owed_by_{duty.owed_by}"),
            duty.number or desk.words.text("of_the_office"),
            applicant_name(line.row.applicant, personal=personal) if line else "",
            duty.subject,
            *([_waits(desk, row.item)] if waits else []),
            *([unit_name(desk, duty.unit)] if units else []),
            style=_style(duty),
        )
    desk.console.print(table)
    own = sum(item.line is None for item in items)
    duties = sum(len(item.duties) for item in items)
    desk.print(desk.words.text("due_count", count=len(items) - own, duties=duties, own=own))


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
            alarm=None if duty.if_needed else desk.office.calendar.before(duty.due, 1),
        )
