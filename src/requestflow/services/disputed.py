"""The answer that a dispute is about: since when there is one, or that it is owed and does not come."""

from datetime import date

from requestflow.domain.answer_times import Answer, answer_time
from requestflow.domain.dispute_rules import DisputedAnswer
from requestflow.domain.disputes import Dispute
from requestflow.domain.standing import results
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.storage.database import Session


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
    )


def answer_of(office: Office, session: Session, dispute: Dispute) -> DisputedAnswer | None:
    """The answer that a dispute is about; None where it names no application of the office.

    Raises:
        NotFound, Refused: no such application; a history that cannot be read.
    """
    number = dispute.application
    return disputed_answer(office, session, number, dispute.filed) if number else None
