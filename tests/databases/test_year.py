"""Disputes, the year's close, offices and calendars on a file and on a server: the same answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
AFTER, LATER = "2026-01-15", "2026-03-02"
REFUSED = ("accept@2025-03-04", "decide@2025-03-10 --outcome withheld.third_party")

pytestmark = pytest.mark.slow


def test_a_dispute_is_opened_corrected_and_closed(done: Run, refused: Run, registered: Run) -> None:
    """Table four follows each act; a result before the filing is refused and changes nothing."""
    case = registered(*REFUSED, received="2025-03-03")
    opened = done("dispute", "open", case, "--kind", "review", "--filed", "2025-04-01", "--json").json
    assert opened["number"] == "D2025-001"
    early = ("--result", "corrected", "--on", "2025-03-20")
    assert refused("dispute", "close", "D2025-001", *early) == "dispute_closed_before_filed"

    done("dispute", "amend", "D2025-001", "--set", "filed=2025-03-28", "--reason", "日期记错")
    done("dispute", "close", "D2025-001", "--result", "corrected", "--on", "2025-05-20")

    [told] = done("dispute", "list", "--json").json
    assert (told["filed"], told["result"], told["closed"]) == ("2025-03-28", "corrected", "2025-05-20")
    assert done("rollup", "2025", "--json").json["table4"]["review"] == [0, 1, 0, 0, 1]
    assert done("verify", "--json").json["holds"]


def test_a_year_is_closed_opened_and_closed_again(done: Run, refused: Run, registered: Run) -> None:
    """Each close is kept as it was frozen; between them a figure was put right, and the table says so."""
    registered(*REFUSED, received="2025-03-03")
    open_case = registered("accept@2025-12-18", received="2025-12-17")
    closed = done("year", "close", "2025", "--json", today=AFTER).json
    assert closed["version"] == 1
    late = ("amend", "2025-0001", "--entry", "1", "--set", "kind=enterprise", "--reason", "登记有误")
    assert refused(*late, today=AFTER) == "year_would_change"

    done("year", "reopen", "2025", "--reason", "申请人类型有误", "--by", "head", today=LATER)
    done(*late, today=LATER)
    again = done("year", "close", "2025", "--json", today=LATER).json

    assert again["version"] == 2
    first = done("rollup", "2025", "--version", "1", "--json", today=LATER).json
    second = done("rollup", "2025", "--json", today=LATER).json
    row = "withheld.third_party"
    assert (first["rows"][row][:2], second["rows"][row][:2]) == ([1, 0], [0, 1])
    assert first["rows"]["carried_out"][0] == second["rows"]["carried_out"][0] == 1
    assert (
        done("show", open_case, "--json", today=LATER).json["history"][-1]["transition"] == "carry_over"
    )
    assert done("verify", "--json", today=LATER).json["holds"]


def test_of_two_who_close_a_year_one_does(
    done: Run, start: Run, ended: Run, rows: Run, registered: Run
) -> None:
    """Two closes at once freeze the year once; the other is told that it is closed."""
    registered(*REFUSED, received="2025-03-03")
    running = [start("year", "close", "2025", "--json") for _ in range(2)]
    results = [ended(process) for process in running]

    assert sorted(status for status, _out, _err in results) == [0, 1], results
    assert "year_closed_already" in "".join(err for _status, _out, err in results)
    assert rows("SELECT version FROM years") == [(1,)]
    assert done("verify", "--json").json["holds"]


def test_offices_are_added_moved_and_summed(
    done: Run, refused: Run, registered: Run, folder: Path
) -> None:
    """A county below a city, and this office below the county: one database, one sum, chains apart."""
    city, county = folder / "city", folder / "county"
    done("office", "add", "示例市人民政府", "--level", "city", "--folder", city)
    done("office", "add", "示例县人民政府", "--level", "county", "--parent", "示例市人民政府",
         "--folder", county)  # fmt: skip
    done("office", "move", "示例县发展和改革局", "--parent", "示例县人民政府", "--by", "head")
    below = ("office", "move", "示例市人民政府", "--parent", "示例县发展和改革局", "--by", "head")
    assert refused(*below) == "office_below_itself"
    registered(*REFUSED, received="2025-03-03")

    config = county / "config.toml"
    total = done("rollup", "2025", "--office", "示例县人民政府", "--json", config=config).json
    assert total["rows"]["withheld.third_party"][0] == 1
    for place in (city, county, folder):
        assert done("verify", "--json", config=place / "config.toml").json["holds"], place


def test_of_two_offices_that_go_below_each_other_at_once_one_stays(
    done: Run, start: Run, ended: Run, folder: Path
) -> None:
    """Moves made at two desks at once make no circle: no office is lost from the tree and its sums."""
    names = ("示例市人民政府", "示例县人民政府")
    for name in names:
        done("office", "add", name, "--folder", folder / name)
    desks = [("--config", folder / name / "config.toml", "office", "move") for name in names]
    running = [start(*desk, one, "--parent", other, "--by", "head", "--json")
               for desk, one, other in zip(desks, names, reversed(names), strict=True)]  # fmt: skip
    results = [ended(process) for process in running]

    assert sorted(status for status, _out, _err in results) == [0, 1], results
    assert "office_below_itself" in "".join(err for _status, _out, err in results)
    found = done("office", "list").out
    assert all(name in found for name in names)


def test_the_record_tells_at_whose_desk_an_unnamed_act_was_entered(
    done: Run, rows: Run, folder: Path
) -> None:
    """Without `--by` the head answers for it, and the history does not claim that the head typed it."""
    done("office", "add", "示例镇人民政府", "--folder", folder / "town")
    done("office", "move", "示例镇人民政府")
    done("office", "move", "示例镇人民政府", "--by", "head")

    found = rows(
        "SELECT recorded_by, data FROM entries WHERE transition = 'move_office' ORDER BY sequence"
    )
    told = [(by, json.loads(data).get("entered_by")) for by, data in found]
    assert told == [("head", "clerk"), ("head", None)]


def test_a_changed_calendar_reaches_the_open_cases(
    done: Run, run: Run, registered: Run, folder: Path
) -> None:
    """A local holiday moves the due date when it is refreshed; before that, `verify` asks for it."""
    case = registered()
    before = done("show", case, "--json").json["due"]
    path = folder / "config.toml"
    local = '[calendar.days_off]\n"2026-11-12" = "三月三"'
    path.write_text(path.read_text("utf-8").replace("[calendar.days_off]", local), "utf-8")
    assert [p["kind"] for p in run("verify", "--json").json["problems"]] == ["calendar_not_refreshed"]

    [moved] = done("calendar", "refresh", "--json").json

    assert (moved["number"], moved["from"], moved["to"]) == (case, before, "2026-12-01")
    assert done("due", "--json").json[0]["due"] == "2026-12-01"
    assert done("calendar", "refresh", "--json").json == []
    assert done("verify", "--json").json["holds"]
