"""The trend over the years compares whole years alone."""

from datetime import date

from requestflow.domain.tables import Period
from requestflow.domain.years import whole
from requestflow.services.office import Office
from requestflow.services.year_profile import year_profile
from requestflow.services.year_table import Wanted, rollup


def test_a_part_of_a_year_stands_beside_no_whole_year(busy: Office) -> None:
    """A year that is not over would seem to have fallen: it is left out until its last day."""
    year = busy.today().year - 1
    table = rollup(busy, Wanted(year)).table
    in_full = year_profile(busy, table, whole(year)).trend
    half = year_profile(busy, table, Period(date(year, 1, 1), date(year, 6, 30))).trend

    assert year in in_full
    assert list(half) == [one for one in in_full if one < year]
