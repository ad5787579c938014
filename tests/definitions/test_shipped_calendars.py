"""The shipped year files against two kept libraries, day by day."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from requestflow.definitions.calendar_files import load_calendar_year, load_calendar_years
from requestflow.definitions.shipped import shipped
from requestflow.domain.calendar import Calendar
from requestflow.errors import FoundProblems, NotFound

PUBLISHED = range(2008, 2027)
CHANGED_BY_A_SECOND_NOTICE = (2015, 2019, 2020)
FOLDER = shipped("workflows") / "calendars" / "cn"


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_published_year_agrees_with_chinesecalendar(calendar: Calendar, year: int) -> None:
    """Every day is worked or off as chinesecalendar has it."""
    ours = [day for day in days_of(year) if calendar.is_working_day(day)]

    assert [day for day in days_of(year) if chinese_calendar.is_workday(day)] == ours


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_published_year_agrees_with_holidays(calendar: Calendar, year: int) -> None:
    """Every day is worked or off as holidays has it; its make-up days include other years'."""
    china = holidays.country_holidays("CN", years=[year - 1, year, year + 1])
    ours = [day for day in days_of(year) if calendar.is_working_day(day)]

    assert [day for day in days_of(year) if china.is_working_day(day)] == ours


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_published_year_names_its_notice(calendar: Calendar, year: int) -> None:
    """Each year carries the number of its notice, and of the second one where it was changed."""
    found = calendar.years[year]

    assert found.published
    assert all("〕" in number and number.endswith("号") for number in found.notices)
    assert len(found.notices) >= (2 if year in CHANGED_BY_A_SECOND_NOTICE else 1)


def test_a_year_without_a_notice_is_provisional(calendar: Calendar) -> None:
    """2027 holds what the statute alone fixes: 13 days, none made up for."""
    found = calendar.years[2027]

    assert not found.published
    assert found.notices == ()
    assert found.make_up_days == frozenset()
    assert len(found.days_off) == 1 + 4 + 1 + 2 + 1 + 1 + 3
    assert calendar.published_until == date(2026, 12, 31)


def test_the_statutory_days_of_a_provisional_year_are_those_of_the_library() -> None:
    """The lunar days were not worked out by hand: the library has the same, its 补休 left out."""
    found = load_calendar_year(FOLDER / "2027.yaml")
    china = holidays.country_holidays("CN", years=2027, observed=False)

    assert sorted(china) == sorted(found.days_off)


def test_make_up_days_are_weekend_days(calendar: Calendar) -> None:
    """Nobody makes up for a day off on a day that is worked anyway."""
    for year in calendar.years.values():
        assert all(day.weekday() >= 5 for day in year.make_up_days)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("days_off:\n  元旦: [2030-01-32]\nmake_up_days: []", "not_a_day"),
        ("days_off:\n  元旦: [2031-01-01]\nmake_up_days: []", "day_of_another_year"),
        ("days_off:\n  元旦: [2030-01-03..2030-01-01]\nmake_up_days: []", "day_of_another_year"),
        ("days_off: {}\nmake_up_days: [2030-01-02]", "make_up_on_weekday"),
        ("days_off:\n  元旦: [2030-01-05]\nmake_up_days: [2030-01-05]", "make_up_on_day_off"),
        ("days_off: {}\nmake_up_days: []\nextra: 1", "key_unknown"),
        ("days_off: {}", "key_missing"),
    ],
)
def test_a_faulty_year_file_is_named_with_its_line(tmp_path, text: str, code: str) -> None:
    """Every fault of a year file has its code and its place."""
    path = tmp_path / "2030.yaml"
    path.write_text(f"year: 2030\nstatus: published\nnotices: []\n{text}\n", encoding="utf-8")

    with pytest.raises(FoundProblems) as caught:
        load_calendar_year(path)

    assert [finding.code for finding in caught.value.findings] == [code]
    assert caught.value.findings[0].where.startswith("2030.yaml:")


def test_an_unknown_region_is_refused() -> None:
    """A region without year files is named, with those that have some."""
    with pytest.raises(NotFound) as caught:
        load_calendar_years("XX")

    assert caught.value.code == "unknown_region"
