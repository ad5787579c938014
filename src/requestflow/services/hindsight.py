"""What was known on a day, or at a close: histories cut there, replayed, counted one by one.

`--as-of` asks what had happened by a day, as the history tells it now, corrections and late entries
included. `--known-on` asks what stood in the books when that day ended. They differ by what was
written down, corrected or voided afterwards. A close is no moment but a place in the chain: two
entries can bear one moment, and never one place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from requestflow.domain.case import Case
from requestflow.domain.disputes import Dispute, docket
from requestflow.domain.entries import Entry
from requestflow.domain.years import closes
from requestflow.errors import Refused
from requestflow.services.casework import replayed
from requestflow.services.office import Office
from requestflow.storage import ledger, registry
from requestflow.storage.database import Session


@dataclass(frozen=True, slots=True)
class Books:
    """The cases and disputes as they stood in the books when a day ended; void ones left out."""

    cases: tuple[Case, ...]
    disputes: tuple[Dispute, ...]


def end_of(office: Office, day: date) -> datetime:
    """The first moment after a day, in the office's time zone."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=office.settings.zone)
    return midnight.astimezone(UTC)


def _cases(office: Office, session: Session, moment: datetime) -> Iterator[Case]:
    for number, history in ledger.recorded_before(session, moment):
        case = replayed(office, number, history)
        if not case.standing.void:
            yield case


def _disputes(office: Office, acts: Iterable[Entry]) -> tuple[Dispute, ...]:
    try:
        return tuple(docket(acts).values())
    except (LookupError, ValueError, TypeError) as error:
        raise Refused("history_unreadable", number=office.name, problem=repr(error)) from error


def books_on(office: Office, session: Session, day: date) -> Books:
    """What had been recorded by the end of a day.

    Raises:
        Refused: `history_unreadable`.
    """
    moment = end_of(office, day)
    acts = [entry for entry in ledger.office_history(session) if entry.recorded_at < moment]
    return Books(tuple(_cases(office, session, moment)), _disputes(office, acts))


def books_at_close(
    office: Office, session: Session, year: int, version: int, numbers: Sequence[str]
) -> Books:
    """Some cases, and every dispute, as the chain told them when a year was closed.

    Raises:
        Refused: `history_unreadable`; `record_unreadable` where no entry tells of that close.
    """
    acts = ledger.office_history(session)
    close = _close(acts, year, version)
    place = ledger.place_of_act(session, close)
    rows = registry.find_all(session, numbers)
    names = {row.id: row.summary.number for row in rows}
    histories = ledger.histories_of(session, list(names), before=place)
    cases = (replayed(office, names[key], found) for key, found in histories.items() if found)
    return Books(
        tuple(case for case in cases if not case.standing.void),
        _disputes(office, acts[: acts.index(close)]),
    )


def _close(acts: Sequence[Entry], year: int, version: int) -> Entry:
    try:
        told = {(one.year, one.version): one.entry for one in closes(acts)}
        return told[year, version]
    except (LookupError, ValueError, TypeError) as error:
        raise Refused("record_unreadable", number=str(year), problem=repr(error)) from error
