"""A year, or a part of it, at a glance, for its charts."""

from collections import Counter
from dataclasses import replace

from requestflow.domain.profile import YearProfile, kinds_of, outcome_groups, spans_of
from requestflow.domain.tables import AnnualTable, Period
from requestflow.domain.years import whole
from requestflow.services.office import Office
from requestflow.storage import profiles

_YEARS = 8  # the most that a trend shows
_MONTHS = range(1, 13)


def table_profile(table: AnnualTable, period: Period) -> YearProfile:
    """What the charts show of a table by itself: its results and its applicants."""
    return YearProfile(period, (), (), outcome_groups(table), (), kinds_of(table), {})


def year_profile(office: Office, table: AnnualTable, period: Period) -> YearProfile:
    """What the charts show of a table's days: its own figures, and what stands behind them by day.

    Days to a decision are working days from receipt to the day of the result, pauses included. The years
    are compared where the period begins with its year; a year that is not over is left out, for beside
    whole years it would seem to have fallen.
    """
    with office.reading() as session:
        received, concluded = profiles.by_month(session, period)
        came, ended = profiles.by_year(session, period.last)
        pairs = profiles.answer_days(session, period)
    days: Counter[int] = Counter()
    for (begun, decided), cases in pairs.items():
        days[office.calendar.between(begun, decided)] += cases
    days_of_year = whole(table.year)
    over = (year for year in came if year < table.year or period == days_of_year)
    years = sorted(over)[-_YEARS:] if period.first == days_of_year.first else ()
    return replace(
        table_profile(table, period),
        received=tuple(received.get(month, 0) for month in _MONTHS),
        concluded=tuple(concluded.get(month, 0) for month in _MONTHS),
        spans=spans_of(days),
        trend={year: (came[year], ended.get(year, 0)) for year in years},
    )
