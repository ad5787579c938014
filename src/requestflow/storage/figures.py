"""The annual table's raw counts, by index: a few short statements, whatever the archive's length."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from requestflow.domain.summary import LONGEST_ORDINARY
from requestflow.domain.tables import CellCase, CountedCase, Counts, Period
from requestflow.storage.database import Session
from requestflow.storage.schema import applications

_A = applications.c


def _mine(session: Session) -> list[sa.ColumnElement[bool]]:
    return [_A.office_id == session.office_id, ~_A.void]


def _open_before(session: Session, day: date) -> list[list[sa.ColumnElement[bool]]]:
    """Received before `day` and not concluded before it: still open, or concluded since.

    Two ranges that exclude each other and do not grow with the archive: what came in the year before,
    by its receipt, and of what came earlier only the few that are open or took longer than a year.
    """
    since = day - timedelta(days=LONGEST_ORDINARY)
    waiting = sa.or_(_A.concluded.is_(None), _A.concluded >= day)
    return [
        [*_mine(session), _A.received >= since, _A.received < day, waiting],
        [*_mine(session), _A.lingering, _A.received < since, waiting],
    ]


def _received(session: Session, period: Period) -> list[sa.ColumnElement[bool]]:
    return [*_mine(session), _A.received.between(period.first, period.last)]


def _concluded(session: Session, period: Period) -> list[sa.ColumnElement[bool]]:
    return [*_mine(session), _A.concluded.between(period.first, period.last)]


def _day_by_day(
    session: Session, day: sa.Column[date], keys: Sequence[sa.Column[Any]], where: list[Any]
) -> Iterator[tuple[Any, ...]]:
    """Counts by keys, day by day first and then over the days.

    An index has its rows in the order of day and keys, so that the first step sorts nothing; what is
    left for the second are some rows a day. Several times faster than one step over a whole year.
    """
    daily = (
        sa.select(day, *keys, sa.func.count().label("times"))
        .where(*where)
        .group_by(day, *keys)
        .subquery()
    )
    named = [daily.c[key.name] for key in keys]
    statement = sa.select(*named, sa.func.sum(daily.c.times)).group_by(*named)
    for *found, times in session.connection.execute(statement):
        yield (*found, int(times))


def _open_by_kind(session: Session, day: date) -> Counter[str]:
    """What was open before a day, by kind."""
    counted: Counter[str] = Counter()
    for where in _open_before(session, day):
        statement = sa.select(_A.kind, sa.func.count()).where(*where).group_by(_A.kind)
        for kind, number in session.connection.execute(statement):
            counted[kind] += number
    return counted


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def count(session: Session, period: Period) -> Counts:
    """The raw counts of a period, void registrations left out."""
    new = _day_by_day(session, _A.received, [_A.kind], _received(session, period))
    results = _day_by_day(
        session, _A.concluded, [_A.counted_outcome, _A.kind], _concluded(session, period)
    )
    return Counts(
        new=dict(new),
        carried_in=_open_by_kind(session, period.first),
        results={(outcome or "", kind): number for outcome, kind, number in results},
        carried_out=_open_by_kind(session, _day_after(period.last)),
    )


def _found(session: Session, wheres: Sequence[list[sa.ColumnElement[bool]]]) -> list[Any]:
    found: list[Any] = []
    for where in wheres:
        found += session.connection.execute(
            sa.select(_A.number, _A.received, _A.kind, _A.counted_outcome, _A.concluded, _A.subject)
            .where(*where)
        ).all()  # fmt: skip
    return sorted(found, key=lambda row: (row.received, row.number))


def members(session: Session, period: Period) -> list[CountedCase]:
    """Every case that is in some figure of a period: what came in it, and what was carried into it."""
    wheres = [_received(session, period), *_open_before(session, period.first)]
    return [
        CountedCase(row.number, row.received, row.kind, row.counted_outcome, row.concluded)
        for row in _found(session, wheres)
    ]


def late_answers(session: Session, period: Period) -> dict[int, str]:
    """Keys and numbers of what was answered in a period after its day."""
    found = session.connection.execute(
        sa.select(_A.id, _A.number).where(*_concluded(session, period), _A.late)
    )
    return {row.id: row.number for row in found}


def cases(
    session: Session,
    period: Period,
    *,
    group: str,
    kinds: Sequence[str] | None,
    outcomes: Sequence[str] | None,
) -> list[CellCase]:
    """The applications behind one figure, by day of receipt and number.

    Args:
        session: where to look.
        period: the table's days.
        group: `new`, `carried_in`, `results` or `carried_out`.
        kinds: applicant kinds of the column, None for the total.
        outcomes: outcomes of the row, None for all results.
    """
    wheres = {
        "new": [_received(session, period)],
        "carried_in": _open_before(session, period.first),
        "results": [_concluded(session, period)],
        "carried_out": _open_before(session, _day_after(period.last)),
    }[group]
    if outcomes is not None:
        wheres = [[*where, _A.counted_outcome.in_(outcomes)] for where in wheres]
    if kinds is not None:
        wheres = [[*where, _A.kind.in_(kinds)] for where in wheres]
    return [CellCase(*row) for row in _found(session, wheres)]
