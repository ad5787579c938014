"""Processing fees taken in a year (109号), from the histories: reported in section six (30号)."""

from dataclasses import dataclass

from requestflow.domain.entries import effective
from requestflow.domain.tables import Period
from requestflow.services.office import Office
from requestflow.storage import ledger, profiles

PAYMENT = "receive_payment"


@dataclass(frozen=True, slots=True)
class FeeIncome:
    """What was paid in a period, in yuan, and for how many applications."""

    yuan: int
    cases: int


def fee_income(office: Office, period: Period) -> FeeIncome:
    """What was paid on days of the period, corrections applied, void cases left out."""
    yuan = cases = 0
    with office.reading() as session:
        keys = profiles.keys_with(session, PAYMENT)
        for history in ledger.histories_of(session, keys).values():
            paid = [
                entry.count("amount") or 0
                for entry in effective(history)
                if entry.transition == PAYMENT and period.first <= entry.on <= period.last
            ]
            yuan += sum(paid)
            cases += bool(paid)
    return FeeIncome(yuan, cases)
