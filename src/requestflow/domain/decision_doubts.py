"""Decisions that no rule forbids and no letter could defend: recorded, and said at once."""

from collections.abc import Iterator

from requestflow.domain.entries import Entry
from requestflow.domain.standing import Standing
from requestflow.domain.workflow import Outcome, Workflow
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


def decision_doubts(
    standing: Standing, entry: Entry, workflow: Workflow, number: str
) -> Iterator[Finding]:
    """What is worth a word of a decision: an answer that may still come.

    Args:
        standing: the case before the decision.
        entry: the decision.
        workflow: the rules in force.
        number: the application's number.
    """
    outcome = workflow.outcomes.get(entry.text("outcome") or "")
    asked = unanswered(standing, outcome, workflow)
    if outcome is None or asked is None:
        return
    until = asked.day(UNTIL)
    if until is None or entry.on <= until:
        act = workflow.transitions[asked.transition]
        facts = {
            "outcome": outcome.words,
            "asked": act.words,
            "asked_on": asked.on,
            "until": until or "—",
            "basis": act.basis,
            "entry": asked.number,
            "number": number,
        }
        yield Finding("answer_may_still_come", number, facts, warning=True)
