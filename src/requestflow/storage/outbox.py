"""What is told to whom: claimed before it is sent, so that two at once, or a kill, double nothing.

Every function works in the caller's transaction. Writers hold the office's row, so that of two passes
at once the second one sees what the first has claimed; the keys of the tables are the second guard.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from requestflow.domain.reminders import Reminder, Telling
from requestflow.storage.database import Session, salt
from requestflow.storage.reading import fetched, texts
from requestflow.storage.schema import dispatches, reminders

_D, _R = dispatches.c, reminders.c
_AFTER = timedelta(seconds=1)  # a lease binds up to and with its last moment


class Sending(StrEnum):
    """Where a dispatch is on its way."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"  # all of it was done before it went out


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One digest on its way to one addressee by one channel; `part` of its day: 1, or a further one."""

    id: int
    recipient: str
    channel: str
    day: date
    status: Sending
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    doubled: bool
    token: str
    problem: str | None
    reminders: int = 0
    part: int = 1


def _dispatch(row: Any) -> Dispatch:
    texts("", row.recipient, row.channel, row.status, row.token, row.problem)
    return Dispatch(
        row.id, row.recipient, row.channel, row.day, Sending(row.status), row.attempts, row.due_at,
        row.sent_at, row.doubled, row.token, row.problem, getattr(row, "reminders", 0), row.part,
    )  # fmt: skip


def _mine(session: Session) -> sa.ColumnElement[bool]:
    return _D.office_id == session.office_id


def _telling(row: Any) -> Telling:
    return Telling(row.number, row.kind, row.entry, row.due, row.recipient, row.channel)


_TELLING = [_R.number, _R.kind, _R.entry, _R.due, _R.recipient, _R.channel]


def told(session: Session, since: date) -> dict[Telling, int]:
    """The furthest stage claimed of each telling whose day is not before `since`."""
    statement = (
        sa.select(*_TELLING, sa.func.min(_R.stage).label("stage"))
        .where(_R.office_id == session.office_id, _R.due >= since)
        .group_by(*_TELLING)
    )
    return {_telling(row): row.stage for row in fetched(session.connection.execute(statement))}


def claim(
    session: Session, owed: Iterable[Reminder], day: date, now: datetime, *, same_day: bool = False
) -> int:
    """Claims reminders for the digests of a day, one an addressee and channel; how many were claimed.

    What an addressee has not yet been sent goes along with the new; who has had a digest on that day
    gets the rest with the next day's.

    Args:
        session: where.
        owed: what is to be told.
        day: the office's day.
        now: the moment.
        same_day: what is due today or overdue does not wait: it goes in a further digest of the day.
    """
    groups: dict[tuple[str, str], list[Reminder]] = defaultdict(list)
    for one in owed:
        groups[one.telling.recipient, one.telling.channel].append(one)
    carriers = _carriers(session, day) if groups else _Carriers({}, {})
    rows = []
    for group, several in groups.items():
        told = several
        if carriers.had_theirs(group):
            told = [one for one in several if same_day and one.stage <= 0]
        if told:
            key = carriers.key(session, group, day, now)
            rows += [_row(session, one, key) for one in told]
    if rows:
        session.connection.execute(sa.insert(reminders), rows)
    return len(rows)


def _row(session: Session, one: Reminder, dispatch_id: int) -> dict[str, Any]:
    told_of = one.telling
    return {
        "office_id": session.office_id,
        "number": told_of.number,
        "kind": told_of.kind,
        "entry": told_of.entry,
        "due": told_of.due,
        "stage": one.stage,
        "recipient": told_of.recipient,
        "channel": told_of.channel,
        "dispatch_id": dispatch_id,
    }


@dataclass(frozen=True, slots=True)
class _Carriers:
    """What may carry something, by addressee and channel: a digest that waits; what the day has had."""

    waiting: dict[tuple[str, str], Any]
    had: dict[tuple[str, str], int]  # the last part of the day that went out, or is about to

    def had_theirs(self, group: tuple[str, str]) -> bool:
        """Whether nothing more goes out on that day, what cannot wait aside."""
        open_one = self.waiting.get(group)
        return group in self.had and (open_one is None or open_one.part > 1)

    def key(self, session: Session, group: tuple[str, str], day: date, now: datetime) -> int:
        """The dispatch that carries a group's reminders: one that waits, else a new one of the day."""
        row = self.waiting.get(group)
        if row is None:
            return _made(session, group, day, now, self.had.get(group, 0) + 1)
        values = {"day": row.day if group in self.had else day, "status": Sending.WAITING}
        values |= {"due_at": now} if row.status == Sending.DROPPED else {}
        session.connection.execute(sa.update(dispatches).where(_D.id == row.id).values(**values))
        return int(row.id)


def _carriers(session: Session, day: date) -> _Carriers:
    """What is still to go out, and what the day has had."""
    found = _Carriers({}, {})
    open_ones = sa.select(dispatches).where(
        _mine(session), sa.or_(_D.status.in_([Sending.WAITING, Sending.CLAIMED]), _D.day == day)
    )
    for row in fetched(session.connection.execute(open_ones.order_by(_D.id))):
        group = (row.recipient, row.channel)
        if row.status in (Sending.WAITING, Sending.DROPPED):
            found.waiting[group] = row
        else:
            found.had[group] = max(row.part, found.had.get(group, 0))
    return found


