"""Letters, fees and attached files as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requestflow.domain.attachments import attachments_of, without_people

if TYPE_CHECKING:
    from pathlib import Path

    from requestflow.domain.attachments import Attachment
    from requestflow.domain.case import Case
    from requestflow.domain.fees import Fee
    from requestflow.domain.letters import IssuedLetter
    from requestflow.domain.notice_kinds import NoticeKind
    from requestflow.services.letter_numbers import Count
    from requestflow.services.letter_orders import Handed


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


def series_count(found: Count) -> dict[str, Any]:
    """A series of letter numbers in a year; `continued` is the act that joins it to a paper book."""
    start = found.start
    return {
        "series": found.series.name,
        "zh": found.series.words.zh,
        "en": found.series.words.en,
        "year": found.year,
        "last": found.last,
        "issued": found.issued,
        "next": found.following,
        "continued": {
            "last": start.last,
            "on": start.entry.on.isoformat(),
            "recorded_at": start.entry.recorded_at.isoformat(),
            "by": start.entry.by,
            "reason": start.reason,
        }
        if start
        else None,
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
        "expects": list(kind.expects),
        "takes": list(kind.takes),
    }
