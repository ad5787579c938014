"""`timeliness`: how many of a year's cases were answered on time, by unit or by month."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from requestflow.domain.answer_times import Answer, AnswerTime, Timeliness, answer_time, tally
from requestflow.domain.clock import Rules
from requestflow.domain.entries import Entry
from requestflow.domain.tables import Period
from requestflow.errors import Finding
from requestflow.services.office import Office
from requestflow.services.year_doubts import lateness_doubts
from requestflow.services.year_table import Wanted, rollup
from requestflow.storage import ledger, profiles
from requestflow.storage.ledger import KEYS_AT_ONCE


@dataclass(frozen=True, slots=True)
class TimelinessReport:
    """A year's cases in all, and in groups; `as_of` is the day they are judged on.

    `warnings` say why the figures may still change.
    """

    year: int
    as_of: date
    by: str | None
    total: Timeliness
    groups: tuple[Timeliness, ...]
    warnings: tuple[Finding, ...] = ()


_KEYS: dict[str, Callable[[Office, AnswerTime], str]] = {
    "unit": lambda office, time: office.settings.unit_key(time.unit or ""),
    "month": lambda _office, time: time.received.isoformat()[:7],
}


def timeliness(
    office: Office, year: int, *, by: str | None = None, as_of: date | None = None
) -> TimelinessReport:
    """The cases of a year (received in it, or not answered when it began) and how they stood at its end.

    They are those of 一 and 二 of table three, and those decided the year before and not served then.
    Art. 33 with 235号: served by the due date. Judged on the year's last day, or on today in a year that
    is not over; a case answered afterwards counts as open, which `rollup` says of it too.

    Args:
        office: whose.
        year: the year.
        by: `unit` or `month` (of receipt) for groups; None for the whole alone.
        as_of: a day of the year to judge on instead.

    Raises:
        WrongUsage, Refused: a year or day that the year's table does not take either.
    """
    last = rollup(office, Wanted(year, as_of=as_of)).table.as_of or office.today()
    times = answer_times(office, Period(date(year, 1, 1), last))
    groups: dict[str, list[AnswerTime]] = {}
    if by is not None:
        for time in times:
            groups.setdefault(_KEYS[by](office, time), []).append(time)
    return TimelinessReport(
        year=year,
        as_of=last,
        by=by,
        total=tally("", times),
        groups=tuple(tally(name, groups[name]) for name in sorted(groups)),
        warnings=tuple(lateness_doubts(office, last)),
    )


def _owed_in(history: Sequence[Entry], time: AnswerTime, period: Period, rules: Rules) -> bool:
    """Whether a case was received in a period, or was still to be answered when it began."""
    if time.received >= period.first:
        return True
    before = answer_time(history, period.first - timedelta(days=1), rules)
    return before is not None and before.answer in (Answer.OPEN, Answer.OVERDUE)


def answer_times(office: Office, period: Period) -> list[AnswerTime]:
    """How each case of a period stood on its last day; void registrations left out."""
    found: list[AnswerTime] = []
    rules = office.rules
    with office.reading() as session:
        keys = profiles.keys_of_year(session, period)
        for start in range(0, len(keys), KEYS_AT_ONCE):
            chunk = keys[start : start + KEYS_AT_ONCE]
            for history in ledger.histories_of(session, chunk).values():
                time = answer_time(history, period.last, rules)
                if time is not None and _owed_in(history, time, period, rules):
                    found.append(time)
    return found
