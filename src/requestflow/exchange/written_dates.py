"""The ways in which Chinese registers write a day, read without guessing."""

import re
from datetime import date, timedelta

YEARS = range(1900, 2200)
"""A four-digit number outside of these is a slip of the pen, or no year."""

_NARROW = str.maketrans("０１２３４５６７８９／．－：\u3000", "0123456789/.-: ")

_CLOCK = (
    r"(?:[01]?[0-9]|2[0-3])"
    r"(?::[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?|时(?:[0-5]?[0-9]分(?:[0-5]?[0-9]秒)?)?)"
)
_NUMERAL = "一二三四五六七八九十"
_SEPARATED = re.compile(
    rf"([0-9]{{4}}) ?([-/.]) ?([0-9]{{1,2}}) ?\2 ?([0-9]{{1,2}})(?:(?:T| +){_CLOCK})?"
)
_COMPACT = re.compile(rf"([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})(?:(?:T| +){_CLOCK})?")
_NAMED = re.compile(
    rf"([0-9]{{4}}|[〇○◯零一二三四五六七八九]{{4}}) *年"
    rf" *([0-9]{{1,2}}|[{_NUMERAL}]{{1,2}}) *月"
    rf" *([0-9]{{1,2}}|[{_NUMERAL}]{{1,3}}) *[日号](?: *{_CLOCK})?"
)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")

_YEAR_DIGITS = str.maketrans("〇○◯零一二三四五六七八九", "0000123456789")
_TENS = ("", "十", "二十", "三十")
_COUNT = {
    tens + ones: 10 * ten + one
    for ten, tens in enumerate(_TENS)
    for one, ones in enumerate(("", *_NUMERAL[:9]))
}
_SERIAL_ORIGIN = date(1899, 12, 30)


def parse_day(text: str, *, serial: bool = False) -> date | None:
    """The day that a text names, else None; it needs year, month and day, and nothing is guessed.

    Args:
        text: what stands in the register.
        serial: read a number of five digits as a spreadsheet's day count (1900 system). Longer and
            shorter ones stay refused: `2026` and `202603` are a year and a month, not day counts.
    """
    written = text.strip()
    if not written.isascii():
        written = written.translate(_NARROW).strip()
    if match := _SEPARATED.fullmatch(written):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(written):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED.fullmatch(written):
        return _day(int(match[1].translate(_YEAR_DIGITS)), _count(match[2]), _count(match[3]))
    if serial and (match := _SERIAL.fullmatch(written)):
        return _SERIAL_ORIGIN + timedelta(days=int(match[1]))
    return None


def _count(written: str) -> int:
    """A month or day of the month in figures or in Chinese numerals; 0 if it is neither."""
    return int(written) if written.isascii() else _COUNT.get(written, 0)


def _day(year: int, month: int, day: int) -> date | None:
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
