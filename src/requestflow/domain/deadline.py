"""The deadline of a case on a day: clock, steps that explain it, and what is owed, in one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from requestflow.domain.clock import Clock, Rules, due_date, fold, waits
from requestflow.domain.deadline_steps import Step, steps
from requestflow.domain.entries import Entry
from requestflow.domain.obligations import Obligation, obligations
from requestflow.domain.waiting import Waiting, waiting


class Status(StrEnum):
    """Whether the answer clock counts on, waits, or has nothing left to count."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Deadline:
    """Everything the clock has to say about a case on a day; `remaining` counts working days.

    While it is `waiting`, `due` moves on with each working day; `if_ended_today` is the due date that
    would stay if the wait ended on `as_of`: `due` itself, or that of a fresh period.
    """

    as_of: date
    due: date
    provisional: bool
    status: Status
    remaining: int | None
    overdue: bool
    late: bool
    missed: date | None
    steps: tuple[Step, ...]
    obligations: tuple[Obligation, ...]
    waiting: Waiting | None
    if_ended_today: date | None

    @property
    def answer(self) -> Obligation | None:
        """The answer itself, art. 33."""
        return self.obligations[0] if self.obligations else None


def is_late(answer: Obligation | None, clock: Clock, due: date) -> bool:
    """Whether an answer came, or can now only come, after its day (235号); a lapse answers nothing."""
    if answer is None or answer.ended_on is not None:
        return False
    if clock.ended is None:
        return answer.late
    return answer.late or clock.ended > due or clock.missed is not None


def deadline(
    entries: Sequence[Entry], as_of: date, rules: Rules, letters: Mapping[str, date] | None = None
) -> Deadline | None:
    """The deadline of a case on a day, with its reasons. None where nothing is registered.

    Args:
        entries: the entries that count, corrections applied, in order.
        as_of: the day it is asked for; entries of later days are the caller's to leave out.
        rules: workflow and calendar.
        letters: the days of the letters issued, by which the remedies go; None: by the day of service.

    Raises:
        Refused: `no_calendar` where a day lies outside every known year.
    """
    clock = fold(entries, rules)
    if clock is None:
        return None
    return replace(
        judged(entries, clock, as_of, rules, letters), steps=tuple(steps(entries, as_of, rules))
    )


def judged(
    entries: Sequence[Entry],
    clock: Clock,
    as_of: date,
    rules: Rules,
    letters: Mapping[str, date] | None = None,
) -> Deadline:
    """The deadline of a case without the steps that explain it; `clock` is the fold of its entries."""
    due = due_date(clock, as_of, rules)
    owed = obligations(entries, clock, as_of, rules, letters or {})
    if clock.ended is not None:
        status = Status.ENDED
    else:
        status = Status.PAUSED if waits(clock, as_of) else Status.RUNNING
    answered = bool(owed) and owed[0].met
    found = waiting(clock, as_of, rules.workflow)
    return Deadline(
        as_of=as_of,
        due=due,
        provisional=rules.calendar.is_provisional(due),
        status=status,
        remaining=None if status is Status.ENDED else rules.calendar.between(as_of, due),
        overdue=not answered and status is not Status.PAUSED and as_of > due,
        late=is_late(owed[0] if owed else None, clock, due),
        missed=clock.missed,
        steps=(),
        obligations=tuple(owed),
        waiting=found,
        if_ended_today=(found.anew.due(as_of, rules) if found.anew else due) if found else None,
    )
