"""Processing fees taken in a year (109号), from the histories: reported in section six (30号)."""

from dataclasses import dataclass

from requestflow.domain.entries import effective
from requestflow.domain.payments import paying_steps, payments
from requestflow.domain.tables import Period
from requestflow.services.office import Office
from requestflow.storage import ledger, profiles


@dataclass(frozen=True, slots=True)
class FeeIncome:
    """What was paid in a period, in yuan, and for how many applications.

    `unknown` are the numbers of those of which no entry says how much was paid.
    """

    yuan: int
    cases: int
    unknown: tuple[str, ...] = ()


def fee_income(office: Office, period: Period) -> FeeIncome:
    """What was paid on days of the period, corrections applied, void cases left out."""
    yuan = cases = 0
    unknown: list[str] = []
    workflow = office.workflow
    with office.reading() as session:
        numbers = profiles.numbers_with(session, paying_steps(workflow))
        for key, history in ledger.histories_of(session, list(numbers)).items():
            made = list(payments(effective(history), workflow))
            paid = [one.yuan for one in made if period.first <= one.entry.on <= period.last]
            yuan += sum(one or 0 for one in paid)
            cases += bool(paid)
            unknown += [numbers[key]] if None in paid else []
    return FeeIncome(yuan, cases, tuple(sorted(unknown)))
