"""The rows of applications: written with their entries, found by number, listed by index."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from requestflow.domain.applications import PERSONAL
from requestflow.domain.summary import Owed, Summary
from requestflow.domain.tables import Period
from requestflow.errors import NotFound
from requestflow.storage import owing
from requestflow.storage.database import Session
from requestflow.storage.ledger import KEYS_AT_ONCE
from requestflow.storage.reading import fetched, texts
from requestflow.storage.schema import applicants, applications, obligations

_NAMES = [field.name for field in fields(Summary)]
_COLUMNS = [applications.c[name] for name in _NAMES]


@dataclass(frozen=True, slots=True)
class Registered:
    """An application's row: its key, what its history says, and the applicant."""

    id: int
    summary: Summary
    applicant: Mapping[str, str]


def _registered(row: Any) -> Registered:
    values = row._mapping  # noqa: SLF001  documented accessor of a row
    stated = [values[name] for name in ("kind", "channel", "subject", "state", "outcome")]
    texts(values["number"], values["number"], *stated)
    summary = Summary(**{field.name: values[field.name] for field in fields(Summary)})
    applicant = {name: values[f"applicant_{name}"] for name in PERSONAL}
    return Registered(values["id"], summary, {k: v for k, v in applicant.items() if v})


def _select() -> sa.Select[Any]:
    personal = [applicants.c[name].label(f"applicant_{name}") for name in PERSONAL]
    return sa.select(applications.c.id, *_COLUMNS, *personal).select_from(
        applications.outerjoin(applicants, applicants.c.application_id == applications.c.id)
    )


def find(session: Session, number: str) -> Registered:
    """The application of that number.

    Raises:
        NotFound: `application_unknown`, with the numbers that begin alike.
    """
    mine = applications.c.office_id == session.office_id
    found = session.connection.execute(_select().where(mine, applications.c.number == number))
    row = next(fetched(found), None)
    if row is None:
        near = session.connection.execute(
            sa.select(applications.c.number)
            .where(mine, applications.c.number.startswith(number[:-1], autoescape=True))
            .order_by(applications.c.number)
            .limit(3)
        ).scalars()
        raise NotFound("application_unknown", number=number, near=list(near) if number else [])
    return _registered(row)


def find_all(session: Session, numbers: Sequence[str]) -> list[Registered]:
    """The applications of these numbers, in no order; a number that is none is left out."""
    mine = applications.c.office_id == session.office_id
    found: list[Registered] = []
    for start in range(0, len(numbers), KEYS_AT_ONCE):
        chunk = numbers[start : start + KEYS_AT_ONCE]
        rows = session.connection.execute(_select().where(mine, applications.c.number.in_(chunk)))
        found += [_registered(row) for row in fetched(rows)]
    return found


def known_numbers(session: Session, numbers: Sequence[str]) -> set[str]:
    """Which of these numbers are taken."""
    found: set[str] = set()
    for start in range(0, len(numbers), KEYS_AT_ONCE):
        chunk = numbers[start : start + KEYS_AT_ONCE]
        found.update(
            session.connection.execute(
                sa.select(applications.c.number).where(
                    applications.c.office_id == session.office_id,
                    applications.c.number.in_(chunk),
                )
            ).scalars()
        )
    return found


@dataclass(frozen=True, slots=True)
class Copy:
    """What is kept of a case beside its history: its row, the applicant, and what is owed."""

    summary: Summary
    applicant: Mapping[str, str]
    owed: Sequence[Owed] = ()


def numbers_of(session: Session, period: Period) -> list[str]:
    """The numbers of what was received in a period, void registrations included."""
    found = session.connection.execute(
        sa.select(applications.c.number).where(
            applications.c.office_id == session.office_id,
            applications.c.received.between(period.first, period.last),
        )
    )
    return list(found.scalars())


def _values(summary: Summary) -> dict[str, Any]:
    """The columns of a row; no deep copy, as `asdict` makes one."""
    return {name: getattr(summary, name) for name in _NAMES}


