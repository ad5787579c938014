"""`upgrade`: a database of an older version brought to this one, its copies worked out anew."""

from dataclasses import dataclass
from pathlib import Path

from requestflow.services.office import Office
from requestflow.services.progress import Progress
from requestflow.services.recalculation import WORKED_OUT, Moved, recalculate
from requestflow.storage import registry
from requestflow.storage.schema import REVISION


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done: from which revision to which, where the old one stands, what was written anew.

    `filled` counts the cases whose row, or what is owed in them, was not what this version says of their
    histories; `moved` are those of them whose due date is another one now.
    """

    found: str
    revision: str
    copy: Path | None
    filled: int
    moved: list[Moved]


def upgrade(office: Office, progress: Progress = lambda _done, _all: None) -> Upgraded:
    """Brings the office's database to the newest revision, in one transaction.

    Rows and what is owed are copies of the histories: whatever an older version read out of these in
    another way is worked out anew, under the calendar in force. A row that differs in what entries say
    word for word was changed past the program; it stays, and `verify` names it.

    Where a database holds several offices, each has its copies worked out by an `upgrade` of its own,
    under its own rules.

    Raises:
        NotFound: there is no database, or the office is not in it.
        Refused: the database is of a newer version; a history cannot be read. Nothing is written.
    """
    person = office.person(None)
    with office.database.upgrading(office.name) as upgrading:
        session = upgrading.session
        rows = list(registry.rows(session))
        done = recalculate(office, session, rows, by=person.key, columns=WORKED_OUT, progress=progress)
        office.keep_stamp(session)
        session.commit()
        return Upgraded(upgrading.found, REVISION, upgrading.copy, done.written, done.moved)
