"""The history: entries appended to an office's chain, and read back.

Most entries belong to an application. What the office itself did (a dispute, the close of a year)
stands in the same chain, belongs to none, and is read by `office_history`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from requestflow.domain.entries import Entry, canonical, chained_digest, personal_digest
from requestflow.domain.tables import Period
from requestflow.storage.database import Session, salt
from requestflow.storage.reading import fetched, json_object, texts
from requestflow.storage.schema import applications, entries, offices, personal_parts

KEYS_AT_ONCE = 500  # what a statement may name on every engine


@dataclass(frozen=True, slots=True)
class Addition:
    """An entry on its way into the chain, and its application (None: the office itself)."""

    application_id: int | None
    number: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it stands in the chain, with what proves it."""

    sequence: int
    number: str
    entry: Entry
    digest: str
    personal_digest: str | None
    salt: str | None


def head(session: Session) -> tuple[int, str]:
    """How many entries the office's chain has, and the digest of the last."""
    row = session.connection.execute(
        sa.select(offices.c.sequence, offices.c.digest).where(offices.c.id == session.office_id)
    ).one()
    return row.sequence, row.digest


def append(session: Session, additions: Sequence[Addition]) -> str:
    """Appends entries to the chain, in order, and gives the digest of the last one."""
    sequence, digest = head(session)
    rows: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for addition in additions:
        sequence += 1
        entry = addition.entry
        digest_of_personal = None
        if entry.personal:
            grain = salt()
            digest_of_personal = personal_digest(grain, entry.personal)
            parts.append(
                {
                    "office_id": session.office_id,
                    "sequence": sequence,
                    "application_id": addition.application_id,
                    "salt": grain,
                    "content": canonical(dict(entry.personal)),
                }
            )
        digest = chained_digest(digest, sequence, addition.number, entry, digest_of_personal)
        rows.append(_row(session, addition, sequence, digest, digest_of_personal))
    session.connection.execute(sa.insert(entries), rows)
    if parts:
        session.connection.execute(sa.insert(personal_parts), parts)
    session.connection.execute(
        sa.update(offices)
        .where(offices.c.id == session.office_id)
        .values(sequence=sequence, digest=digest)
    )
    return digest


def _row(
    session: Session, addition: Addition, sequence: int, digest: str, personal: str | None
) -> dict[str, Any]:
    entry = addition.entry
    return {
        "office_id": session.office_id,
        "sequence": sequence,
        "application_id": addition.application_id,
        "entry": entry.number,
        "transition": entry.transition,
        "legal_day": entry.on,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.by,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "data": canonical(dict(entry.data)),
        "rules": entry.rules,
        "personal_digest": personal,
        "digest": digest,
    }


def _entry(row: Any) -> Entry:
    texts(row.number, row.transition, row.recorded_by, row.from_state, row.to_state, row.rules)
    return Entry(
        number=row.entry,
        transition=row.transition,
        on=row.legal_day,
        recorded_at=row.recorded_at,
        by=row.recorded_by,
        from_state=row.from_state,
        to_state=row.to_state,
        data=json_object(row.number, row.data),
        personal=json_object(row.number, row.content) if row.content else {},
        rules=row.rules,
    )


_READ = sa.select(
    entries, applications.c.number, personal_parts.c.content, personal_parts.c.salt
).select_from(
    entries.outerjoin(applications, applications.c.id == entries.c.application_id).outerjoin(
        personal_parts,
        sa.and_(
            personal_parts.c.office_id == entries.c.office_id,
            personal_parts.c.sequence == entries.c.sequence,
        ),
    )
)


def history(session: Session, application_id: int) -> list[Entry]:
    """The history of one application, oldest entry first."""
    found = session.connection.execute(
        _READ.where(entries.c.application_id == application_id).order_by(entries.c.entry)
    )
    return [_entry(row) for row in fetched(found)]


def office_history(session: Session) -> list[Entry]:
    """What the office itself did, oldest first."""
    found = session.connection.execute(
        _READ.where(
            entries.c.application_id.is_(None), entries.c.office_id == session.office_id
        ).order_by(entries.c.sequence)
    )
    return [_entry(row) for row in fetched(found)]


def office_acts(session: Session, names: Sequence[str]) -> list[Entry]:
    """What the office itself did, of these kinds, oldest first."""
    found = session.connection.execute(
        _READ.where(
            entries.c.application_id.is_(None),
            entries.c.office_id == session.office_id,
            entries.c.transition.in_(names),
        ).order_by(entries.c.sequence)
    )
    return [_entry(row) for row in fetched(found)]


def begun_at(session: Session) -> datetime | None:
    """The moment of the office's first entry; None where it has none."""
    found = session.connection.execute(
        sa.select(entries.c.recorded_at).where(
            entries.c.office_id == session.office_id, entries.c.sequence == 1
        )
    )
    row = next(fetched(found), None)
    return row.recorded_at if row else None


def count_acts(session: Session) -> int:
    """How many acts of the office itself there are."""
    found: int = session.connection.execute(
        sa.select(sa.func.count())
        .select_from(entries)
        .where(entries.c.application_id.is_(None), entries.c.office_id == session.office_id)
    ).scalar_one()
    return found


