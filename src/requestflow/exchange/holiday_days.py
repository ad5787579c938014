"""The days that a holiday notice or a calendar table declares, gathered with their places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from requestflow.errors import Finding

SATURDAY = 5
SHOWN = 60  # signs of a text that a finding quotes


def days_between(first: date, last: date) -> Iterator[date]:
    """The days from one to another, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of one holiday; without a day off, `first` and `last` are None.

    `extends` marks a holiday whose beginning an earlier notice states: only its last day is known here.
    """

    name: str
    first: date | None
    last: date | None
    days: int
    make_up_days: tuple[date, ...]
    extends: bool = False


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """The days that one notice or table declares, with those of the neighbouring years that it names.

    Holidays that are declared together keep both names: 国庆节、中秋节. `extends` holds the new last day
    of a holiday that the notice merely prolongs (延长2020年春节假期至2月2日); `over` works out the days.
    """

    year: int
    number: str | None
    published: date | None
    days_off: Mapping[date, str]
    make_up_days: Mapping[date, str]
    extends: Mapping[str, date] = field(default_factory=dict)

    def lines(self) -> tuple[Understood, ...]:
        """What was understood, one item a holiday, in the order of their days."""
        names = dict.fromkeys([*self.days_off.values(), *self.make_up_days.values()])
        return tuple(sorted(map(self._line, names), key=lambda line: line.first or line.make_up_days[0]))

    def _line(self, name: str) -> Understood:
        off = sorted(day for day, holiday in self.days_off.items() if holiday == name)
        worked = sorted(day for day, holiday in self.make_up_days.items() if holiday == name)
        first, last = (off[0], off[-1]) if off else (None, None)
        return Understood(name, first, last, len(off), tuple(worked), name in self.extends)

    def over(self, earlier: "HolidayNotice") -> "HolidayNotice":
        """The days of the year where this notice changes only some holidays of an earlier one.

        A holiday that this notice declares replaces the earlier one of that name; one that it prolongs
        keeps its beginning, and no day of it is worked any more.
        """
        named = {*self.days_off.values(), *self.make_up_days.values()}
        replaced = {part for name in named - self.extends.keys() for part in name.split("、")}
        off = {d: name for d, name in earlier.days_off.items() if replaced.isdisjoint(name.split("、"))}
        for name, last in self.extends.items():
            begun = [day for day, holiday in off.items() if name in holiday.split("、") and day < last]
            off |= dict.fromkeys(days_between(max(begun, default=last), last), name)
        off |= self.days_off
        kept = {
            day: name
            for day, name in earlier.make_up_days.items()
            if day not in off and replaced.isdisjoint(name.split("、"))
        }
        return replace(self, days_off=off, make_up_days=kept | dict(self.make_up_days), extends={})


class DayLedger:
    """Days off and make-up days, each with its holiday and line, and all that is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.off: dict[date, tuple[str, int]] = {}
        self.make_up: dict[date, tuple[str, int]] = {}
        self._findings: list[tuple[int, Finding]] = []

    def find(self, code: str, line: int, **facts: object) -> None:
        """Notes a finding at a line."""
        self._findings.append((line, Finding(code, f"{self.file}:{line}", facts)))

    def remark(self, code: str, line: int, **facts: object) -> None:
        """Notes what is worth a word at a line, and no fault."""
        self._findings.append((line, Finding(code, f"{self.file}:{line}", facts, warning=True)))

    def put(self, book: dict[date, tuple[str, int]], days: Mapping[date, int], name: str) -> None:
        """Takes days into one of the books; a day that belongs to two holidays is a finding."""
        for day, line in days.items():
            if book.setdefault(day, (name, line))[0] != name:
                self.find("notice_day_twice", line, day=day)

    def check(self) -> None:
        """Make-up days lie on weekends, outside of the holidays."""
        for day, (_, line) in self.make_up.items():
            if day.weekday() < SATURDAY:
                self.find("make_up_on_weekday", line, day=day)
            elif day in self.off:
                self.find("make_up_on_day_off", line, day=day)

    def findings(self) -> list[Finding]:
        """All that is wrong, in the order of the lines."""
        return [finding for _, finding in sorted(self._findings, key=lambda found: found[0])]

    def notice(
        self, year: int, number: str | None, published: date | None, extends: Mapping[str, date]
    ) -> tuple[HolidayNotice | None, list[Finding]]:
        """The notice, unless there are faults; with it what is worth a word."""
        if not all(finding.warning for _, finding in self._findings):
            return None, self.findings()
        off = {day: name for day, (name, _) in sorted(self.off.items())}
        make_up = {day: name for day, (name, _) in sorted(self.make_up.items())}
        return HolidayNotice(year, number, published, off, make_up, extends), self.findings()


def belongs(day: date, year: int) -> bool:
    """Whether a notice may name the day: one of its year, of the December before, the January after."""
    return (day.year, day.month) in {(year - 1, 12), (year + 1, 1)} or day.year == year
