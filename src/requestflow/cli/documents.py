"""Values as JSON documents, with the keys that other programs rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requestflow.domain.applications import masked
from requestflow.domain.attachments import attachments_of, without_people
from requestflow.domain.letters import letters_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from requestflow.cli.desk import Desk
    from requestflow.domain.attachments import Attachment
    from requestflow.domain.case import Case
    from requestflow.domain.deadline import Deadline
    from requestflow.domain.deadline_steps import Step
    from requestflow.domain.entries import Entry
    from requestflow.domain.evaluation import Opening
    from requestflow.domain.fees import Fee
    from requestflow.domain.letters import IssuedLetter
    from requestflow.domain.notice_kinds import NoticeKind
    from requestflow.domain.obligations import Obligation
    from requestflow.domain.summary import DueNow, Summary
    from requestflow.services.agenda import Item
    from requestflow.services.correspondence import Handed
    from requestflow.services.duties import Duty
    from requestflow.services.listing import Line
    from requestflow.services.lookup import View
    from requestflow.services.reminding import Outcome, Planned
    from requestflow.storage.outbox import Dispatch


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
        "channel": summary.channel,
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


def item(found: Item, steps: Mapping[str, list[str]], *, personal: bool) -> dict[str, Any]:
    """A case in which something is owed, or a duty of the office itself, whose number is null."""
    owed = {"obligations": [duty(one) for one in found.duties]}
    if found.line is None:
        own = found.duties[0]
        return {"number": None, **duty(own), "subject": own.subject, **owed}
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


def letter(found: IssuedLetter) -> dict[str, Any]:
    """A letter of a case: what stands in the history of it, not what it says."""
    served = found.served
    return {
        "kind": found.kind,
        "number": found.number,
        "reference": found.reference,
        "on": found.on.isoformat(),
        "entry": found.entry,
        "about": found.about,
        "formats": sorted(found.prints),
        "withdrawn": found.withdrawn_on is not None,
        "withdrawn_on": found.withdrawn_on.isoformat() if found.withdrawn_on else None,
        "reason": found.reason,
        "delivered": served is not None,
        "served": served.on.isoformat() if served and served.on else None,
        "received": served.received.isoformat() if served and served.received else None,
        "method": served.method if served else None,
        "tracking": served.tracking if served else None,
    }


def handed(found: Handed, file: Path | None) -> dict[str, Any]:
    """`notice --json`: a letter with its words."""
    record = letter(found.record) if found.record else {"number": None, "reference": None}
    return {
        "application": found.application,
        "draft": found.record is None,
        "new": found.new,
        **record,
        "kind": found.letter.kind,
        "title": found.letter.title,
        "text": found.text,
        "blocks": [{"role": block.role.value, "text": block.text} for block in found.letter.blocks],
        "gaps": list(found.letter.gaps),
        "file": str(file) if file else None,
    }


def attachment(found: Attachment, case: Case, *, personal: bool) -> dict[str, Any]:
    """A file of a case; people named in its name or note are masked unless asked for."""
    name, note = found.name, found.note
    if not personal:
        name, note = without_people(name, case), without_people(note, case)
    return {
        "entry": found.entry,
        "on": found.on.isoformat(),
        "by": found.by,
        "file": name,
        "size": found.size,
        "media_type": found.media_type,
        "sha256": found.sha256,
        "note": note,
    }


def attachments(case: Case, *, personal: bool) -> list[dict[str, Any]]:
    """Every file of a case."""
    return [attachment(file, case, personal=personal) for file in attachments_of(case.history)]


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
        "steps": [step(s) for s in found.steps],
        "obligations": [obligation(o) for o in found.obligations],
        "not_counted": not_counted,
    }


def reminder(found: Planned) -> dict[str, Any]:
    """What would be told: `remind --dry-run --json`."""
    duty, told = found.duty, found.reminder.telling
    return {
        "recipient": told.recipient,
        "name": found.name,
        "channel": told.channel,
        "address": found.address,
        "number": duty.number,
        "kind": duty.kind,
        "entry": duty.entry,
        "due": duty.due.isoformat(),
        "provisional": duty.provisional,
        "remaining": duty.remaining,
        "owed_by": duty.owed_by,
        "unit": duty.unit,
        "subject": duty.subject,
        "stage": found.reminder.stage,
        "rule": int(found.reminder.rule),
        "basis": duty.basis.cite,
        "grade": duty.basis.grade.value,
    }


def dispatch(found: Dispatch) -> dict[str, Any]:
    """A digest on its way, or where it ended: `remind --log --json`."""
    return {
        "recipient": found.recipient,
        "channel": found.channel,
        "day": found.day.isoformat(),
        "status": found.status.value,
        "reminders": found.reminders,
        "attempts": found.attempts,
        "doubled": found.doubled,
        "sent_at": found.sent_at.isoformat() if found.sent_at else None,
        "next_at": found.due_at.isoformat() if found.status == "waiting" else None,
        "problem": found.problem,
        "message_id": found.token,
    }


def outcome(done: Outcome) -> dict[str, Any]:
    """What a pass did: `remind --json`."""
    return {
        "closed_until": done.closed_until.isoformat() if done.closed_until else None,
        "claimed": done.claimed,
        "sent": [dispatch(one) for one in done.sent],
        "waiting": [dispatch(one) for one in done.waiting],
        "given_up": [dispatch(one) for one in done.given_up],
        "done_meanwhile": done.dropped,
        "next_at": done.next_at.isoformat() if done.next_at else None,
    }


def fee_document(found: Fee) -> dict[str, Any]:
    """`fee --json`: the amount in yuan, and each tier's part of it."""
    from requestflow.domain.amounts import in_words

    return {
        "standard": found.tariff.name,
        "count": found.count,
        "amount": found.yuan,
        "amount_in_words": in_words(found.yuan * 100),
        "steps": [
            {"first": s.first, "last": s.last, "count": s.count, "rate": s.rate, "amount": s.yuan}
            for s in found.steps
        ],
        "basis": found.tariff.basis.cite,
        "grade": found.tariff.basis.grade.value,
    }


def letter_kind(kind: NoticeKind, *, own: bool) -> dict[str, Any]:
    """A kind of letter, as `notices check --json` lists it."""
    return {
        "notice": kind.code,
        "zh": kind.words.zh,
        "en": kind.words.en,
        "template": kind.template,
        "own": own,
        "addressee": kind.addressee.value,
        "series": kind.series,
        "after": list(kind.after),
        "outcomes": list(kind.outcomes),
        "on_request": kind.on_request,
        "needs": list(kind.needs),
        "takes": list(kind.takes),
    }
