"""Reminders as JSON documents: what would be told, what is on its way, what a pass did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requestflow.services.reminding import Outcome, Planned
    from requestflow.storage.outbox import Dispatch


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
        "part": found.part,
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
        "still_given_up": [dispatch(one) for one in done.still_given_up],
        "done_meanwhile": done.dropped,
        "next_at": done.next_at.isoformat() if done.next_at else None,
    }
