"""Application numbers: a pattern, and a yearly series without gaps."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from requestflow.errors import WrongUsage

_FIELD = re.compile(r"\{(year|number)(?::0?(\d))?\}")
LONGEST = 64
HIGHEST_SERIAL = 999_999_999
_SOME_YEAR = 2026


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """A pattern such as `{year}-{number:04}`: prints a number, and reads one back."""

    pattern: str

    def __post_init__(self) -> None:
        names = [match.group(1) for match in _FIELD.finditer(self.pattern)]
        rest = _FIELD.sub("", self.pattern)
        wrong = sorted(names) != ["number", "year"] or "{" in rest or "}" in rest
        if wrong or not is_number(self.show(_SOME_YEAR, HIGHEST_SERIAL)):
            raise WrongUsage("bad_number_pattern", pattern=self.pattern)

    def show(self, year: int, serial: int) -> str:
        """The number of the `serial`-th application received in `year`."""
        values = {"year": year, "number": serial}
        return _FIELD.sub(
            lambda m: f"{values[m.group(1)]:0{m.group(2) or 1}d}",
            self.pattern,
        )

    def read(self, number: str) -> tuple[int, int] | None:
        """Year and serial of a number in this pattern, else None."""
        parts: list[str] = []
        last = 0
        for match in _FIELD.finditer(self.pattern):
            parts.append(re.escape(self.pattern[last : match.start()]))
            digits = "[0-9]{4}" if match.group(1) == "year" else "[0-9]+"
            parts.append(f"(?P<{match.group(1)}>{digits})")
            last = match.end()
        parts.append(re.escape(self.pattern[last:]))
        found = re.fullmatch("".join(parts), number)
        return (int(found["year"]), int(found["number"])) if found else None

    def of_year(self, number: str, year: int) -> bool:
        """Whether a number may be that of an application received in a year; one of no pattern may."""
        read = self.read(number)
        return read is None or read[0] == year

    def canonical(self, number: str) -> str:
        """The number as this pattern writes it, so that 2026-001 and 2026-0001 are one."""
        read = self.read(number)
        return self.show(*read) if read else number

    def allows(self, number: str) -> bool:
        """Whether a text may be a number; one in this pattern must have a serial that can be counted."""
        read = self.read(number)
        return is_number(number) and (read is None or read[1] <= HIGHEST_SERIAL)


def left_out(serials: Iterable[int], last: int) -> list[tuple[int, int]]:
    """The gaps of a series that has come to `last`: the first and the last number of each."""
    stops = [0, *sorted({serial for serial in serials if serial <= last}), last + 1]
    return [(one + 1, next_ - 1) for one, next_ in pairwise(stops) if next_ - one > 1]


def is_number(text: str) -> bool:
    """Whether a text may stand as an application number: short, printable, without white space."""
    return 0 < len(text) <= LONGEST and text.isprintable() and not any(c.isspace() for c in text)