def insert(session: Session, rows: Sequence[Copy]) -> dict[str, int]:
    """Writes new applications, and gives their keys by number."""
    values = [{"office_id": session.office_id, **_values(row.summary)} for row in rows]
    before = session.connection.execute(sa.select(sa.func.max(applications.c.id))).scalar() or 0
    session.connection.execute(sa.insert(applications), values)
    found = session.connection.execute(
        sa.select(applications.c.number, applications.c.id).where(
            applications.c.office_id == session.office_id, applications.c.id > before
        )
    )
    keys: dict[str, int] = {row.number: row.id for row in found}
    people = [
        {"application_id": keys[row.summary.number], **_person(row.applicant)}
        for row in rows
        if row.applicant
    ]
    if people:
        session.connection.execute(sa.insert(applicants), people)
    owing.add(session, {keys[row.summary.number]: row.owed for row in rows})
    return keys


def _person(applicant: Mapping[str, str]) -> dict[str, str | None]:
    return {name: applicant.get(name) for name in PERSONAL}


def update(session: Session, key: int, row: Copy) -> None:
    """Brings an application's row, and what is owed in it, to what its history now says."""
    applicant = row.applicant
    session.connection.execute(
        sa.update(applications).where(applications.c.id == key).values(**_values(row.summary))
    )
    owing.replace(session, {key: row.owed})
    changed = session.connection.execute(
        sa.update(applicants).where(applicants.c.application_id == key).values(**_person(applicant))
    )
    if changed.rowcount == 0 and applicant:
        session.connection.execute(
            sa.insert(applicants).values(application_id=key, **_person(applicant))
        )


def first_received(session: Session) -> date | None:
    """The earliest day of receipt that the office has on record; None where it has no application."""
    mine = applications.c.office_id == session.office_id
    found = session.connection.execute(sa.select(sa.func.min(applications.c.received)).where(mine))
    return found.scalar()


def count_open(session: Session, first: date, last: date) -> int:
    """How many cases are owed an answer and count days of a span: received by its end, due from it."""
    found = session.connection.execute(
        sa.select(sa.func.count()).where(
            applications.c.office_id == session.office_id,
            ~applications.c.answered,
            ~applications.c.void,
            applications.c.received <= last,
            sa.or_(applications.c.due >= first, applications.c.waits),
        )
    )
    return found.scalar() or 0


