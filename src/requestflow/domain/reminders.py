"""What is to be told now: of which duty, at which stage, to whom, by which channel; and nothing twice.

A stage is a number of working days: 5 for five days before the day, 0 for the day itself, -3 for three
days after it. Only the stage that a duty has reached counts: whoever was off for a week is told once,
of how things stand, and not of every stage that went by. A duty whose day has moved is told anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from requestflow.domain.calendar import Calendar
from requestflow.domain.workflow import (
    AMEND,
    ATTACH,
    ISSUE_LETTER,
    OF_UNITS,
    REGISTER,
    WITHDRAW_LETTER,
    Workflow,
)

# What somebody does who has a case in hand; not what reaches all cases at once (a calendar brought in, a
# year closed), nor a further copy of a letter.
_IN_HAND = (REGISTER, AMEND, *OF_UNITS, ISSUE_LETTER, WITHDRAW_LETTER, ATTACH)


def handling(workflow: Workflow) -> list[str]:
    """The acts by which a case is known to be in somebody's hands."""
    steps = [step.name for step in workflow.transitions.values() if not step.internal]
    return [*_IN_HAND, *steps]


class Duty(Protocol):
    """What a reminder needs to know of something that is owed."""

    @property
    def number(self) -> str | None:
        """The application, None where the office itself owes it."""
        ...

    @property
    def kind(self) -> str:
        """The limit's name."""
        ...

    @property
    def entry(self) -> int | None:
        """The entry of the history that it began with."""
        ...

    @property
    def due(self) -> date:
        """The last day on which it is done in time."""
        ...

    @property
    def owed_by(self) -> str:
        """Who owes it: the office, a unit, the applicant, a third party, another organ."""
        ...

    @property
    def if_needed(self) -> bool:
        """Whether it is owed only where the office finds it necessary."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """When a kind of duty is told, to whom and how; see `stage`. All lengths in working days.

    `limits` empty means every limit that is owed by one of `owed_by`, those left out that are owed
    only if needed.
    """

    name: str
    limits: frozenset[str]
    owed_by: frozenset[str]
    before: tuple[int, ...]
    on_day: bool
    after: tuple[int, ...]
    every: int | None
    to: tuple[str, ...]
    channel: str

    def speaks_of(self, duty: Duty) -> bool:
        """Whether the rule is about that duty."""
        if self.limits and duty.kind not in self.limits:
            return False
        if self.owed_by and duty.owed_by not in self.owed_by:
            return False
        return bool(self.limits) or not duty.if_needed


@dataclass(frozen=True, slots=True)
class Telling:
    """One duty told to one addressee by one channel: what must not happen twice at one stage."""

    number: str
    kind: str
    entry: int
    due: date
    recipient: str
    channel: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """A telling at a stage, and the rule that asks for it."""

    telling: Telling
    stage: int
    rule: str


def _after(rule: Rule, days_over: int) -> Iterator[int]:
    """The stages after the day that have been reached, as positive numbers."""
    yield from (day for day in rule.after if day <= days_over)
    last = max(rule.after, default=0)
    if rule.every is not None and days_over >= last + rule.every:
        yield last + (days_over - last) // rule.every * rule.every


def stage(rule: Rule, left: int) -> int | None:
    """The stage that a duty has reached with so many working days left; None before the first.

    Of all that have gone by it is the last one: the lowest number.
    """
    reached = [day for day in rule.before if left <= day]
    reached += [0] if rule.on_day and left <= 0 else []
    reached += [-day for day in _after(rule, -left)]
    return min(reached, default=None)


Directory = Callable[[str, Duty], Iterable[str]]


def telling_of(duty: Duty, recipient: str, channel: str) -> Telling:
    """The telling of a duty to an addressee."""
    return Telling(duty.number or "", duty.kind, duty.entry or 0, duty.due, recipient, channel)


def _wanted(
    duties: Iterable[Duty], rules: Sequence[Rule], directory: Directory, left: Callable[[date], int]
) -> dict[Telling, Reminder]:
    """Every telling at the stage it has reached; where rules meet, the furthest one."""
    found: dict[Telling, Reminder] = {}
    for duty in duties:
        remaining = left(duty.due)
        for rule in rules:
            reached = stage(rule, remaining) if rule.speaks_of(duty) else None
            if reached is None:
                continue
            for recipient in (who for name in rule.to for who in directory(name, duty)):
                telling = telling_of(duty, recipient, rule.channel)
                before = found.get(telling)
                if before is None or reached < before.stage:
                    found[telling] = Reminder(telling, reached, rule.name)
    return found


def owed_now(
    duties: Iterable[Duty],
    rules: Sequence[Rule],
    directory: Directory,
    told: Mapping[Telling, int],
    *,
    today: date,
    calendar: Calendar,
) -> list[Reminder]:
    """The reminders that are owed today, in the order of the duties.

    Args:
        duties: what is open, most urgent first; what has been met is not among it.
        rules: the office's rules.
        directory: whom a name of a rule's `to` means in a duty.
        told: the furthest stage that has been claimed of each telling. A stage before it is never
            told afterwards, not even where the clock was set back.
        today: the office's day.
        calendar: the office's calendar.
    """
    wanted = _wanted(duties, rules, directory, lambda due: calendar.between(today, due))
    return [one for telling, one in wanted.items() if telling not in told or one.stage < told[telling]]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of the day in which nothing goes out; `since` after `until` runs over midnight."""

    since: time
    until: time

    def covers(self, moment: time) -> bool:
        """Whether a time of day lies in it: from its first minute, up to its end."""
        if self.since <= self.until:
            return self.since <= moment < self.until
        return moment >= self.since or moment < self.until


def next_open_moment(
    moment: datetime, first: time, quiet: QuietHours | None, calendar: Calendar
) -> datetime:
    """The first moment from `moment` on at which reminders may go out; itself where they may now.

    Args:
        moment: aware, in the office's time zone.
        first: the time of day at which the office begins to tell; a day off ends with it.
        quiet: the quiet hours.
        calendar: never on a day off: a moment of one moves to the next working day.

    Raises:
        Refused: `no_calendar`, where that lies outside the known years.
    """
    if not calendar.is_working_day(moment.date()):
        day = calendar.after(moment.date(), 1)
        moment = datetime.combine(day, first, tzinfo=moment.tzinfo)
    if quiet is None or not quiet.covers(moment.time()):
        return moment
    day = moment.date()
    if moment.time() >= quiet.until:  # it ends tomorrow
        day += timedelta(days=1)
    ends = datetime.combine(day, quiet.until, tzinfo=moment.tzinfo)
    return ends if calendar.is_working_day(day) else next_open_moment(ends, first, quiet, calendar)


def next_attempt(now: datetime, attempts: int, pauses_in_minutes: Sequence[int]) -> datetime:
    """When a digest that could not be sent is tried again: the pauses grow, the last one stays."""
    pause = pauses_in_minutes[min(attempts, len(pauses_in_minutes)) - 1]
    return now + timedelta(minutes=pause)
