"""The series of 文号: how far each has come in a year, and where it goes on from a paper book."""

from collections.abc import Mapping
from dataclasses import dataclass

from requestflow.domain.facts import checked_reason, near
from requestflow.domain.notice_kinds import Series
from requestflow.domain.numbering import is_number
from requestflow.domain.series_starts import CONTINUE_SERIES, SeriesStart, series_starts
from requestflow.errors import NotFound, Refused
from requestflow.services import office_acts, year_lock
from requestflow.services.office import Office
from requestflow.storage import ledger, letter_store, series
from requestflow.storage.database import Session
from requestflow.storage.letter_store import SERIES


@dataclass(frozen=True, slots=True)
class Count:
    """A series in a year: its last number, how many letters were issued, where it began if not at 1."""

    series: Series
    year: int
    last: int
    issued: int
    start: SeriesStart | None
    following: str  # the 文号 of the next letter


def shown(office: Office, kind: Series, year: int, serial: int) -> str:
    """The 文号 of a serial number.

    Raises:
        Refused: `bad_letter_number`: the office's code or the pattern makes no number of it.
    """
    organ = office.settings.organ
    found = kind.show(organ.get("code") or organ["name"], year, serial)
    if not is_number(found):
        raise Refused("bad_letter_number", number=found)
    return found


def named(office: Office, name: str) -> Series:
    """The series of that code or Chinese name.

    Raises:
        NotFound: `unknown_series`.
    """
    known = office.letters.series
    for one in known.values():
        if name in (one.name, one.words.zh):
            return one
    raise NotFound("unknown_series", name=name, near=near(name, known) or list(known))


def starts(session: Session) -> Mapping[tuple[str, int], SeriesStart]:
    """Where series go on from a paper book, by series and year."""
    return series_starts(entry for _number, entry in ledger.acts(session, (CONTINUE_SERIES,)))


def _count(office: Office, session: Session, kind: Series, year: int) -> Count:
    last = series.last(session, SERIES + kind.name, year)
    return Count(
        series=kind,
        year=year,
        last=last,
        issued=letter_store.issued_in(session, kind.name, year),
        start=starts(session).get((kind.name, year)),
        following=shown(office, kind, year, last + 1),
    )


def counts(office: Office, year: int) -> list[Count]:
    """Every series of the office in a year."""
    with office.reading() as session:
        return [_count(office, session, kind, year) for kind in office.letters.series.values()]


def continue_series(
    office: Office, name: str, *, year: int, last: int, reason: str, by: str | None = None
) -> Count:
    """Lets a series go on from the number that the paper book has come to; an act of the office.

    Said again, the later act holds; 0 takes it back. Both only until the first letter of that series and
    year is issued: from then on its numbers run without a gap.

    Args:
        office: whose series it is.
        name: the code or the Chinese name of the series.
        year: of the numbers.
        last: the last number given on paper.
        reason: where the numbers up to it stand.
        by: who says so.

    Raises:
        NotFound: no such series.
        Refused: `series_begun`: a letter of it was issued; `series_unchanged`; `series_of_future_year`;
            `year_closed`.
        WrongUsage: no reason.
    """
    kind, person = named(office, name), office.person(by)
    reason = checked_reason(reason)
    if year > office.today().year:
        raise Refused("series_of_future_year", series=kind.words, year=year)
    with office.writing() as session:
        year_lock.check_year(session, year)
        stands = _count(office, session, kind, year)
        if stands.issued:
            raise Refused(
                "series_begun", series=kind.words, year=year, count=stands.issued, last=stands.last
            )
        if last == stands.last:
            raise Refused("series_unchanged", series=kind.words, year=year, last=last,
                          number=stands.following)  # fmt: skip
        data = {"series": kind.name, "year": year, "last": last, "reason": reason}
        office_acts.record(office, session, CONTINUE_SERIES, person, on=office.today(), data=data)
        series.begin_after(session, SERIES + kind.name, year, last)
        found = _count(office, session, kind, year)
        session.commit()
    return found
