"""Yearly series of numbers, without gaps: taken in the transaction that uses them."""

import sqlalchemy as sa

from requestflow.storage.database import Session
from requestflow.storage.schema import series

APPLICATIONS = "applications"


def last(session: Session, name: str, year: int) -> int:
    """The last number given in a series, 0 where it has not begun."""
    found = session.connection.execute(
        sa.select(series.c.last).where(
            series.c.office_id == session.office_id,
            series.c.name == name,
            series.c.year == year,
        )
    ).scalar()
    return found or 0


def begin_after(session: Session, name: str, year: int, last: int) -> None:
    """Puts a series of which no number was given out yet to where it goes on from."""
    key = {"office_id": session.office_id, "name": name, "year": year}
    changed = session.connection.execute(
        sa.update(series)
        .where(*(series.c[column] == value for column, value in key.items()))
        .values(last=last)
    )
    if changed.rowcount == 0:
        session.connection.execute(sa.insert(series).values(**key, last=last))


def advance(session: Session, name: str, year: int, to: int) -> None:
    """Moves a series on to a number; never back."""
    key = {"office_id": session.office_id, "name": name, "year": year}
    changed = session.connection.execute(
        sa.update(series)
        .where(*(series.c[column] == value for column, value in key.items()))
        .values(last=sa.case((series.c.last < to, to), else_=series.c.last))
    )
    if changed.rowcount == 0:
        session.connection.execute(sa.insert(series).values(**key, last=to))
