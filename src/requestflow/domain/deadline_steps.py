"""Why an answer is due on its day: each step that moved the clock, with its article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from requestflow.domain.clock import Clock, Rules, advance, due_date, effect_on, excluded_days
from requestflow.domain.entries import Entry
from requestflow.domain.waiting import waiting
from requestflow.domain.workflow import IMPORT, Basis, Effect, Transition, Workflow

WAITING = "waiting"  # the event of a step that tells what an open wait has added so far


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
    flow = rules.workflow
    awaited = [name for name in act.starts if not flow.limits[name].remedies]
    serves = flow.answer is not None and act.name in flow.answer.met_by
    if effect is Effect.NONE and not awaited and not serves:
        return None
    event = "received" if act is flow.registration else act.name
    return _step(entry.on, event, effect, _basis_of(entry, act, flow), at=at)


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


_TELLS_ITS_WAIT = (Effect.RESUME, Effect.RESTART, Effect.REPLACE)


def _waited(clock: Clock, on: date, rules: Rules, found: Sequence[Step]) -> list[Step]:
    """The step that nobody records: working days of an open wait have moved the due date by `on`."""
    open_now = waiting(clock, on, rules.workflow)
    if open_now is None or not found:
        return []
    pause = open_now.pauses[-1]
    act = rules.workflow.transitions[pause.transition]
    basis = next((step.basis for step in found if step.entry == pause.entry), act.basis)
    step = _step(on, WAITING, Effect.PAUSE, basis, at=_At(clock, rules, pause.entry))
    return [step] if step.due != found[-1].due else []


def _not_told(silences: Iterable[Step], found: Sequence[Step]) -> list[Step]:
    told = {(step.entry, step.event) for step in found}
    return [step for step in silences if (step.entry, step.event) not in told]


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
            if before is not None and step.effect not in _TELLS_ITS_WAIT:
                found += _waited(before, entry.on, rules, found)
            found.append(step)
        if clock.ended is None:
            ended = _silences(clock, entry.on, following.on if following else as_of, rules)
            found += _not_told(ended, found)  # a carry-over is dated before what it follows
    return found + (_waited(clock, as_of, rules, found) if clock is not None else [])
