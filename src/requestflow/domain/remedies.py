"""What the applicant is told of remedies: by the outcome, and by the law in force on the letter's day.

复议法23(2): where review comes first, telling the applicant so is itself a duty.
"""

from dataclasses import dataclass
from datetime import date

from requestflow.domain.workflow import Remedy, RemedyRule, Workflow

# what an office may make of the open point `partial_remedy`
_PARTIAL = {"review_first": Remedy.REVIEW_FIRST, "free_choice": Remedy.FREE_CHOICE}


@dataclass(frozen=True, slots=True)
class RemedyNotice:
    """The class of a letter's remedy paragraph, and the rule that its periods and articles are of."""

    remedy: Remedy
    rule: RemedyRule


def rule_on(on: date, workflow: Workflow) -> RemedyRule | None:
    """The rule in force on a letter's day; the first one for letters before all rules."""
    known = sorted(workflow.remedies, key=lambda rule: rule.since)
    in_force = [rule for rule in known if rule.since <= on]
    return in_force[-1] if in_force else next(iter(known), None)


def _in_force(remedy: Remedy, rule: RemedyRule, workflow: Workflow) -> Remedy:
    found = rule.instead.get(remedy, remedy)
    if found is Remedy.MIXED:
        return _PARTIAL.get(workflow.switch("partial_remedy"), found)
    return found


def remedy_notice(remedy: Remedy, on: date, workflow: Workflow) -> RemedyNotice | None:
    """The remedy paragraph of a letter of that day; None where the law gives no remedy.

    Args:
        remedy: the class that the outcome has, or the letter.
        on: the letter's day.
        workflow: states since when which class means what.
    """
    rule = rule_on(on, workflow)
    if remedy is Remedy.NONE or rule is None:
        return None
    return RemedyNotice(_in_force(remedy, rule, workflow), rule)
