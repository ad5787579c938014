"""The rows of disputes: copies of what the office's own entries tell."""

from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from requestflow.domain.disputes import Dispute
from requestflow.storage.database import Session
from requestflow.storage.reading import fetched, texts
from requestflow.storage.schema import disputes

_NAMES = [field.name for field in fields(Dispute)]


def _dispute(row: Any) -> Dispute:
    texts(row.number, row.number, row.kind, row.application, row.organ, row.result)
    return Dispute(**{name: getattr(row, name) for name in _NAMES})


def every(session: Session) -> list[Dispute]:
    """All disputes of the office, in order of filing."""
    found = session.connection.execute(
        sa.select(disputes)
        .where(disputes.c.office_id == session.office_id)
        .order_by(disputes.c.filed, disputes.c.number)
    )
    return [_dispute(row) for row in fetched(found)]


def write(session: Session, dispute: Dispute) -> None:
    """Writes a dispute's row, over the one that stands there."""
    values = {"office_id": session.office_id, **asdict(dispute)}
    changed = session.connection.execute(
        sa.update(disputes)
        .where(disputes.c.office_id == session.office_id, disputes.c.number == dispute.number)
        .values(**values)
    )
    if changed.rowcount == 0:
        session.connection.execute(sa.insert(disputes).values(**values))
