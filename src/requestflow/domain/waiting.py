"""What a case waits for: the open waits of its clock, and whether their end begins the period anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from requestflow.domain.clock import Clock, Pause, Rules
from requestflow.domain.workflow import Effect, Limit, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Anew:
    """A wait whose end starts the whole period again: by which step, of which limit."""

    step: Transition
    limit: Limit

    def due(self, on: date, rules: Rules) -> date:
        """The due date if the wait ended on that day."""
        return rules.calendar.after(on, self.limit.working_days)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A clock that waits: for what, each since its day; `anew` where it starts again afterwards."""

    pauses: tuple[Pause, ...]
    anew: Anew | None

    @property
    def since(self) -> date:
        """The first day of the wait."""
        return min(pause.since for pause in self.pauses)


def _resumed(name: str, flow: Workflow) -> bool:
    acts = flow.transitions.values()
    return any(act.effect is Effect.RESUME and act.concludes == name for act in acts)


def _anew(pauses: Sequence[Pause], flow: Workflow) -> Anew | None:
    """The step that ends a wait by a fresh period (109号), where nothing lets the old one run on."""
    states = {flow.transitions[pause.transition].target for pause in pauses}
    if any(_resumed(pause.transition, flow) for pause in pauses):
        return None
    for act in flow.transitions.values():
        if act.effect is Effect.RESTART and act.limit and states & set(act.sources):
            return Anew(act, flow.limits[act.limit])
    return None


def waiting(clock: Clock, on: date, flow: Workflow) -> Waiting | None:
    """What the clock waits for on a day; None while it runs, and once it has ended."""
    pauses = tuple(pause for pause in clock.pauses if clock.ended is None and pause.is_open(on))
    return Waiting(pauses, _anew(pauses, flow)) if pauses else None
