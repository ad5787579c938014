"""The offices of one database: which there are, and which stands above which."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from requestflow.domain.calendar import KeptCalendar
from requestflow.domain.entries import GENESIS
from requestflow.storage.database import Session
from requestflow.storage.reading import fetched, texts
from requestflow.storage.schema import offices

_TREE = 0x7265717565737467  # the lock under which the tree of offices changes on a server


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office as the database knows it; `entries` says how much it has recorded."""

    id: int
    name: str
    parent_id: int | None
    level: str | None
    vertical: bool
    entries: int


def _office(row: Any) -> OfficeRow:
    texts(row.name, row.name, row.level)
    return OfficeRow(row.id, row.name, row.parent_id, row.level, row.vertical, row.sequence)


def every(session: Session) -> list[OfficeRow]:
    """All offices of the database, by name."""
    found = session.connection.execute(sa.select(offices).order_by(offices.c.name))
    return [_office(row) for row in fetched(found)]


def hold_tree(session: Session) -> None:
    """Lets nobody else change which office stands above which until this transaction ends.

    A file is written by one at a time; on a server two offices write at once, each holding its own row.
    """
    if session.connection.dialect.name != "sqlite":
        session.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TREE)))


def level(session: Session) -> str | None:
    """The level that the session's office has been given in the tree; None where it was given none."""
    found: str | None = session.connection.execute(
        sa.select(offices.c.level).where(offices.c.id == session.office_id)
    ).scalar()
    return found


def add(
    session: Session, name: str, *, parent_id: int | None, level: str | None, vertical: bool
) -> None:
    """Another office, its chain empty."""
    session.connection.execute(
        sa.insert(offices).values(
            name=name, parent_id=parent_id, level=level, vertical=vertical, sequence=0, digest=GENESIS
        )
    )


def update(session: Session, office_id: int, values: Mapping[str, object]) -> None:
    """Changes where an office stands."""
    session.connection.execute(sa.update(offices).where(offices.c.id == office_id).values(**values))


def keep_calendar(session: Session, kept: KeptCalendar) -> None:
    """Writes down which calendar the copies of dates go by from now on."""
    update(session, session.office_id, {"calendar": str(kept)})


def at(session: Session, office_id: int) -> Session:
    """The same transaction, in another office's part of the database."""
    return replace(session, office_id=office_id, calendar=None, entries=0)
