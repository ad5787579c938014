"""What is owed in a case: the answer, the notices within its period, and every other limit at work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from requestflow.domain.clock import Clock, Rules, applies, due_date, fold, limit_due
from requestflow.domain.entries import LETTER, Entry
from requestflow.domain.remedies import remedy_notice
from requestflow.domain.workflow import IMPORT, Effect, Limit, Remedy, Workflow

# facts of an answer that comes too late: why, and the unit whose delay it is
LATE_REASON, LATE_UNIT = "late_reason", "late_unit"


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


def remedy_told(
    entries: Sequence[Entry], entry: Entry, letters: Mapping[str, date], workflow: Workflow
) -> Remedy | None:
    """The remedy that the applicant has at `entry`: of the outcome then in force, by the law of a day.

    That day is the served letter's, as in the letter itself; else the day of `entry` (复议法23).

    Args:
        entries: the entries that count.
        entry: the service of the answer; where none is on file, the decision.
        letters: the days of the letters that were issued, by their reference.
        workflow: states since when which class means what.
    """
    outcomes = [e.text("outcome") for e in entries if e.number <= entry.number and e.text("outcome")]
    outcome = workflow.outcomes.get(outcomes[-1] or "") if outcomes else None
    on = letters.get(entry.text(LETTER) or "", entry.on)
    told = remedy_notice(outcome.remedy, on, workflow) if outcome else None
    return told.remedy if told else None


def _remedy_given(
    limit: Limit, entries: Sequence[Entry], entry: Entry, letters: Mapping[str, date], flow: Workflow
) -> bool:
    """Whether the applicant has that period for review or suit; other limits go by no remedy."""
    return not limit.remedies or remedy_told(entries, entry, letters, flow) in limit.remedies


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


def obligations(
    entries: Sequence[Entry], clock: Clock, as_of: date, rules: Rules, letters: Mapping[str, date]
) -> list[Obligation]:
    """Every limit that the history has started, the answer first, then in order of their start."""
    answer = answer_obligation(entries, clock, as_of, rules)
    found = [answer, *_within(answer, entries, rules)] if answer else []
    for entry in entries:
        act = rules.workflow.act(entry.transition)
        for name in act.starts if act else ():
            limit = rules.workflow.limits[name]
            if applies(limit, entry) and _remedy_given(limit, entries, entry, letters, rules.workflow):
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
