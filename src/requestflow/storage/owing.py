"""What is owed: the copies of the open obligations, written with their case and read by day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from requestflow.domain.summary import Owed, RowClock
from requestflow.storage.database import Session
from requestflow.storage.ledger import KEYS_AT_ONCE
from requestflow.storage.reading import fetched, texts, unreadable
from requestflow.storage.schema import applications, obligations

_NAMES = [field.name for field in fields(Owed)]
_COLUMNS = [obligations.c[name] for name in _NAMES]


def replace(session: Session, owed: Mapping[int, Sequence[Owed]]) -> None:
    """Writes what is open in these applications, by their keys, in the place of what stood there."""
    keys = list(owed)
    for start in range(0, len(keys), KEYS_AT_ONCE):
        chunk = keys[start : start + KEYS_AT_ONCE]
        session.connection.execute(sa.delete(obligations).where(obligations.c.application_id.in_(chunk)))
    add(session, owed)


def add(session: Session, owed: Mapping[int, Sequence[Owed]]) -> None:
    """Writes what is open in new applications, by their keys."""
    values = [
        {"office_id": session.office_id, "application_id": key, **_values(one)}
        for key, several in owed.items()
        for one in several
    ]
    if values:
        session.connection.execute(sa.insert(obligations), values)


def _values(owed: Owed) -> dict[str, Any]:
    return {name: getattr(owed, name) for name in _NAMES}


def _owed(values: Sequence[Any]) -> Owed:
    """An obligation from the columns of its row, in the order of `_COLUMNS`."""
    found = Owed(*values)
    texts(found.kind, found.kind, found.owed_by)
    return found


def by_application(session: Session) -> dict[int, list[Owed]]:
    """All that is open in the office, by the keys of the applications."""
    return _by_key(session, [obligations.c.office_id == session.office_id])


def of(session: Session, keys: Sequence[int]) -> dict[int, list[Owed]]:
    """What is open in some applications, by their keys; no more keys than one statement takes."""
    return _by_key(session, [obligations.c.application_id.in_(keys)])


def _by_key(session: Session, where: Sequence[sa.ColumnElement[bool]]) -> dict[int, list[Owed]]:
    statement = (
        sa.select(obligations.c.application_id, *_COLUMNS)
        .where(*where)
        .execution_options(yield_per=5000)
    )
    found: dict[int, list[Owed]] = {}
    for row in fetched(session.connection.execute(statement)):
        found.setdefault(row[0], []).append(_owed(row[1:]))
    return found


_TOLD = (
    obligations.c.kind,
    obligations.c.entry,
    sa.type_coerce(obligations.c.due, sa.Text),  # as it stands: `day_of` reads each day once
    obligations.c.owed_by,
    applications.c.number,
    applications.c.subject,
    applications.c.unit,
    # the key of an application whose clock waits; few do, and `clocks` has what of them is told by it
    sa.case((applications.c.waits, applications.c.id)),
)
_CLOCK = tuple(applications.c[field.name] for field in fields(RowClock))


def clocks(session: Session, keys: Sequence[int]) -> dict[int, RowClock]:
    """What tells the answer's day in these applications while the clock waits, by their keys."""
    found: dict[int, RowClock] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        chunk = keys[start : start + KEYS_AT_ONCE]
        statement = sa.select(applications.c.id, *_CLOCK).where(applications.c.id.in_(chunk))
        for row in fetched(session.connection.execute(statement)):
            found[row[0]] = RowClock(*row[1:])
    return found


def day_of(stored: Any) -> date:
    """A day as a row of `select` has it: text on an engine that keeps days as text.

    Raises:
        Refused: `record_unreadable`: no day stands where one should.
    """
    try:
        return stored if isinstance(stored, date) else date.fromisoformat(stored)
    except (TypeError, ValueError) as error:
        raise unreadable("", str(error)) from error


