"""Periods join, offices add up, and a year's frozen parts are what its figures count."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requestflow.bootstrap import open_office
from requestflow.domain.aggregates import total
from requestflow.domain.disputes import Dispute, blocks
from requestflow.domain.forms import RowKind
from requestflow.domain.identities import check
from requestflow.domain.machine import Engine
from requestflow.domain.tables import AnnualTable, CountedCase, Period, count, tabulate
from requestflow.domain.years import part, whole, years_moved
from requestflow.services import office_tree, year_table
from requestflow.services.aggregation import aggregate, shared_cell
from requestflow.services.intake import Registration, register
from requestflow.services.office import Office
from requestflow.services.office_tree import Place
from requestflow.services.processing import Step, transition
from requestflow.services.upkeep import init
from requestflow.services.year_table import Wanted

KINDS = ("natural_person", "enterprise", "research_institution", "public_welfare", "legal_service",
         "other_organization")  # fmt: skip
OUTCOMES = (
    "disclosed.provided",
    "partial",
    "withheld.third_party",
    "other.withdrawn",
    "unable.other_organ",
)
BLOCKS = ("review", "suit_direct", "suit_after_review")
DAY = timedelta(days=1)
days = st.dates(date(2022, 6, 1), date(2026, 6, 30))


@st.composite
def cases(draw: st.DrawFn) -> CountedCase:
    """A case as the table sees it."""
    received = draw(days)
    length = draw(st.one_of(st.none(), st.integers(0, 800)))
    concluded = received + timedelta(days=length) if length is not None else None
    outcome = draw(st.sampled_from(OUTCOMES)) if concluded else None
    return CountedCase("x", received, draw(st.sampled_from(KINDS)), outcome, concluded)


@st.composite
def disputes(draw: st.DrawFn) -> Dispute:
    """A review or suit, pending or closed, now and then void or counted elsewhere."""
    filed = draw(days)
    length = draw(st.one_of(st.none(), st.integers(0, 800)))
    closed = filed + timedelta(days=length) if length is not None else None
    result = draw(st.sampled_from(("upheld", "corrected", "other"))) if closed else None
    return Dispute("D", draw(st.sampled_from(BLOCKS)), filed, result=result, closed=closed,
                   counted=draw(st.integers(0, 5)) > 0, void=draw(st.integers(0, 9)) == 0)  # fmt: skip


def table(found: Any, suits: Any, period: Period, form: Any, engine: Engine) -> AnnualTable:
    rows = tabulate(count(found, period), form, engine.workflow)
    return AnnualTable("x", period.first.year, form, rows, blocks(suits, period, form), period.last)


def joined(first: AnnualTable, second: AnnualTable) -> tuple[Any, Any]:
    """Two periods that follow one another as one: what came and was done adds up, the ends stay."""
    form = first.form
    rows = {
        row.code: {
            RowKind.CARRIED_IN: first.rows[row.code],
            RowKind.CARRIED_OUT: second.rows[row.code],
        }.get(
            row.kind,
            tuple(a + b for a, b in zip(first.rows[row.code], second.rows[row.code], strict=True)),
        )
        for row in form.rows
    }
    four = {}
    for block in form.blocks:
        one, other = (dict(zip(form.figures, t.table4[block], strict=True)) for t in (first, second))
        done = {name: one[name] + other[name] for name in ("upheld", "corrected", "other")}
        figures = {**done, "pending": other["pending"]}
        four[block] = (*figures.values(), sum(figures.values()))
    return rows, four


@settings(max_examples=150)
@given(
    found=st.lists(cases(), max_size=12),
    suits=st.lists(disputes(), max_size=8),
    cuts=st.lists(days, min_size=3, max_size=3, unique=True),
)
def test_a_period_is_the_two_it_is_cut_into(
    engine: Engine, forms: Any, found: Any, suits: Any, cuts: list[date]
) -> None:
    """For any days a < b < c: the table of a to c is that of a to b joined with that of b to c."""
    a, b, c = sorted(cuts)
    for form in forms.values():
        first, second, both = (
            table(found, suits, Period(start, end), form, engine)
            for start, end in ((a, b), (b + DAY, max(c, b + DAY)), (a, max(c, b + DAY)))
        )
        assert joined(first, second) == (both.rows, both.table4)
        for one in (first, second, both):
            assert all(identity.holds for identity in check(one))
        carried = form.row_of(RowKind.CARRIED_IN), form.row_of(RowKind.CARRIED_OUT)
        assert second.rows[carried[0]] == first.rows[carried[1]]


@settings(max_examples=100)
@given(
    found=st.lists(st.tuples(cases(), st.integers(0, 4)), max_size=20),
    suits=st.lists(st.tuples(disputes(), st.integers(0, 4)), max_size=10),
    year=st.integers(2022, 2026),
)
def test_any_partition_into_offices_adds_up_to_the_whole(
    engine: Engine, forms: Any, found: Any, suits: Any, year: int
) -> None:
    """Identity 6: however cases are shared out among offices, the sum of their tables is the whole."""
    form, period = forms["2021"], whole(year)
    parts = [
        table(
            [c for c, p in found if p == place],
            [d for d, p in suits if p == place],
            period,
            form,
            engine,
        )
        for place in range(5)
    ]
    everything = table([c for c, _p in found], [d for d, _p in suits], period, form, engine)
    whole_sum = total(parts, "x", year, form, period=period)
    halves = [total(half, "x", year, form, period=period) for half in (parts[:2], parts[2:])]

    assert (whole_sum.rows, whole_sum.table4) == (everything.rows, everything.table4)
    again = total(halves, "x", year, form, period=period)
    assert (again.rows, again.table4) == (whole_sum.rows, whole_sum.table4)


@settings(max_examples=200)
@given(before=st.one_of(st.none(), cases()), after=st.one_of(st.none(), cases()))
def test_a_year_is_moved_exactly_where_its_figures_are(
    engine: Engine, forms: Any, before: CountedCase | None, after: CountedCase | None
) -> None:
    """A change is held up by a closed year if, and only if, it moves one of its figures."""
    closed = range(2022, 2029)
    moved = set(years_moved(before, after, closed))
    for year in closed:
        was, now = (
            table([one] if one else [], [], whole(year), forms["2021"], engine).rows
            for one in (before, after)
        )
        if was != now:
            assert year in moved
        if year in moved:
            assert part(before, whole(year)) != part(after, whole(year))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, dict[str, Office]]:
    """A city of eleven districts, each with two departments and a township, all with some cases."""
    folder = tmp_path_factory.mktemp("city")
    today = date(2026, 11, 24)
    top = open_office(init(folder, "示例市人民政府"), today)
    offices = {"示例市人民政府": top}

    def found(name: str, parent: str, level: str) -> None:
        path = office_tree.add(top, name, Place(parent, level), folder / name)
        offices[name] = open_office(path, today)

    for number in range(11):
        district = f"第{number}区人民政府"
        found(district, "示例市人民政府", "county")
        for below in ("财政局", "教育局", "镇人民政府"):
            found(f"第{number}区{below}", district, "department")
    for place, office in enumerate(offices.values()):
        for turn in range(place % 3):
            wanted = Registration(KINDS[(place + turn) % 6], "online", date(2026, 11, 2), f"{turn}",
                                  {"name": "申请人甲"})  # fmt: skip
            number_given = register(office, wanted).case.application.number
            if turn:
                transition(office, number_given, Step("withdraw", {}, on=date(2026, 11, 9)))
    return top, offices


def test_a_city_is_the_sum_of_three_levels(city: tuple[Office, dict[str, Office]]) -> None:
    """Identity 6 by construction: the city is its districts' sums, each its own offices', cell by cell."""
    top, offices = city
    wanted = Wanted(2026)
    whole_city = aggregate(top, top.name, wanted)
    own = [year_table.rollup(office, wanted).table for office in offices.values()]
    districts = [aggregate(top, name, wanted).table for name in offices if name.endswith("区人民政府")]
    alone = year_table.rollup(top, wanted).table

    def added(parts: list[AnnualTable]) -> Any:
        found = total(parts, "x", 2026, alone.form, period=whole_city.period)
        return found.rows, found.table4

    assert len(districts) == 11
    assert len(own) == len(whole_city.units) == 45
    assert added(own) == added([alone, *districts]) == (whole_city.table.rows, whole_city.table.table4)
    assert whole_city.table.rows["concluded"][-1] > 0
    assert all(identity.holds for identity in whole_city.identities)
    cell = shared_cell(top, top.name, wanted, "new:total")
    assert len(cell.children) == 11
    assert cell.figure == whole_city.table.rows["new"][-1]


def test_the_parts_of_a_year_are_its_figures(tmp_path: Path) -> None:
    """What is frozen of each case adds up to the table that is frozen beside it."""
    office = open_office(init(tmp_path / "x", "某局"), date(2026, 11, 24))
    for place in range(8):
        received = date(2026, 1, 5) + timedelta(days=place * 30)
        wanted = Registration(KINDS[place % 6], "online", received, f"{place}", {"name": "甲"})
        number = register(office, wanted).case.application.number
        if place % 2:
            transition(office, number, Step("withdraw", {}, on=received + timedelta(days=25)))
    with office.reading() as session:
        counted = year_table.counted_year(office, session, 2026)
    for code, form in office.forms.items():
        for row in form.codes():
            for column, figure in zip(form.columns, counted.tables[code][row], strict=True):
                behind = counted.behind(row, column.code, form, office.workflow)
                assert len(behind) == figure, (row, column.code)
