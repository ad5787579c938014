"""What is owed and by whom: every open obligation of every case, and the office's own yearly duties."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from requestflow.domain.calendar import Calendar
from requestflow.domain.deadline import Status
from requestflow.domain.obligations import due_within
from requestflow.domain.summary import RowClock, due_now
from requestflow.domain.workflow import UNIT_WORK, Basis, Grade, Limit, Words, YearlyDuty
from requestflow.services import handing_in
from requestflow.services.office import Office
from requestflow.storage import ledger, owing, year_store
from requestflow.storage.database import Session

OFFICE = "office"
UNIT = "unit"
UNIT_WORDS = Words("科室办理", "the unit's part")
OWN = Basis(
    "内部",
    Words("单位内部安排，不是法定期限", "set by the office itself, no limit of the law"),
    Grade.READING,
)


class Duty(NamedTuple):
    """Something that is owed: in a case, or by the office itself.

    A tuple and no dataclass, since there can be a hundred thousand of them.

    `number` is the application's, None for the office's own duties; `entry` is the entry that started
    it. `remaining` counts working days from today, and is negative when overdue. `owed_by` is
    `office`, `applicant`, `third_party`, `organ` or `unit`. While the answer clock `waits`, a day that
    moves with it moves on with every working day.
    """

    number: str | None
    kind: str
    words: Words
    entry: int | None
    due: date
    provisional: bool
    remaining: int
    owed_by: str
    if_needed: bool
    basis: Basis
    subject: str
    unit: str | None = None
    waits: bool = False


# the order in which duties are shown: by day, and what may not be needed after what is owed
_urgency = attrgetter("due", "if_needed", "number", "kind")


@dataclass(slots=True)
class _Reader:
    """Rows of open obligations as duties; what many of them share is worked out once."""

    office: Office
    by: date | None
    today: date
    calendar: Calendar
    days: dict[Any, tuple[date, bool, int]] = field(default_factory=dict)  # by the day as it is stored
    waiting: list[tuple[int, Limit, Sequence[Any]]] = field(default_factory=list)  # by the case's key

    def _left(self, stored: Any) -> tuple[date, bool, int]:
        """A day, whether it is provisional, and how many working days there are until then."""
        due, calendar = owing.day_of(stored), self.calendar
        found = due, calendar.is_provisional(due), calendar.between(self.today, due)
        self.days[stored] = found
        return found

    def read(self, rows: Iterable[Sequence[Any]]) -> Iterator[Duty]:
        """The duties whose day stands fast; those that move with the answer gather in `waiting`.

        A kind of rules that are no longer in force is `calendar refresh`'s to clear.
        """
        workflow, days, today = self.office.workflow, self.days, self.today
        limits, unit_key = workflow.limits, self.office.settings.unit_key
        for row in rows:
            kind, entry, stored, owed_by, number, subject, unit, key = row
            limit = limits.get(kind)
            if limit is None:
                continue
            if number.__class__ is not str or subject.__class__ is not str:
                owing.check_texts(number, subject)
            if key is not None and workflow.moves_with_answer(kind):
                self.waiting.append((key, limit, row))
                continue
            unit = unit and unit_key(unit)
            due, provisional, remaining = days.get(stored) or self._left(stored)
            if not limit.if_needed or due >= today:
                yield Duty(number, kind, limit.words, entry, due, provisional, remaining, owed_by,
                           limit.if_needed, limit.basis, subject, unit)  # fmt: skip

    def moving(self, clocks: Mapping[int, RowClock]) -> Iterator[Duty]:
        """The duties of cases whose clock waits, as far as they move with the answer."""
        for key, limit, row in self.waiting:
            now = due_now(clocks[key], self.today, self.calendar)
            day = due_within(limit, now.due, self.office.rules) if limit.within else now.due
            due, provisional, remaining = self.days.get(day) or self._left(day)
            near = self.by is None or due <= self.by
            if near and not (limit.if_needed and due < self.today):
                kind, entry, _, owed_by, number, subject, unit, _ = row
                unit = unit and self.office.settings.unit_key(unit)
                yield Duty(number, kind, limit.words, entry, due, provisional, remaining, owed_by,
                           limit.if_needed, limit.basis, subject, unit,
                           waits=now.status is Status.PAUSED)  # fmt: skip


def _of_cases(
    office: Office, session: Session, by: date | None, *, all_of_them: bool, sure: bool
) -> Iterator[Duty]:
    today = office.today()
    remedies_from = today if all_of_them else None
    rows = owing.select(session, by=by, remedies_from=remedies_from, sure=sure)
    reader = _Reader(office, by, today, office.calendar_of_copies(session))
    yield from reader.read(rows)
    yield from reader.moving(owing.clocks(session, sorted({key for key, *_ in reader.waiting})))


def _of_units(office: Office, session: Session, by: date | None) -> Iterator[Duty]:
    """What the undertaking units owe the office itself, by the days that it has set [reading]."""
    today, calendar = office.today(), office.calendar
    for work in owing.of_units(session, states=office.workflow.open_states(), by=by):
        yield Duty(
            number=work.number,
            kind=UNIT_WORK,
            words=UNIT_WORDS,
            entry=None,
            due=work.due,
            provisional=calendar.is_provisional(work.due),
            remaining=calendar.between(today, work.due),
            owed_by=UNIT,
            if_needed=False,
            basis=OWN,
            subject=work.subject,
            unit=office.settings.unit_key(work.unit),
        )


def _yearly(office: Office, session: Session) -> list[Duty]:
    """The annual report of each year, and a government's total of its district, 30号.

    Owed by an office that had an application by the year's end: from New Year until it is recorded as
    published, or the year is closed where that is enough for it. Of older years what fell due since the
    office keeps its register here; nobody could record what was due before, and nobody is asked for it.
    """
    today, begun = office.today(), ledger.begun_at(session)
    if begun is None:
        return []
    since = begun.astimezone(office.settings.zone).date()
    closed, met = year_store.closed_years(session), handing_in.days_met(session)
    found = []
    for year in range(min(since.year, today.year) - 1, today.year):
        if not owing.received_by(session, date(year, 12, 31)):
            continue
        for yearly in office.workflow.yearly.values():
            if year in closed and yearly.met_by_close:
                continue
            due = handing_in.due_on(office, session, yearly, year)
            asked = due is not None and (due >= since or year == today.year - 1)
            if due is not None and asked and (year, yearly.name) not in met:
                found.append(_of_year(office, yearly, year, due))
    return found


def _of_year(office: Office, yearly: YearlyDuty, year: int, due: date) -> Duty:
    calendar = office.calendar
    return Duty(None, yearly.name, yearly.words, None, due, calendar.is_provisional(due),
                calendar.between(office.today(), due), OFFICE, if_needed=False, basis=yearly.basis,
                subject=str(year))  # fmt: skip


def last_day_within(office: Office, within: int | None) -> date | None:
    """The last day that lies within so many working days from today; None where there is no bound."""
    if within is None:
        return None
    today, calendar = office.today(), office.calendar
    known = calendar.between(today, calendar.last_day)
    return calendar.after(today, within) if within <= known else None


def duties(
    office: Office,
    *,
    within: int | None = None,
    all_of_them: bool = False,
    sure: bool = False,
) -> list[Duty]:
    """Everything that is owed as of today, most urgent first.

    Notices that are owed only if needed are left out once their day has passed: no cause arose.

    Args:
        office: whose.
        within: only what falls due within so many working days from today, and what is overdue.
        all_of_them: the periods too that run for an applicant after the reply (review, suit).
        sure: without what is owed only if needed.
    """
    by = last_day_within(office, within)
    with office.reading() as session:
        found = list(_of_cases(office, session, by, all_of_them=all_of_them, sure=sure))
        found += _of_units(office, session, by)
        yearly = _yearly(office, session)
    found.sort(key=_urgency)
    own = [duty for duty in yearly if by is None or duty.due <= by]
    return sorted([*own, *found], key=attrgetter("due")) if own else found
