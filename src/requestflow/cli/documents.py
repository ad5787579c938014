"""Values as JSON documents, with the keys that other programs rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requestflow.cli.letter_documents import attachments, letter
from requestflow.domain.applications import masked
from requestflow.domain.letters import letters_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requestflow.cli.desk import Desk
    from requestflow.domain.deadline import Deadline
    from requestflow.domain.deadline_steps import Step
    from requestflow.domain.entries import Entry
    from requestflow.domain.evaluation import Opening
    from requestflow.domain.obligations import Obligation
    from requestflow.domain.summary import DueNow, Summary
    from requestflow.domain.waiting import Waiting
    from requestflow.domain.workflow import Workflow
    from requestflow.services.agenda import Item
    from requestflow.services.duties import Duty
    from requestflow.services.importing import Imported
    from requestflow.services.listing import Line
    from requestflow.services.lookup import View
    from requestflow.services.recalculation import Moved
    from requestflow.services.verification import Verdict


def person(kind: str, facts: Mapping[str, str], *, personal: bool) -> dict[str, str]:
    """The applicant; masked unless asked for."""
    return {"kind": kind, **{k: v if personal else masked(k, v) for k, v in facts.items()}}


def _row(
    summary: Summary, now: DueNow, applicant: Mapping[str, str], *, personal: bool
) -> dict[str, Any]:
    return {
        "number": summary.number,
        "state": summary.state,
        "void": summary.void,
        "outcome": summary.outcome,
        "received": summary.received.isoformat(),
        "submitted": summary.submitted.isoformat() if summary.submitted else None,
        "concluded": summary.concluded.isoformat() if summary.concluded else None,
        "counted_outcome": summary.counted_outcome,
        "due": now.due.isoformat(),
        "provisional": now.provisional,
        "overdue": now.overdue,
        "late": summary.late,
        "status": now.status.value,
        "remaining": now.remaining,
        "unit": summary.unit,
        "unit_due": summary.unit_due.isoformat() if summary.unit_due else None,
        "unit_signed": summary.unit_signed.isoformat() if summary.unit_signed else None,
        "channel": summary.channel or None,
        "subject": summary.subject,
        "applicant": person(summary.kind, applicant, personal=personal),
    }


def line(found: Line, *, personal: bool) -> dict[str, Any]:
    """An application of a list."""
    return _row(found.row.summary, found.now, found.row.applicant, personal=personal)


def duty(found: Duty) -> dict[str, Any]:
    """Something that is owed, as of today."""
    return {
        "kind": found.kind,
        "entry": found.entry,
        "due": found.due.isoformat(),
        "provisional": found.provisional,
        "remaining": found.remaining,
        "owed_by": found.owed_by,
        "if_needed": found.if_needed,
        "basis": found.basis.cite,
        "grade": found.basis.grade.value,
    }


def waiting(found: Waiting | None) -> list[dict[str, Any]]:
    """What a clock waits for: each open wait with the step that began it."""
    return [
        {
            "event": one.transition,
            "entry": one.entry,
            "since": one.since.isoformat(),
            "until": one.lapses.isoformat() if one.lapses else None,
        }
        for one in (found.pauses if found else ())
    ]


def _next_act(found: Item, flow: Workflow) -> str | None:
    acts = (found.next_act(one, flow) for one in found.duties)
    return next((act for act in acts if act), None)


def item(
    found: Item, steps: Mapping[str, list[str]], flow: Workflow, *, personal: bool
) -> dict[str, Any]:
    """A case in which something is owed, or a duty of the office itself.

    The latter has the same keys, so that no caller stumbles over it; what only a case has is null.
    """
    owed = {
        "waiting": waiting(found.waiting),
        "if_ended_today": found.if_ended_today.isoformat() if found.if_ended_today else None,
        "next_act": _next_act(found, flow),
        "obligations": [duty(one) for one in found.duties],
    }
    if found.line is None:
        own = found.duties[0]
        nothing = dict.fromkeys(("number", "state", "outcome", "received", "applicant"))
        return {**nothing, **duty(own), "overdue": own.remaining < 0, "subject": own.subject,
                "next": [], **owed}  # fmt: skip
    summary = found.line.row.summary
    return {**line(found.line, personal=personal), "next": steps[summary.number], **owed}


def entry(found: Entry, *, personal: bool) -> dict[str, Any]:
    """An entry of a history, as it was written."""
    shown = {k: v if personal else masked(k if k != "party" else "name", v)
             for k, v in found.personal.items()}  # fmt: skip
    return {
        "entry": found.number,
        "transition": found.transition,
        "on": found.on.isoformat(),
        "recorded_at": found.recorded_at.isoformat(),
        "by": found.by,
        "from": found.from_state,
        "to": found.to_state,
        "data": {**found.data, **shown},
        "rules": found.rules,
    }


def view(found: View, now: DueNow, *, personal: bool) -> dict[str, Any]:
    """A whole case: `show --json`."""
    case = found.case
    return {
        **_row(found.summary, now, case.application.applicant, personal=personal),
        "history": [entry(e, personal=personal) for e in case.history],
        "obligations": [obligation(o) for o in found.deadline.obligations],
        "notices": [letter(one) for one in letters_of(case)],
        "attachments": attachments(case, personal=personal),
        "next": [o.act.name for o in found.openings if o.refused is None],
    }


def opening(found: Opening, desk: Desk) -> dict[str, Any]:
    """A transition as `next --json` tells of it."""
    act = found.act
    document: dict[str, Any] = {
        "transition": act.name,
        "open": found.refused is None,
        "by": list(act.by),
        "needs": [fact.name for fact in found.needs],
        "takes": [fact.name for fact in act.facts.values() if not fact.required],
        "basis": act.basis.cite,
        "grade": act.basis.grade.value,
    }
    if found.refused is not None:
        said = desk.words.say(found.refused.code, found.refused.facts)
        document["why"] = {"error": found.refused.code, "message": said.message, "hint": said.hint}
    return document


def obligation(found: Obligation) -> dict[str, Any]:
    """A limit at work in a case."""
    return {
        "kind": found.limit.name,
        "entry": found.entry,
        "due": found.due.isoformat(),
        "provisional": found.provisional,
        "met": found.met,
        "met_on": found.met_on.isoformat() if found.met_on else None,
        "late": found.late,
        "owed_by": found.limit.owed_by.value,
        "if_needed": found.limit.if_needed,
        "basis": found.limit.basis.cite,
        "grade": found.limit.basis.grade.value,
    }


def step(found: Step) -> dict[str, Any]:
    """One step of an explanation."""
    return {
        "on": found.on.isoformat(),
        "event": found.event,
        "effect": found.effect.value,
        "basis": found.basis.cite,
        "grade": found.basis.grade.value,
        "due": found.due.isoformat(),
        "provisional": found.provisional,
        "working_days": found.working_days,
        "excluded": found.excluded,
        "entry": found.entry,
    }


def deadline(number: str, found: Deadline, not_counted: list[dict[str, str]]) -> dict[str, Any]:
    """`deadline --json`."""
    return {
        "number": number,
        "as_of": found.as_of.isoformat(),
        "due": found.due.isoformat(),
        "provisional": found.provisional,
        "status": found.status.value,
        "remaining": found.remaining,
        "overdue": found.overdue,
        "late": found.late,
        "missed": found.missed.isoformat() if found.missed else None,
        "waiting": waiting(found.waiting),
        "if_ended_today": found.if_ended_today.isoformat() if found.if_ended_today else None,
        "steps": [step(s) for s in found.steps],
        "obligations": [obligation(o) for o in found.obligations],
        "not_counted": not_counted,
    }


def imported(done: Imported, desk: Desk) -> dict[str, Any]:
    """`import --json`: how much came in, and what is worth a word."""
    return {
        "applications": done.applications,
        "concluded": done.concluded,
        "open": done.applications - done.concluded,
        "dry_run": done.dry_run,
        "warnings": [desk.finding_document(finding) for finding in done.warnings],
    }


def moved(found: Moved) -> dict[str, Any]:
    """A case whose due date was worked out anew and is another one now."""
    return {
        "number": found.number,
        "from": found.due_from.isoformat(),
        "to": found.due_to.isoformat(),
        "provisional": found.provisional,
        "calendar": found.calendar,
    }


def verdict(found: Verdict, desk: Desk) -> dict[str, Any]:
    """`verify --json`: whether history, rows and figures hold together, and where they do not."""
    return {
        "holds": found.holds,
        "applications": found.applications,
        "entries": found.entries,
        "digest": found.digest,
        "problems": [
            {"kind": p.code, "number": p.where, "message": desk.words.say(p.code, p.facts).message}
            for p in found.problems
        ],
        "notes": [desk.finding_document(note) for note in found.notes],
    }
