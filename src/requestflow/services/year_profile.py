"""A year at a glance, for its charts."""

from collections import Counter
from datetime import date

from requestflow.domain.profile import YearProfile, kinds_of, outcome_groups, spans_of
from requestflow.domain.tables import AnnualTable, Period
from requestflow.services.office import Office
from requestflow.storage import profiles

_YEARS = 8  # the most that a trend shows
_MONTHS = range(1, 13)


def year_profile(office: Office, table: AnnualTable) -> YearProfile:
    """What the charts of a table's year show: its own figures, and what stands behind them by day.

    Days to a decision are working days from receipt to the day of the result, pauses included.
    """
    last = table.as_of or date(table.year, 12, 31)
    period = Period(date(table.year, 1, 1), last)
    with office.reading() as session:
        received, concluded = profiles.by_month(session, period)
        came, ended = profiles.by_year(session, last)
        pairs = profiles.answer_days(session, period)
    days: Counter[int] = Counter()
    for (begun, decided), cases in pairs.items():
        days[office.calendar.between(begun, decided)] += cases
    years = sorted(came)[-_YEARS:]
    return YearProfile(
        year=table.year,
        received=tuple(received.get(month, 0) for month in _MONTHS),
        concluded=tuple(concluded.get(month, 0) for month in _MONTHS),
        outcomes=outcome_groups(table),
        spans=spans_of(days),
        kinds=kinds_of(table),
        trend={year: (came[year], ended.get(year, 0)) for year in years},
    )
