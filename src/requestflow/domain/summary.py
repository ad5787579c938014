"""What stands on an application's row: a copy of what its history says, worked out in one place."""

from dataclasses import dataclass
from datetime import date

from requestflow.domain.calendar import Calendar
from requestflow.domain.case import Case
from requestflow.domain.clock import Rules, due_later, waiting_until
from requestflow.domain.deadline import Deadline, Status, judged
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
    lingering: bool
    entries: int
    unit: str | None
    unit_due: date | None
    unit_signed: date | None


LONGEST_ORDINARY = 366  # days from receipt to result, beyond which a case is looked for on its own


def is_lingering(received: date, concluded: date | None) -> bool:
    """Whether a case is open, or its result came more than a year after receipt.

    Such cases are few and are found by an index of their own; all others by the year of their receipt.
    """
    return concluded is None or (concluded - received).days > LONGEST_ORDINARY


@dataclass(frozen=True, slots=True)
class Owed:
    """A limit that is open in a case, as it stands on the case's last day; see `Summary.due_on`.

    A `remedy` is a period that runs for the applicant once the reply is served: it is never met, it
    passes. The day of a limit that moves with the answer is worked out on reading.
    """

    kind: str
    entry: int
    started: date
    due: date
    owed_by: str
    if_needed: bool
    remedy: bool


@dataclass(frozen=True, slots=True)
class DueNow:
    """The due date of a row on a day; `remaining` counts working days, None once the clock ended."""

    due: date
    provisional: bool
    overdue: bool
    status: Status
    remaining: int | None


def owed(found: Deadline) -> tuple[Owed, ...]:
    """The obligations of a case that are still open, in the order in which they began."""
    return tuple(
        Owed(
            kind=one.limit.name,
            entry=one.entry,
            started=one.started,
            due=one.due,
            owed_by=one.limit.owed_by.value,
            if_needed=one.limit.if_needed,
            remedy=bool(one.limit.remedies),
        )
        for one in found.obligations
        if not one.met
    )


def summarize(case: Case, rules: Rules) -> Summary:
    """The row that a replayed case deserves."""
    return copies(case, rules)[0]


def copies(case: Case, rules: Rules) -> tuple[Summary, tuple[Owed, ...]]:
    """All that is kept of a replayed case beside its history: its row, and what is owed in it."""
    standing, application = case.standing, case.application
    last = max(entry.on for entry in standing.entries)
    clock = standing.clock
    if clock is None:  # a history always begins with its registration
        raise ValueError(application.number)
    found = judged(standing.entries, clock, last, rules, standing.letters)
    waits, waits_until = waiting_until(clock, last)
    work = undertaken(case.history)
    summary = Summary(
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
        lingering=is_lingering(application.received, standing.counted.on if standing.counted else None),
        entries=len(case.history),
        unit=work.unit if work else None,
        unit_due=work.due if work else None,
        unit_signed=work.signed_on if work else None,
    )
    return summary, () if standing.void else owed(found)


@dataclass(frozen=True, slots=True)
class RowClock:
    """What of an application's row tells its due date on any day."""

    due: date
    due_on: date
    waits: bool
    waits_until: date | None
    ended: bool
    answered: bool
    void: bool


def due_now(row: Summary | RowClock, today: date, calendar: Calendar) -> DueNow:
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
