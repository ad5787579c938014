"""A table keeps its days wherever it is written: carry-over and sums are judged by them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from requestflow.domain.identities import check
from requestflow.domain.tables import AnnualTable, Period, of_year
from requestflow.exchange.table_readers import TableReader, Told
from requestflow.exchange.title_periods import period_in

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "first", "last", "rest"),
    [
        ("第一季度某局", (1, 1), (3, 31), "某局"),
        ("4季度", (10, 1), (12, 31), ""),
        ("前三季度", (1, 1), (9, 30), ""),
        ("上半年", (1, 1), (6, 30), ""),
        ("下半年度", (7, 1), (12, 31), ""),
        ("2月", (2, 1), (2, 28), ""),
        ("十一月份", (11, 1), (11, 30), ""),
        ("1—9月", (1, 1), (9, 30), ""),
        ("1月至11月", (1, 1), (11, 30), ""),
        ("2月3日至6月30日", (2, 3), (6, 30), ""),
        ("2月3日至2025年6月30日", (2, 3), (6, 30), ""),
        ("(第二季度)", (4, 1), (6, 30), ""),
        ("first half", (1, 1), (6, 30), ""),
        ("third quarter", (7, 1), (9, 30), ""),
        ("month 2", (2, 1), (2, 28), ""),
        ("2/3 to 6/30", (2, 3), (6, 30), ""),
    ],
)
def test_a_part_of_a_year_is_known_by_its_name(
    text: str, first: tuple[int, int], last: tuple[int, int], rest: str
) -> None:
    """Quarters, halves, months and days, as offices head their tables."""
    assert period_in(2025, text) == (Period(date(2025, *first), date(2025, *last)), rest)


@pytest.mark.parametrize("text", ["", "某局", "年度", "13月", "2月30日至3月1日", "第五季度", "一中心"])
def test_what_names_no_days_is_the_whole_year(text: str) -> None:
    """Nothing is guessed of an office's name or of days that there are not."""
    assert period_in(2025, text) == (None, text)


@pytest.fixture
def done(run: Run) -> Run:
    """Runs a command line that has to succeed."""

    def call(*args: object) -> Any:
        result = run(*args)
        assert result.status == 0, result
        return result

    return call


def test_told_another_year_a_quarter_stays_a_quarter(
    reader: TableReader, published: Callable[[str], AnnualTable], saved: Callable[..., Path]
) -> None:
    """The year that a person tells moves the days with it, the leap day to the last of its month."""
    table = of_year(published("2022_pingtan"), 2024)
    path = saved(replace(table, first=date(2024, 2, 1), as_of=date(2024, 2, 29)))
    read = reader.read(path, Told(year=2023)).table

    assert read is not None
    assert read.period == Period(date(2023, 2, 1), date(2023, 2, 28))


def _quarter(table: AnnualTable, number: int, year: int | None = None) -> AnnualTable:
    moved = of_year(table, year or table.year)
    first, last = 3 * number - 2, 3 * number
    end = 31 if last in (3, 12) else 30
    return replace(moved, first=date(moved.year, first, 1), as_of=date(moved.year, last, end))


def test_carry_over_is_judged_between_adjoining_days_alone(
    published: Callable[[str], AnnualTable],
) -> None:
    """A second quarter begins with what the first left, and not with what last year left."""
    table = published("2022_pingtan")
    fourth_before = _quarter(table, 4, table.year - 1)

    def judged(one: AnnualTable, before: AnnualTable) -> bool:
        return any(i.name == "4" for i in check(one, before))

    assert judged(table, of_year(table, table.year - 1))
    assert judged(_quarter(table, 2), _quarter(table, 1))
    assert judged(_quarter(table, 1), fourth_before)
    assert judged(table, fourth_before)
    assert not judged(_quarter(table, 2), of_year(table, table.year - 1))
    assert not judged(_quarter(table, 1), _quarter(table, 2))


def test_a_quarter_is_not_accused_of_last_years_carry_over(
    done: Run, refused: Run, published: Callable[[str], AnnualTable], saved: Callable[..., Path]
) -> None:
    """The rest is judged, and that carry-over is not is said; days that overlap are refused."""
    table = published("2022_pingtan")
    quarter = saved(_quarter(table, 2), "q2.json")
    last_year = saved(of_year(table, 2021), "y.json")
    (one,) = done("check", quarter, "--against", last_year, "--json").json

    assert (one["verdict"], one["broken"]) == ("holds", [])
    (said,) = (f["message"] for f in one["findings"])
    assert "2021-12-31" in said
    assert "2022-04-01" in said
    whole = saved(table, "whole.json")
    assert refused("check", quarter, "--against", whole)["error"] == "not_last_year"


def test_quarters_and_years_are_not_added_up(
    done: Run, refused: Run, published: Callable[[str], AnnualTable], saved: Callable[..., Path],
    tmp_path: Path,
) -> None:  # fmt: skip
    """A table of other days is refused by name; a sum has the days of its parts."""
    table = published("2022_pingtan")
    parts = [
        saved(replace(_quarter(table, 1), office=name), f"{name}.json") for name in ("甲局", "乙局")
    ]
    odd = saved(replace(table, office="丙局"), "丙局.json")
    out = tmp_path / "sum.json"
    error = refused("merge", *parts, odd, "--office", "县", "-o", out)

    (fault,) = error["findings"]
    assert fault["where"] == "丙局.json"
    assert "2022-01-01 至 2022-12-31" in fault["message"]
    assert not out.exists()
    done("merge", *parts, "--office", "县", "-o", out)
    (one,) = done("check", out, "--children", parts[0], "--children", parts[1], "--json").json
    assert one["verdict"] == "holds"
    assert refused("check", out, "--children", odd)["error"] == "child_of_other_days"


def test_days_in_the_wrong_order_are_a_fault(
    refused: Run, published: Callable[[str], AnnualTable], saved: Callable[..., Path]
) -> None:
    """A document whose period ends before it begins is no table."""
    table = replace(published("2022_pingtan"), first=date(2022, 7, 1), as_of=date(2022, 3, 31))
    error = refused("check", saved(table))

    assert "2022-07-01" in str(error)


def test_a_page_that_breaks_off_is_not_vouched_for(
    done: Run, published: Callable[[str], AnnualTable], made: Callable[..., Path], tmp_path: Path
) -> None:
    """Row by row what is left of it foots: that says nothing of the table; the form is still known."""
    text = made(published("2022_pingtan"), "plain page").read_text("utf-8")
    for until, names in (("其他处理", ["1", "2"]), ("四、结转", ["1"])):
        path = tmp_path / "cut.html"
        path.write_text(text[: text.index(until)], "utf-8")
        (one,) = done("check", path, "--json").json

        assert (one["verdict"], one["holds"], one["form"]) == ("not_assessable", None, "2021")
        unsaid = [f["message"] for f in one["findings"] if "无法判断" in f["message"]]
        assert all(f"（{name}）" in said for name, said in zip(names, unsaid, strict=True))
        assert "全部成立" not in done("check", path).out
