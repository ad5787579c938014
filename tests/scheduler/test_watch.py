"""The clock of a watch: its times in the office's zone, its passes one after the other, its faults reported."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from requestflow.domain.calendar import Calendar
from requestflow.scheduler import Watch, ticks

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_ticks_come_at_the_offices_own_times(calendar: Calendar) -> None:
    """Every day at the set times of the office's zone, days off and make-up days alike."""
    (trigger,) = ticks(["08:30"], SHANGHAI)
    moment, found = datetime(2026, 9, 30, 12, 0, tzinfo=UTC), []
    for _ in range(12):
        following = trigger.get_next_fire_time(None, moment)
        found.append(following)
        moment = following + timedelta(seconds=1)

    assert [one.isoformat() for one in found[:2]] == [
        "2026-10-01T08:30:00+08:00", "2026-10-02T08:30:00+08:00",
    ]  # fmt: skip
    worked = [one.date().isoformat() for one in found if calendar.is_working_day(one.date())]
    assert worked == ["2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"]


def watching(*moments: datetime | Exception | None) -> tuple[Watch, list[Exception]]:
    """A watch whose passes give these moments, or fail so."""
    left = list(moments)
    failures: list[Exception] = []

    def one_pass() -> datetime | None:
        result = left.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    return Watch(one_pass, failures.append, ["08:30", "14:30"], SHANGHAI), failures


def test_what_waits_gets_a_tick_of_its_own() -> None:
    """The next attempt is a tick at its moment; a later one takes its place; nothing waits, none is added."""
    first, second = (datetime(2026, 11, 24, 1, minute, tzinfo=UTC) for minute in (5, 20))
    watch, failures = watching(first, second, None)
    for expected in (first, second, second):
        watch.tick()
        again = [job for job in watch.scheduler.get_jobs() if job.id == "again"]
        assert [job.trigger.run_date for job in again][-1:] == [expected]
    assert failures == []


def test_a_pass_that_fails_is_reported_and_the_next_one_comes() -> None:
    """A database that is away for a night ends no watch."""
    fault = RuntimeError("away")
    watch, failures = watching(fault, None)

    watch.tick()
    watch.tick()

    assert failures == [fault]


def test_no_tick_is_lost_or_doubled() -> None:
    """A tick that was missed is made up once, however long ago; two passes never run side by side."""
    watch, _failures = watching()
    defaults = watch.scheduler._job_defaults

    assert (defaults["misfire_grace_time"], defaults["coalesce"], defaults["max_instances"]) == (
        None,
        True,
        1,
    )


@pytest.mark.parametrize("text", ["00:00", "23:59"])
def test_the_edges_of_the_day_are_times(text: str) -> None:
    """Midnight and the minute before it."""
    (trigger,) = ticks([text], SHANGHAI)

    following = trigger.get_next_fire_time(None, datetime(2026, 11, 24, tzinfo=SHANGHAI))

    assert following.strftime("%H:%M") == text
