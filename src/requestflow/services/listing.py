"""Lists of applications, straight from their rows: nothing is replayed, nothing else is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from requestflow.domain.facts import term
from requestflow.domain.summary import DueNow, due_now
from requestflow.services.office import Office
from requestflow.services.worked_anew import rows_anew
from requestflow.storage import ledger, registry
from requestflow.storage.registry import Filter, Registered


@dataclass(frozen=True, slots=True)
class Line:
    """One application of a list, with its due date as of today."""

    row: Registered
    now: DueNow


def _lines(office: Office, wanted: Filter) -> list[Line]:
    today = office.today()
    with office.reading() as session:
        rows = registry.select(session, wanted)
        calendar = office.calendar_of_copies(session)
    return [Line(row, due_now(row.summary, today, calendar)) for row in rows]


def _overdue(office: Office, wanted: Filter, today: date) -> list[Line]:
    """What is overdue: by the dates on file, or where those are behind, by the histories.

    A date on file that is too late would hide its case from the statement that selects by it.
    """
    with office.reading() as session:
        calendar = office.calendar_of_copies(session)
        due_by = None if office.copies_outdated else today
        rows = registry.select(session, replace(wanted, owed=True, due_by=due_by, limit=None))
        if office.copies_outdated:
            rows = rows_anew(office, session, rows)
    lines = [Line(row, due_now(row.summary, today, calendar)) for row in rows]
    return [line for line in lines if line.now.overdue][: wanted.limit]


def listed(office: Office, wanted: Filter, *, overdue: bool = False) -> list[Line]:
    """Applications that fit, oldest first.

    Raises:
        Refused: an unknown state, outcome or kind, with the known ones.
    """
    workflow = office.workflow
    wanted = replace(
        wanted,
        state=wanted.state and term("unknown_state", wanted.state, workflow.states),
        outcome=wanted.outcome and term("unknown_outcome", wanted.outcome, workflow.outcomes),
        kind=wanted.kind and term("unknown_kind", wanted.kind, office.kinds),
        unit=wanted.unit and office.unit(wanted.unit),
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
