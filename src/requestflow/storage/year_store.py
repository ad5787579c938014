"""Closed years: each version of the frozen tables, the last one in force until it is reopened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from requestflow.storage.database import Session
from requestflow.storage.reading import fetched, json_object, texts
from requestflow.storage.schema import years


@dataclass(frozen=True, slots=True)
class Version:
    """One close of a year; where it was reopened: when, by whom, and why."""

    year: int
    version: int
    closed_at: datetime
    closed_by: str
    reopened_at: datetime | None
    reopened_by: str | None
    reason: str | None
    digest: str
    text: str

    @property
    def in_force(self) -> bool:
        """Whether the year is closed by it still."""
        return self.reopened_at is None

    @property
    def document(self) -> Mapping[str, Any]:
        """What was frozen.

        Raises:
            Refused: `record_unreadable`.
        """
        return json_object(str(self.year), self.text)


def _version(row: Any) -> Version:
    texts(str(row.year), row.closed_by, row.reopened_by, row.reason, row.digest, row.document)
    return Version(
        year=row.year,
        version=row.version,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        reopened_at=row.reopened_at,
        reopened_by=row.reopened_by,
        reason=row.reason,
        digest=row.digest,
        text=row.document,
    )


def closed_years(session: Session) -> frozenset[int]:
    """The years that are closed now: nothing that they count may change."""
    found = session.connection.execute(
        sa.select(years.c.year).where(
            years.c.office_id == session.office_id, years.c.reopened_at.is_(None)
        )
    )
    return frozenset(found.scalars())


def versions(session: Session, year: int | None = None) -> list[Version]:
    """Every close of a year, or of all years, oldest first."""
    statement = sa.select(years).where(years.c.office_id == session.office_id)
    if year is not None:
        statement = statement.where(years.c.year == year)
    found = session.connection.execute(statement.order_by(years.c.year, years.c.version))
    return [_version(row) for row in fetched(found)]


def in_force(session: Session, year: int) -> Version | None:
    """The close that a year is closed by; None where it is open."""
    return next((one for one in versions(session, year) if one.in_force), None)


def add(session: Session, version: Version) -> None:
    """Writes a close down."""
    session.connection.execute(
        sa.insert(years).values(
            office_id=session.office_id,
            year=version.year,
            version=version.version,
            closed_at=version.closed_at,
            closed_by=version.closed_by,
            digest=version.digest,
            document=version.text,
        )
    )


def reopen(session: Session, version: Version, *, at: datetime, by: str, reason: str) -> None:
    """Marks a close as no longer in force; what it froze stays."""
    session.connection.execute(
        sa.update(years)
        .where(
            years.c.office_id == session.office_id,
            years.c.year == version.year,
            years.c.version == version.version,
        )
        .values(reopened_at=at, reopened_by=by, reason=reason)
    )
