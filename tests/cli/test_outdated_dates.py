"""Between a change of the calendar and `calendar refresh`, no stored date passes for certain."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
DAY = "2027-02-05"


def _close_a_day(config: Path) -> None:
    """The office is closed on a day that had been a working day."""
    head, mark, rest = config.read_text("utf-8").partition("[calendar.days_off]")
    assert mark
    line, end, rest = rest.partition("\n")
    config.write_text(f'{head}{mark}{line}{end}"2027-01-20" = "停电"\n{rest}', "utf-8")


@pytest.fixture
def outdated(folder: Path, registered: Run, done: Run) -> str:
    """A case whose due date was worked out before the office's own day off was set."""
    number = registered(received="2027-01-11", today="2027-01-11")
    assert done("list", today=DAY).err == ""
    config = folder / "config.toml"
    _close_a_day(config)
    return number


def test_every_stored_date_is_provisional_until_refresh(
    run: Run, done: Run, outdated: str, tmp_path: Path
) -> None:
    """`list`, `due`, the calendar file and `remind` mark the date and say what is to be run."""
    listed, owed = done("list", "--json", today=DAY), done("due", "--json", today=DAY)
    planned = done("remind", "--dry-run", "--json", today=DAY)
    written = done("due", "-o", str(tmp_path / "due.ics"), today=DAY)

    assert [one["provisional"] for one in listed.json] == [True]
    assert all(one["provisional"] for item in owed.json for one in item["obligations"])
    assert "CONFIRMED" not in (tmp_path / "due.ics").read_text("utf-8")
    for result in (listed, owed, planned, written):
        assert "calendar refresh" in result.err
    checked = run("verify", "--json", today=DAY)
    assert checked.status == 1
    assert [one["kind"] for one in checked.json["problems"]] == ["calendar_not_refreshed"]

    done("calendar", "refresh", today=DAY)

    assert done("list", today=DAY).err == ""
    assert (
        done("show", outdated, "--json", today=DAY).json["due"]
        == done("list", "--json", today=DAY).json[0]["due"]
    )
    assert run("verify", today=DAY).status == 0


def test_a_dry_run_of_refresh_settles_nothing(done: Run, outdated: str) -> None:
    """What was only looked at is still to be done."""
    assert outdated in done("calendar", "refresh", "--dry-run", today=DAY).out
    assert "calendar refresh" in done("list", today=DAY).err


def test_another_fault_is_still_named(run: Run, outdated: str, sql: Run) -> None:
    """A row that differs in what no calendar moves stays a fault of its own."""
    sql("UPDATE applications SET subject = '改过' WHERE number = ?", outdated)

    found = [one["kind"] for one in run("verify", "--json", today=DAY).json["problems"]]

    assert found == ["calendar_not_refreshed", "row_differs"]


def test_an_office_without_a_case_has_nothing_outdated(folder: Path, done: Run, registered: Run) -> None:
    """A calendar that is set before the first application is the one that its dates go by."""
    config = folder / "config.toml"
    _close_a_day(config)
    assert done("list", today=DAY).err == ""
    registered(received="2027-01-11", today="2027-01-11")

    assert done("list", today=DAY).err == ""


@pytest.fixture
def hidden(folder: Path, registered: Run) -> str:
    """A case that the calendar in force has made overdue, while its row says that there is time left."""
    config = folder / "config.toml"
    before = config.read_text("utf-8")
    _close_a_day(config)
    number = registered(received="2027-01-11", today="2027-01-11")
    config.write_text(before, "utf-8")
    return number


def test_no_overdue_case_hides_behind_an_older_date(done: Run, hidden: str) -> None:
    """`list --overdue` works the open cases out anew where the dates on file go by another calendar."""
    last = done("list", "--json", today=DAY).json[0][
        "due"
    ]  # by the old calendar; one day late by the new
    assert [one["overdue"] for one in done("list", "--json", today=last).json] == [False]

    found = done("list", "--overdue", "--json", today=last)

    assert [(one["number"], one["overdue"], one["provisional"]) for one in found.json] == [
        (hidden, True, True)
    ]
    assert "calendar refresh" in found.err
    done("calendar", "refresh", today=last)
    again = done("list", "--overdue", "--json", today=last)
    assert [(one["number"], one["due"]) for one in again.json] == [(hidden, found.json[0]["due"])]
    assert "calendar refresh" not in again.err


def test_no_case_that_is_near_hides_behind_an_older_date(done: Run, hidden: str) -> None:
    """`due --within` goes by the histories where the dates on file go by another calendar."""
    late = done("list", "--json", today=DAY).json[0]["due"]  # one working day more than the new one
    eve = "2027-02-04"
    near = done("show", hidden, "--json", today=eve).json["due"]
    left = int(done("deadline", hidden, "--json", today=eve).json["remaining"])
    assert near < late

    (found,) = done("due", "--within", str(left), "--json", today=eve).json

    assert (found["number"], found["due"], found["provisional"]) == (hidden, near, True)
    assert done("due", "--within", str(left - 1), "--json", today=eve).json == []


def test_the_year_says_that_a_refresh_is_owed(
    run: Run, done: Run, outdated: str, tmp_path: Path
) -> None:
    """`rollup`, `timeliness`, `year status` and `report` name it, on the screen and in their documents."""
    counted = done("rollup", "2027", "--json", today=DAY)
    timed = done("timeliness", "2027", "--json", today=DAY)
    report = tmp_path / "report.html"
    printed = done("report", "2027", "-o", str(report), "--draft", "--json", today=DAY)

    for result in (counted, timed, printed):
        assert "year_not_refreshed" in [one["error"] for one in result.json["warnings"]]
        assert "calendar refresh" in result.err
    status = done("year", "status", "2027", "--json", today=DAY).json
    assert [one["error"] for one in status["obstacles"]].count("year_not_refreshed") == 1
    assert "calendar refresh" in done("year", "status", "2027", today=DAY).out
    for lang, said in (("zh", "重算"), ("en", "worked out anew")):
        assert said in run("--lang", lang, "timeliness", "2027", today=DAY).err

    done("calendar", "refresh", today=DAY)

    assert "warnings" not in done("rollup", "2027", "--json", today=DAY).json
    assert outdated not in done("timeliness", "2027", today=DAY).err


def test_no_year_is_closed_while_a_refresh_is_owed(
    refused: Run, done: Run, registered: Run, folder: Path
) -> None:
    """Which answers were late is judged by the dates: they are brought along first, then it is closed."""
    registered(received="2026-12-01", today="2026-12-01")
    _close_a_day(folder / "config.toml")

    error = refused("year", "close", "2026", "--by", "head", today=DAY)

    assert [one["error"] for one in error["findings"]] == ["year_not_refreshed"]
    assert "calendar refresh" in error["findings"][0]["hint"]
    done("calendar", "refresh", today=DAY)
    done("year", "close", "2026", "--by", "head", today=DAY)


def test_similar_requests_are_marked_too(done: Run, registered: Run, outdated: str) -> None:
    """The due date of an earlier request comes from its row as well."""
    number = registered(received="2027-01-12", today=DAY)

    found = done("similar", number, "--json", today=DAY)

    assert [(one["number"], one["provisional"]) for one in found.json] == [(outdated, True)]
    assert "calendar refresh" in found.err
