"""After a change of a switch or of the workflow file: noticed like a changed calendar, and brought along."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from requestflow.definitions.workflow_file import workflow_path

Run = Callable[..., Any]
DAY = "2026-11-24"


def _switch(folder: Path, name: str, value: str) -> None:
    path = folder / "config.toml"
    text, place = path.read_text("utf-8"), '# extension_on_due_date = "allowed"'
    assert text.count(place) == 1
    path.write_text(text.replace(place, f'{name} = "{value}"'), "utf-8")


@pytest.fixture
def reopened(registered: Run, moved: Run) -> str:
    """A case answered twice, the second time after a review."""
    number = registered(received="2026-09-01")
    moved(
        number,
        "accept@2026-09-01",
        "decide@2026-09-08 --outcome withheld.state_secret",
        "deliver@2026-09-08",
        "reopen@2026-10-12 --set cause=review",
        "decide@2026-10-20 --outcome disclosed.provided",
        "deliver@2026-10-20",
    )
    return number


@pytest.fixture
def consulted(registered: Run, moved: Run) -> str:
    """A case whose clock stood still for a third party."""
    number = registered(received="2026-11-02")
    moved(
        number,
        "accept@2026-11-02",
        "consult_third_party@2026-11-03 --set party=甲公司",
        "conclude_third_party@2026-11-10 --set party=甲公司",
    )
    return number


def test_the_result_that_counts_is_brought_along(
    run: Run, done: Run, folder: Path, reopened: str
) -> None:
    """`reopened_case_counts`: after a refresh rows, histories and the annual table say the same."""
    assert _counted(done) == "withheld.state_secret"
    _switch(folder, "reopened_case_counts", "latest")
    problems = run("verify", "--json").json["problems"]
    assert [one["kind"] for one in problems] == ["calendar_not_refreshed"]

    done("calendar", "refresh", "--all")

    assert run("verify").status == 0
    assert _counted(done) == "disclosed"
    assert reopened not in done("list").err


def _counted(done: Run) -> str:
    """Where the annual table counts the case."""
    rows = done("rollup", "2026", "--json").json["rows"]
    return next(row for row in ("withheld.state_secret", "disclosed") if rows[row][-1])


def test_a_year_can_be_closed_after_a_switch_was_changed(
    refused: Run, done: Run, folder: Path, reopened: str
) -> None:
    """Refused while the refresh is owed, by that alone; afterwards the year is closed."""
    _switch(folder, "reopened_case_counts", "latest")
    error = refused("year", "close", "2026", "--by", "head", today="2027-01-05")
    assert [one["error"] for one in error["findings"]] == ["year_not_refreshed"]

    done("calendar", "refresh", today="2027-01-05")

    assert done("list", today="2027-01-05").err == ""
    done("year", "close", "2026", "--by", "head", today="2027-01-05")
    assert done("show", reopened, "--json", today="2027-01-05").json["history"]


def test_no_refresh_changes_a_closed_year(refused: Run, done: Run, folder: Path, reopened: str) -> None:
    """What a closed year has counted stays: the year is opened first, or the switch set back."""
    done("year", "close", "2026", "--by", "head", today="2027-01-05")
    _switch(folder, "reopened_case_counts", "latest")

    error = refused("calendar", "refresh", "--all", today="2027-01-05")

    assert error["error"] == "year_would_change"
    done(
        "year", "reopen", "2026", "--by", "head", "--reason", "改按最近一次结果统计", today="2027-01-05"
    )
    done("calendar", "refresh", today="2027-01-05")
    done("year", "close", "2026", "--by", "head", today="2027-01-05")
    assert done("verify", today="2027-01-05").status == 0
    assert reopened


def test_a_changed_switch_is_noticed(run: Run, done: Run, folder: Path, consulted: str) -> None:
    """Dates are provisional until they are brought along; the moved one is an entry of the history."""
    before = done("list", "--json").json[0]["due"]
    _switch(folder, "pause_days", "sending_day_too")

    listed = done("list", "--json")

    assert [one["provisional"] for one in listed.json] == [True]
    assert "calendar refresh" in listed.err
    problems = run("verify", "--json").json["problems"]
    assert [one["kind"] for one in problems] == ["calendar_not_refreshed"]
    (moved,) = done("calendar", "refresh", "--json").json
    shown = done("show", consulted, "--json").json
    assert (moved["from"], moved["to"]) == (before, shown["due"])
    assert shown["due"] > before
    assert shown["history"][-1]["transition"] == "recalculate"
    assert done("list", "--json").json[0]["due"] == shown["due"]
    assert (done("list").err, run("verify").status) == ("", 0)


def test_a_changed_workflow_file_is_noticed(run: Run, done: Run, folder: Path, consulted: str) -> None:
    """A file of the office's own with another limit; what it only says to people moves no date."""
    source = workflow_path("disclosure")
    own = folder / "own.yaml"
    text = source.read_text("utf-8")
    own.write_text(text, "utf-8")
    path = folder / "config.toml"
    config = path.read_text("utf-8")
    assert config.count('file = "disclosure"') == 1
    path.write_text(config.replace('file = "disclosure"', 'file = "own.yaml"'), "utf-8")
    assert done("list").err == ""
    own.write_text(f"# ours\n{text.replace('zh: 受理', 'zh: 收下')}", "utf-8")
    assert done("list").err == ""
    assert text.count("value: sent_to_returned") == 1
    own.write_text(text.replace("value: sent_to_returned", "value: sending_day_too"), "utf-8")

    assert "calendar refresh" in done("list").err

    assert [one["number"] for one in done("calendar", "refresh", "--json").json] == [consulted]
    assert (done("list").err, run("verify").status) == ("", 0)


def test_a_stamp_of_the_calendar_alone_is_believed(
    run: Run, done: Run, folder: Path, consulted: str, sql: Run
) -> None:
    """An earlier version wrote down the calendar alone: no alarm, and from `upgrade` on the rules too."""
    sql("UPDATE offices SET calendar = substr(calendar, 1, 64)")
    assert (done("list").err, run("verify").status) == ("", 0)

    assert done("upgrade", "--json").json["filled"] == 0

    assert done("list").err == ""
    _switch(folder, "pause_days", "sending_day_too")
    assert "calendar refresh" in done("list").err
    assert consulted


def test_nothing_is_written_over_that_the_chain_does_not_bear_out(
    run: Run, done: Run, reopened: str, registered: Run, sql: Run
) -> None:
    """The row of a case whose entry was changed stays as evidence; other rows are brought along."""
    other = registered(received="2026-11-02")
    sql(
        "UPDATE entries SET data = replace(data, 'state_secret', 'third_party')"
        " WHERE transition = 'decide'"
    )
    sql("UPDATE applications SET late = 1 WHERE number = ?", other)

    done("calendar", "refresh", "--all")

    problems = run("verify", "--json").json["problems"]
    assert {(one["kind"], one["number"]) for one in problems} == {
        ("entry_changed", reopened), ("row_differs", reopened),
    }  # fmt: skip


def test_where_entries_are_lost_only_dates_are_brought_along(
    run: Run, done: Run, reopened: str, sql: Run
) -> None:
    """Which case an entry is missing in nobody knows: no result is written over."""
    sql("DELETE FROM entries WHERE sequence > 5")

    done("calendar", "refresh", "--all")

    problems = run("verify", "--json").json["problems"]
    assert {"chain_end", "row_differs"} <= {one["kind"] for one in problems}
    assert reopened
