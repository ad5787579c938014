"""A region's working days: what is declared off, what is made up for, and counting over both.

Periods in working days and periods of the calendar (days, months) are counted alike: the day of the
event is day 0 (民法典201, 民诉法85). A working day is Monday to Friday unless declared off, and a
weekend day that is declared a make-up day (调休上班).
"""

import calendar as _gregorian
from array import array
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import accumulate

from requestflow.errors import Refused

SATURDAY = "saturday"
SUNDAY = "sunday"
_WEEKEND = {5: SATURDAY, 6: SUNDAY}


@dataclass(frozen=True, slots=True)
class Source:
    """What declares a year: a notice by its number and day, and the office's file of its text."""

    number: str | None
    published: date | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year as the State Council's notice declares it.

    A year that no notice has declared yet holds the days that the statute alone fixes; it is not
    `published`, and every date worked out over it is provisional. `unknown` names the holidays of which
    not even the day is known.
    """

    year: int
    published: bool
    sources: tuple[Source, ...]
    days_off: Mapping[date, str]
    make_up_days: frozenset[date]
    unknown: tuple[str, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """The numbers of its notices, the earliest first."""
        return tuple(source.number for source in self.sources if source.number)


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """The calendar that an office's copies of dates go by, as it was when they were brought to it.

    `published_until` is the last day of its declared years, `entries` how much the office had recorded.
    """

    digest: str
    published_until: date | None = None
    entries: int = 0

    @classmethod
    def read(cls, text: str) -> "KeptCalendar":
        """What `str` has written; of any other text, a digest that no calendar has."""
        try:
            digest, until, entries = text.split()
            return cls(digest, date.fromisoformat(until), int(entries))
        except ValueError:
            return cls(text)

    def __str__(self) -> str:
        return f"{self.digest} {self.published_until} {self.entries}"


@dataclass(frozen=True, slots=True)
class Provisional:
    """A day that is said in a sentence and may still move: catalogues mark it as such."""

    day: date


class Calendar:
    """Working days over consecutive years, as one table of ranks: counting is two look-ups.

    `days_off` and `working_days` are an office's own additions (regional holidays); they win over the
    years.
    """

    def __init__(
        self,
        years: Iterable[CalendarYear],
        *,
        days_off: Mapping[date, str] | None = None,
        working_days: Iterable[date] = (),
    ) -> None:
        self.years: Mapping[int, CalendarYear] = {year.year: year for year in years}
        numbers = sorted(self.years)
        if not numbers or numbers != list(range(numbers[0], numbers[-1] + 1)):
            msg = "a calendar needs consecutive years"
            raise ValueError(msg)
        self.first_day = date(numbers[0], 1, 1)
        self.last_day = date(numbers[-1], 12, 31)
        self.published_until = self._published_until()
        self.own_days_off: Mapping[date, str] = dict(days_off or {})
        self.own_working_days = frozenset(working_days)
        self._off: dict[date, str] = {}
        self._base = self.first_day.toordinal()
        self._tabulate(self.own_days_off, self.own_working_days)

    def _published_until(self) -> date:
        last = self.first_day - timedelta(days=1)
        for number in sorted(self.years):
            if not self.years[number].published:
                break
            last = date(number, 12, 31)
        return last

    def _tabulate(self, days_off: Mapping[date, str], working: frozenset[date]) -> None:
        length = self.last_day.toordinal() - self._base + 1
        week = bytes(day not in _WEEKEND for day in range(7))
        start = self.first_day.weekday()
        pattern = bytearray((week[start:] + week * (length // 7 + 1))[:length])
        for year in self.years.values():
            self._off.update(year.days_off)
            self._mark(pattern, year.days_off, 0)
            self._mark(pattern, year.make_up_days, 1)
        self._off.update(days_off)
        self._mark(pattern, days_off, 0)
        self._mark(pattern, working, 1)
        for day in working:
            self._off.pop(day, None)
        self._ranks = array("i", accumulate(pattern))
        self._days = array("i", (index for index, works in enumerate(pattern) if works))
        self._pattern = pattern

    def _mark(self, pattern: bytearray, days: Iterable[date], value: int) -> None:
        for day in days:
            index = day.toordinal() - self._base
            if 0 <= index < len(pattern):
                pattern[index] = value

    def _index(self, day: date) -> int:
        index = day.toordinal() - self._base
        if 0 <= index < len(self._pattern):
            return index
        raise Refused("no_calendar", year=day.year, first=self.first_day.year,
                      last=self.last_day.year)  # fmt: skip

    @cached_property
    def digest(self) -> str:
        """A digest of all that a date follows from: the days worked, and how far they are declared."""
        bounds = f"{self.first_day} {self.published_until} ".encode()
        return sha256(bounds + self._pattern).hexdigest()

    def doubted(self) -> "Calendar":
        """The same days, none of them certain: for dates that were worked out under another calendar."""
        doubted = copy(self)
        doubted.published_until = self.first_day - timedelta(days=1)
        return doubted

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on that day."""
        return bool(self._pattern[self._index(day)])

    def is_provisional(self, day: date) -> bool:
        """Whether a date lies past the last declared year, and may still move."""
        return day > self.published_until

    def stated(self, day: date) -> date | Provisional:
        """A day as a sentence states it: marked where it lies past the last declared year."""
        return Provisional(day) if self.is_provisional(day) else day

    def why_off(self, day: date) -> str | None:
        """Why a day does not count: its holiday, else `saturday` or `sunday`; None on working days."""
        if self.is_working_day(day):
            return None
        return self._off.get(day) or _WEEKEND.get(day.weekday(), "")

    def after(self, day: date, working_days: int) -> date:
        """The day on which a period of working days ends; `day` is day 0, so 0 gives it back.

        Raises:
            Refused: `no_calendar`, where the period leaves the known years.
        """
        if working_days == 0:
            return day
        index = day.toordinal() - self._base
        if index < 0 or index >= len(self._ranks):
            self._index(day)
        rank = self._ranks[index] + working_days - 1
        if rank < 0 or rank >= len(self._days):
            raise Refused("no_calendar", year=self.last_day.year + 1, first=self.first_day.year,
                          last=self.last_day.year)  # fmt: skip
        return date.fromordinal(self._base + self._days[rank])

    def before(self, day: date, working_days: int) -> date:
        """The last working day by which a thing is done that many working days ahead of `day`.

        Raises:
            Refused: `no_calendar`, where that leaves the known years.
        """
        rank = self._ranks[self._index(day)] - self._pattern[self._index(day)] - working_days
        if rank < 0:
            raise Refused("no_calendar", year=self.first_day.year - 1, first=self.first_day.year,
                          last=self.last_day.year)  # fmt: skip
        return date.fromordinal(self._base + self._days[rank])

    def between(self, start: date, end: date) -> int:
        """Working days in (start, end]; negative where `end` lies before `start`."""
        return self._ranks[self._index(end)] - self._ranks[self._index(start)]

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`."""
        return day if self.is_working_day(day) else self.after(day, 1)

    def after_calendar_days(self, day: date, calendar_days: int) -> date:
        """The end of a period of calendar days; on a day off it moves to the next working day."""
        return self.on_or_after(day + timedelta(days=calendar_days))

    def after_months(self, day: date, months: int) -> date:
        """The end of a period of months; on a day off it moves to the next working day.

        A month without that day ends it on its last one: 31 January and one month is 28 February.
        """
        years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        last = _gregorian.monthrange(years, month + 1)[1]
        return self.on_or_after(date(years, month + 1, min(day.day, last)))

    def days_not_counted(self, start: date, end: date) -> Iterator[tuple[date, str]]:
        """The days in (start, end] that do not count, each with its reason."""
        day = start
        while day < end:
            day += timedelta(days=1)
            reason = self.why_off(day)
            if reason is not None:
                yield day, reason

    def make_up_days(self, start: date, end: date) -> Iterator[date]:
        """The weekend days in (start, end] that are worked."""
        day = start
        while day < end:
            day += timedelta(days=1)
            if day.weekday() in _WEEKEND and self.is_working_day(day):
                yield day

    def working_days_in(self, year: int) -> int:
        """How many days a year's office works."""
        return self.between(date(year, 1, 1), date(year, 12, 31)) + self.is_working_day(date(year, 1, 1))
