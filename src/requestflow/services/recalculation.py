"""`calendar refresh`: cases brought to what the calendar and the switches in force now say of them.

`upgrade` does the same with what another version of the program has worked out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date

from requestflow.domain.case import Case
from requestflow.domain.entries import Entry
from requestflow.domain.summary import Owed, Summary
from requestflow.domain.workflow import RECALCULATE
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.services.progress import Progress
from requestflow.storage import ledger, owing, registry
from requestflow.storage.database import Session
from requestflow.storage.ledger import Addition
from requestflow.storage.registry import Copy, Registered

OF_THE_CLOCK = ("due", "due_on", "waits", "waits_until", "late")
# what entries say word for word: no version of the program reads it in another way
_WORD_FOR_WORD = frozenset({
    "number", "received", "submitted", "kind", "channel", "subject", "state", "outcome", "void",
    "entries", "unit", "unit_due", "unit_signed",
})  # fmt: skip
WORKED_OUT = tuple(one.name for one in fields(Summary) if one.name not in _WORD_FOR_WORD)


@dataclass(frozen=True, slots=True)
class Moved:
    """A case whose due date is another one under the rules in force now, and the calendar it goes by."""

    number: str
    due_from: date
    due_to: date
    provisional: bool
    calendar: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh comes to: the cases whose due date moved, and those whose date became final.

    A case that an act has brought along since the calendar changed is among the moved ones.
    """

    moved: list[Moved]
    settled: list[Moved]


@dataclass(slots=True)
class _Work:
    """What a batch of cases comes to: entries and copies to write, and what is to be told.

    `columns` are those that may be another one than before; a row that differs in others stays.
    """

    by: str
    columns: Collection[str]
    additions: list[Addition] = field(default_factory=list)
    copies: dict[int, Copy] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)


def _calendar(office: Office, since: date, until: date) -> str:
    """The calendar that a date goes by: its years' notices, and the office's own days on the way."""
    years = [office.calendar.years[year] for year in range(since.year, until.year + 1)]
    named = [f"{year.year}: {'、'.join(year.notices) or '—'}" for year in years]
    own = [
        f"{day.isoformat()} {name}"
        for day, name in sorted(office.calendar.own_days_off.items())
        if since < day <= until
    ]
    return "; ".join([*named, *own])


def _entry(office: Office, case: Case, moved: Moved, by: str) -> Entry:
    """The history says that the day has moved, from what to what, and by which calendar."""
    return Entry(
        number=len(case.history) + 1,
        transition=RECALCULATE,
        on=office.today(),
        recorded_at=office.clock.now(),
        by=by,
        from_state=case.standing.state,
        to_state=case.standing.state,
        data={
            "due_from": moved.due_from.isoformat(),
            "due_to": moved.due_to.isoformat(),
            "calendar": moved.calendar,
        },
        rules=office.workflow.stamp,
    )


def _differs_elsewhere(row: Summary, now: Summary, columns: Collection[str]) -> bool:
    """Whether a row differs in what nothing moves: `verify`'s to name, nobody's to overwrite."""
    kept = {name: getattr(row, name) for name in columns}
    return replace(now, **kept) != row


def bring_along(office: Office, session: Session, key: int, case: Case, by: str) -> Case:
    """The case by the calendar in force, before an act on it: a due date that has moved is an entry.

    Without it the act would take the row along with its new date, and nothing would say that it moved.
    """
    if not office.goes_by_another_calendar(session):
        return case
    number = case.application.number
    recalculate(office, session, [registry.find(session, number)], by=by)
    return casework.replayed(office, number, ledger.history(session, key))


def _since_the_change(office: Office, session: Session) -> dict[str, Moved]:
    """The cases that acts have brought along since the calendar changed, first day to last."""
    found: dict[str, Moved] = {}
    kept = session.calendar
    if kept is None or kept.published_until is None or not office.goes_by_another_calendar(session):
        return found
    for number, entry in ledger.entries_after(session, kept.entries, RECALCULATE):
        first, last = entry.day("due_from"), entry.day("due_to")
        if first and last:
            since = found[number].due_from if number in found else first
            calendar = entry.text("calendar") or ""
            found[number] = Moved(number, since, last, office.calendar.is_provisional(last), calendar)
    return found


