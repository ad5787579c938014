"""The answer clock: a fold over the history that gives the due date, its steps, and every obligation.

Nothing here is stored as truth. A due date is worked out from the entries, the workflow and a calendar
each time; what stands on an application's row is a copy that `verify` works out again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from requestflow.domain.calendar import Calendar
from requestflow.domain.entries import Entry
from requestflow.domain.workflow import (
    IMPORT,
    Basis,
    Effect,
    Limit,
    OwedBy,
    Transition,
    Workflow,
)


class Status(StrEnum):
    """Whether the answer clock counts on, waits, or has nothing left to count."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


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


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation: what happened, what it did to the clock, and by what right."""

    on: date
    event: str
    effect: Effect
    basis: Basis
    due: date
    provisional: bool
    working_days: int
    excluded: int
    entry: int | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """A limit at work in a case; `met_on` is None while it is owed or has fallen away."""

    limit: Limit
    entry: int
    started: date
    due: date
    provisional: bool
    met_on: date | None = None
    met_by: int | None = None
    ended_on: date | None = None

    @property
    def met(self) -> bool:
        """Whether what was owed has been done, or is owed no more."""
        return self.met_on is not None or self.ended_on is not None

    @property
    def late(self) -> bool:
        """Whether it was done after its day; it could be done all the same."""
        return self.met_on is not None and self.met_on > self.due


@dataclass(frozen=True, slots=True)
class Deadline:
    """Everything the clock has to say about a case on a day; `remaining` counts working days."""

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


def applies(limit: Limit, entry: Entry) -> bool:
    """Whether the limit starts with this entry: every fact it asks for has the value it asks for."""
    return all(entry.text(name) == value for name, value in limit.only_if.items())


def _remedy_given(entries: Sequence[Entry], limit: Limit, entry: Entry, workflow: Workflow) -> bool:
    """Whether the outcome in force at `entry` leaves the remedy that the limit is a period for."""
    if not limit.remedies:
        return True
    named = [e.text("outcome") for e in entries if e.number <= entry.number and e.text("outcome")]
    outcome = workflow.outcomes.get(named[-1] or "") if named else None
    return outcome is not None and outcome.remedy in limit.remedies


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


def _step(on: date, event: str, effect: Effect, basis: Basis, *, at: "_At") -> Step:
    due = due_date(at.clock, on, at.rules)
    return Step(
        on=on,
        event=event,
        effect=effect,
        basis=basis,
        due=due,
        provisional=at.rules.calendar.is_provisional(due),
        working_days=at.clock.working_days,
        excluded=excluded_days(at.clock, on, at.rules),
        entry=at.entry,
    )


@dataclass(frozen=True, slots=True)
class _At:
    """A place in the fold: the clock there, and the entry that led to it."""

    clock: Clock
    rules: Rules
    entry: int | None


def _entry_step(entry: Entry, before: Clock | None, clock: Clock, rules: Rules) -> Step | None:
    """The step that an entry makes, None where it does not touch any limit."""
    act = rules.workflow.act(entry.transition)
    at = _At(clock, rules, entry.number)
    if act is None:
        if entry.transition != IMPORT:
            return None
        stated = Effect.END if clock.ended else Effect.REPLACE
        return _step(entry.on, IMPORT, stated, rules.workflow.registration.basis, at=at)
    effect = effect_on(before, entry, act, rules)
    awaited = [name for name in act.starts if not rules.workflow.limits[name].remedies]
    if effect is Effect.NONE and not awaited:
        return None
    event = "received" if act is rules.workflow.registration else act.name
    return _step(entry.on, event, effect, _basis_of(entry, act, rules.workflow), at=at)


def _basis_of(entry: Entry, act: Transition, workflow: Workflow) -> Basis:
    """By what right; where the effect hangs on an open point, that point's (a reading)."""
    exempt = act.no_effect_if
    if exempt and all(entry.text(name) == value for name, value in exempt.facts.items()):
        return workflow.switches[exempt.switch].basis
    return act.basis


def _silences(clock: Clock, since: date, until: date, rules: Rules) -> list[Step]:
    """Steps that nobody records: a consultation that silence ended in [since, until)."""
    found = []
    for pause in clock.pauses:
        act = rules.workflow.act(pause.transition)
        if act is None or pause.returned is not None or pause.lapses is None:
            continue
        if since <= pause.lapses < until:
            basis = rules.workflow.limits[act.starts[0]].basis
            at = _At(clock, rules, pause.entry)
            found.append(_step(pause.lapses, f"{act.name}_lapsed", Effect.RESUME, basis, at=at))
    return found


