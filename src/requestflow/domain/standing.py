"""Where a case stands after some entries: state, clock, outcome, and what is on file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from requestflow.domain.clock import Clock, Rules, advance
from requestflow.domain.entries import LETTER, Entry, effective, is_void
from requestflow.domain.workflow import IMPORT, ISSUE_LETTER, REGISTER, Effect


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A result and the day it was made: what the annual table counts."""

    outcome: str
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is known of a case after k entries, corrections applied.

    `outcome` is the result in force; `counted` the one that the annual table counts, which a reopened
    case keeps (a reading; the switch `reopened_case_counts`). `letters` are the days of those issued.
    """

    state: str
    entries: tuple[Entry, ...] = ()
    clock: Clock | None = None
    outcome: str | None = None
    counted: Conclusion | None = None
    void: bool = False
    letters: Mapping[str, date] = field(default_factory=dict)

    def made(self, transition: str) -> list[Entry]:
        """The entries of that transition, oldest first."""
        return [entry for entry in self.entries if entry.transition == transition]

    def pending(self, transition: str, concluded_by: str) -> list[Entry]:
        """Consultations by `transition` that no `concluded_by` entry has closed, oldest first.

        What was asked before a restart is closed by it.
        """
        closed = {entry.count("concludes") for entry in self.made(concluded_by)}
        begun = self.clock.begun_by if self.clock else 0
        return [e for e in self.made(transition) if e.number not in closed and e.number > begun]


def _result(entry: Entry, rules: Rules) -> Conclusion | None:
    state, act = rules.workflow.states[entry.to_state], rules.workflow.act(entry.transition)
    outcome = entry.text("outcome") or (act.outcome if act else None)
    return Conclusion(outcome, entry.on) if outcome and (state.final or state.concluded) else None


def results(standing: Standing, rules: Rules) -> list[Conclusion]:
    """Every result that a case has had, the oldest first: several where it was opened again."""
    return [found for entry in standing.entries if (found := _result(entry, rules))]


def _concluded(standing: Standing, entry: Entry, rules: Rules) -> Standing:
    result = _result(entry, rules)
    if result is None:
        return standing
    first = rules.workflow.switch("reopened_case_counts") != "latest"
    counted = standing.counted if first and standing.counted else result
    return replace(standing, outcome=result.outcome, counted=counted)


def advanced(standing: Standing, entry: Entry, rules: Rules) -> Standing:
    """The standing after one more entry that counts."""
    state = rules.workflow.states[entry.to_state]
    act = rules.workflow.act(entry.transition)
    standing = replace(
        standing,
        state=entry.to_state,
        entries=(*standing.entries, entry),
        clock=advance(standing.clock, entry, rules),
    )
    if state.final or state.concluded:
        return _concluded(standing, entry, rules)
    reopened = act is not None and act.effect is Effect.RESTART and standing.outcome is not None
    return replace(standing, outcome=None) if reopened else standing


def stand(history: Iterable[Entry], rules: Rules) -> Standing:
    """The standing after a whole history, corrections and voiding considered."""
    entries = list(history)
    standing = Standing(state=rules.workflow.initial)
    for entry in effective(entries):
        if entry.transition in (REGISTER, IMPORT) or rules.workflow.act(entry.transition):
            standing = advanced(standing, entry, rules)
    letters = {e.text(LETTER) or "": e.on for e in entries if e.transition == ISSUE_LETTER}
    return replace(standing, void=is_void(entries), letters=letters)
