"""What was known on a day: histories cut at the moment of recording, replayed, counted one by one.

`--as-of` asks what had happened by a day, as the history tells it now, corrections and late entries
included. `--known-on` asks what stood in the books when that day ended. They differ by what was
written down, corrected or voided afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from requestflow.domain.case import Case
from requestflow.domain.disputes import Dispute, docket
from requestflow.errors import Refused
from requestflow.services.casework import replayed
from requestflow.services.office import Office
from requestflow.storage import ledger
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


def books_on(office: Office, session: Session, day: date) -> Books:
    """What had been recorded by the end of a day.

    Raises:
        Refused: `history_unreadable`.
    """
    moment = end_of(office, day)
    acts = [entry for entry in ledger.office_history(session) if entry.recorded_at < moment]
    try:
        disputes = tuple(docket(acts).values())
    except (LookupError, ValueError, TypeError) as error:
        raise Refused("history_unreadable", number=office.name, problem=repr(error)) from error
    return Books(tuple(_cases(office, session, moment)), disputes)
