"""Rows and what is owed out of the histories, for the time in which the copies on file are behind."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from requestflow.domain.summary import RowClock
from requestflow.services.office import Office
from requestflow.storage import ledger, registry
from requestflow.storage.database import Session
from requestflow.storage.registry import Copy, Registered


def copies_anew(office: Office, session: Session, rows: Sequence[Registered]) -> list[Copy]:
    """What the histories of these rows say of them under the calendar and the rules in force.

    Raises:
        Refused: a history cannot be read.
    """
    from requestflow.services.casework import copy_of, replayed

    histories = ledger.histories_of(session, [row.id for row in rows])
    return [copy_of(office, replayed(office, row.summary.number, histories[row.id])) for row in rows]


def rows_anew(office: Office, session: Session, rows: Sequence[Registered]) -> list[Registered]:
    """The same rows as their histories give them, in order of the due date.

    Raises:
        Refused: a history cannot be read.
    """
    copies = copies_anew(office, session, rows)
    found = [replace(row, summary=copy.summary) for row, copy in zip(rows, copies, strict=True)]
    return sorted(found, key=lambda row: (row.summary.due, row.summary.number))


@dataclass(frozen=True, slots=True)
class OwedAnew:
    """What is open, in rows as `owing.select` has them, and the clocks of the cases that wait."""

    rows: list[Sequence[Any]]
    clocks: dict[int, RowClock]


def owed_anew(office: Office, session: Session, *, sure: bool) -> OwedAnew:
    """What is open in every case that may owe something, the applicants' periods for a remedy aside.

    Raises:
        Refused: a history cannot be read.
    """
    final = [state.name for state in office.workflow.states.values() if state.final]
    cases = registry.possibly_owing(session, final)
    found = OwedAnew([], {})
    for case, copy in zip(cases, copies_anew(office, session, cases), strict=True):
        row = copy.summary
        key = case.id if row.waits else None
        if key is not None:
            values = [getattr(row, field.name) for field in fields(RowClock)]
            found.clocks[key] = RowClock(*values)
        found.rows.extend(
            (one.kind, one.entry, one.due, one.owed_by, row.number, row.subject, row.unit, key)
            for one in copy.owed
            if not one.remedy and not (sure and one.if_needed)
        )
    return found
