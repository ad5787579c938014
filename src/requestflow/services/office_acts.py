"""Acts of the office itself, appended to its chain: a dispute, the close of a year, another office."""

from collections.abc import Mapping
from datetime import date

from requestflow.config import Person
from requestflow.domain.entries import Entry
from requestflow.errors import Refused
from requestflow.services.office import Office
from requestflow.storage import ledger
from requestflow.storage.database import Session

ENTERED_BY = "entered_by"  # at whose desk an act was entered that another one answers for


def entered_by(office: Office, by: str | None, person: Person) -> dict[str, str]:
    """The fact that nobody named who does an act, where the default person is not who may: else none."""
    own = office.person(None).key
    return {ENTERED_BY: own} if by is None and person.key != own else {}


def record(
    office: Office, session: Session, transition: str, person: Person, *, on: date,
    data: Mapping[str, object], personal: Mapping[str, str] | None = None,
) -> Entry:  # fmt: skip
    """Appends an act of the office to its chain; facts without a value are left out.

    `personal` is what may name people: it stands apart from the chain, and can be removed.
    """
    entry = Entry(
        number=ledger.count_acts(session) + 1,
        transition=transition,
        on=on,
        recorded_at=office.clock.now(),
        by=person.key,
        from_state=None,
        to_state="",
        data={name: value for name, value in data.items() if value is not None},
        personal=personal or {},
        rules=office.workflow.stamp,
    )
    ledger.append_act(session, entry)
    return entry


def acting(office: Office, by: str | None, roles: tuple[str, ...] | None, code: str) -> Person:
    """Who does an act that the workflow file gives to some roles (None: to anybody).

    Where nobody is named and the default person may not, it is the one person of the office who may;
    `entered_by` then tells for the record at whose desk it was entered.

    Raises:
        Refused: `code`, with the roles that may.
        WrongUsage: `unknown_person`.
    """
    person = office.person(by)
    if roles is None or person.role in roles:
        return person
    holders = [one for one in office.settings.people.values() if one.role in roles]
    if by is None and len(holders) == 1:
        return holders[0]
    words = [office.workflow.roles[name] for name in roles]
    raise Refused(code, by=person.key, roles=words)
