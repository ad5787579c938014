"""The answer clock: a fold over the history that gives the day by which an answer is owed.

Nothing here is stored as truth. A due date is worked out from the entries, the workflow and a calendar
each time; what stands on an application's row is a copy that `verify` works out again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from requestflow.domain.calendar import Calendar
from requestflow.domain.entries import Entry
from requestflow.domain.workflow import IMPORT, Effect, Limit, OwedBy, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules a history is read under."""

    workflow: Workflow
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Pause:
    """A span whose working days are not counted: (since, returned], art. 33 paragraph 3.

    `lapses` is the day on which silence ends the pause by itself; None where nothing in the text does.
    """

    entry: int
    transition: str
    since: date
    lapses: date | None
    returned: date | None = None

    def end(self, as_of: date) -> date:
        """The last day of the span as it stands on `as_of`."""
        return min(day for day in (self.returned, self.lapses, as_of) if day is not None)

    def is_open(self, on: date) -> bool:
        """Whether the clock still waits on that day."""
        return self.returned is None and (self.lapses is None or on <= self.lapses)


@dataclass(frozen=True, slots=True)
class Clock:
    """The answer clock after some entries: day 0, working days allowed, and what is not counted."""

    anchor: date
    working_days: int
    begun: date
    pauses: tuple[Pause, ...] = ()
    extended: int = 0
    ended: date | None = None
    begun_by: int = 0  # the entry that started or restarted it
    missed: date | None = None  # a due date that had passed before the step that led to a new one


def applies(limit: Limit, entry: Entry) -> bool:
    """Whether the limit starts with this entry: every fact it asks for has the value it asks for."""
    return all(entry.text(name) == value for name, value in limit.only_if.items())


def limit_due(limit: Limit, entry: Entry, calendar: Calendar) -> date:
    """The last day of a limit that `entry` starts; day 0 is not counted (民法典201).

    The office's own day (`until_fact`) wins over its own length (`length_fact`, working days), which
    wins over the length of the workflow file. A period of calendar days or months that ends on a day off
    ends on the first working day after it (民法典203, 民诉法85).
    """
    until = entry.day(limit.until_fact) if limit.until_fact else None
    if until:
        return until
    length = entry.count(limit.length_fact) if limit.length_fact else None
    start = entry.day(limit.counts_from) or entry.on
    if limit.calendar_days:
        return calendar.after_calendar_days(start, limit.calendar_days)
    if limit.months:
        return calendar.after_months(start, limit.months)
    return calendar.after(start, limit.working_days if length is None else length)


def _begin(clock: Clock | None, entry: Entry, act: Transition, rules: Rules) -> Clock:
    """Start, art. 33, and restart, art. 30 and 109号: a fresh period, nothing of the old one left."""
    limit = rules.workflow.limits[act.limit] if act.limit else None
    length = limit.working_days if limit else (clock.working_days if clock else 0)
    missed = clock.missed if clock and clock.ended is None else None
    return Clock(entry.on, length, begun=entry.on, begun_by=entry.number, missed=missed)


def _pause(clock: Clock, entry: Entry, act: Transition, rules: Rules) -> Clock:
    """Pause, art. 32, 33(3), 34: the clock waits until the opinion is in, or silence ends the wait."""
    limits = [rules.workflow.limits[name] for name in act.starts]
    lapses = [
        limit_due(limit, entry, rules.calendar)
        for limit in limits
        if limit.silence_resumes and applies(limit, entry)
    ]
    pause = Pause(entry.number, act.name, entry.on, min(lapses) if lapses else None)
    return replace(clock, pauses=(*clock.pauses, pause))


def _resume(clock: Clock, entry: Entry, act: Transition) -> Clock:
    """Resume: closes the one consultation that the entry names, else all that `act` concludes."""
    named = entry.count("concludes")
    return replace(
        clock,
        pauses=tuple(
            replace(pause, returned=entry.on)
            if pause.returned is None
            and (pause.entry == named if named else pause.transition == act.concludes)
            else pause
            for pause in clock.pauses
        ),
    )


def _replace(clock: Clock, on: date, until: date) -> Clock:
    """Replacement, art. 35: the day that the office has set and told takes the place of the old one."""
    running = tuple(
        replace(pause, since=max(pause.since, on)) for pause in clock.pauses if pause.returned is None
    )
    return replace(clock, anchor=until, working_days=0, begun=on, pauses=running)


def _end(clock: Clock, on: date) -> Clock:
    closed = tuple(replace(p, returned=p.returned or on) for p in clock.pauses)
    return replace(clock, ended=on, pauses=closed)


def _imported(clock: Clock, entry: Entry, rules: Rules) -> Clock:
    """What an old register states of a result: extended to a day, answered on a day, or neither."""
    extended_to = entry.day("extended_to")
    if extended_to:
        due = due_date(clock, entry.on, rules)
        used = max(rules.calendar.between(due, extended_to), 0)
        clock = replace(_replace(clock, entry.on, extended_to), extended=clock.extended + used)
    state = rules.workflow.states[entry.to_state]
    return _end(clock, entry.on) if state.final or state.concluded else clock


