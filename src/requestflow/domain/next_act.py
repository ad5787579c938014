"""Which step comes next on the way to what is owed: the workflow asked as a graph, no history read."""

from collections.abc import Collection, Iterator

from requestflow.domain.workflow import SAME, Limit, Transition, Workflow


def _leaving(flow: Workflow, limit: Limit, state: str) -> Iterator[Transition]:
    """The steps out of a state that can lead to what is owed: none that would end it unmet."""
    for act in flow.transitions.values():
        if state in act.sources and act.target != SAME and act.name not in limit.ended_by:
            yield act


def _possible(flow: Workflow, act: Transition, open_limits: Collection[str]) -> bool:
    """Whether a step concludes nothing, or what stands open: an opinion that was asked for."""
    if not act.concludes:
        return True
    return any(act.name in flow.limits[name].met_by for name in open_limits if name in flow.limits)


def next_act(
    flow: Workflow, limit: Limit, state: str, open_limits: Collection[str] = ()
) -> Transition | None:
    """The next step of a case towards what it owes: the first of the shortest way there.

    Args:
        flow: the workflow.
        limit: what is owed.
        state: where the case stands.
        open_limits: the names of all limits that are open in it.
    """
    wanted = [flow.transitions[name] for name in limit.met_by if name in flow.transitions]
    now = next((act for act in wanted if state in act.sources), None)
    if now is not None:
        return now
    ways = [
        (act, act.target) for act in _leaving(flow, limit, state) if _possible(flow, act, open_limits)
    ]
    seen = {state}
    while ways:
        further: list[tuple[Transition, str]] = []
        for first, reached in ways:
            if any(reached in act.sources for act in wanted):
                return first
            if reached not in seen:
                seen.add(reached)
                further += [(first, act.target) for act in _leaving(flow, limit, reached)]
        ways = further
    return None


def unmet_act(flow: Workflow, limit: Limit, state: str) -> Transition | None:
    """The office's step where somebody else let a limit pass: its lapse, or what would have met it."""
    acts = [act for act in flow.transitions.values() if state in act.sources]
    lapse = next((act for act in acts if act.lapse_of == limit.name), None)
    return lapse or next((act for act in acts if act.name in limit.met_by), None)
