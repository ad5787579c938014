"""What is owed as a calendar file (RFC 5545): an all-day event a duty, for any calendar program."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

_ALARM = time(9)  # of the working day before
_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A duty as it stands in a calendar: no applicant's name, nor what the request says.

    `key` names it for ever, so that a file read again moves events instead of doubling them. `alarm` is
    the day on whose morning it is called to mind.
    """

    key: str
    due: date
    title: str
    details: str
    provisional: bool
    alarm: date | None


def calendar_file(name: str, entries: Iterable[Entry], made_on: date) -> bytes:
    """The file; the same entries on the same day give the same bytes.

    Args:
        name: the calendar's name, the office's; it is part of every event's identity.
        entries: what is owed.
        made_on: the office's day.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//requestflow//due//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    domain = hashlib.sha256(name.encode()).hexdigest()[:_ID_LENGTH]
    for entry in entries:
        calendar.add_component(_event(entry, domain, datetime.combine(made_on, time(), UTC)))
    return bytes(calendar.to_ical())


def _event(entry: Entry, domain: str, stamp: datetime) -> "Event":
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", f"{entry.key}@{domain}.requestflow")
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.due)
    event.add("dtend", entry.due + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("description", entry.details)
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if entry.provisional else "CONFIRMED")
    if entry.alarm is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", datetime.combine(entry.alarm, _ALARM) - datetime.combine(entry.due, time()))
        event.add_component(alarm)
    return event
