"""The State Council's notices, word for word, read into the days of the shipped calendars."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from requestflow.definitions.calendar_files import load_calendar_years
from requestflow.exchange.holiday_days import SATURDAY, HolidayNotice
from requestflow.exchange.holiday_notice import read_notice

NOTICES = Path(__file__).parent / "notices"
SHIPPED = {year.year: year for year in load_calendar_years("CN") if year.published}
WHOLE = sorted(path.stem for path in NOTICES.glob("????.txt"))
CHANGED = {2015: "2015-9-3", 2019: "2019-5-1", 2020: "2020-2-2"}


def read(name: str) -> HolidayNotice:
    """The notice of that file, without a fault."""
    notice, findings = read_notice((NOTICES / f"{name}.txt").read_text("utf-8"), file=name)
    assert findings == []
    assert notice is not None
    return notice


def declared(year: int) -> HolidayNotice:
    """A year as its notice declares it, with the later notice that changed it."""
    notice = read(str(year))
    return read(CHANGED[year]).over(notice) if year in CHANGED else notice


def _weekdays(days: Iterable[date]) -> set[date]:
    """The days that would be worked: a weekend day is off, declared or not."""
    return {day for day in days if day.weekday() < SATURDAY}


@pytest.mark.parametrize("name", WHOLE)
def test_a_notice_is_the_shipped_year(name: str) -> None:
    """Each notice read gives the days off and make-up days that are shipped for its year."""
    year = int(name)
    notice, shipped = declared(year), SHIPPED[year]
    near = [notice, *(declared(y) for y in (year - 1, year + 1) if str(y) in WHOLE)]

    off = {day for one in near for day in one.days_off if day.year == year}
    made_up = {day for one in near for day in one.make_up_days if day.year == year}

    assert _weekdays(off) == _weekdays(shipped.days_off)
    assert made_up == shipped.make_up_days
    assert notice.number in (None, *shipped.notices)


@pytest.mark.parametrize(("year", "name"), CHANGED.items())
def test_a_change_keeps_what_it_does_not_name(year: int, name: str) -> None:
    """A later notice on one holiday replaces that holiday's days alone."""
    change, earlier = read(name), read(str(year))
    both = change.over(earlier)

    assert change.number != earlier.number
    untouched = {d: n for d, n in earlier.days_off.items() if n not in set(change.days_off.values())}
    assert {day: both.days_off[day] for day in untouched} == untouched


def test_number_and_day_of_a_notice_are_read() -> None:
    """A notice is known by its number and the day on which it was published."""
    notice = read("2026")

    assert (notice.number, notice.published) == ("国办发明电〔2025〕7号", date(2025, 11, 4))


TEXT = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
"""


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("一、元旦：1月1日（周四）至3日（周日）放假，共3天。", "notice_weekday_wrong"),
        ("一、元旦：1月1日（周五）至3日（周日）放假，共4天。", "notice_count_wrong"),
        ("一、元旦：1月32日放假，共1天。", "not_a_day"),
        ("一、元旦：1月1日（周五）至3日（周日）放假，共3天。1月5日（周二）上班。", "make_up_on_weekday"),
        ("一、元旦：1月1日（周五）至", "notice_not_understood"),
        ("一、元旦：1月3日（周日）至1日（周五）放假。", "notice_range_wrong"),
        ("一、元旦：1月1日（周五）至3日（周日）放假，共3天。1月2日（周六）上班。", "make_up_on_day_off"),
        ("一、元旦：2029年5月1日放假，共1天。", "day_of_another_year"),
        ("一、元旦：1月1日放假。二、春节：1月1日放假。", "notice_day_twice"),
        ("", "notice_empty"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(wrong: str, code: str) -> None:
    """A notice that contradicts itself or breaks off is not read, and says where."""
    text = TEXT.replace("一、元旦：1月1日（周五）至3日（周日）放假，共3天。", wrong)

    notice, findings = read_notice(text, file="2027.txt")

    assert notice is None
    assert code in [finding.code for finding in findings]
    assert all(finding.where.startswith("2027.txt:") for finding in findings)
    assert {finding.where for finding in findings} <= {"2027.txt:1", "2027.txt:2"}


def test_a_text_without_a_year_is_none() -> None:
    """Without its year a notice means nothing; with one of its own it is held to it."""
    _none, findings = read_notice("一、元旦：1月1日放假。", file="x.txt")
    assert [finding.code for finding in findings] == ["notice_without_year"]

    _none, findings = read_notice(TEXT, file="x.txt", year=2028)
    assert [finding.code for finding in findings] == ["notice_of_another_year"]
