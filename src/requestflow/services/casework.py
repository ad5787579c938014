"""A case out of the database and back: its history read, its new entries and its row written."""

from collections.abc import Sequence

from requestflow.domain.case import Case, replay
from requestflow.domain.entries import Entry
from requestflow.domain.summary import copies
from requestflow.errors import Refused
from requestflow.services import year_lock
from requestflow.services.office import Office
from requestflow.storage import ledger, registry
from requestflow.storage.database import Session
from requestflow.storage.ledger import Addition
from requestflow.storage.registry import Copy


def replayed(office: Office, number: str, history: Sequence[Entry]) -> Case:
    """The case that a stored history tells.

    Raises:
        Refused: `history_unreadable`: what is stored tells no case, it was changed past the program.
    """
    try:
        return replay(number, history, office.rules)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise Refused("history_unreadable", number=number, problem=repr(error)) from error


def load(office: Office, session: Session, number: str) -> tuple[int, Case]:
    """The key and the replayed case of an application.

    Raises:
        NotFound: there is none of that number.
    """
    row = registry.find(session, number)
    history = ledger.history(session, row.id)
    return row.id, replayed(office, row.summary.number, history)


def read(office: Office, number: str) -> Case:
    """The case of that number, read in a snapshot of its own.

    Raises:
        NotFound: there is none of that number.
    """
    with office.reading() as session:
        return load(office, session, number)[1]


def copy_of(office: Office, case: Case) -> Copy:
    """What is kept of a case beside its history, worked out from it."""
    summary, owed = copies(case, office.rules)
    return Copy(summary, case.application.applicant, owed)


def write(office: Office, session: Session, key: int, case: Case, entry: Entry) -> Case:
    """Appends an entry to a case and brings its row along, in the caller's transaction.

    Raises:
        Refused: `year_closed`, `year_would_change`: a closed year counts what it has counted.
    """
    after = replay(case.application.number, (*case.history, entry), office.rules)
    year_lock.guard(session, case, after, entry)
    ledger.append(session, [Addition(key, case.application.number, entry)])
    registry.update(session, key, copy_of(office, after))
    return after


def continued(office: Office, case: Case, entry: Entry) -> Case:
    """The case with one more entry, written nowhere."""
    return replay(case.application.number, (*case.history, entry), office.rules)
