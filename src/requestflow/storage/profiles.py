"""A year by index: counts by month and year, days of receipt and decision; keys of its cases."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from requestflow.domain.tables import Period
from requestflow.storage.database import Session
from requestflow.storage.ledger import KEYS_AT_ONCE
from requestflow.storage.reading import fetched
from requestflow.storage.schema import applicants, applications, entries

_A = applications.c
_YEAR = 366  # days: how long after its decision an answer may still be on its way


def _mine(session: Session, *conditions: sa.ColumnElement[bool]) -> list[sa.ColumnElement[bool]]:
    return [_A.office_id == session.office_id, ~_A.void, *conditions]


def _by_part(
    session: Session, part: str, column: sa.ColumnElement[Any], where: sa.ColumnElement[bool]
) -> dict[int, int]:
    asked = sa.extract(part, column)
    statement = sa.select(asked, sa.func.count()).where(*_mine(session, where)).group_by(asked)
    return {int(value): number for value, number in session.connection.execute(statement)}


def by_month(session: Session, period: Period) -> tuple[dict[int, int], dict[int, int]]:
    """Cases received, and cases concluded, by month of a period within one year."""
    received = _by_part(session, "month", _A.received, _A.received.between(period.first, period.last))
    concluded = _by_part(session, "month", _A.concluded, _A.concluded.between(period.first, period.last))
    return received, concluded


def by_year(session: Session, last: date) -> tuple[dict[int, int], dict[int, int]]:
    """Cases received, and cases concluded, by year, up to a day."""
    received = _by_part(session, "year", _A.received, _A.received <= last)
    return received, _by_part(session, "year", _A.concluded, _A.concluded <= last)


def answer_days(session: Session, period: Period) -> Counter[tuple[date, date]]:
    """How many cases concluded in a period were received on which day and concluded on which."""
    statement = (
        sa.select(_A.received, _A.concluded, sa.func.count())
        .where(*_mine(session, _A.concluded.between(period.first, period.last)))
        .group_by(_A.received, _A.concluded)
    )
    found: Counter[tuple[date, date]] = Counter()
    for received, concluded, number in fetched(session.connection.execute(statement)):
        found[received, concluded] += number
    return found


def keys_of_year(session: Session, period: Period) -> list[int]:
    """Keys of the cases that a period had to answer, and perhaps of a few more.

    Received in it; or before it and not concluded when it began; or concluded in the year before, with
    something that happened since (the answer may have been served only then).
    """
    first = period.first
    since = sa.exists().where(entries.c.application_id == _A.id, entries.c.legal_day >= first)
    statement = sa.select(_A.id).where(
        *_mine(session, _A.received <= period.last),
        sa.or_(
            _A.received >= first,
            _A.concluded.is_(None),
            _A.concluded >= first,
            sa.and_(_A.concluded >= first - timedelta(days=_YEAR), since),
            ~_A.answered,
        ),
    )
    return list(session.connection.execute(statement).scalars())


def numbers_with(session: Session, transitions: Iterable[str]) -> dict[int, str]:
    """Cases in whose history one of some transitions stands: their numbers by key."""
    made = entries.c.transition.in_(sorted(transitions))
    statement = (
        sa.select(_A.id, _A.number)
        .join(entries, entries.c.application_id == _A.id)
        .where(*_mine(session, made))
        .distinct()
    )
    return {row.id: row.number for row in fetched(session.connection.execute(statement))}


def names(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    """Applicants' names by application number; those without a name are left out."""
    found: dict[str, str] = {}
    for start in range(0, len(numbers), KEYS_AT_ONCE):
        chunk = numbers[start : start + KEYS_AT_ONCE]
        statement = (
            sa.select(_A.number, applicants.c.name)
            .join(applicants, applicants.c.application_id == _A.id)
            .where(_A.office_id == session.office_id, _A.number.in_(chunk))
        )
        rows = fetched(session.connection.execute(statement))
        found |= {number: name for number, name in rows if name}
    return found
