"""Issued letters: which number went to whom, their words, and the bytes they were printed as."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from requestflow.domain.letters import IssuedLetter, SeriesPlace
from requestflow.storage.database import Session
from requestflow.storage.reading import fetched, texts
from requestflow.storage.schema import applications, letter_prints, letter_texts, letters, series

_A_PAGE = 200
SERIES = "letters:"  # before the name of a letter series, apart from the series of applications


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says, as the JSON text that its digest covers, and the salt of that digest."""

    salt: str
    content: str


@dataclass(frozen=True, slots=True)
class Row:
    """A letter's row with all that is kept of it; `words` is None once they were removed."""

    id: int
    application: str
    entry: int
    number: str
    place: SeriesPlace | None
    words: Words | None
    prints: Mapping[str, bytes]


def _key(session: Session, number: str) -> int | None:
    found: int | None = session.connection.execute(
        sa.select(letters.c.id).where(
            letters.c.office_id == session.office_id, letters.c.number == number
        )
    ).scalar()
    return found


def application_of(session: Session, number: str) -> str | None:
    """The application that a letter number belongs to, None where there is no such letter."""
    found: str | None = session.connection.execute(
        sa.select(applications.c.number)
        .select_from(letters.join(applications, applications.c.id == letters.c.application_id))
        .where(letters.c.office_id == session.office_id, letters.c.number == number)
    ).scalar()
    return found


def issued_in(session: Session, name: str, year: int) -> int:
    """How many letters of a series were issued in a year, withdrawn ones included."""
    found: int = session.connection.execute(
        sa.select(sa.func.count())
        .select_from(letters)
        .where(
            letters.c.office_id == session.office_id, letters.c.series == name, letters.c.year == year
        )
    ).scalar_one()
    return found


def insert(session: Session, application_id: int, letter: IssuedLetter, words: Words) -> None:
    """Writes a newly issued letter with its words."""
    session.connection.execute(
        sa.insert(letters).values(
            office_id=session.office_id,
            application_id=application_id,
            entry=letter.entry,
            number=letter.reference,
            series=letter.place.series if letter.place else None,
            year=letter.place.year if letter.place else None,
            serial=letter.place.serial if letter.place else None,
        )
    )
    session.connection.execute(
        sa.insert(letter_texts).values(
            letter_id=_key(session, letter.reference), salt=words.salt, content=words.content
        )
    )


def words_of(session: Session, number: str) -> Words | None:
    """What a letter says; None where that was removed."""
    found = session.connection.execute(
        sa.select(letter_texts.c.salt, letter_texts.c.content).where(
            letter_texts.c.letter_id == _key(session, number)
        )
    ).one_or_none()
    if found is None:
        return None
    texts(number, found.salt, found.content)
    return Words(found.salt, found.content)


def keep_print(session: Session, number: str, form: str, content: bytes) -> None:
    """Keeps a letter's bytes in a format."""
    session.connection.execute(
        sa.insert(letter_prints).values(letter_id=_key(session, number), format=form, content=content)
    )


def print_of(session: Session, number: str, form: str) -> bytes | None:
    """The kept bytes of a letter in a format."""
    found: bytes | None = session.connection.execute(
        sa.select(letter_prints.c.content).where(
            letter_prints.c.letter_id == _key(session, number), letter_prints.c.format == form
        )
    ).scalar()
    return found


def _prints(session: Session, key: int) -> dict[str, bytes]:
    found = session.connection.execute(
        sa.select(letter_prints.c.format, letter_prints.c.content).where(
            letter_prints.c.letter_id == key
        )
    )
    return {row.format: bytes(row.content) for row in fetched(found)}


def _row(session: Session, row: Any) -> Row:
    texts(row.number, row.number, row.application, row.series, row.salt, row.content)
    words = Words(row.salt, row.content) if row.salt is not None else None
    place = SeriesPlace(row.series, row.year, row.serial) if row.series is not None else None
    return Row(row.id, row.application, row.entry, row.number, place, words, _prints(session, row.id))


_READ = sa.select(
    letters, applications.c.number.label("application"), letter_texts.c.salt, letter_texts.c.content
).select_from(
    letters.join(applications, applications.c.id == letters.c.application_id).outerjoin(
        letter_texts, letter_texts.c.letter_id == letters.c.id
    )
)


def rows(session: Session) -> Iterator[Row]:
    """Every letter of the office in the order of their keys; a few at a time are in memory."""
    last = 0
    while True:
        found = session.connection.execute(
            _READ.where(letters.c.office_id == session.office_id, letters.c.id > last)
            .order_by(letters.c.id)
            .limit(_A_PAGE)
        ).all()
        for row in fetched(found):
            yield _row(session, row)
        if len(found) < _A_PAGE:
            return
        last = found[-1].id


def last_serials(session: Session) -> dict[tuple[str, int], int]:
    """The last serial that each letter series has given in each year."""
    found = session.connection.execute(
        sa.select(series.c.name, series.c.year, series.c.last).where(
            series.c.office_id == session.office_id, series.c.name.startswith(SERIES, autoescape=True)
        )
    )
    return {(row.name.removeprefix(SERIES), row.year): row.last for row in fetched(found)}
