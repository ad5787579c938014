"""When an office met its yearly duties: its report published, its district's total handed in."""

from collections.abc import Iterable
from datetime import date

from requestflow.domain.entries import Entry

HAND_IN = "hand_in"  # a report of a year was published, a total handed in
TAKE_BACK = "take_back"  # it was recorded by mistake
OF_REPORTS = (HAND_IN, TAKE_BACK)


def handed_in(acts: Iterable[Entry]) -> dict[tuple[int, str], date]:
    """The day on which each duty of each year was met, as the office's entries tell; the last one holds.

    Raises:
        LookupError: an entry names no year or duty, or takes back what nobody recorded.
    """
    found: dict[tuple[int, str], date] = {}
    for entry in acts:
        if entry.transition not in OF_REPORTS:
            continue
        year, duty = entry.count("year"), entry.text("duty")
        if year is None or duty is None:
            raise LookupError(f"{entry.transition} {year} {duty}")
        if entry.transition == HAND_IN:
            found[year, duty] = entry.on
        else:
            del found[year, duty]
    return found