def bring_along(session: Session, copies: Mapping[int, Copy]) -> None:
    """Brings the rows of many applications, and what is owed in them, to what their histories say."""
    statement = (
        sa.update(applications)
        .where(applications.c.id == sa.bindparam("key"))
        .values({name: sa.bindparam(f"new_{name}") for name in _NAMES})
    )
    session.connection.execute(
        statement,
        [
            {"key": key, **{f"new_{name}": value for name, value in _values(copy.summary).items()}}
            for key, copy in copies.items()
        ],
    )
    owing.replace(session, {key: copy.owed for key, copy in copies.items()})


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; None leaves a point open.

    `unit` is a unit as somebody named it, `units` every text under which it stands in the rows.
    """

    state: str | None = None
    outcome: str | None = None
    kind: str | None = None
    unit: str | None = None
    year: int | None = None
    search: str | None = None
    owed: bool = False
    late: bool = False
    states: frozenset[str] | None = None
    units: frozenset[str] | None = None
    due_by: date | None = None
    limit: int | None = None


def _conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    table = applications.c
    asked: list[tuple[Any, Callable[[Any], sa.ColumnElement[bool]]]] = [
        (wanted.owed, lambda _: ~table.answered),
        (wanted.owed or wanted.states, lambda _: ~table.void),
        (wanted.late, lambda _: table.late),
        (wanted.state, lambda state: table.state == state),
        (wanted.states, lambda states: table.state.in_(sorted(states))),
        (wanted.outcome, lambda outcome: table.outcome == outcome),
        (wanted.kind, lambda kind: table.kind == kind),
        (wanted.units, lambda units: table.unit.in_(sorted(units))),
        (wanted.due_by, lambda day: table.due <= day),
        (wanted.year, lambda year: table.received.between(date(year, 1, 1), date(year, 12, 31))),
        (wanted.search, _mentions),
    ]
    return [condition(value) for value, condition in asked if value]


def _mentions(text: str) -> sa.ColumnElement[bool]:
    def has(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return sa.func.coalesce(column, "").icontains(text, autoescape=True)

    return sa.or_(has(applications.c.subject), has(applications.c.number), has(applicants.c.name))


def select(session: Session, wanted: Filter) -> list[Registered]:
    """Applications in order: what is owed by its due date, all else by number."""
    order = [applications.c.due] if wanted.owed else [applications.c.received]
    statement = (
        _select()
        .where(applications.c.office_id == session.office_id, *_conditions(wanted))
        .order_by(*order, applications.c.number)
    )
    if wanted.limit is not None:
        statement = statement.limit(wanted.limit)
    return [_registered(row) for row in fetched(session.connection.execute(statement))]


def possibly_owing(session: Session, final: Collection[str]) -> list[Registered]:
    """What may owe something: unanswered, in no `final` state, or with something open by its copy.

    The applicants' own periods for a remedy, and void registrations, aside.
    """
    a, o = applications.c, obligations.c
    open_ones = sa.select(o.application_id).where(o.office_id == session.office_id, ~o.remedy)
    statement = _select().where(
        a.office_id == session.office_id,
        ~a.void,
        sa.or_(~a.answered, a.state.not_in(sorted(final)), a.id.in_(open_ones)),
    )
    return [_registered(row) for row in fetched(session.connection.execute(statement))]


def units(session: Session) -> list[str]:
    """The undertaking units that have a case in hand, each as it was recorded."""
    statement = sa.select(applications.c.unit).where(
        applications.c.office_id == session.office_id, applications.c.unit.is_not(None)
    )
    found = session.connection.execute(statement.distinct().order_by(applications.c.unit))
    return [row.unit for row in fetched(found)]


def rows(session: Session, *, unfinished_or_due_from: date | None = None) -> Iterator[Registered]:
    """Every application's row, in the order of their keys.

    Args:
        session: where to look.
        unfinished_or_due_from: only what is owed an answer, and what was due on that day or later.
    """
    wanted = []
    if unfinished_or_due_from is not None:
        wanted.append(sa.or_(~applications.c.answered, applications.c.due >= unfinished_or_due_from))
    statement = (
        _select()
        .where(applications.c.office_id == session.office_id, *wanted)
        .order_by(applications.c.id)
        .execution_options(yield_per=2000)
    )
    for row in fetched(session.connection.execute(statement)):
        yield _registered(row)


def concerned(session: Session, period: Period, keys: Sequence[int]) -> list[Registered]:
    """What a period counts by its rows, and the rows of `keys`; void ones included."""
    a = applications.c
    found: dict[int, Registered] = {}
    counts = sa.and_(
        a.received <= period.last,
        sa.or_(a.received >= period.first, a.concluded.is_(None), a.concluded >= period.first),
    )
    chunks = (keys[at : at + KEYS_AT_ONCE] for at in range(0, len(keys), KEYS_AT_ONCE))
    for where in (counts, *(a.id.in_(chunk) for chunk in chunks)):
        statement = _select().where(a.office_id == session.office_id, where)
        found |= {row.id: _registered(row) for row in fetched(session.connection.execute(statement))}
    return [found[key] for key in sorted(found)]


def alike(session: Session, first: date, last: date) -> dict[tuple[date, str, str], str]:
    """Day, subject and applicant's name of what was received in a span, with one number for each."""
    statement = (
        sa.select(
            applications.c.received, applications.c.subject, applicants.c.name, applications.c.number
        )
        .select_from(applications.join(applicants, applicants.c.application_id == applications.c.id))
        .where(
            applications.c.office_id == session.office_id,
            applications.c.received.between(first, last),
            ~applications.c.void,
        )
    )
    found = fetched(session.connection.execute(statement))
    return {(row.received, row.subject, row.name or ""): row.number for row in found}


def subjects(session: Session, before: date) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Number, subject, applicant's name and id number of what was received up to a day."""
    statement = (
        sa.select(applications.c.number, applications.c.subject, applicants.c.name,
                  applicants.c.id_number)
        .select_from(
            applications.outerjoin(applicants, applicants.c.application_id == applications.c.id)
        )
        .where(
            applications.c.office_id == session.office_id,
            applications.c.received <= before,
            ~applications.c.void,
        )
        .execution_options(yield_per=5000)
    )  # fmt: skip
    for row in fetched(session.connection.execute(statement)):
        texts(row.number, row.number, row.subject, row.name, row.id_number)
        yield row.number, row.subject, row.name, row.id_number
