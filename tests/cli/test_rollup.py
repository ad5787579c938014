"""`rollup`: the year's table in both forms, as of any day, and the applications behind each figure."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

REGISTER = (
    "收到日期,申请人类型,办理结果,答复日期",
    "2025-12-20,自然人,予以公开,2026-01-10",  # carried in
    "2025-12-22,商业企业,,",  # carried in and out
    "2026-01-05,自然人,予以公开,2026-01-20",
    "2026-01-06,自然人,已主动公开,2026-01-20",
    "2026-02-03,商业企业,信息不存在,2026-02-20",
    "2026-02-04,科研机构,不属于本机关负责公开,2026-02-20",
    "2026-03-03,社会公益组织,申请人无正当理由逾期不补正,2026-03-30",
    "2026-03-04,法律服务机构,申请人撤回,2026-03-30",
    "2026-03-05,其他,申请人逾期未缴费,2026-03-30",
    "2026-06-30,自然人,部分公开,2026-07-20",
    "2026-11-02,自然人,,",
)


@pytest.fixture
def _year(once: Run, done: Run, register_file: Run) -> None:
    once("rollup", lambda: done("import", register_file(*REGISTER)))


@pytest.mark.usefixtures("_year")
def test_every_figure_is_that_of_its_applications(run: Run) -> None:
    """For every row of either form, `--cell` lists as many applications as the figure says."""
    for form in ("2019", "2021"):
        table = run("rollup", "2026", "--form", form, "--json").json
        for row, figures in table["rows"].items():
            found = run("rollup", "2026", "--form", form, "--cell", f"{row}:total", "--json").json
            assert len(found["applications"]) == found["figure"] == figures[-1], (form, row)


@pytest.mark.usefixtures("_year")
def test_the_figures_of_a_row_share_out_its_applications(run: Run) -> None:
    """Each application of a row stands in one of its columns."""
    columns = run("rollup", "2026", "--json").json["columns"]
    for row in ("new", "unable.not_held", "concluded", "carried_out"):
        cells = [
            [
                one["number"]
                for one in run("rollup", "2026", "--cell", f"{row}:{column}", "--json").json[
                    "applications"
                ]
            ]
            for column in columns
        ]
        assert sorted(number for cell in cells[:-1] for number in cell) == sorted(cells[-1])


@pytest.mark.usefixtures("_year")
def test_the_table_counts_what_came_and_what_was_decided(run: Run) -> None:
    """New by receipt, carried in and out by what was open at either end, results by their day."""
    rows = run("rollup", "2026", "--json").json["rows"]

    assert rows["new"] == [4, 1, 1, 1, 1, 1, 9]
    assert rows["carried_in"] == [1, 1, 0, 0, 0, 0, 2]
    assert rows["disclosed"] == [3, 0, 0, 0, 0, 0, 3]
    assert rows["partial"] == [1, 0, 0, 0, 0, 0, 1]
    assert rows["unable.not_held"] == [0, 1, 1, 0, 0, 0, 2]
    assert rows["other.not_corrected"] == [0, 0, 0, 1, 0, 0, 1]
    assert rows["other.unpaid"] == [0, 0, 0, 0, 0, 1, 1]
    assert rows["other.other"] == [0, 0, 0, 0, 1, 0, 1]
    assert rows["concluded"] == [4, 1, 1, 1, 1, 1, 9]
    assert rows["carried_out"] == [1, 1, 0, 0, 0, 0, 2]


@pytest.mark.usefixtures("_year")
def test_the_older_form_has_one_row_for_all_other_handling(run: Run) -> None:
    """The form of 2019 puts all three kinds of other handling in one row, and has 23 rows."""
    rows = run("rollup", "2026", "--form", "2019", "--json").json["rows"]

    assert rows["other"] == [0, 0, 0, 1, 1, 1, 3]
    assert len(rows) == 23
    assert len(run("rollup", "2026", "--json").json["rows"]) == 25


@pytest.mark.parametrize(
    ("year", "form"), [(2019, "2019"), (2020, "2019"), (2021, "2021"), (2026, "2021")]
)
def test_the_form_follows_the_report_year(run: Run, year: int, form: str) -> None:
    """2019 and 2020 are reported in the older form, years from 2021 in the newer one."""
    assert run("rollup", year, "--json").json["form"] == form


@pytest.mark.usefixtures("_year")
def test_the_table_as_of_a_day_knows_nothing_later(run: Run) -> None:
    """`--as-of DATE` counts what had come and been decided by the end of that day, and no more."""
    rows = run("rollup", "2026", "--as-of", "2026-01-10", "--json").json["rows"]
    day_before = run("rollup", "2026", "--as-of", "2026-01-09", "--json").json["rows"]

    assert rows["new"][-1] == 2
    assert (rows["concluded"][-1], rows["carried_out"][-1]) == (1, 3)
    assert (day_before["concluded"][-1], day_before["carried_out"][-1]) == (0, 4)
    assert rows["carried_in"] == day_before["carried_in"] == [1, 1, 0, 0, 0, 0, 2]


@pytest.mark.usefixtures("_year")
def test_every_day_of_the_year_foots(run: Run, tmp_path: Path) -> None:
    """As of the first day of each month, the table keeps its identities and `check` agrees."""
    for month in range(1, 12):
        path = tmp_path / f"{month}.json"
        run("rollup", "2026", "--as-of", f"2026-{month:02}-01", "-o", path)
    result = run("check", *sorted(tmp_path.glob("*.json")), "--json")

    assert result.status == 0
    assert [one["holds"] for one in result.json] == [True] * 11


@pytest.mark.usefixtures("_year")
def test_a_past_year_is_as_of_its_last_day(run: Run) -> None:
    """A year that is over is counted to its end, the running one to today."""
    assert run("rollup", "2025", "--json").json["as_of"] == "2025-12-31"
    assert run("rollup", "2026", "--json").json["as_of"] == "2026-11-24"
    assert run("rollup", "2025", "--json").json["rows"]["carried_out"] == [1, 1, 0, 0, 0, 0, 2]


@pytest.mark.usefixtures("_year")
def test_the_screen_has_the_official_layout(run: Run) -> None:
    """The screen shows title, note, merged heads, every printed row in order and its seven figures."""
    lines = run("rollup", "2026").out.splitlines()
    rows = [line.split()[-7:] for line in lines if len(line.split()) > 7 and line.split()[-1].isdigit()]
    document = run("rollup", "2026", "--json").json

    assert rows == [[str(figure) for figure in figures] for figures in document["rows"].values()]
    text = "\n".join(lines)
    for words in (
        "三、收到和处理政府信息公开申请情况",
        "勾稽关系",
        "自然人",
        "法人或其他组织",
        "商业企业",
        "一、本年新收政府信息公开申请数量",
        "（三）不予公开",
        "（七）总计",
        "四、结转下年度继续办理",
    ):
        assert words in text
    assert "勾稽关系全部成立" in text


@pytest.mark.usefixtures("_year")
def test_the_cells_screen_lists_numbers(run: Run) -> None:
    """`--cell` on the screen gives the figure and a line for each application."""
    out = run("rollup", "2026", "--cell", "unable.not_held:total").out

    assert "unable.not_held:total = 2" in out
    assert out.count("2026-02-0") == 2


@pytest.mark.usefixtures("_year")
def test_a_file_is_written_whole(run: Run, tmp_path: Path) -> None:
    """`-o FILE.json` writes a document that `check` reads, and prints no table."""
    path = tmp_path / "2026.json"

    result = run("rollup", "2026", "-o", path)

    assert (result.status, result.out) == (0, "")
    assert json.loads(path.read_text("utf-8"))["rows"]["new"][-1] == 9
    assert run("check", path).status == 0


@pytest.mark.usefixtures("_year")
def test_a_place_that_cannot_be_written_is_refused(refused: Run, tmp_path: Path) -> None:
    """A table that cannot be written is refused with the file's name."""
    error = refused("rollup", "2026", "-o", tmp_path / "nowhere" / "t.json")

    assert error["error"] == "file_unwritable"
    assert refused("rollup", "2026", "-o", tmp_path.with_suffix(".json") / "t.json")["error"]


def test_a_reopened_case_is_not_new_again(run: Run, registered: Run, moved: Run) -> None:
    """A case reopened after review keeps its first result in the table and is not new again."""
    number = registered(received="2026-09-01", today="2026-09-01")
    moved(number, "accept@2026-09-01", "decide@2026-09-10 --outcome withheld.third_party",
          "deliver@2026-09-10", "reopen@2026-10-09 --set cause=review",
          "decide@2026-10-20 --outcome disclosed.provided", "deliver@2026-10-20")  # fmt: skip

    table = run("rollup", "2026", "--json").json

    assert table["rows"]["new"][-1] == table["rows"]["concluded"][-1] == 1
    assert table["rows"]["withheld.third_party"][-1] == 1
    assert all(identity["holds"] for identity in table["identities"])


def test_a_withdrawn_case_counts_as_new_and_as_other(run: Run, registered: Run, moved: Run) -> None:
    """A withdrawn request still counts among the new ones, and under other handling."""
    moved(registered(), "withdraw@2026-11-03")

    rows = run("rollup", "2026", "--json").json["rows"]

    assert (rows["new"][-1], rows["other.other"][-1], rows["carried_out"][-1]) == (1, 1, 0)
