"""`calendar refresh`: a changed calendar reaches the open cases, and the history says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
DAYS_OF_2027 = "\n".join(
    f"2027-{day},放假,{name}"
    for day, name in (
        ("01-01", "元旦"), ("02-08", "春节"), ("04-05", "清明节"), ("05-03", "劳动节"),
        ("06-09", "端午节"), ("09-15", "中秋节"), ("10-01", "国庆节"),
    )
)  # fmt: skip


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


ACTS = {
    "a step": ["transition", "{number}", "accept", "--on", "2026-11-03"],
    "an assignment": ["assign", "{number}", "--unit", "规划科"],
    "a correction": ["amend", "{number}", "--entry", "1", "--set", "subject=规划", "--reason", "误录"],
    "a file": ["attach", "{number}", "{file}"],
    "voiding": ["void", "{number}", "--reason", "误录"],
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_an_act_before_the_refresh_records_that_the_date_moved(
    run: Run, folder: Path, registered: Run, act: str
) -> None:
    """Whatever touches a case between the change and the refresh, its history says the date moved.

    The refresh lists it, once.
    """
    number = registered()
    due = run("show", number, "--json").json["due"]
    _local_holiday(folder, '"2026-11-12" = "三月三"')
    file = folder / "a.txt"
    file.write_text("a", "utf-8")

    done = run(*(word.format(number=number, file=file) for word in ACTS[act]))

    assert done.status == 0, done.err
    history = run("show", number, "--json").json["history"]
    assert history[1]["transition"] == "recalculate"
    assert (history[1]["data"]["due_from"], history[1]["data"]["due_to"]) == (due, "2026-12-01")
    assert len(history) == 3
    listed = run("calendar", "refresh", "--json").json
    assert [(one["number"], one["from"], one["to"]) for one in listed] == [(number, due, "2026-12-01")]
    assert run("calendar", "refresh", "--json").json == []
    assert run("verify").status == 0


def test_a_letter_issued_before_the_refresh_records_that_the_date_moved(
    run: Run, folder: Path, registered: Run
) -> None:
    """Issuing, printing and withdrawing a letter are acts on a case too."""
    number = registered()
    _local_holiday(folder, '"2026-11-12" = "三月三"')

    issued = run("notice", number, "receipt", "-o", str(folder / "a.txt"))

    assert issued.status == 0, issued.err
    history = run("show", number, "--json").json["history"]
    assert [entry["transition"] for entry in history][:2] == ["register", "recalculate"]
    assert [one["number"] for one in run("calendar", "refresh", "--json").json] == [number]
    assert run("verify").status == 0


def test_a_refused_act_moves_nothing(run: Run, folder: Path, registered: Run, dump: Run) -> None:
    """What is refused leaves no recalculation behind; one that knows the last entry is not refused."""
    number = registered()
    _local_holiday(folder, '"2026-11-12" = "三月三"')
    before = dump()

    assert run("transition", number, "extend").status == 1
    assert dump() == before
    assert run("transition", number, "accept", "--seen", "1").status == 0


def test_two_changes_before_a_refresh_are_one_move(run: Run, folder: Path, registered: Run) -> None:
    """From the day before the first change to the day after the last."""
    number = registered()
    due = run("show", number, "--json").json["due"]
    _local_holiday(folder, '"2026-11-12" = "三月三"')
    run("transition", number, "accept")
    _local_holiday(folder, '"2026-11-13" = "三月三"')

    listed = run("calendar", "refresh", "--json").json

    assert [(one["from"], one["to"]) for one in listed] == [(due, "2026-12-02")]
    assert run("calendar", "refresh", "--json").json == []


def test_a_date_that_became_final_is_told(run: Run, folder: Path, registered: Run) -> None:
    """A year's notice that moves no date still makes dates final: a letter may have waited for that."""
    number = registered(received="2026-12-04", today="2026-12-04")
    assert run("show", number, "--json").json["provisional"]
    (folder / "2027.csv").write_text("日期,类型,名称\n" + DAYS_OF_2027, "utf-8")
    imported = run("calendar", "import", str(folder / "2027.csv"))
    assert imported.status == 0, imported.err

    told = run("calendar", "refresh", "--dry-run")
    listed = run("calendar", "refresh", "--json").json

    assert f"{number} 2027-01-04" in told.out
    assert [(one["number"], one["from"], one["to"], one["provisional"]) for one in listed] == [
        (number, "2027-01-04", "2027-01-04", False)
    ]
    assert run("calendar", "refresh", "--json").json == []
