"""Consultations of third parties (art. 32), as a letter to the applicant tells of them."""

from collections.abc import Iterator

from requestflow.domain.entries import Entry
from requestflow.domain.standing import Standing
from requestflow.domain.workflow import Transition, Workflow

SILENT = "silent"  # the opinion of somebody who gave none in the period


def _answer(standing: Standing, asked: Entry) -> Entry | None:
    return next((e for e in standing.entries if e.count("concludes") == asked.number), None)


def _silence(act: Transition, workflow: Workflow) -> str:
    """The period that went by, as a letter says it."""
    limit = next((workflow.limits[name] for name in act.starts), None)
    return f"在规定的{limit.working_days}个工作日内" if limit else "在规定期限内"


def _told(standing: Standing, asked: Entry, act: Transition, party: str, workflow: Workflow) -> str:
    """What came of one consultation: an opinion, silence, or nothing that is on file."""
    answer = _answer(standing, asked)
    opinion = answer.text("opinion") if answer else None
    if answer is None:
        return ""
    if opinion == SILENT:
        return f"，{party}{_silence(act, workflow)}未提出意见"
    fact = workflow.transitions[answer.transition].facts.get("opinion")
    words = fact.choices.get(opinion or "") if fact else None
    said = f"答复{words.zh}" if words else "提出意见"
    return f"，{party}于{answer.on.year}年{answer.on.month}月{answer.on.day}日{said}"


def consultations(standing: Standing, before: int, step: str, workflow: Workflow) -> Iterator[str]:
    """A sentence for each consultation by `step` before an entry, the oldest first; nobody is named.

    Args:
        standing: the case.
        before: the number of the entry that the letter tells of.
        step: the transition that asks; nothing is told where the rules have none.
        workflow: the rules in force.
    """
    made = [entry for entry in standing.made(step) if entry.number < before]
    for place, asked in enumerate(made):
        act = workflow.transitions[step]
        who, party = ("另一第三方", "该第三方") if place else ("第三方", "第三方")
        day = f"{asked.on.year}年{asked.on.month}月{asked.on.day}日"
        yield f"本机关于{day}书面征求{who}意见{_told(standing, asked, act, party, workflow)}。"
