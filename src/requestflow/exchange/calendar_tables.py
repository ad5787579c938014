"""A calendar as a table (CSV): a day a line, off or worked."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import pairwise

from requestflow.errors import Finding
from requestflow.exchange.holiday_days import (
    SATURDAY,
    SHOWN,
    DayLedger,
    HolidayNotice,
    belongs,
    days_between,
)
from requestflow.exchange.notice_words import KNOWN, known_names
from requestflow.exchange.written_dates import parse_day

_LONGEST_GAP = 200  # days; a holiday whose days lie further apart is kept twice in the year
_KINDS = {"off": "off", "放假": "off", "休": "off", "work": "work", "上班": "work", "班": "work"}
_HEADER = {"date": 0, "日期": 0, "kind": 1, "类型": 1, "类别": 1, "name": 2, "名称": 2, "节日": 2}


def read_calendar_table(text: str, *, file: str) -> tuple[HolidayNotice | None, list[Finding]]:
    """The days of a CSV table with the columns date, kind (off, work, 放假, 上班) and name.

    The first line names the columns, in any order (日期, 类型, 名称). Make-up days need no name.
    The year is the one that most days lie in.
    """
    ledger = DayLedger(file)
    doubled: dict[tuple[date, str], int] = {}
    for line, cells in _rows(text, ledger):
        day, kind, name = parse_day(cells[0]), _KINDS.get(cells[1].lower()), cells[2]
        if day is None:
            ledger.find("not_a_day", line, text=cells[0][:SHOWN])
        elif kind is None or not (name or kind == "work"):
            ledger.find("notice_not_understood", line, text=",".join(cells)[:SHOWN])
        elif (first := doubled.setdefault((day, kind), line)) != line:
            ledger.find("day_row_doubled", line, day=day, first=first)
        else:
            ledger.put(ledger.off if kind == "off" else ledger.make_up, {day: line}, name)
    years = Counter(day.year for day in [*ledger.off, *ledger.make_up])
    year = max(years, key=lambda number: years[number], default=0)
    if not years and not ledger.findings():
        ledger.find("notice_empty", 1)
    for day, (_, line) in [*ledger.off.items(), *ledger.make_up.items()]:
        if not belongs(day, year):
            ledger.find("day_of_another_year", line, text=day.isoformat())
    _check_holidays(ledger, year)
    ledger.check()
    return ledger.notice(year, None, None, {})


def _check_holidays(ledger: DayLedger, year: int) -> None:
    """A holiday is one run of days that touches the year, under a name that is known."""
    holidays: dict[str, list[date]] = {}
    for day, (name, _) in sorted(ledger.off.items()):
        holidays.setdefault(name, []).append(day)
    for name, days in holidays.items():
        if not known_names(name):
            ledger.remark(
                "unknown_holiday", ledger.off[days[0]][1], name=name[:SHOWN], known=list(KNOWN)
            )
        if all(day.year != year for day in days):
            for day in days:
                if belongs(day, year):
                    ledger.find("day_of_another_year", ledger.off[day][1], text=day.isoformat())
        _check_run(ledger, name, days)


def _check_run(ledger: DayLedger, name: str, days: list[date]) -> None:
    """No day between two of a holiday is worked by its weekday; another holiday may lie within."""
    for before, after in pairwise(days):
        between = list(days_between(before, after))[1:-1]
        if len(between) > _LONGEST_GAP:  # New Year at both ends of a year
            continue
        missing = [day for day in between if day.weekday() < SATURDAY and day not in ledger.off]
        if missing:
            ledger.find("holiday_has_gap", ledger.off[after][1], holiday=name, days=missing)


def _rows(text: str, ledger: DayLedger) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """The rows that are not empty, each with its line and its cells in the order date, kind, name."""
    plain = text.removeprefix("\ufeff")
    head = plain.partition("\n")[0]
    reader = csv.reader(StringIO(plain), delimiter=next((sign for sign in "\t;" if sign in head), ","))
    order: tuple[int, ...] | None = None
    try:
        for row in reader:
            cells = [unicodedata.normalize("NFKC", cell).strip() for cell in row]
            if not any(cells):
                continue
            if order is None:
                order = _order(cells)
                if order is None:
                    ledger.find("table_without_heads", reader.line_num, text=",".join(cells)[:SHOWN])
                    return
                continue
            yield reader.line_num, _three(cells, order)
    except csv.Error as error:
        ledger.find("notice_not_understood", reader.line_num, text=str(error))


def _order(cells: list[str]) -> tuple[int, ...] | None:
    """Where date, kind and name stand, by the heads; None where date or kind has none."""
    named = [_HEADER.get(cell.lower(), -1) for cell in cells]
    if 0 not in named or 1 not in named:
        return None
    return tuple(named.index(n) if n in named else len(cells) for n in range(3))


def _three(cells: list[str], order: tuple[int, ...]) -> tuple[str, str, str]:
    date_cell, kind, name = (cells[n] if n < len(cells) else "" for n in order)
    return date_cell, kind, name
