"""Registering an application: entry 1 of its history, with a number of its year's series."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from requestflow.domain.applications import PERSONAL
from requestflow.domain.case import Case, replay
from requestflow.domain.entries import Entry
from requestflow.domain.facts import check_text, term
from requestflow.domain.workflow import REGISTER
from requestflow.errors import Finding, Refused, WrongUsage
from requestflow.services import year_lock
from requestflow.services.casework import copy_of
from requestflow.services.office import Office
from requestflow.storage import ledger, registry, series
from requestflow.storage.database import Session
from requestflow.storage.ledger import Addition


@dataclass(frozen=True, slots=True)
class Registration:
    """What the clerk enters, art. 29: who, how and when it came, what is asked for.

    An old register may not say by which `channel`: empty, and a letter that tells of it lacks it.
    """

    kind: str
    channel: str
    received: date
    subject: str
    personal: Mapping[str, str]
    submitted: date | None = None
    form: str | None = None
    number: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """The new case, and what is worth a word."""

    case: Case
    warnings: list[Finding] = field(default_factory=list)


def _check(office: Office, wanted: Registration) -> None:
    today = office.today()
    if wanted.received > today:
        raise Refused("received_in_future", received=wanted.received, today=today)
    if wanted.submitted and wanted.submitted > wanted.received:
        raise Refused("submitted_after_receipt", submitted=wanted.submitted,
                      received=wanted.received)  # fmt: skip
    for name, text in (
        ("subject", wanted.subject),
        ("form", wanted.form or ""),
        *wanted.personal.items(),
    ):
        check_text(name, text)
    if not wanted.subject.strip():
        raise Refused("subject_missing")
    if not wanted.personal.get("name", "").strip():
        raise Refused("name_missing")
    if wanted.number is not None and not office.pattern.allows(wanted.number):
        raise WrongUsage("bad_number", number=wanted.number)


def receipt_gap(office: Office, submitted: date | None, received: date, where: str) -> Iterator[Finding]:
    """A warning where submission and receipt lie more than one working day apart [reading]."""
    if submitted is not None and office.calendar.between(submitted, received) > 1:
        facts = {"submitted": submitted, "received": received}
        yield Finding("receipt_gap", where, facts, warning=True)


def _number(office: Office, session: Session, wanted: Registration) -> str:
    """The next number of the year of receipt; or the one asked for, which the series then follows."""
    year = wanted.received.year
    pattern = office.pattern
    last = series.last(session, series.APPLICATIONS, year)
    if wanted.number is None:
        number = pattern.show(year, last + 1)
        while registry.known_numbers(session, [number]):
            last += 1
            number = pattern.show(year, last + 1)
        series.advance(session, series.APPLICATIONS, year, last + 1)
        return number
    if registry.known_numbers(session, [wanted.number, pattern.canonical(wanted.number)]):
        raise Refused("number_taken", number=wanted.number)
    if not pattern.of_year(wanted.number, year):
        raise Refused("number_of_another_year", number=wanted.number, year=year)
    read = pattern.read(wanted.number)
    if read is not None:
        series.advance(session, series.APPLICATIONS, year, read[1])
    return wanted.number


def _leap(office: Office, session: Session, wanted: Registration) -> Iterator[Finding]:
    """A warning where a number that is asked for leaves out others, which the series will not give."""
    read = office.pattern.read(wanted.number) if wanted.number else None
    last = series.last(session, series.APPLICATIONS, wanted.received.year)
    if wanted.number and read is not None and read[1] > last + 1:
        following = office.pattern.show(wanted.received.year, last + 1)
        facts = {"number": wanted.number, "following": following, "count": read[1] - last - 1}
        yield Finding("number_leaps", wanted.number, facts, warning=True)


def _name(wanted: Registration) -> str:
    return wanted.personal.get("name", "").strip()


def registration_entry(office: Office, wanted: Registration, by: str) -> Entry:
    """Entry 1: the receipt date is its legal day, art. 31."""
    facts = {
        "kind": wanted.kind,
        "channel": wanted.channel or None,
        "subject": wanted.subject.strip(),
        "submitted": wanted.submitted.isoformat() if wanted.submitted else None,
        "form": wanted.form,
    }
    return Entry(
        number=1,
        transition=REGISTER,
        on=wanted.received,
        recorded_at=office.clock.now(),
        by=by,
        from_state=None,
        to_state=office.workflow.initial,
        data={name: value for name, value in facts.items() if value is not None},
        personal={n: v.strip() for n, v in wanted.personal.items() if n in PERSONAL and v.strip()},
        rules=office.workflow.stamp,
    )


def register(office: Office, wanted: Registration) -> Registered:
    """Registers an application and gives it its number, in one transaction.

    Raises:
        Refused: unknown codes, a day in the future, a number that is taken; nothing is written.
        WrongUsage: texts that no register should hold.
    """
    wanted = replace(
        wanted,
        kind=term("unknown_kind", wanted.kind, office.kinds),
        channel=term("unknown_channel", wanted.channel, office.workflow.channels),
    )
    _check(office, wanted)
    person = office.person(wanted.by)
    entry = registration_entry(office, wanted, person.key)
    gap = list(receipt_gap(office, wanted.submitted, wanted.received, ""))
    with office.writing() as session:
        day = wanted.received
        same = registry.alike(session, day, day).get((day, wanted.subject.strip(), _name(wanted)))
        leap = list(_leap(office, session, wanted))
        number = _number(office, session, wanted)
        case = replay(number, [entry], office.rules)
        year_lock.guard(session, None, case, entry)
        keys = registry.insert(session, [copy_of(office, case)])
        ledger.append(session, [Addition(keys[number], number, entry)])
        session.commit()
    twice = [Finding("registered_before", number, {"number": same}, warning=True)] if same else []
    return Registered(case, [*(replace(finding, where=number) for finding in gap), *leap, *twice])
