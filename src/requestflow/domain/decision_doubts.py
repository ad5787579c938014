"""Decisions that no rule forbids and no letter could defend: recorded, and said at once."""

from collections.abc import Iterator

from requestflow.domain.entries import WITHHELD_AS, Entry
from requestflow.domain.standing import Standing
from requestflow.domain.workflow import Outcome, Transition, Workflow
from requestflow.errors import Finding

UNTIL = "until"  # the fact of a step: the last day that it leaves for an answer


def unanswered(standing: Standing, outcome: Outcome | None, workflow: Workflow) -> Entry | None:
    """The latest step that an outcome needs and that waits for an answer which never came (art. 35)."""
    for name in outcome.needs if outcome else ():
        concluding = next((t for t in workflow.transitions.values() if t.concludes == name), None)
        asked = standing.pending(name, concluding.name) if concluding else []
        if asked:
            return asked[-1]
    return None


def left_undone(standing: Standing, outcome: Outcome | None, workflow: Workflow) -> list[Transition]:
    """Steps that an outcome expects of the office and that are not on file (art. 32: to consult)."""
    expected = outcome.expects if outcome else ()
    return [workflow.transitions[name] for name in expected if not standing.made(name)]


def decision_doubts(
    standing: Standing, entry: Entry, workflow: Workflow, number: str
) -> Iterator[Finding]:
    """What is worth a word of a decision: an answer that may still come, a duty that was left out.

    Args:
        standing: the case before the decision.
        entry: the decision.
        workflow: the rules in force.
        number: the application's number.
    """
    outcome = workflow.outcomes.get(entry.text("outcome") or "")
    if outcome is None:
        return
    for refusal in (outcome, workflow.outcomes.get(entry.text(WITHHELD_AS) or "")):
        for act in left_undone(standing, refusal, workflow):
            facts = {"outcome": outcome.words, "expected": act.words, "basis": act.basis}
            yield Finding("expected_step_missing", number, facts, warning=True)
    asked = unanswered(standing, outcome, workflow)
    until = asked.day(UNTIL) if asked else None
    if asked is not None and (until is None or entry.on <= until):
        act = workflow.transitions[asked.transition]
        told = {"asked": act.words, "asked_on": asked.on, "until": until or "—", "basis": act.basis}
        place = {"outcome": outcome.words, "entry": asked.number, "number": number}
        yield Finding("answer_may_still_come", number, told | place, warning=True)
