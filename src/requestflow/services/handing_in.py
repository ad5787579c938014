"""`year published`: that the annual report of a year is out, or its total handed in, and since when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from requestflow.domain.facts import checked_reason, near
from requestflow.domain.handed_in import HAND_IN, OF_REPORTS, TAKE_BACK, handed_in
from requestflow.domain.workflow import YearlyDuty
from requestflow.errors import Finding, Refused
from requestflow.services import office_acts
from requestflow.services.office import Office
from requestflow.storage import ledger
from requestflow.storage.database import Session


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was recorded: the day (None: taken back); `again` where it stood so before."""

    year: int
    duty: YearlyDuty
    on: date | None
    again: bool = False
    warnings: list[Finding] = field(default_factory=list)


def days_met(session: Session) -> dict[tuple[int, str], date]:
    """The day on which each yearly duty was met, by year and name."""
    return handed_in(ledger.office_acts(session, OF_REPORTS))


def due_on(office: Office, session: Session, duty: YearlyDuty, year: int) -> date | None:
    """The day by which a duty of a report year is to be met, 30号; None where the office owes none."""
    day = duty.days.get(office.level(session))
    return date(year + 1, *day) if day else None


def _duty(office: Office, session: Session, name: str | None) -> YearlyDuty:
    level = office.level(session)
    owed = {one.name: one for one in office.workflow.yearly.values() if level in one.days}
    wanted = name or next(iter(owed), "")
    if wanted not in owed:
        raise Refused("unknown_yearly_duty", name=wanted, near=near(wanted, owed) or list(owed))
    return owed[wanted]


def _check_day(office: Office, year: int, on: date) -> None:
    if on > office.today():
        raise Refused("published_in_future", on=on, today=office.today())
    if on.year <= year:
        raise Refused("published_too_early", on=on, year=year)


def _late(office: Office, session: Session, duty: YearlyDuty, year: int, on: date) -> Iterator[Finding]:
    due = due_on(office, session, duty, year)
    if due is not None and on > due:
        facts = {"duty": duty.words, "due": due, "on": on, "basis": duty.basis}
        yield Finding("published_late", str(year), facts, warning=True)


def hand_in(
    office: Office, year: int, *, on: date | None, duty: str | None, reason: str | None, by: str | None
) -> HandedIn:
    """Records the day on which a report was published or a total handed in; once, however often asked.

    Raises:
        Refused: a day to come, or of the report year itself; another day than was recorded, without a
            reason; a duty that the office does not have.
    """
    person, day = office.person(by), on or office.today()
    _check_day(office, year, day)
    with office.writing() as session:
        owed = _duty(office, session, duty)
        before = days_met(session).get((year, owed.name))
        late = list(_late(office, session, owed, year, day))
        if before == day:
            return HandedIn(year, owed, day, again=True, warnings=late)
        if before is not None and reason is None:
            raise Refused("published_already", duty=owed.words, year=year, on=before)
        data = {"year": year, "duty": owed.name, "reason": checked_reason(reason) if reason else None}
        office_acts.record(office, session, HAND_IN, person, on=day, data=data)
        session.commit()
    return HandedIn(year, owed, day, warnings=late)


def take_back(office: Office, year: int, *, duty: str | None, reason: str, by: str | None) -> HandedIn:
    """Takes back what was recorded by mistake: the duty is owed again, and the entry stays.

    Raises:
        Refused: nothing is recorded.
        WrongUsage: no reason.
    """
    person, reason = office.person(by), checked_reason(reason)
    with office.writing() as session:
        owed = _duty(office, session, duty)
        if (year, owed.name) not in days_met(session):
            raise Refused("published_never", duty=owed.words, year=year)
        data = {"year": year, "duty": owed.name, "reason": reason}
        office_acts.record(office, session, TAKE_BACK, person, on=office.today(), data=data)
        session.commit()
    return HandedIn(year, owed, None)
