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
