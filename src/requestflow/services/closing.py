"""The year's end: what stands in its way, the close, and opening a closed year again.

A close counts the year, refuses while something does not fit, freezes both tables with what stands
behind each figure, carries the open cases over, and locks the year: one transaction.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from requestflow.config import Person
from requestflow.domain import dispute_rules, years
from requestflow.domain.answer_times import Answer, answer_time
from requestflow.domain.case import Case
from requestflow.domain.entries import canonical
from requestflow.domain.evaluation import evaluate
from requestflow.domain.facts import checked_reason
from requestflow.domain.guards import Proposal
from requestflow.domain.identities import check
from requestflow.domain.numbering import left_out
from requestflow.domain.obligations import LATE_REASON
from requestflow.domain.tables import AnnualTable
from requestflow.domain.workflow import IMPORT, Transition
from requestflow.domain.years import CARRY_OVER, Change, Counted, whole
from requestflow.errors import Finding, FoundProblems, NotFound, Refused
from requestflow.services import casework, disputed, handing_in, office_acts, year_table
from requestflow.services.office import Behind, Office
from requestflow.services.recalculation import bring_along
from requestflow.services.year_rows import contradicted
from requestflow.storage import dispute_store, figures, ledger, registry, series, year_store
from requestflow.storage.database import Session
from requestflow.storage.year_store import Version

_NAMED = 20  # gaps of a series that are named


@dataclass(frozen=True, slots=True)
class YearStatus:
    """A year before its close, or after: how it stands, what is in the way, and its earlier closes."""

    year: int
    over: bool
    versions: list[Version]
    obstacles: list[Finding]
    notes: list[Finding]
    carried_in: int
    carried_out: int
    changes: dict[int, list[Change]] = field(default_factory=dict)  # by close: against the one before
    published: dict[str, date] = field(default_factory=dict)  # by the yearly duty: when it was met

    @property
    def closed(self) -> bool:
        """Whether the year is closed now."""
        return any(version.in_force for version in self.versions)


@dataclass(frozen=True, slots=True)
class Closed:
    """A close that was made: its version, what it carried over, and what differs from the last one."""

    year: int
    version: int
    digest: str
    table: AnnualTable
    carried_out: list[str]
    entries: int
    changes: list[Change] = field(default_factory=list)


def _table(office: Office, year: int, counted: Counted) -> AnnualTable:
    """A counting in the form of its year."""
    layout = office.form_for(year)
    return AnnualTable(
        office.name, year, layout, counted.tables[layout.code], counted.table4, whole(year).last
    )


def _identities(office: Office, session: Session, table: AnnualTable) -> Iterator[Finding]:
    """Identities 1 to 5 that fail; identity 4 against the last year, where that is closed."""
    before = year_table.last_years(office, session, table.year, table.form)
    return year_table.broken_identities(table, check(table, before))


def _carry_over(session: Session, year: int, counted: Counted) -> Iterator[Finding]:
    """Carried in is counted by itself, and held case by case against what last year carried out."""
    last = year_store.in_force(session, year - 1)
    if last is None:
        return
    out, into = year_table.frozen_counting(last).carried_out(), counted.carried_in()
    for number in sorted(out - into):
        yield Finding("not_carried_in", number, {"year": year, "last": year - 1})
    for number in sorted(into - out):
        yield Finding("not_carried_out", number, {"year": year, "last": year - 1})


def _disputes(office: Office, session: Session) -> Iterator[Finding]:
    """Disputes that do not fit with their application, or with one another."""
    known = {one.number: one for one in dispute_store.every(session)}
    for one in known.values():
        try:
            answer = disputed.answer_of(office, session, one)
        except (NotFound, Refused) as error:
            yield Finding(error.code, one.number, error.facts)
            continue
        for fault in dispute_rules.faults(one, answer, known, office.today()):
            yield Finding(fault.code, one.number, fault.facts)


def _late(office: Office, session: Session, year: int) -> Iterator[Finding]:
    """Late answers without a reason, where the workflow has a fact for it; imported rows have none.

    Judged on the year's last day: a case answered in time, opened again since and answered late then, is
    the later year's.
    """
    acts = [act for act in office.workflow.transitions.values() if LATE_REASON in act.facts]
    late = figures.late_answers(session, whole(year)) if acts else {}
    for key, history in ledger.histories_of(session, list(late)).items():
        stood = answer_time(history, whole(year).last, office.rules)
        if stood is not None and stood.answer in (Answer.ON_TIME, Answer.ENDED):
            continue
        imported = any(entry.transition == IMPORT for entry in history)
        case = casework.replayed(office, late[key], history)
        said = any(entry.text(LATE_REASON) for entry in case.standing.entries)
        if not said and not imported:
            yield Finding("late_without_reason", late[key], {"fact": LATE_REASON})


def _unrefreshed(office: Office, session: Session, year: int) -> Iterator[Finding]:
    """Rows that go by another calendar or other rules: figures and lateness are read from them."""
    if office.behind(session) is not Behind.NOTHING:
        yield Finding("year_not_refreshed", str(year), {})


def _provisional(office: Office, year: int) -> Iterator[Finding]:
    """A year whose days off are not published: what was late in it is not known for certain."""
    known = office.calendar.years.get(year)
    if known is not None and not known.published:
        yield Finding("year_provisional", str(year), {"year": year})


def _before_records(office: Office, session: Session, year: int) -> Iterator[Finding]:
    """A year before everything on record, and not the one just over, whose zeros the next carries in."""
    received = registry.first_received(session)
    days = [one.filed for one in dispute_store.every(session)] + ([received] if received else [])
    first = min([office.today().year - 1, *(day.year for day in days)])
    if year < first:
        yield Finding("year_before_records", str(year), {"year": year, "first": first})


def obstacles(office: Office, session: Session, year: int, counted: Counted) -> list[Finding]:
    """Everything that keeps a year from being closed, each with its place."""
    return [
        *contradicted(office, session, year),
        *_identities(office, session, _table(office, year, counted)),
        *_carry_over(session, year, counted),
        *_disputes(office, session),
        *_late(office, session, year),
        *_unrefreshed(office, session, year),
        *_provisional(office, year),
        *_before_records(office, session, year),
    ]


def _notes(office: Office, session: Session, year: int) -> Iterator[Finding]:
    """What is worth a look and keeps nobody from closing: numbers left out, the last year still open."""
    taken = registry.numbers_of(session, whole(year))
    serials = {read[1] for number in taken if (read := office.pattern.read(number))}
    gaps = left_out(serials, series.last(session, series.APPLICATIONS, year))
    if gaps:
        spans = [{office.pattern.show(year, serial): None for serial in gap} for gap in gaps[:_NAMED]]
        facts = {
            "count": sum(last - first + 1 for first, last in gaps),
            "numbers": ["–".join(span) for span in spans] + ["…"] * (len(gaps) > _NAMED),
        }
        yield Finding("numbers_left_out", str(year), facts, warning=True)
    if registry.numbers_of(session, whole(year - 1)) and not year_store.in_force(session, year - 1):
        yield Finding("last_year_open", str(year), {"last": year - 1}, warning=True)


def _over(office: Office, year: int) -> bool:
    return year < office.today().year


def status(office: Office, year: int) -> YearStatus:
    """How a year stands: closed or open, what is in the way of its close, and its closes so far.

    Raises:
        Refused: the year has not begun.
    """
    if year > office.today().year:
        raise Refused("year_in_future", year=year, today=office.today())
    with office.reading() as session:
        counted = year_table.counted_year(office, session, year)
        return YearStatus(
            year=year,
            over=_over(office, year),
            versions=year_store.versions(session, year),
            obstacles=obstacles(office, session, year, counted),
            notes=list(_notes(office, session, year)),
            carried_in=len(counted.carried_in()),
            carried_out=len(counted.carried_out()),
            changes=_between(office, session, year),
            published={
                duty: on for (of, duty), on in handing_in.days_met(session).items() if of == year
            },
        )


def _between(office: Office, session: Session, year: int) -> dict[int, list[Change]]:
    """What each later close of a year changed, figure by figure."""
    closes = year_store.versions(session, year)
    form = office.form_for(year)
    read = [year_table.frozen_counting(one) for one in closes]
    return {
        close.version: years.figures_changed(before, after, form, office.workflow)
        for close, before, after in zip(closes[1:], read, read[1:], strict=False)
    }


def frozen_text(office: Office, year: int, counted: Counted) -> str:
    """What a close freezes, as the one JSON text that its digest is taken of."""
    return canonical({"office": office.name, "year": year, "form": office.form_for(year).code,
                      **years.document(counted)})  # fmt: skip


def _carried_already(case: Case, year: int) -> bool:
    return any(entry.count("year") == year for entry in case.standing.made(CARRY_OVER))


def _carry(
    office: Office, session: Session, number: str, *, act: Transition, year: int, by: str
) -> bool:
    """Writes the carry-over into one case, dated 31 December; not twice for one year.

    A case that was open on that day and has been answered since is carried over too, in the frozen
    figures; its history has gone on and takes no entry.
    """
    key, case = casework.load(office, session, number)
    if case.standing.state not in act.sources or _carried_already(case, year + 1):
        return False
    proposal = Proposal(
        act.name, date(year, 12, 31), by=by, role=act.by[0], today=office.today(),
        data={"year": year + 1},
    )  # fmt: skip
    case = bring_along(office, session, key, case, by)
    answer = evaluate(case, proposal, office.engine, office.clock.now())
    if isinstance(answer, Refused):
        raise answer
    casework.write(office, session, key, case, answer.entry)
    return True


def _version(office: Office, session: Session, year: int) -> tuple[int, Version | None]:
    """The number of the next version, and the last one there was."""
    past = year_store.versions(session, year)
    if past and past[-1].in_force:
        raise Refused("year_closed_already", year=year, by=past[-1].closed_by,
                      at=past[-1].closed_at.astimezone(office.settings.zone).date())  # fmt: skip
    return len(past) + 1, past[-1] if past else None


def _freeze(
    office: Office, session: Session, year: int, counted: Counted, person: Person
) -> tuple[Version, list[Change]]:
    """Writes the frozen tables and the office's entry on them."""
    number, past = _version(office, session, year)
    layout = office.form_for(year)
    before = year_table.frozen_counting(past) if past else None
    changes = years.figures_changed(before, counted, layout, office.workflow) if before else []
    text = frozen_text(office, year, counted)
    data = {
        "year": year,
        "version": number,
        "digest": years.frozen_digest(text),
        "form": layout.code,
        "carried_out": len(counted.carried_out()),
        "changes": [_change(one) for one in changes] or None,
    }
    entry = office_acts.record(office, session, years.CLOSE_YEAR, person, on=office.today(), data=data)
    version = Version(
        year=year, version=number, closed_at=entry.recorded_at, closed_by=person.key,
        reopened_at=None, reopened_by=None, reason=None, digest=str(data["digest"]), text=text,
    )  # fmt: skip
    year_store.add(session, version)
    return version, changes


