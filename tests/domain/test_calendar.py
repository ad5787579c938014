"""Counting working days, and periods of the calendar that end on a day off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.definitions.calendar_files import load_calendar_years
from requestflow.domain.calendar import Calendar
from requestflow.errors import Refused

FRI_30_JAN = date(2026, 1, 30)
SAT_MAKE_UP_DAY = date(2026, 2, 14)
THU_24_SEP = date(2026, 9, 24)
FRI_HOLIDAY = date(2026, 9, 25)
REPLY_RECEIVED = date(2026, 11, 24)

SHIPPED = Calendar(load_calendar_years("CN"))
days = st.dates(date(2009, 1, 1), date(2026, 6, 30))
lengths = st.integers(1, 120)


@pytest.mark.parametrize(
    ("received", "working_days", "due"),
    [
        (FRI_30_JAN, 20, date(2026, 3, 5)),
        (FRI_30_JAN, 40, date(2026, 4, 2)),
        (SAT_MAKE_UP_DAY, 20, date(2026, 3, 20)),
        (THU_24_SEP, 20, date(2026, 10, 29)),
        (FRI_HOLIDAY, 20, date(2026, 10, 29)),
        (date(2026, 4, 29), 7, date(2026, 5, 12)),
        (date(2026, 5, 18), 20, date(2026, 6, 15)),
        (date(2026, 12, 3), 20, date(2026, 12, 31)),
        (date(2026, 12, 4), 20, date(2027, 1, 4)),
    ],
)
def test_a_period_of_working_days_ends_as_the_law_counts(
    received: date, working_days: int, due: date
) -> None:
    """The day of the event is day 0; weekends and days off are not counted, make-up days are."""
    assert due == SHIPPED.after(received, working_days)


def test_a_date_past_the_published_years_is_provisional() -> None:
    """The last published day is firm, the first one after it is not."""
    assert not SHIPPED.is_provisional(date(2026, 12, 31))
    assert SHIPPED.is_provisional(date(2027, 1, 4))


def test_a_calendar_period_that_ends_on_a_day_off_moves_on() -> None:
    """60 days from 24 November end on a Saturday, so on the Monday after; 6 months end on a Monday."""
    assert date(2027, 1, 25) == SHIPPED.after_calendar_days(REPLY_RECEIVED, 60)
    assert date(2027, 5, 24) == SHIPPED.after_months(REPLY_RECEIVED, 6)


def test_a_month_without_that_day_ends_the_period_on_its_last_one() -> None:
    """30 January and one month: 28 February 2026, a make-up Saturday."""
    assert date(2026, 2, 28) == SHIPPED.after_months(date(2026, 1, 30), 1)


def test_why_a_day_is_off() -> None:
    """A holiday by its name, a plain weekend by its day, a make-up day not at all."""
    assert SHIPPED.why_off(FRI_HOLIDAY) == "中秋节"
    assert SHIPPED.why_off(date(2026, 11, 21)) == "saturday"
    assert SHIPPED.why_off(date(2026, 11, 22)) == "sunday"
    assert SHIPPED.why_off(SAT_MAKE_UP_DAY) is None


def test_days_not_counted_are_listed_with_their_reason() -> None:
    """(24 September, 28 September]: the holiday, and the weekend that belongs to it."""
    found = list(SHIPPED.days_not_counted(THU_24_SEP, date(2026, 9, 28)))

    assert [(date(2026, 9, d), "中秋节") for d in (25, 26, 27)] == found


def test_a_day_outside_the_known_years_is_refused() -> None:
    """Monday to Friday is no substitute for a calendar."""
    for ask in (
        lambda: SHIPPED.after(date(2037, 12, 20), 20),
        lambda: SHIPPED.after(date(2040, 1, 1), 1),
        lambda: SHIPPED.after(date(2001, 1, 1), 1),
        lambda: SHIPPED.between(date(2001, 1, 1), date(2026, 1, 1)),
        lambda: SHIPPED.is_working_day(date(2040, 1, 1)),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.code == "no_calendar"


def test_years_with_a_hole_make_no_calendar() -> None:
    """Ranks run through all days, so the years must follow one another."""
    with pytest.raises(ValueError, match="consecutive"):
        Calendar([SHIPPED.years[2024], SHIPPED.years[2026]])


def test_an_office_adds_its_own_days() -> None:
    """A regional holiday is off, a local make-up day is worked; both win over the notice."""
    local = date(2026, 4, 20)
    worked = date(2026, 4, 18)
    office = Calendar(SHIPPED.years.values(), days_off={local: "三月三"}, working_days=[worked])

    assert office.why_off(local) == "三月三"
    assert office.is_working_day(worked)
    assert SHIPPED.is_working_day(local)
    assert office.working_days_in(2026) == SHIPPED.working_days_in(2026)


@given(days, lengths)
def test_a_period_ends_on_a_working_day(day: date, working_days: int) -> None:
    """No limit ends on a day off."""
    assert SHIPPED.is_working_day(SHIPPED.after(day, working_days))


@given(days, lengths)
def test_counting_back_gives_the_length(day: date, working_days: int) -> None:
    """`between` is the inverse of `after`."""
    assert working_days == SHIPPED.between(day, SHIPPED.after(day, working_days))


@given(days, lengths)
def test_a_later_start_never_ends_earlier(day: date, working_days: int) -> None:
    """The end moves on with the start."""
    assert SHIPPED.after(day, working_days) <= SHIPPED.after(day + timedelta(days=1), working_days)


@given(days, lengths)
def test_the_table_agrees_with_a_walk_day_by_day(day: date, working_days: int) -> None:
    """The quick way and the plain way end on the same day."""
    walked, left = day, working_days
    while left:
        walked += timedelta(days=1)
        left -= SHIPPED.is_working_day(walked)

    assert walked == SHIPPED.after(day, working_days)
