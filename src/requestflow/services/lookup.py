"""One case as it stands: for `show` and `deadline`."""

from dataclasses import dataclass, replace

from requestflow.domain.case import Case
from requestflow.domain.deadline import Deadline
from requestflow.domain.evaluation import Opening, openings
from requestflow.domain.summary import Summary, summarize
from requestflow.services import casework
from requestflow.services.office import Office


@dataclass(frozen=True, slots=True)
class View:
    """A case with all that is worked out from it today."""

    case: Case
    summary: Summary
    deadline: Deadline
    openings: list[Opening]


def view(office: Office, case: Case) -> View:
    """Everything about a case as of today."""
    summary = summarize(case, office.rules)
    unit = summary.unit and office.settings.unit_key(summary.unit)
    return View(
        case=case,
        summary=replace(summary, unit=unit),
        deadline=case.deadline(office.today(), office.rules),
        openings=openings(case, office.today(), office.engine, office.roles),
    )


def show(office: Office, number: str) -> View:
    """Everything about an application as of today.

    Raises:
        NotFound: there is none of that number.
    """
    return view(office, casework.read(office, number))
