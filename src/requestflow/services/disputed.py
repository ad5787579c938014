"""The answer that a dispute is about: since when there is one, or that it is owed and does not come."""

from dataclasses import dataclass
from datetime import date

from requestflow.domain.answer_times import Answer, answer_time
from requestflow.domain.standing import results
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.storage.database import Session


@dataclass(frozen=True, slots=True)
class DisputedAnswer:
    """An application as a dispute finds it.

    `answered` is the day of its first result, whichever of several the annual table counts: what was
    disputed then stays so when the case is opened again. `silent` says that on the day of filing the
    answer was overdue, which may be disputed too (条例33, 51).
    """

    number: str
    void: bool
    answered: date | None
    silent: bool


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