def _settled(
    office: Office, session: Session, rows: Sequence[Registered], moved: Collection[str]
) -> list[Moved]:
    """Open cases whose day did not move, and is provisional no longer."""
    kept = session.calendar
    if kept is None or kept.published_until is None or not office.goes_by_another_calendar(session):
        return []
    calendar = office.calendar
    return [
        Moved(row.number, row.due, row.due, provisional=False,
              calendar=_calendar(office, row.received, row.due))
        for row in (found.summary for found in rows)
        if row.number not in moved
        and not row.ended
        and not row.void
        and row.due > kept.published_until
        and not calendar.is_provisional(row.due)
    ]  # fmt: skip


def _refresh(
    office: Office,
    found: Registered,
    history: list[Entry],
    owed: Sequence[Owed],
    work: _Work,
) -> None:
    """Works one case out anew; a due date that moves is an entry of the history."""
    row = found.summary
    case = casework.replayed(office, row.number, history)
    copy = casework.copy_of(office, case)
    now = copy.summary
    same = now == row and sorted(copy.owed, key=repr) == sorted(owed, key=repr)
    if same or _differs_elsewhere(row, now, work.columns):
        return
    if now.due != row.due:
        since = case.standing.clock.anchor if case.standing.clock else row.received
        until = max(row.due, now.due)
        moved = Moved(row.number, row.due, now.due, office.calendar.is_provisional(now.due),
                      _calendar(office, min(since, until), until))  # fmt: skip
        entry = _entry(office, case, moved, work.by)
        work.additions.append(Addition(found.id, row.number, entry))
        work.moved.append(moved)
        copy = replace(copy, summary=replace(now, entries=now.entries + 1))
    work.copies[found.id] = copy


def _batch(office: Office, session: Session, rows: Sequence[Registered], work: _Work) -> None:
    """Reads, works out and writes some cases, each kind of row in one statement."""
    keys = [row.id for row in rows]
    histories = ledger.histories_of(session, keys)
    owed = owing.of(session, keys)
    for row in rows:
        _refresh(office, row, histories[row.id], owed.get(row.id, ()), work)
    if work.additions:
        ledger.append(session, work.additions)
    if work.copies:
        registry.bring_along(session, work.copies)


@dataclass(frozen=True, slots=True)
class Recalculated:
    """How many cases were written anew, and those of them whose due date moved."""

    written: int
    moved: list[Moved]


def recalculate(
    office: Office,
    session: Session,
    rows: Sequence[Registered],
    *,
    by: str,
    columns: Collection[str] = OF_THE_CLOCK,
    progress: Progress = lambda _done, _all: None,
) -> Recalculated:
    """Brings cases to what the rules in force say of them, in the caller's transaction.

    Args:
        office: whose.
        session: where.
        rows: the cases.
        by: who has it done: a due date that moves is an entry of the history.
        columns: what of a row may differ; a row that differs in anything else stays as it is.
        progress: told how far it has come.

    Raises:
        Refused: a history cannot be read, or a day lies outside every known year.
    """
    written: int = 0
    moved: list[Moved] = []
    for start in range(0, len(rows), ledger.KEYS_AT_ONCE):
        batch = rows[start : start + ledger.KEYS_AT_ONCE]
        work = _Work(by, columns)
        _batch(office, session, batch, work)
        written += len(work.copies)
        moved += work.moved
        progress(start + len(batch), len(rows))
    return Recalculated(written, moved)


def refresh(
    office: Office,
    *,
    by: str | None = None,
    dry_run: bool = False,
    everything: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Refreshed:
    """Works due dates out anew and gives those that moved or became final, in one transaction.

    Open cases, and what was due since the first day of last year: a notice reaches no further back.

    Args:
        office: whose.
        by: who has it done.
        dry_run: write nothing.
        everything: every case, however old: after a switch was changed.
        progress: told how far it has come.

    Raises:
        Refused: a history cannot be read, or a day lies outside every known year; nothing is written.
    """
    person = office.person(by)
    since = None if everything else date(office.today().year - 1, 1, 1)
    with office.writing() as session:
        rows = list(registry.rows(session, unfinished_or_due_from=since))
        before = _since_the_change(office, session)
        done = recalculate(office, session, rows, by=person.key, progress=progress)
        moved = before | {
            one.number: replace(one, due_from=before.get(one.number, one).due_from) for one in done.moved
        }
        settled = _settled(office, session, rows, moved)
        if not dry_run:
            office.keep_calendar(session)
            session.commit()
    return Refreshed([one for one in moved.values() if one.due_from != one.due_to], settled)
