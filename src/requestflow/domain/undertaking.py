"""The undertaking unit (承办科室): handed over, signed for, handed back; no part of the answer clock.

What a unit owes its own office is an inner matter [reading]: it moves no due date of the law and no
state. It stands in the history all the same, so that who had the case, and since when, can be shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from requestflow.domain.calendar import Calendar
from requestflow.domain.case import Case
from requestflow.domain.entries import Entry
from requestflow.domain.workflow import ASSIGN, HAND_BACK, REGISTER, SIGN_FOR, Workflow
from requestflow.errors import Finding, Refused


@dataclass(frozen=True, slots=True)
class Undertaking:
    """Who has a case in hand inside the office: since which entry, until when, signed for or not."""

    unit: str
    entry: int
    due: date | None = None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """One wish about a unit: hand over to `unit`, or (None) sign for, or give back with a reason."""

    on: date
    by: str
    recorded_at: datetime
    unit: str | None = None
    due: date | None = None
    reason: str | None = None


def undertaken(history: Iterable[Entry]) -> Undertaking | None:
    """The unit that has a case in hand after a history; None where the office has it itself."""
    found: Undertaking | None = None
    for entry in history:
        if entry.transition == ASSIGN:
            found = Undertaking(str(entry.data["unit"]), entry.number, entry.day("due"))
        elif entry.transition == SIGN_FOR and found is not None:
            found = replace(found, signed_on=entry.on)
        elif entry.transition == HAND_BACK:
            found = None
    return found


def _entry(case: Case, act: str, wish: Handover, data: dict[str, object], stamp: str) -> Entry:
    state = case.standing.state
    return Entry(
        number=len(case.history) + 1,
        transition=act,
        on=wish.on,
        recorded_at=wish.recorded_at,
        by=wish.by,
        from_state=state,
        to_state=state,
        data={name: value for name, value in data.items() if value is not None},
        rules=stamp,
    )


def _in_hand(case: Case) -> Undertaking:
    found = undertaken(case.history)
    if found is None:
        raise Refused("not_assigned", number=case.application.number)
    return found


def _check_not_void(case: Case, workflow: Workflow) -> None:
    if case.standing.void:
        act = workflow.act(REGISTER)
        raise Refused("application_void", transition=act.words if act else "")


def assigned(case: Case, wish: Handover, workflow: Workflow) -> Entry:
    """The entry that hands a case to a unit; a case that another unit has goes over to this one.

    Raises:
        Refused: the case is void or closed; the unit has it with the same day already.
    """
    _check_not_void(case, workflow)
    state = workflow.states[case.standing.state]
    if state.final:
        raise Refused("assign_closed", number=case.application.number, state=state.words)
    before = undertaken(case.history)
    if before is not None and (before.unit, before.due) == (wish.unit, wish.due):
        raise Refused("already_assigned", unit=before.unit, entry=before.entry)
    due = wish.due.isoformat() if wish.due else None
    return _entry(case, ASSIGN, wish, {"unit": wish.unit, "due": due, "reason": wish.reason},
                  workflow.stamp)  # fmt: skip


def signed_for(case: Case, wish: Handover, workflow: Workflow) -> Entry:
    """The entry by which a unit signs for a case.

    Raises:
        Refused: no unit has it, or it is signed for already.
    """
    _check_not_void(case, workflow)
    found = _in_hand(case)
    if found.signed_on is not None:
        raise Refused("already_signed", unit=found.unit, on=found.signed_on)
    return _entry(case, SIGN_FOR, wish, {"unit": found.unit, "reason": wish.reason}, workflow.stamp)


def handed_back(case: Case, wish: Handover, workflow: Workflow) -> Entry:
    """The entry by which a unit gives a case back, with its reason.

    Raises:
        Refused: no unit has it.
    """
    _check_not_void(case, workflow)
    found = _in_hand(case)
    return _entry(case, HAND_BACK, wish, {"unit": found.unit, "reason": wish.reason}, workflow.stamp)


def doubts(
    number: str, due: date | None, today: date, answer_due: date, calendar: Calendar
) -> list[Finding]:
    """A word where a unit's day lies in the past, on a day off, or after the answer is due itself."""
    if due is None:
        return []
    found = []
    if due < today:
        found.append(
            Finding("unit_due_past", number, {"due": calendar.stated(due), "today": today}, warning=True)
        )
    elif not calendar.is_working_day(due):
        found.append(Finding("unit_due_day_off", number, {"due": calendar.stated(due)}, warning=True))
    if due > answer_due:
        facts = {"due": calendar.stated(due), "answer": calendar.stated(answer_due)}
        found.append(Finding("unit_due_after_answer", number, facts, warning=True))
    return found
