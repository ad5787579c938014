"""A closed year is locked: what it counts stays as it was frozen, until it is opened again."""

from collections.abc import Collection
from datetime import date

from requestflow.domain.case import Case
from requestflow.domain.entries import Entry
from requestflow.domain.rollup import counted
from requestflow.domain.tables import CountedCase
from requestflow.domain.workflow import AMEND, RECALCULATE, VOID
from requestflow.domain.years import years_moved
from requestflow.errors import Refused
from requestflow.storage import year_store
from requestflow.storage.database import Session

_WITHOUT_A_DAY = (AMEND, VOID, RECALCULATE)  # dated by the day on which they are written


def in_figures(case: Case | None) -> CountedCase | None:
    """What the annual table takes from a case; None where it is void, or not there yet."""
    return None if case is None or case.standing.void else counted(case)


def check_day(day: date, closed: Collection[int]) -> None:
    """Nothing is recorded with a day of a closed year.

    Raises:
        Refused: `year_closed`, naming the way to open it.
    """
    if day.year in closed:
        raise Refused("year_closed", on=day, year=day.year)


def check_year(session: Session, year: int) -> None:
    """Nothing is settled for a year that is closed.

    Raises:
        Refused: `year_closed`, naming the way to open it.
    """
    check_day(date(year, 1, 1), year_store.closed_years(session))


def check_change(before: CountedCase | None, after: CountedCase | None, closed: Collection[int]) -> None:
    """No figure of a closed year moves.

    Raises:
        Refused: `year_would_change`, naming the first such year.
    """
    moved = years_moved(before, after, closed)
    if moved:
        raise Refused("year_would_change", year=moved[0], years=moved)


def guard(session: Session, before: Case | None, after: Case, entry: Entry) -> None:
    """Holds an entry that is about to be written to the years that are closed.

    Raises:
        Refused: `year_closed`, `year_would_change`.
    """
    closed = year_store.closed_years(session)
    if not closed:
        return
    if entry.transition not in _WITHOUT_A_DAY:
        check_day(entry.on, closed)
    check_change(in_figures(before), in_figures(after), closed)