def steps(entries: Sequence[Entry], as_of: date, rules: Rules) -> list[Step]:
    """Why the answer is due on that day: each step with its article, in order of the legal days."""
    found: list[Step] = []
    clock: Clock | None = None
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        before, clock = clock, advance(clock, entry, rules)
        if clock is None:
            continue
        step = _entry_step(entry, before, clock, rules)
        if step is not None:
            found.append(step)
        if clock.ended is None:
            found += _silences(clock, entry.on, following.on if following else as_of, rules)
    return found


def fold(entries: Iterable[Entry], rules: Rules) -> Clock | None:
    """The answer clock after all entries; None where nothing is registered."""
    clock: Clock | None = None
    for entry in entries:
        clock = advance(clock, entry, rules)
    return clock


def _first(entries: Sequence[Entry], names: Sequence[str], start: Entry) -> Entry | None:
    """The first later entry that is one of `names` and speaks of the same consultation."""
    for entry in entries:
        if entry.number <= start.number or entry.transition not in names:
            continue
        concluded = entry.count("concludes")
        if concluded is None or concluded == start.number:
            return entry
    return None


def _obligation(
    entries: Sequence[Entry], limit: Limit, start: Entry, due: date, rules: Rules
) -> Obligation:
    met = _first(entries, limit.met_by, start)
    ended = _first(entries, limit.ended_by, start)
    return Obligation(
        limit=limit,
        entry=start.number,
        started=start.on,
        due=due,
        provisional=rules.calendar.is_provisional(due),
        met_on=met.on if met else None,
        met_by=met.number if met else None,
        ended_on=ended.on if ended else None,
    )


def answer_obligation(
    entries: Sequence[Entry], clock: Clock, as_of: date, rules: Rules
) -> Obligation | None:
    """The answer itself, art. 33: owed until it is served (235号: signed for, posted, sent)."""
    limit = rules.workflow.limits.get(rules.workflow.registration.limit or "")
    starting = [e for e in entries if _restarts(e, rules)]
    if limit is None or not starting:
        return None
    if clock.ended is not None:
        limit = _as_stated(entries, limit, rules)
    return _obligation(entries, limit, starting[-1], due_date(clock, as_of, rules), rules)


def _as_stated(entries: Sequence[Entry], limit: Limit, rules: Rules) -> Limit:
    """A result that a register states answers the request, or ends it without an answer."""
    result = next((e.text("outcome") for e in entries if e.transition == IMPORT), None)
    outcome = rules.workflow.outcomes.get(result or "")
    if outcome is not None and set(outcome.recorded_by) & set(limit.ended_by):
        return replace(limit, ended_by=(*limit.ended_by, IMPORT))
    return replace(limit, met_by=(*limit.met_by, IMPORT))


def _restarts(entry: Entry, rules: Rules) -> bool:
    act = rules.workflow.act(entry.transition)
    return act is not None and act.effect in (Effect.START, Effect.RESTART)


def obligations(entries: Sequence[Entry], clock: Clock, as_of: date, rules: Rules) -> list[Obligation]:
    """Every limit that the history has started, the answer first, then in order of their start."""
    answer = answer_obligation(entries, clock, as_of, rules)
    found = [answer, *_within(answer, entries, rules)] if answer else []
    for entry in entries:
        act = rules.workflow.act(entry.transition)
        for name in act.starts if act else ():
            limit = rules.workflow.limits[name]
            if applies(limit, entry) and _remedy_given(entries, limit, entry, rules.workflow):
                due = limit_due(limit, entry, rules.calendar)
                found.append(_obligation(entries, limit, entry, due, rules))
    return found + (_late_reasons(answer, clock, entries, rules) if answer else [])


def late_step(entry: Entry, clock: Clock | None, due: date, workflow: Workflow) -> bool:
    """Whether a step that decides or serves an answer that is due on `due` makes it a late one."""
    act = workflow.transitions.get(entry.transition)
    answer = workflow.answer
    if act is None or answer is None or clock is None or act.name in answer.ended_by:
        return False
    answers = act.effect is Effect.END or act.name in answer.met_by
    return answers and (entry.on > due or clock.missed is not None)


