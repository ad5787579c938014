"""A workflow compiled once into one `transitions` machine that serves every application.

The only module that knows `transitions`. A light marker carries the state through a trigger; nothing
is attached to it, and the machine keeps no models. Guards are the machine's conditions; each leaves
its refusal in the question's wake, since a condition itself can only say no.
"""

from collections.abc import Callable
from typing import Any

from transitions import EventData, Machine

from requestflow.domain.clock import Rules
from requestflow.domain.facts import near
from requestflow.domain.guards import ALWAYS, CONDITIONS, GUARDS, Guard, Proposal, Question
from requestflow.domain.standing import Standing
from requestflow.domain.workflow import Transition, Workflow
from requestflow.errors import NotFound, Refused


class _Marker:
    """What moves through the machine: a state, nothing more."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _condition(guard: Guard) -> Callable[[EventData], bool]:
    def holds(event: EventData) -> bool:
        refused = guard(event.kwargs["question"])
        if refused is not None:
            event.kwargs["refusals"].append(refused)
        return refused is None

    return holds


def _branch(name: str) -> Callable[[EventData], bool]:
    def holds(event: EventData) -> bool:
        return bool(CONDITIONS[name](event.kwargs["question"]))

    return holds


def _compile(workflow: Workflow) -> Machine:
    machine = Machine(
        model=None,
        states=list(workflow.states),
        initial=workflow.initial,
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    for act in workflow.transitions.values():
        guards: list[Any] = [_condition(g) for g in (*ALWAYS, *(GUARDS[n] for n in act.guards))]
        for source in act.sources:
            if act.stays_while:
                branch = [_branch(act.stays_while), *guards]
                machine.add_transition(act.name, source, source, conditions=branch)
            machine.add_transition(act.name, source, act.target_from(source), conditions=guards)
    return machine


class Engine:
    """The rules, and the machine compiled from them."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._machine = _compile(rules.workflow)

    @property
    def workflow(self) -> Workflow:
        """The workflow in force."""
        return self.rules.workflow

    def transition(self, name: str) -> Transition:
        """The transition of that name.

        Raises:
            NotFound: `unknown_transition`, with the nearest names.
        """
        act = self.workflow.transitions.get(name)
        if act is None:
            names = list(self.workflow.transitions)
            raise NotFound("unknown_transition", transition=name, near=near(name, names) or names)
        return act

    def fire(self, standing: Standing, proposal: Proposal, act: Transition) -> str | Refused:
        """Asks the machine for a transition: the state it leads to, or the refusal."""
        workflow = self.workflow
        if standing.void:
            return Refused("application_void", transition=act.words)
        if standing.state not in act.sources:
            return Refused(
                "not_open_here",
                transition=act.words,
                basis=act.basis,
                state=workflow.states[standing.state].words,
                sources=[workflow.states[name].words for name in act.sources],
            )
        refusals: list[Refused] = []
        marker = _Marker(standing.state)
        moved = self._machine.events[act.name].trigger(
            marker,
            question=Question(standing, proposal, act, self.rules),
            refusals=refusals,
        )
        return marker.state if moved else refusals[0]
