"""What stands on an application's row: a copy of what its history says, worked out in one place."""

from dataclasses import dataclass
from datetime import date

from requestflow.domain.calendar import Calendar
from requestflow.domain.case import Case
from requestflow.domain.deadline import Rules, Status, deadline, due_later, waiting_until
from requestflow.domain.undertaking import undertaken


@dataclass(frozen=True, slots=True)
class Summary:
    """The row of an application. Every value follows from its history and the rules, none from today.

    `due` holds on `due_on`; where the clock `waits` it moves on with each working day until
    `waits_until` (None: until somebody concludes the wait). See `DueNow`.
    """

    number: str
    received: date
    submitted: date | None
    kind: str
    channel: str
    subject: str
    state: str
    outcome: str | None
    counted_outcome: str | None
    concluded: date | None
    due: date
    due_on: date
    waits: bool
    waits_until: date | None
    ended: bool
    answered: bool
    late: bool
    void: bool
    entries: int
    unit: str | None
    unit_due: date | None
    unit_signed: date | None


@dataclass(frozen=True, slots=True)
class DueNow:
    """The due date of a row on a day; `remaining` counts working days, None once the clock ended."""

    due: date
    provisional: bool
    overdue: bool
    status: Status
    remaining: int | None


def summarize(case: Case, rules: Rules) -> Summary:
    """The row that a replayed case deserves."""
    standing, application = case.standing, case.application
    last = max(entry.on for entry in standing.entries)
    found = deadline(standing.entries, last, rules)
    clock = standing.clock
    if found is None or clock is None:  # a history always begins with its registration
        raise ValueError(application.number)
    waits, waits_until = waiting_until(clock, last)
    work = undertaken(case.history)
    return Summary(
        number=application.number,
        received=application.received,
        submitted=application.submitted,
        kind=application.kind,
        channel=application.channel,
        subject=application.subject,
        state=standing.state,
        outcome=standing.outcome,
        counted_outcome=standing.counted.outcome if standing.counted else None,
        concluded=standing.counted.on if standing.counted else None,
        due=found.due,
        due_on=last,
        waits=waits,
        waits_until=waits_until,
        ended=clock.ended is not None,
        answered=bool(found.obligations) and found.obligations[0].met,
        late=found.late,
        void=standing.void,
        entries=len(case.history),
        unit=work.unit if work else None,
        unit_due=work.due if work else None,
        unit_signed=work.signed_on if work else None,
    )


def due_now(row: Summary, today: date, calendar: Calendar) -> DueNow:
    """The due date of a row as of today, without replaying its history."""
    waits = row.waits and (row.waits_until is None or today <= row.waits_until)
    due = row.due
    if row.waits:
        due = due_later(row.due, row.due_on, row.waits_until, today, calendar)
    running = Status.PAUSED if waits else Status.RUNNING
    status = Status.ENDED if row.ended else running
    return DueNow(
        due=due,
        provisional=calendar.is_provisional(due),
        overdue=not row.answered and not row.void and status is not Status.PAUSED and today > due,
        status=status,
        remaining=None if status is Status.ENDED else calendar.between(today, due),
    )