@dataclass(frozen=True, slots=True)
class Near:
    """Which cases are near: something that is owed for sure falls due in them by that day.

    A period for a remedy counts where it ends from `remedies_from` on; what a unit has in hand where
    its case is in one of `states`.
    """

    by: date
    remedies_from: date | None
    states: Collection[str]

    def keys(self, session: Session) -> sa.Select[Any]:
        """The keys of their applications, as a statement."""
        o, a = obligations.c, applications.c
        sure = [o.office_id == session.office_id, ~o.if_needed, o.due <= self.by]
        found = [sa.select(o.application_id).where(~o.remedy, *sure)]
        if self.remedies_from is not None:
            found.append(sa.select(o.application_id).where(o.remedy, o.due >= self.remedies_from, *sure))
        in_hand = _in_hand(session, self.states, self.by)
        return sa.select(sa.union(*found, sa.select(a.id).where(*in_hand)).subquery())


def select(
    session: Session,
    *,
    by: date | None,
    remedies_from: date | None,
    sure: bool = False,
    near: Near | None = None,
) -> Iterator[Sequence[Any]]:
    """What is open, by the day that stands in the row (one that moves can only move on).

    Rows of kind, entry, due (see `day_of`), owed_by, number, subject, unit, and the application's key
    where its clock waits (see `clocks`). Plain tuples of what is stored, since there can be a hundred
    thousand of them.

    Args:
        session: where to look.
        by: only what stands due by that day.
        remedies_from: with the applicants' periods for a remedy that end on that day or later.
        sure: without what is owed only if needed.
        near: only what is open in these cases.
    """
    bound = [obligations.c.due <= by] if by is not None else []
    bound += [~obligations.c.if_needed] if sure else []
    bound += [obligations.c.application_id.in_(near.keys(session))] if near is not None else []
    yield from _told(session, ~obligations.c.remedy, *bound)
    yield from remedies(session, remedies_from, *bound)


def remedies(
    session: Session, ends_from: date | None, *bound: sa.ColumnElement[bool]
) -> Iterator[Sequence[Any]]:
    """The applicants' periods for a remedy that end on that day or later, as `select` has them."""
    if ends_from is not None:
        yield from _told(session, obligations.c.remedy, obligations.c.due >= ends_from, *bound)


def _told(session: Session, *where: sa.ColumnElement[bool]) -> Iterator[Sequence[Any]]:
    statement = (
        sa.select(*_TOLD)
        .select_from(obligations.join(applications))
        .where(obligations.c.office_id == session.office_id, *where)
        .order_by(
            obligations.c.due,
            obligations.c.if_needed,
            applications.c.number,
            obligations.c.kind,
        )
    )
    yield from fetched(session.connection.execute(statement))


def check_texts(number: Any, subject: Any) -> None:
    """What `select` gives unchecked, since checking each row would cost as much as reading it.

    Raises:
        Refused: `record_unreadable`: no text stands where one should.
    """
    texts(str(number), number, subject)


def received_by(session: Session, day: date) -> bool:
    """Whether the office had an application, a void one apart, by that day."""
    found = sa.select(applications.c.id).where(
        applications.c.office_id == session.office_id,
        applications.c.received <= day,
        ~applications.c.void,
    )
    return session.connection.execute(found.limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class UnitWork:
    """An application that a unit has in hand until a day of the office's own."""

    number: str
    subject: str
    unit: str
    due: date


def _in_hand(session: Session, states: Collection[str], by: date | None) -> list[sa.ColumnElement[bool]]:
    """That a unit has a case of these states in hand, until a day that was set for it."""
    table = applications.c
    return [
        table.office_id == session.office_id,
        ~table.answered,
        ~table.void,
        table.unit.is_not(None),
        table.unit_due <= (by or date.max),
        table.state.in_(sorted(states)),
    ]


def of_units(
    session: Session, *, states: Collection[str], by: date | None, near: Near | None = None
) -> list[UnitWork]:
    """What units have in hand in cases of these states, where a day was set for them."""
    table = applications.c
    where = _in_hand(session, states, by)
    where += [table.id.in_(near.keys(session))] if near is not None else []
    statement = sa.select(table.number, table.subject, table.unit, table.unit_due).where(*where)
    found = []
    for row in fetched(session.connection.execute(statement)):
        texts(row.number, row.number, row.subject, row.unit)
        found.append(UnitWork(row.number, row.subject, row.unit, row.unit_due))
    return found
