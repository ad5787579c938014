"""Fees that were paid, 109号, out of a history: by which steps, and how much."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from requestflow.domain.entries import Entry
from requestflow.domain.fees import AMOUNT, charged, charges
from requestflow.domain.workflow import Transition, Workflow


class Payment(NamedTuple):
    """A fee that was paid: the entry, and the yuan; None where no entry says how much."""

    entry: Entry
    yuan: int | None


def paying_steps(workflow: Workflow) -> frozenset[str]:
    """The steps by which a fee is paid: they meet what a charging step starts, and state an amount."""
    acts = workflow.transitions
    begun = [
        workflow.limits[limit]
        for act in acts.values()
        if charges(act.facts, workflow.fees)
        for limit in act.starts
    ]
    meeting = [name for limit in begun for name in limit.met_by]
    return frozenset(name for name in meeting if AMOUNT in acts[name].facts)


def payments(entries: Sequence[Entry], workflow: Workflow) -> Iterator[Payment]:
    """What was paid, corrections applied: as recorded, else what had been charged before."""
    paying = paying_steps(workflow)
    asked: int | None = None
    for entry in entries:
        act = workflow.transitions.get(entry.transition)
        if act is None:
            continue
        if entry.transition in paying:
            stated = entry.count(AMOUNT)
            yield Payment(entry, asked if stated is None else stated)
        elif charges(act.facts, workflow.fees):
            asked = _asked(act, entry, workflow)


def _asked(act: Transition, entry: Entry, workflow: Workflow) -> int | None:
    recorded = entry.count(AMOUNT)
    worked_out = charged(act, entry.data, workflow) if recorded is None else None
    return worked_out.yuan if worked_out else recorded
