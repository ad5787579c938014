"""The part of a year that a title names behind the year: 第一季度, 上半年, 1—9月, 2月3日至6月30日."""

import re
from calendar import monthrange
from datetime import date

from requestflow.domain.tables import Period

_ORDINALS = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTHS = {
    **{name: number for number, name in enumerate("一二三四五六七八九十", 1)}, "十一": 11, "十二": 12,
}  # fmt: skip
_MONTH = r"(?:[0-9]{1,2}|十[一二]?|[一二三四五六七八九])"
_TO = r"(?:[-—–―~至到]+|to)"
_YEAR_AGAIN = r"(?:20[0-9]{2}年)?"
_PART = re.compile(
    r"[(,、]?(?:"
    r"(?P<half>[上下]|first|second)(?:半年度?|half)"
    r"|第?(?P<quarter>[一二三四1-4]|first|second|third|fourth)(?:季度|quarter)"
    r"|前(?P<quarters>[一二三1-3])个?季度"
    rf"|(?P<month>{_MONTH})月?{_TO}{_YEAR_AGAIN}(?P<last_month>{_MONTH})月份?(?!\d)"
    rf"|(?P<first>{_MONTH})月(?P<day>\d{{1,2}})日{_TO}{_YEAR_AGAIN}"
    r"(?:(?P<last>[0-9]{1,2})月)?(?P<last_day>\d{1,2})日"
    r"|(?P<from>\d{1,2}/\d{1,2})to(?P<to>\d{1,2}/\d{1,2})"
    rf"|(?:month)?(?P<only>{_MONTH})(?:月份?|$)"
    r")[),、]?"
)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _ORDINALS.get(text) or _MONTHS[text]


def _months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _days(year: int, found: re.Match[str]) -> Period:
    """The days that a match names; `ValueError` where there are no such days."""
    named = {name: text for name, text in found.groupdict().items() if text}
    if "half" in named:
        return _months(year, 1, 6) if named["half"] in ("上", "first") else _months(year, 7, 12)
    if "quarter" in named:
        quarter = _number(named["quarter"])
        return _months(year, 3 * quarter - 2, 3 * quarter)
    if "quarters" in named:
        return _months(year, 1, 3 * _number(named["quarters"]))
    if "only" in named or "month" in named:
        first = _number(named.get("only") or named["month"])
        return _months(year, first, _number(named.get("last_month", str(first))))
    return _between(year, named)


def _between(year: int, named: dict[str, str]) -> Period:
    if "from" in named:
        (month, day), (last_month, last_day) = (
            map(int, named[end].split("/")) for end in ("from", "to")
        )
    else:
        month, day = _number(named["first"]), int(named["day"])
        last_month, last_day = int(named.get("last", month)), int(named["last_day"])
    return Period(date(year, month, day), date(year, last_month, last_day))


def period_in(year: int, text: str) -> tuple[Period | None, str]:
    """The days of a year that a text begins with, None where it names none, and the rest of the text.

    Args:
        year: the year in front of it.
        text: what follows the year in a title, in Chinese or English.
    """
    plain = re.sub(r"\s", "", text)
    found = _PART.match(plain)
    if found is None:
        return None, text
    try:
        days = _days(year, found)
    except (ValueError, KeyError):
        return None, text
    return (days if days.first <= days.last else None), plain[found.end() :]