def _made(session: Session, group: tuple[str, str], day: date, now: datetime, part: int) -> int:
    recipient, channel = group
    values = {"office_id": session.office_id, "recipient": recipient, "channel": channel, "day": day,
              "status": Sending.WAITING, "attempts": 0, "due_at": now, "doubled": False,
              "token": salt(), "part": part}  # fmt: skip
    statement = sa.insert(dispatches).values(**values).returning(_D.id)
    return int(session.connection.execute(statement).scalar_one())


def take(session: Session, now: datetime, lease: timedelta, longest: timedelta) -> Dispatch | None:
    """The next digest that is to go out now, marked as taken.

    One that somebody took and never settled within the `lease` is taken again, and marked: whether
    it went out is not known. A moment further ahead than the `longest` pause, or a claim out of the
    future, was written before the clock was set back, and binds nobody.
    """
    stale = sa.or_(_D.claimed_at < now - lease, _D.claimed_at > now + lease)
    free = sa.and_(_D.status == Sending.WAITING, sa.or_(_D.due_at <= now, _D.due_at > now + longest))
    statement = (
        sa.select(dispatches)
        .where(_mine(session), sa.or_(free, sa.and_(_D.status == Sending.CLAIMED, stale)))
        .order_by(_D.due_at, _D.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = next(fetched(session.connection.execute(statement)), None)
    if row is None:
        return None
    values = {
        "status": Sending.CLAIMED,
        "claimed_at": now,
        "attempts": row.attempts + 1,
        "doubled": row.doubled or row.status == Sending.CLAIMED,
    }
    session.connection.execute(sa.update(dispatches).where(_D.id == row.id).values(**values))
    return _dispatch(session.connection.execute(sa.select(dispatches).where(_D.id == row.id)).one())


def carried(session: Session, dispatch: Dispatch) -> dict[Telling, int]:
    """What a dispatch carries, at the furthest stage of each."""
    statement = (
        sa.select(*_TELLING, sa.func.min(_R.stage).label("stage"))
        .where(_R.dispatch_id == dispatch.id)
        .group_by(*_TELLING)
    )
    return {_telling(row): row.stage for row in fetched(session.connection.execute(statement))}


def settle(
    session: Session,
    dispatch: Dispatch,
    status: Sending,
    *,
    at: datetime | None = None,
    problem: str | None = None,
    unsure: bool = False,
) -> bool:
    """Writes how an attempt ended: sent at a moment, or to be tried again at one, or given up.

    Of one that is `unsure` nobody knows whether it arrived: sent again, it is marked as a double.
    Where another has taken the dispatch meanwhile, the outcome is the other's to write, unless it went
    out: then nothing is written, and False given.
    """
    values: dict[str, Any] = {
        "status": status,
        "problem": problem,
        "doubled": dispatch.doubled or unsure,
    }
    if at is not None:
        values["sent_at" if status is Sending.SENT else "due_at"] = at
    where = [_D.id == dispatch.id]
    if status is not Sending.SENT:
        where += [_D.status == Sending.CLAIMED, _D.attempts == dispatch.attempts]
    changed = session.connection.execute(sa.update(dispatches).where(*where).values(**values))
    return changed.rowcount > 0


def unsay(session: Session, dispatch: Dispatch, said: Iterable[Telling]) -> None:
    """Takes back from a dispatch what it did not say: should it be owed again, it is to be told.

    One that may have gone out before keeps all, so that nothing is told twice.
    """
    if dispatch.doubled:
        return
    for telling in carried(session, dispatch).keys() - set(said):
        session.connection.execute(
            sa.delete(reminders).where(
                _R.dispatch_id == dispatch.id, _R.number == telling.number, _R.kind == telling.kind,
                _R.entry == telling.entry, _R.due == telling.due,
            )
        )  # fmt: skip


def next_due(session: Session, lease: timedelta) -> datetime | None:
    """The moment of the next attempt; None where nothing waits.

    What somebody took and has not settled is anybody's again once the `lease` has run out.
    """
    waiting = sa.select(sa.func.min(_D.due_at)).where(_mine(session), _D.status == Sending.WAITING)
    taken = sa.select(sa.func.min(_D.claimed_at)).where(_mine(session), _D.status == Sending.CLAIMED)
    due_at: datetime | None = session.connection.execute(waiting).scalar()
    claimed_at: datetime | None = session.connection.execute(taken).scalar()
    moments = [due_at, claimed_at and claimed_at + lease + _AFTER]
    return min((moment for moment in moments if moment), default=None)


def given_up(session: Session) -> list[Dispatch]:
    """The digests that were given up and that nobody has let wait anew since, the oldest first."""
    statement = (
        sa.select(dispatches)
        .where(_mine(session), _D.status == Sending.GIVEN_UP)
        .order_by(_D.day, _D.id)
    )
    return [_dispatch(row) for row in fetched(session.connection.execute(statement))]


def again(session: Session, now: datetime) -> int:
    """Lets everything that was given up wait anew, and says how many."""
    changed = session.connection.execute(
        sa.update(dispatches)
        .where(_mine(session), _D.status == Sending.GIVEN_UP)
        .values(status=Sending.WAITING, attempts=0, due_at=now, problem=None)
    )
    return changed.rowcount


def logged(session: Session, limit: int) -> list[Dispatch]:
    """The last digests, newest first, each with how many reminders it carries."""
    count = (
        sa.select(sa.func.count()).where(_R.dispatch_id == _D.id).scalar_subquery().label("reminders")
    )
    statement = (
        sa.select(dispatches, count)
        .where(_mine(session))
        .order_by(_D.day.desc(), _D.id.desc())
        .limit(limit)
    )
    return [_dispatch(row) for row in fetched(session.connection.execute(statement))]