def _change(change: Change) -> dict[str, object]:
    return {"row": change.row, "column": change.column, "before": change.before,
            "after": change.after, "came": list(change.came), "went": list(change.went)}  # fmt: skip


def close_year(office: Office, year: int, by: str | None = None) -> Closed:
    """Closes a report year: checks, freezes, carries over, locks, in one transaction.

    Raises:
        Refused: the year is not over, is closed already, or the person may not.
        FoundProblems: `year_not_ready`, with everything that is in the way; nothing is written.
    """
    person = office_acts.acting(office, by, office.workflow.year.close_by, "close_needs_role")
    if not _over(office, year):
        raise Refused("year_not_over", year=year, today=office.today())
    with office.writing() as session:
        _version(office, session, year)
        counted = year_table.counted_year(office, session, year)
        wrong = obstacles(office, session, year, counted)
        if wrong:
            raise FoundProblems("year_not_ready", wrong, year=year, count=len(wrong))
        act = office.workflow.transitions.get(CARRY_OVER)
        out = sorted(counted.carried_out())
        written = sum(
            _carry(office, session, number, act=act, year=year, by=person.key)
            for number in out
            if act is not None
        )
        version, changes = _freeze(office, session, year, counted, person)
        session.commit()
    table = replace(_table(office, year, counted), status="closed")
    return Closed(year, version.version, version.digest, table, out, written, changes)


def reopen_year(office: Office, year: int, reason: str, by: str | None = None) -> Version:
    """Opens a closed year again; what was frozen stays as a version of its own.

    Raises:
        Refused: it is not closed, or the person may not.
    """
    person = office_acts.acting(office, by, office.workflow.year.reopen_by, "reopen_needs_role")
    reason = checked_reason(reason)
    with office.writing() as session:
        version = year_store.in_force(session, year)
        if version is None:
            raise Refused("year_not_closed", year=year)
        data = {"year": year, "version": version.version, "reason": reason}
        data |= office_acts.entered_by(office, by, person)
        entry = office_acts.record(
            office, session, years.REOPEN_YEAR, person, on=office.today(), data=data
        )
        year_store.reopen(session, version, at=entry.recorded_at, by=person.key, reason=reason)
        session.commit()
    return replace(version, reopened_at=entry.recorded_at, reopened_by=person.key, reason=reason)
