"""What makes a year's figures on lateness uncertain: the calendar, and dates not yet brought along."""

from datetime import date

from requestflow.errors import Finding
from requestflow.services.office import Office


def refresh_doubts(office: Office) -> list[Finding]:
    """A word where the calendar has changed and `calendar refresh` has not gone over the dates since."""
    return [Finding("year_not_refreshed", warning=True)] if office.refresh_owed() else []


def lateness_doubts(office: Office, last: date) -> list[Finding]:
    """The same, and a word where the days off up to `last`, on which it is judged, are not known."""
    found = refresh_doubts(office)
    if office.calendar.is_provisional(last):
        found.append(Finding("year_provisional", "", {"year": last.year}, warning=True))
    return found
