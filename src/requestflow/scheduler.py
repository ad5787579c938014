"""`remind --watch`: a clock that ticks; what is owed is worked out anew at every tick.

The only importer of APScheduler. Nothing is kept in its job store: a tick that was missed is made up
once, and a pass that was never run is not missed by anybody, since the next one sees the same duties.
"""

import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

Pass = Callable[[], datetime | None]
_AGAIN = "again"


def ticks(times: Sequence[str], zone: ZoneInfo) -> list[CronTrigger]:
    """A trigger for each time of the day, every day of the week, in the office's own zone.

    Every day, since a Saturday may be worked and a Monday be off: the pass itself asks the calendar.
    """
    return [
        CronTrigger(day_of_week="mon-sun", hour=hour, minute=minute, second=0, timezone=zone)
        for hour, minute in (text.split(":") for text in times)
    ]


class Watch:
    """Runs passes at set times, one after the other, until it is told to stop.

    Args:
        one_pass: a pass; it gives the moment at which the next attempt is due, None where nothing waits.
        failed: told of a pass that did not come to its end; the watch goes on.
        times: times of the day, `HH:MM`.
        zone: the office's time zone, never the machine's.
    """

    def __init__(
        self, one_pass: Pass, failed: Callable[[Exception], None], times: Sequence[str], zone: ZoneInfo
    ) -> None:
        self._pass = one_pass
        self._failed = failed
        self._zone = zone
        self._passing = threading.Lock()
        self.scheduler = BlockingScheduler(
            timezone=zone,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        for place, trigger in enumerate(ticks(times, zone)):
            self.scheduler.add_job(self.tick, trigger, id=f"tick-{place}")

    def tick(self) -> None:
        """One pass; whatever goes wrong in it is reported, and the next one comes all the same."""
        try:
            with self._passing:
                again = self._pass()
        except Exception as error:  # noqa: BLE001  a watch outlives a database that is away for a night
            self._failed(error)
            return
        if again is not None:
            trigger = DateTrigger(again, timezone=self._zone)
            self.scheduler.add_job(self.tick, trigger, id=_AGAIN, replace_existing=True)

    def stop(self, *_signal: Any) -> None:
        """Lets no further pass begin; `run` returns once the one that is running has come to its end.

        It does not wait here: a signal may find the scheduler's own locks taken.
        """
        self.scheduler.shutdown(wait=False)

    def run(self) -> None:
        """Passes at once, then at the set times, until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.scheduler.add_job(self.tick, id="first")
        self.scheduler.start()
        with self._passing:  # a pass is never cut off between sending and saying so
            return
