"""Which years a calendar knows, and which of them are declared."""

from datetime import date

import pytest

from requestflow.domain.calendar import Calendar, CalendarYear
from requestflow.errors import Refused


def year(number: int, *, published: bool = True, off: tuple[date, ...] = ()) -> CalendarYear:
    """A year with some days off."""
    return CalendarYear(number, published, (), dict.fromkeys(off, "假日"), frozenset())


def test_a_calendar_of_declared_years_is_known_to_its_last_day() -> None:
    """Where every year is declared, nothing within is provisional, and nothing beyond is known."""
    calendar = Calendar([year(2025), year(2026)])
    assert calendar.published_until == calendar.last_day == date(2026, 12, 31)
    assert calendar.after(date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(Refused) as refused:
        calendar.after(date(2026, 12, 30), 2)
    assert (refused.value.code, refused.value.facts["last"]) == ("no_calendar", 2026)


def test_a_declared_year_after_an_undeclared_one_is_provisional_too() -> None:
    """What is worked out over an undeclared year may move, however well the years after it are known."""
    calendar = Calendar([year(2025), year(2026, published=False), year(2027)])
    assert calendar.published_until == date(2025, 12, 31)
    assert calendar.is_provisional(date(2027, 6, 1))


def test_an_offices_own_day_outside_every_year_is_no_matter() -> None:
    """A local holiday of a year that the calendar has not changes nothing."""
    own = {date(2030, 5, 1): "店庆", date(2020, 5, 1): "店庆"}
    calendar = Calendar([year(2026)], days_off=own)
    assert calendar.working_days_in(2026) == Calendar([year(2026)]).working_days_in(2026)


def test_years_without_a_gap() -> None:
    """A calendar has consecutive years, and one at least."""
    for years in ([], [year(2025), year(2027)]):
        with pytest.raises(ValueError, match="consecutive"):
            Calendar(years)
