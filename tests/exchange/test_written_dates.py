"""The ways in which registers write a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.exchange.written_dates import YEARS, parse_day

THE_DAY = date(2026, 1, 30)
NUMERALS = ["", *"一二三四五六七八九"]


def in_numerals(number: int) -> str:
    """A number below 40 in Chinese numerals: 30 is 三十."""
    ten, one = divmod(number, 10)
    return ("", "十", "二十", "三十")[ten] + NUMERALS[one]


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-30",
        "2026-1-30",
        "2026/1/30",
        "2026/01/30",
        "2026.1.30",
        "2026. 1. 30",
        "2026年1月30日",
        "2026年01月30日",
        "2026 年 1 月 30 日",
        "2026年1月30号",
        "20260130",
        "２０２６－０１－３０",
        "２０２６／１／３０",
        "２０２６．１．３０",
        "２０２６年１月３０日",
        "２０２６０１３０",
        "二〇二六年一月三十日",
        "二○二六年一月三十日",
        "二零二六年一月三十日",
        "二〇二六年1月30日",
    ],
)
def test_ways_of_writing(text):
    """Every way in which registers write a day names the same day."""
    assert parse_day(text) == THE_DAY


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-30 00:00:00",
        "2026-01-30T08:05:09",
        "2026-01-30 08:05:09.123000",
        "2026/1/30 9:05",
        "20260130 23:59",
        "2026年1月30日 16:20",
        "2026年1月30日16时20分",
        "2026年1月30日 9时",
        "２０２６－０１－３０　１０：２０",
    ],
)
def test_time_of_day(text):
    """A time of day behind the day is read over."""
    assert parse_day(text) == THE_DAY


@pytest.mark.parametrize("text", [" 2026-01-30", "2026-01-30\n", "\u30002026年1月30日\u3000\t"])
def test_space_around(text):
    """White space around a day, full-width too, does not matter."""
    assert parse_day(text) == THE_DAY


@pytest.mark.parametrize("text", ["2020年3月", "2020-03", "2020.3", "202003", "二〇二〇年三月"])
def test_month_alone(text):
    """A month is not a day."""
    assert parse_day(text) is None
    assert parse_day(text, serial=True) is None


@pytest.mark.parametrize("text", ["3月5日", "三月五日", "03-05", "5/3", "5日", "26年3月5日", "26-3-5"])
def test_no_year(text):
    """A day without its four-digit year is refused."""
    assert parse_day(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-1-0",
        "20261301",
        "20260431",
        "2026年4月31日",
        "二〇二六年二月三十日",
        "二〇二六年十三月一日",
        "二〇二六年一月三十九日",
        "0026-01-30",
        "62345678",
        "62341231",
    ],
)
def test_impossible_days(text):
    """A day that no calendar has, or a year that no register has, is refused."""
    assert parse_day(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "2026",
        "2026年",
        "待定",
        "2026-01/30",
        "2026-01-30.",
        "约2026-01-30",
        "2026-01-30前",
        "2026-01-30至2026-02-03",
        "30-01-2026",
        "1/30/2026",
        "2026-1-3010:30",
        "2026-01-30 25:00",
        "2026-01-30 10:61",
        "2026-01-30T00:00:00Z",
        "2026-01-30²",
        "2026-W05-5",
        "二〇二六年一月廿日",
        "二〇二六年正月初一",
        "二〇二六年一月二十十日",
        "Jan 30 2026",
        "昨天",
    ],
)
def test_anything_else(text):
    """Whatever is not plainly one day is refused, never guessed."""
    assert parse_day(text) is None


@pytest.mark.parametrize("text", ["46052", "46052.0", "46052.75"])
def test_serial(text):
    """A day count of a spreadsheet is read when asked for, and only then."""
    assert parse_day(text, serial=True) == THE_DAY
    assert parse_day(text) is None


@pytest.mark.parametrize("text", ["0", "60", "2026", "2026.3", "202603", "460520", "-46052", "4.6E4"])
def test_no_serial(text):
    """A number that may be a year or a month, or is no count of days of our time, is refused."""
    assert parse_day(text, serial=True) is None


def test_written_figures_are_no_serial():
    """Eight figures stay a written day where day counts are allowed."""
    assert parse_day("20260130", serial=True) == THE_DAY


@given(st.dates(min_value=date(YEARS.start, 1, 1), max_value=date(YEARS.stop - 1, 12, 31)))
def test_every_day_in_every_way(day):
    """Each day of each year comes back from each way of writing it."""
    year, month, this = day.year, day.month, day.day
    digits = "".join("〇一二三四五六七八九"[int(figure)] for figure in str(year))
    for text in (
        day.isoformat(),
        f"{year}/{month}/{this}",
        f"{year}.{month}.{this}",
        f"{day:%Y%m%d}",
        f"{year}年{month}月{this}日",
        f"{digits}年{in_numerals(month)}月{in_numerals(this)}日",
    ):
        assert parse_day(text) == day


@given(st.integers(min_value=10_000, max_value=99_999))
def test_every_serial(count):
    """A day count is the number of days since 30 December 1899."""
    assert parse_day(str(count), serial=True) == date(1899, 12, 30) + timedelta(days=count)


@given(st.text())
def test_any_text(text):
    """No text makes the parser fail."""
    day = parse_day(text, serial=True)
    assert day is None or isinstance(day, date)
