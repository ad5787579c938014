"""The year, its disputes and the offices as JSON documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from requestflow.domain.applications import masked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from requestflow.cli.desk import Desk
    from requestflow.domain.disputes import Dispute
    from requestflow.domain.tables import CellCase, Period
    from requestflow.domain.years import Change
    from requestflow.services.aggregation import Aggregate, SharedCell
    from requestflow.services.closing import Closed, YearStatus
    from requestflow.services.figure_cases import Cell
    from requestflow.services.handing_in import HandedIn
    from requestflow.services.office_tree import Node
    from requestflow.services.year_table import Rollup
    from requestflow.storage.year_store import Version


def change(found: Change) -> dict[str, Any]:
    """A figure that is another one than before, with the numbers that came and went."""
    return {**asdict(found), "came": list(found.came), "went": list(found.went)}


def _days(period: Period, known_on: date | None) -> dict[str, Any]:
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
    }


def rollup_extra(desk: Desk, found: Rollup) -> dict[str, Any]:
    """What a table's document says besides the table: its days, warnings, what a recount found."""
    extra = _days(found.period, found.known_on)
    if found.warnings:
        extra["warnings"] = [desk.finding_document(one) for one in found.warnings]
    if found.changes is not None:
        extra["changes"] = [change(one) for one in found.changes]
    return extra


def aggregate_extra(found: Aggregate) -> dict[str, Any]:
    """What a sum's document says besides the table: its days, its units, who is not in it."""
    return {
        **_days(found.period, found.known_on),
        "units": [
            {"office": unit.office, "status": unit.table.status, "missing": unit.missing}
            for unit in found.units
        ],
        "left_out": found.left_out,
    }


def applications(cases: Iterable[CellCase]) -> list[dict[str, Any]]:
    """The applications behind a figure."""
    return [
        {
            "number": case.number,
            "received": case.received.isoformat(),
            "kind": case.kind,
            "outcome": case.counted_outcome,
            "concluded": case.concluded.isoformat() if case.concluded else None,
            "subject": case.subject,
        }
        for case in cases
    ]


def cell(found: Cell) -> dict[str, Any]:
    """A figure and what stands behind it; `disputes` for a figure of table four."""
    document: dict[str, Any] = {
        "row": found.row,
        "column": found.column,
        "figure": found.figure,
        "applications": applications(found.cases),
    }
    if found.disputes:
        document["disputes"] = [dispute(one) for one in found.disputes]
    return document


def shared_cell(found: SharedCell) -> dict[str, Any]:
    """A figure of a sum: what each office below gave, and the office's own cases."""
    return {
        "row": found.row,
        "column": found.column,
        "figure": found.figure,
        "children": [asdict(share) for share in found.children],
        "applications": applications(found.cases),
        "disputes": [dispute(one) for one in found.disputes],
    }


def dispute(found: Dispute, *, personal: bool = False) -> dict[str, Any]:
    """A review or suit; the note, which may name people, is masked unless asked for."""
    told = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in asdict(found).items()
    }
    if found.note and not personal:
        told["note"] = masked("note", found.note)
    return told


def version(found: Version) -> dict[str, Any]:
    """One close of a year."""
    return {
        "version": found.version,
        "closed_at": found.closed_at.isoformat(),
        "closed_by": found.closed_by,
        "digest": found.digest,
        "reopened_at": found.reopened_at.isoformat() if found.reopened_at else None,
        "reopened_by": found.reopened_by,
        "reason": found.reason,
    }


def status(desk: Desk, found: YearStatus) -> dict[str, Any]:
    """How a year stands."""
    return {
        "year": found.year,
        "status": "closed" if found.closed else "open",
        "over": found.over,
        "ready": found.over and not found.closed and not found.obstacles,
        "carried_in": found.carried_in,
        "carried_out": found.carried_out,
        "published": {name: day.isoformat() for name, day in found.published.items()},
        "obstacles": [desk.finding_document(one) for one in found.obstacles],
        "notes": [desk.finding_document(one) for one in found.notes],
        "versions": [
            {**version(one), "changes": [change(c) for c in found.changes.get(one.version, ())]}
            for one in found.versions
        ],
    }


def closed(found: Closed) -> dict[str, Any]:
    """A close that was made."""
    return {
        "year": found.year,
        "status": "closed",
        "version": found.version,
        "digest": found.digest,
        "carried_out": found.carried_out,
        "entries": found.entries,
        "changes": [change(one) for one in found.changes],
    }


def published(found: HandedIn) -> dict[str, Any]:
    """That a yearly duty was met, or is owed again."""
    return {
        "year": found.year,
        "kind": found.duty.name,
        "on": found.on.isoformat() if found.on else None,
        "again": found.again,
    }


def node(found: Node) -> dict[str, Any]:
    """An office and those below it."""
    return {
        "office": found.row.name,
        "level": found.row.level,
        "vertical": found.row.vertical,
        "entries": found.row.entries,
        "children": [node(child) for child in found.children],
    }
