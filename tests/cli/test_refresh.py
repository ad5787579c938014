"""`calendar refresh`: a changed calendar reaches the open cases, and the history says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def _local_holiday(folder: Path, line: str) -> None:
    path = folder / "config.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("[calendar.days_off]", f"[calendar.days_off]\n{line}"), "utf-8")


def test_a_new_holiday_moves_the_due_dates(run: Run, folder: Path, registered: Run) -> None:
    """A local holiday within the period moves the due date on; rows, history and proof follow."""
    number = registered()
    before = run("show", number, "--json").json
    _local_holiday(folder, '"2026-11-12" = "三月三"')
    assert run("verify").status == 1

    moved = run("calendar", "refresh", "--json")

    calendar = "2026: 国办发明电〔2025〕7号; 2026-11-12 三月三"
    assert moved.json == [
        {"number": number, "from": before["due"], "to": "2026-12-01", "provisional": False,
         "calendar": calendar}
    ]  # fmt: skip
    case = run("show", number, "--json").json
    assert case["due"] == run("due", "--json").json[0]["due"] == "2026-12-01"
    assert case["history"][-1]["transition"] == "recalculate"
    assert case["history"][-1]["data"] == {
        "due_from": before["due"], "due_to": "2026-12-01", "calendar": calendar,
    }  # fmt: skip
    assert run("verify").status == 0


def test_a_dry_run_moves_nothing(run: Run, folder: Path, registered: Run, dump: Run) -> None:
    """`--dry-run` lists what would move and writes nothing."""
    number = registered()
    _local_holiday(folder, '"2026-11-12" = "三月三"')
    before = dump()

    assert [one["number"] for one in run("calendar", "refresh", "--dry-run", "--json").json] == [number]
    assert dump() == before


def test_where_nothing_changed_nothing_moves(run: Run, registered: Run, dump: Run) -> None:
    """A refresh under the same rules writes no entry."""
    registered()
    before = dump()

    assert run("calendar", "refresh", "--json").json == []
    assert dump() == before


def test_a_case_goes_on_after_its_date_moved(
    run: Run, folder: Path, registered: Run, moved: Run
) -> None:
    """The entry of a refresh binds no later step, and is itself no step to correct."""
    number = registered()
    _local_holiday(folder, '"2026-11-12" = "三月三"')
    run("calendar", "refresh")

    moved(number, "accept@2026-11-03", "decide@2026-11-04 --outcome partial")

    refused = run("amend", number, "--entry", "2", "--strike", "--reason", "x", "--json")
    assert (refused.status, refused.error["error"]) == (1, "no_such_entry")
    assert run("verify").status == 0
