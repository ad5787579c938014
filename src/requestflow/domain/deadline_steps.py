"""Why an answer is due on its day: each step that moved the clock, with its article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from requestflow.domain.clock import Clock, Rules, advance, due_date, effect_on, excluded_days
from requestflow.domain.entries import Entry
from requestflow.domain.workflow import IMPORT, Basis, Effect, Transition, Workflow


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
            found.append(step)
        if clock.ended is None:
            ended = _silences(clock, entry.on, following.on if following else as_of, rules)
            found += _not_told(ended, found)  # a carry-over is dated before what it follows
    return found
