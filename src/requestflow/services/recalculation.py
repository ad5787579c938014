"""`calendar refresh`: rows brought to what the calendar and the switches in force now say of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from requestflow.domain.case import Case
from requestflow.domain.entries import Entry
from requestflow.domain.summary import Owed, Summary
from requestflow.domain.workflow import RECALCULATE
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.storage import ledger, owing, registry
from requestflow.storage.database import Session

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """A case whose due date is another one under the rules in force now."""

    number: str
    due_from: date
    due_to: date


def _entry(office: Office, case: Case, row: Summary, to: Summary, by: str) -> Entry:
    """The history says that the day has moved, from what to what."""
    return Entry(
        number=len(case.history) + 1,
        transition=RECALCULATE,
        on=office.today(),
        recorded_at=office.clock.now(),
        by=by,
        from_state=case.standing.state,
        to_state=case.standing.state,
        data={"due_from": row.due.isoformat(), "due_to": to.due.isoformat()},
        rules=office.workflow.stamp,
    )


_OF_THE_CLOCK = ("due", "due_on", "waits", "waits_until", "late")


def _differs_elsewhere(row: Summary, now: Summary) -> bool:
    """Whether a row differs in what no calendar moves: `verify`'s to name, nobody's to overwrite."""
    kept = {name: getattr(row, name) for name in _OF_THE_CLOCK}
    return replace(now, **kept) != row


def _refresh(
    office: Office,
    session: Session,
    found: registry.Registered,
    history: list[Entry],
    owed: Sequence[Owed],
    by: str,
) -> Moved | None:
    """Brings one row along; a due date that moves is an entry of the history."""
    row = found.summary
    case = casework.replayed(office, row.number, history)
    copy = casework.copy_of(office, case)
    now = copy.summary
    same = now == row and sorted(copy.owed, key=repr) == sorted(owed, key=repr)
    if same or _differs_elsewhere(row, now):
        return None
    if now.due == row.due:
        registry.update(session, found.id, copy)
        return None
    casework.write(office, session, found.id, case, _entry(office, case, row, now, by))
    return Moved(row.number, row.due, now.due)


def refresh(
    office: Office,
    *,
    by: str | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> list[Moved]:
    """Works every due date out anew and gives those that moved, in one transaction.

    Raises:
        Refused: a history cannot be read, or a day lies outside every known year; nothing is written.
    """
    person = office.person(by)
    moved: list[Moved] = []
    with office.writing() as session:
        rows = list(registry.rows(session))
        owed = owing.by_application(session)
        for start in range(0, len(rows), ledger.KEYS_AT_ONCE):
            batch = rows[start : start + ledger.KEYS_AT_ONCE]
            histories = ledger.histories_of(session, [row.id for row in batch])
            for row in batch:
                found = _refresh(
                    office, session, row, histories[row.id], owed.get(row.id, ()), person.key
                )
                moved += [found] if found else []
            progress(start + len(batch), len(rows))
        if not dry_run:
            session.commit()
    return moved
