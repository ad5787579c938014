"""`assign`: a case handed to an undertaking unit, signed for by it, handed back with a reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from requestflow.domain.case import Case
from requestflow.domain.entries import Entry
from requestflow.domain.facts import check_text
from requestflow.domain.undertaking import Handover, assigned, doubts, handed_back, signed_for
from requestflow.domain.workflow import Workflow
from requestflow.errors import Finding, Refused, WrongUsage
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.services.recalculation import bring_along

Making = Callable[[Case, Handover, Workflow], Entry]


@dataclass(frozen=True, slots=True)
class Assigned:
    """The case after it changed hands, and what is worth a word."""

    case: Case
    warnings: list[Finding] = field(default_factory=list)


def _made(office: Office, number: str, make: Making, wish: Handover) -> Case:
    with office.writing() as session:
        key, case = casework.load(office, session, number)
        case = bring_along(office, session, key, case, wish.by)
        entry = make(case, wish, office.workflow)
        after = casework.write(office, session, key, case, entry)
        session.commit()
    return after


def _wish(office: Office, by: str | None, reason: str | None, **more: object) -> Handover:
    if reason is not None:
        check_text("reason", reason)
    person = office.person(by)
    unit, due = more.get("unit"), more.get("due")
    return Handover(
        on=office.today(),
        by=person.key,
        recorded_at=office.clock.now(),
        unit=unit if isinstance(unit, str) else None,
        due=due if isinstance(due, date) else None,
        reason=(reason or "").strip() or None,
    )


def assign(
    office: Office, number: str, unit: str, *, due: date | None, reason: str | None, by: str | None
) -> Assigned:
    """Hands a case to a unit, with a day of the office's own by which its part is to be done.

    Raises:
        NotFound: no such application.
        Refused: a unit that is not declared; a closed or void case; nothing is written.
    """
    wish = _wish(office, by, reason, unit=office.unit(unit), due=due)
    if due is not None:
        office.calendar.is_working_day(due)  # a day past every known calendar is refused
    try:
        after = _made(office, number, assigned, wish)
    except Refused as error:  # the domain knows a unit by its key alone
        known = office.settings.units.get(str(error.facts.get("unit")))
        if known is None:
            raise
        raise Refused(error.code, **{**error.facts, "unit": known.name}) from None
    answer = after.deadline(office.today(), office.rules).due
    name = after.application.number
    return Assigned(after, doubts(name, due, office.today(), answer, office.calendar))


def accept(office: Office, number: str, *, reason: str | None, by: str | None) -> Assigned:
    """Records that the unit has signed for a case.

    Raises:
        Refused: no unit has it, or it is signed for.
    """
    return Assigned(_made(office, number, signed_for, _wish(office, by, reason)))


def hand_back(office: Office, number: str, *, reason: str | None, by: str | None) -> Assigned:
    """Records that the unit gives a case back.

    Raises:
        WrongUsage: without a reason.
        Refused: no unit has it.
    """
    if not (reason or "").strip():
        raise WrongUsage("reason_missing")
    return Assigned(_made(office, number, handed_back, _wish(office, by, reason)))
