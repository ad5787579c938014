"""`upgrade`: a database of an older version brought to this one, its new copies filled in."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from requestflow.domain.summary import Owed
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.services.progress import Progress
from requestflow.storage import ledger, owing, registry
from requestflow.storage.database import Session
from requestflow.storage.schema import REVISION


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done: from which revision to which, where the old one stands, how much was filled in."""

    found: str
    revision: str
    copy: Path | None
    filled: int


def _lacks(stored: Iterable[Owed], owed: Iterable[Owed]) -> bool:
    """Whether something is owed that is not written: the rules may have got a limit since."""
    return bool({(one.kind, one.entry) for one in owed} - {(one.kind, one.entry) for one in stored})


def _fill(office: Office, session: Session, progress: Progress) -> int:
    """Writes what is owed in each case, where it is not written yet; rows are `verify`'s to judge."""
    rows = list(registry.rows(session))
    filled = 0
    for start in range(0, len(rows), ledger.KEYS_AT_ONCE):
        keys = {row.id: row.summary.number for row in rows[start : start + ledger.KEYS_AT_ONCE]}
        there = owing.of(session, list(keys))
        histories = ledger.histories_of(session, list(keys))
        owed = {
            key: casework.copy_of(office, casework.replayed(office, number, histories[key])).owed
            for key, number in keys.items()
        }
        missing = {key: found for key, found in owed.items() if _lacks(there.get(key, ()), found)}
        owing.replace(session, missing)
        filled += len(missing)
        progress(start + len(keys), len(rows))
    return filled


def upgrade(office: Office, progress: Progress = lambda _done, _all: None) -> Upgraded:
    """Brings the office's database to the newest revision, in one transaction.

    Where a database holds several offices, each has its copies filled by an `upgrade` of its own, under
    its own rules.

    Raises:
        NotFound: there is no database, or the office is not in it.
        Refused: the database is of a newer version; a history cannot be read. Nothing is written.
    """
    with office.database.upgrading(office.name) as upgrading:
        filled = _fill(office, upgrading.session, progress)
        if upgrading.session.calendar is None:
            office.keep_calendar(upgrading.session)
        upgrading.session.commit()
        return Upgraded(upgrading.found, REVISION, upgrading.copy, filled)