def _late_reasons(
    answer: Obligation, clock: Clock, entries: Sequence[Entry], rules: Rules
) -> list[Obligation]:
    """Of an answer that came late: why, and which unit; owed from the step that made it late."""
    since = [entry for entry in entries if entry.number > answer.entry]
    late = [entry for entry in since if late_step(entry, clock, answer.due, rules.workflow)]
    if not late or clock.ended is None:
        return []
    start = late[0]
    return [
        Obligation(
            limit=limit,
            entry=start.number,
            started=start.on,
            due=start.on,
            provisional=False,
            met_on=start.on if told(limit, late) else None,
            met_by=start.number if told(limit, late) else None,
        )
        for limit in rules.workflow.limits.values()
        if limit.if_late == answer.limit.name
    ]


def told(limit: Limit, entries: Iterable[Entry]) -> bool:
    """Whether every fact that a limit is met by is on file."""
    given = {name for entry in entries for name in limit.met_by_facts if entry.text(name)}
    return given == set(limit.met_by_facts)


def due_within(limit: Limit, due: date, rules: Rules) -> date:
    """The day of a limit `within` one that is due on `due`: that day, or working days `ahead` of it."""
    level = limit.level_if
    if not limit.ahead or (level and rules.workflow.switch(level.switch) == level.value):
        return due
    return rules.calendar.before(due, limit.ahead)


def _within(answer: Obligation, entries: Sequence[Entry], rules: Rules) -> list[Obligation]:
    """Notices that are due within the answer's own period: of an extension (33), of a fee (109号)."""
    start = next(e for e in entries if e.number == answer.entry)
    found = [
        _obligation(entries, limit, start, due_within(limit, answer.due, rules), rules)
        for limit in rules.workflow.limits.values()
        if limit.within == answer.limit.name
    ]
    return [_as_it_stood(one, entries, rules) if one.met_by else one for one in found]


def _as_it_stood(notice: Obligation, entries: Sequence[Entry], rules: Rules) -> Obligation:
    """A notice that was given was due by the day that held then, not by the one that it led to."""
    given = next(entry for entry in entries if entry.number == notice.met_by)
    clock = fold((entry for entry in entries if entry.number < given.number), rules)
    if clock is None:
        return notice
    due = due_within(notice.limit, due_date(clock, given.on, rules), rules)
    return replace(notice, due=due, provisional=rules.calendar.is_provisional(due))


def _is_late(answer: Obligation | None, clock: Clock, due: date) -> bool:
    """Whether an answer came, or can now only come, after its day (235号); a lapse answers nothing."""
    if answer is None or answer.ended_on is not None:
        return False
    if clock.ended is None:
        return answer.late
    return answer.late or clock.ended > due or clock.missed is not None


def deadline(entries: Sequence[Entry], as_of: date, rules: Rules) -> Deadline | None:
    """The deadline of a case on a day, with its reasons. None where nothing is registered.

    Args:
        entries: the entries that count, corrections applied, in order.
        as_of: the day it is asked for; entries of later days are the caller's to leave out.
        rules: workflow and calendar.

    Raises:
        Refused: `no_calendar` where a day lies outside every known year.
    """
    clock = fold(entries, rules)
    if clock is None:
        return None
    return replace(judged(entries, clock, as_of, rules), steps=tuple(steps(entries, as_of, rules)))


def judged(entries: Sequence[Entry], clock: Clock, as_of: date, rules: Rules) -> Deadline:
    """The deadline of a case without the steps that explain it; `clock` is the fold of its entries."""
    due = due_date(clock, as_of, rules)
    owed = obligations(entries, clock, as_of, rules)
    if clock.ended is not None:
        status = Status.ENDED
    else:
        status = Status.PAUSED if waits(clock, as_of) else Status.RUNNING
    answered = bool(owed) and owed[0].met
    return Deadline(
        as_of=as_of,
        due=due,
        provisional=rules.calendar.is_provisional(due),
        status=status,
        remaining=None if status is Status.ENDED else rules.calendar.between(as_of, due),
        overdue=not answered and status is not Status.PAUSED and as_of > due,
        late=_is_late(owed[0] if owed else None, clock, due),
        missed=clock.missed,
        steps=(),
        obligations=tuple(owed),
    )
