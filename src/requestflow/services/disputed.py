"""The answer that a dispute is about: since when there is one, or that it is owed and does not come."""

from datetime import date

from requestflow.domain.answer_times import Answer, answer_time
from requestflow.domain.case import Case
from requestflow.domain.dispute_rules import DisputedAnswer
from requestflow.domain.disputes import Dispute
from requestflow.domain.obligations import remedy_told
from requestflow.domain.standing import results
from requestflow.domain.workflow import Outcome, Remedy, Workflow
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.storage.database import Session


def _review_first(case: Case, filed: date, workflow: Workflow) -> Outcome | None:
    """The outcome there was on a day, if by its service, else by its decision, a review comes first."""
    entries = [entry for entry in case.standing.entries if entry.on <= filed]
    for entry in reversed(entries):
        act = workflow.act(entry.transition)
        serves = any(workflow.limits[name].remedies for name in (act.starts if act else ()))
        if serves or entry.text("outcome"):
            told = remedy_told(entries, entry, case.standing.letters, workflow)
            code = next((e.text("outcome") for e in reversed(entries) if e.text("outcome")), None)
            return workflow.outcomes.get(code or "") if told is Remedy.REVIEW_FIRST else None
    return None


def disputed_answer(office: Office, session: Session, number: str, filed: date) -> DisputedAnswer:
    """What a dispute that is filed on a day may be about.

    Raises:
        NotFound: no such application.
        Refused: `history_unreadable`.
    """
    _key, case = casework.load(office, session, number)
    answer = answer_time(case.history, filed, office.rules)
    return DisputedAnswer(
        number=case.application.number,
        void=case.standing.void,
        answered=min((one.on for one in results(case.standing, office.rules)), default=None),
        silent=answer is not None and answer.answer is Answer.OVERDUE,
        review_first=_review_first(case, filed, office.workflow),
    )


def answer_of(office: Office, session: Session, dispute: Dispute) -> DisputedAnswer | None:
    """The answer that a dispute is about; None where it names no application of the office.

    Raises:
        NotFound, Refused: no such application; a history that cannot be read.
    """
    number = dispute.application
    return disputed_answer(office, session, number, dispute.filed) if number else None
