"""The one place that reads the time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Today in the office's time zone, and the moment in UTC."""

    def today(self) -> date:
        """The office's day."""
        ...

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, read in the office's time zone."""

    zone: ZoneInfo

    def today(self) -> date:
        """The office's day."""
        return datetime.now(self.zone).date()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A given day at the machine's time of day: for rehearsals, training and tests."""

    day: date
    zone: ZoneInfo

    def today(self) -> date:
        """The given day."""
        return self.day

    def now(self) -> datetime:
        """The machine's time of day, on the given day, in UTC."""
        time = datetime.now(self.zone).time()
        return datetime.combine(self.day, time, tzinfo=self.zone).astimezone(UTC)
