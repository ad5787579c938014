"""Series of 文号 that an office counted on paper, and the number from which each goes on here.

An office that changes over in the middle of a year goes on where its paper book stands. Until the first
letter of a series and year is issued, the latest of these acts holds; from then on the number is fixed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from requestflow.domain.entries import Entry

CONTINUE_SERIES = "continue_series"


@dataclass(frozen=True, slots=True)
class SeriesStart:
    """The number that a series had come to in a year before its first letter here, and who said so."""

    series: str
    year: int
    last: int
    entry: Entry

    @property
    def reason(self) -> str:
        """Why: where the numbers up to it were given."""
        return self.entry.text("reason") or ""


def series_starts(acts: Iterable[Entry]) -> dict[tuple[str, int], SeriesStart]:
    """The starts in force by series and year, out of the office's acts in their order."""
    found: dict[tuple[str, int], SeriesStart] = {}
    for entry in acts:
        name, year, last = entry.text("series"), entry.count("year"), entry.count("last")
        if entry.transition == CONTINUE_SERIES and name and year is not None and last is not None:
            found[name, year] = SeriesStart(name, year, last, entry)
    return found
