"""Lists of applications, straight from their rows: nothing is replayed, nothing else is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from requestflow.domain.calendar import Calendar
from requestflow.domain.facts import check_text, near, term
from requestflow.domain.summary import DueNow, due_now
from requestflow.errors import Refused
from requestflow.services.office import Office
from requestflow.storage import ledger, registry
from requestflow.storage.database import Session
from requestflow.storage.registry import Filter, Registered


@dataclass(frozen=True, slots=True)
class Line:
    """One application of a list, with its due date as of today."""

    row: Registered
    now: DueNow


def line_of(office: Office, row: Registered, today: date, calendar: Calendar) -> Line:
    """A row with its due date, and its unit by the key that the settings have by now."""
    unit = row.summary.unit
    if unit is not None and unit not in office.settings.units:
        row = replace(row, summary=replace(row.summary, unit=office.settings.unit_key(unit)))
    return Line(row, due_now(row.summary, today, calendar))


def unit_in_rows(office: Office, session: Session, wanted: str) -> frozenset[str]:
    """Every text under which a unit stands in the rows: its key, and its name from before it had one.

    Raises:
        Refused: `unknown_unit`, `unit_never_named`: it is not declared, and no case is in its hands.
        WrongUsage: control characters.
    """
    check_text("unit", wanted)
    settings, recorded = office.settings, registry.units(session)
    key = settings.unit_key(wanted.strip())
    found = frozenset(one for one in recorded if settings.unit_key(one) == key)
    if found or key in settings.units:
        return found | {key}
    known = [*settings.units, *recorded]
    code = "unknown_unit" if settings.units else "unit_never_named"
    raise Refused(code, name=wanted, near=near(wanted, known) or known)


def _lines(office: Office, wanted: Filter) -> list[Line]:
    today = office.today()
    with office.reading() as session:
        if wanted.unit is not None:
            wanted = replace(wanted, units=unit_in_rows(office, session, wanted.unit))
        rows = registry.select(session, wanted)
        calendar = office.calendar_of_copies(session)
    return [line_of(office, row, today, calendar) for row in rows]


def _worked_out_anew(office: Office, session: Session, rows: Sequence[Registered]) -> list[Registered]:
    """The rows as their histories give them under the calendar in force, in order of the due date."""
    from requestflow.services.casework import copy_of, replayed

    histories = ledger.histories_of(session, [row.id for row in rows])
    cases = [(row, replayed(office, row.summary.number, histories[row.id])) for row in rows]
    found = [replace(row, summary=copy_of(office, case).summary) for row, case in cases]
    return sorted(found, key=lambda row: (row.summary.due, row.summary.number))


def _overdue(office: Office, wanted: Filter, today: date) -> list[Line]:
    """What is overdue: by the dates on file, or where those go by another calendar, by the histories.

    A date on file that is too late would hide its case from the statement that selects by it.
    """
    with office.reading() as session:
        calendar = office.calendar_of_copies(session)
        due_by = None if office.copies_outdated else today
        rows = registry.select(session, replace(wanted, owed=True, due_by=due_by, limit=None))
        if office.copies_outdated:
            rows = _worked_out_anew(office, session, rows)
    lines = [Line(row, due_now(row.summary, today, calendar)) for row in rows]
    return [line for line in lines if line.now.overdue][: wanted.limit]


def listed(office: Office, wanted: Filter, *, overdue: bool = False) -> list[Line]:
    """Applications that fit, oldest first.

    Raises:
        Refused: an unknown state, outcome, kind or unit, with the known ones.
    """
    workflow = office.workflow
    wanted = replace(
        wanted,
        state=wanted.state and term("unknown_state", wanted.state, workflow.states),
        outcome=wanted.outcome and term("unknown_outcome", wanted.outcome, workflow.outcomes),
        kind=wanted.kind and term("unknown_kind", wanted.kind, office.kinds),
    )
    return _overdue(office, wanted, office.today()) if overdue else _lines(office, wanted)


def open_steps(office: Office, lines: Sequence[Line]) -> dict[str, list[str]]:
    """What can be done next with each application of a list, by number; asked of its history."""
    from requestflow.domain.evaluation import openings
    from requestflow.services.casework import replayed

    keys = {line.row.id: line.row.summary.number for line in lines}
    with office.reading() as session:
        histories = ledger.histories_of(session, list(keys))
    found = {}
    for key, history in histories.items():
        case = replayed(office, keys[key], history)
        steps = openings(case, office.today(), office.engine, office.roles)
        found[keys[key]] = [step.act.name for step in steps if step.refused is None]
    return found


def open_only(office: Office, wanted: Filter) -> Filter:
    """The same list, of open cases alone."""
    return replace(wanted, states=office.workflow.open_states())