def effect_of(entry: Entry, act: Transition, workflow: Workflow) -> Effect:
    """The effect of a transition on the clock, an open point of the law (a switch) considered."""
    exempt = act.no_effect_if
    if (
        exempt
        and workflow.switch(exempt.switch) == exempt.value
        and all(entry.text(name) == value for name, value in exempt.facts.items())
    ):
        return Effect.NONE
    return act.effect


def advance(clock: Clock | None, entry: Entry, rules: Rules) -> Clock | None:
    """The clock after one more entry. Before registration there is none."""
    act = rules.workflow.act(entry.transition)
    if act is None:
        return _imported(clock, entry, rules) if clock and entry.transition == IMPORT else clock
    effect = effect_on(clock, entry, act, rules)
    if effect in (Effect.START, Effect.RESTART):
        return _begin(clock, entry, act, rules)
    if clock is None:
        return None
    if expired(clock, entry, act, rules) and clock.missed is None:
        clock = replace(clock, missed=due_date(clock, entry.on, rules))
    return _moved(clock, entry, act, effect, rules)


def expired(clock: Clock | None, entry: Entry, act: Transition, rules: Rules) -> bool:
    """Whether a step that makes others wait, or sets a new day, comes after the due date has passed."""
    limits = rules.workflow.limits
    others = any(limits[name].owed_by is not OwedBy.OFFICE for name in act.starts)
    waits_on_others = act.effect in (Effect.PAUSE, Effect.REPLACE) or others
    if clock is None or clock.ended is not None or not waits_on_others:
        return False
    return entry.on > due_date(clock, entry.on, rules)


def effect_on(clock: Clock | None, entry: Entry, act: Transition, rules: Rules) -> Effect:
    """The effect of a step where it stands: a due date that has passed is moved by no wait, art. 33."""
    effect = effect_of(entry, act, rules.workflow)
    late = effect is Effect.PAUSE and expired(clock, entry, act, rules)
    return Effect.NONE if late else effect


def _moved(clock: Clock, entry: Entry, act: Transition, effect: Effect, rules: Rules) -> Clock:
    match effect:
        case Effect.PAUSE:
            return _pause(clock, entry, act, rules)
        case Effect.RESUME:
            return _resume(clock, entry, act)
        case Effect.EXTEND:
            days = entry.count("days") or 0
            return replace(clock, working_days=clock.working_days + days, extended=clock.extended + days)
        case Effect.REPLACE:
            until = entry.day("until")
            return _replace(clock, entry.on, until) if until else clock
        case Effect.END:
            return _end(clock, entry.on)
        case _:
            return clock


def excluded_days(clock: Clock, as_of: date, rules: Rules) -> int:
    """Working days not counted up to `as_of`: the union of all pauses, so that none counts twice.

    [reading] (sent, returned]; the switch `pause_days` can take in the day of sending or leave out
    the day of return.
    """
    reading = rules.workflow.switch("pause_days")
    first = timedelta(days=1) if reading == "sending_day_too" else timedelta(0)
    last = timedelta(days=1) if reading == "return_day_not" else timedelta(0)
    nothing = timedelta(0)
    total = 0
    reached = clock.begun
    for start, end in sorted(
        (p.since - first, p.end(clock.ended or as_of) - (last if p.returned else nothing))
        for p in clock.pauses
    ):
        begin = max(start, reached)
        if end > begin:
            total += rules.calendar.between(begin, end)
            reached = end
    return total


def due_date(clock: Clock, as_of: date, rules: Rules) -> date:
    """The day by which the answer is owed, as the case stands on `as_of`, art. 33.

    While the clock waits, each working day that passes moves the day on by one.
    """
    return rules.calendar.after(clock.anchor, clock.working_days + excluded_days(clock, as_of, rules))


def waits(clock: Clock, on: date) -> bool:
    """Whether the clock is paused on that day."""
    return clock.ended is None and any(pause.is_open(on) for pause in clock.pauses)


def waiting_until(clock: Clock, on: date) -> tuple[bool, date | None]:
    """Whether the clock waits on that day, and the last day on which silence lets it (None: open)."""
    lapses = [pause.lapses for pause in clock.pauses if pause.is_open(on)]
    if clock.ended is not None or not lapses:
        return False, None
    known = [day for day in lapses if day is not None]
    return True, max(known) if len(known) == len(lapses) else None


def due_later(due: date, since: date, until: date | None, as_of: date, calendar: Calendar) -> date:
    """The due date of a waiting clock on a later day: `due` held on `since`, silence ends on `until`."""
    end = as_of if until is None else min(as_of, until)
    return calendar.after(due, max(calendar.between(since, end), 0)) if end > since else due


def fold(entries: Iterable[Entry], rules: Rules) -> Clock | None:
    """The answer clock after all entries; None where nothing is registered."""
    clock: Clock | None = None
    for entry in entries:
        clock = advance(clock, entry, rules)
    return clock