def entries_after(session: Session, sequence: int, transition: str) -> Iterator[tuple[str, Entry]]:
    """What of that name the office has recorded in its cases after a place of its chain, in order."""
    found = session.connection.execute(
        _READ.where(
            entries.c.office_id == session.office_id,
            entries.c.sequence > sequence,
            entries.c.transition == transition,
        ).order_by(entries.c.sequence)
    )
    for row in fetched(found):
        yield row.number, _entry(row)


def acts_of_all(session: Session, names: Sequence[str]) -> list[Entry]:
    """Acts of every office of the database: each chain in its order, the chains by the moment."""
    found = session.connection.execute(
        _READ.where(entries.c.application_id.is_(None), entries.c.transition.in_(names)).order_by(
            entries.c.office_id, entries.c.sequence
        )
    )
    chains = [
        [_entry(row) for row in rows]
        for _office, rows in groupby(fetched(found), key=lambda row: row.office_id)
    ]
    return list(merge(*chains, key=lambda entry: entry.recorded_at))


def append_act(session: Session, entry: Entry) -> None:
    """Appends an act of the office itself."""
    append(session, [Addition(None, "", entry)])


def place_of_act(session: Session, act: Entry) -> int:
    """Where an act of the office itself stands in the chain."""
    place: int = session.connection.execute(
        sa.select(entries.c.sequence).where(
            entries.c.office_id == session.office_id,
            entries.c.application_id.is_(None),
            entries.c.entry == act.number,
        )
    ).scalar_one()
    return place


def histories_of(
    session: Session, keys: Sequence[int], *, before: int | None = None
) -> dict[int, list[Entry]]:
    """The histories of some applications, by key; with `before` only what stands before that place."""
    found: dict[int, list[Entry]] = {key: [] for key in keys}
    cut = [entries.c.sequence < before] if before is not None else []
    for start in range(0, len(keys), KEYS_AT_ONCE):
        chunk = keys[start : start + KEYS_AT_ONCE]
        rows = session.connection.execute(
            _READ.where(entries.c.application_id.in_(chunk), *cut).order_by(
                entries.c.application_id, entries.c.entry
            )
        )
        for row in fetched(rows):
            found[row.application_id].append(_entry(row))
    return found


def keys_within(session: Session, period: Period) -> list[int]:
    """Keys of the applications that have an entry dated in a period, whatever their rows say."""
    found = session.connection.execute(
        sa.select(entries.c.application_id)
        .where(
            entries.c.office_id == session.office_id,
            entries.c.application_id.is_not(None),
            entries.c.legal_day.between(period.first, period.last),
        )
        .distinct()
        .order_by(entries.c.application_id)
    )
    return list(found.scalars())


def chain(session: Session) -> Iterator[Link]:
    """Every entry of the office in order of the chain."""
    found = session.connection.execution_options(yield_per=2000).execute(
        _READ.where(entries.c.office_id == session.office_id).order_by(entries.c.sequence)
    )
    for row in fetched(found):
        number = row.number or ""
        yield Link(row.sequence, number, _entry(row), row.digest, row.personal_digest, row.salt)


def histories(session: Session) -> Iterator[tuple[int, list[Entry]]]:
    """Every application's key and history, in the order of the keys."""
    found: Iterable[Any] = session.connection.execution_options(yield_per=2000).execute(
        _READ.where(
            entries.c.office_id == session.office_id, entries.c.application_id.is_not(None)
        ).order_by(entries.c.application_id, entries.c.entry)
    )
    for key, rows in groupby(fetched(found), key=lambda row: row.application_id):
        yield key, [_entry(row) for row in rows]


def recorded_before(session: Session, moment: datetime) -> Iterator[tuple[str, list[Entry]]]:
    """Every application's number and the part of its history that was written before a moment."""
    found: Iterable[Any] = session.connection.execution_options(yield_per=2000).execute(
        _READ.where(
            entries.c.office_id == session.office_id,
            entries.c.application_id.is_not(None),
            entries.c.recorded_at < moment,
        ).order_by(entries.c.application_id, entries.c.entry)
    )
    for number, rows in groupby(fetched(found), key=lambda row: row.number):
        yield number, [_entry(row) for row in rows]


def last_hands(
    session: Session, numbers: Sequence[str], people: Sequence[str], acts: Sequence[str]
) -> dict[str, str]:
    """Who of some people last did one of these acts in each of these applications, by number."""
    found: dict[str, str] = {}
    for start in range(0, len(numbers), KEYS_AT_ONCE):
        chunk = numbers[start : start + KEYS_AT_ONCE]
        rows = session.connection.execute(
            sa.select(applications.c.number, entries.c.recorded_by, sa.func.max(entries.c.sequence))
            .select_from(entries.join(applications, applications.c.id == entries.c.application_id))
            .where(
                applications.c.office_id == session.office_id,
                applications.c.number.in_(chunk),
                entries.c.recorded_by.in_(people),
                entries.c.transition.in_(acts),
            )
            .group_by(applications.c.number, entries.c.recorded_by)
            .order_by(sa.func.max(entries.c.sequence))
        )
        found |= {row.number: row.recorded_by for row in rows}
    return found


def acts(session: Session, names: Sequence[str]) -> Iterator[tuple[str, Entry]]:
    """Every entry of some acts, with its application's number, by application and order."""
    found = session.connection.execute(
        _READ.where(entries.c.office_id == session.office_id, entries.c.transition.in_(names)).order_by(
            entries.c.application_id, entries.c.entry
        )
    )
    for row in fetched(found.all()):
        yield row.number, _entry(row)
