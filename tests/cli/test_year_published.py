"""`year published`: the annual report is owed until it is recorded as published, and not only to the close."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
TODAY = "2027-03-12"


@pytest.fixture
def year(registered: Run, done: Run) -> int:
    """A year with an application that is closed."""
    number = registered(received="2026-11-02")
    done("transition", number, "withdraw", "--on", "2026-11-03")
    return 2026


def owed(done: Run, today: str = TODAY) -> list[str]:
    found = done("due", "--json", today=today).json
    return [one["kind"] for one in found if one["number"] is None]


def test_a_report_that_is_published_is_owed_no_more(done: Run, year: int) -> None:
    """Its day is recorded in the office's chain; neither `due` nor `remind` asks for it again."""
    (asked,) = done("due", "--json", today=TODAY).json
    assert (asked["kind"], asked["next_act"]) == ("annual_report", "year published")
    assert "year published 2026 --of annual_report" in done("due", today=TODAY).out

    did = done("year", "published", year, "--on", "2027-01-20", "--json", today=TODAY).json

    assert did == {"year": 2026, "kind": "annual_report", "on": "2027-01-20", "again": False}
    assert owed(done) == []
    assert done("remind", "--dry-run", "--json", today=TODAY).json["reminders"] == []
    status = done("year", "status", year, "--json", today=TODAY).json
    assert status["published"] == {"annual_report": "2027-01-20"}
    assert "2027-01-20" in done("year", "status", year, today=TODAY).out
    assert done("verify", "--json", today=TODAY).json["holds"]


def test_the_same_again_writes_nothing(done: Run, dump: Run, year: int) -> None:
    """Whoever records it twice changes nothing."""
    done("year", "published", year, "--on", "2027-01-20", today=TODAY)
    before = dump()

    did = done("year", "published", year, "--on", "2027-01-20", "--json", today=TODAY).json

    assert did["again"]
    assert dump() == before


def test_a_late_report_is_recorded_and_said_to_be_late(done: Run, year: int) -> None:
    """31 January was its day (30号)."""
    assert "2027-01-31" in done("year", "published", year, "--on", "2027-02-01", today=TODAY).err
    assert owed(done) == []


def test_a_wrong_day_is_put_right_and_a_mistake_taken_back(done: Run, refused: Run, year: int) -> None:
    """Both need a reason, both stay in the chain; what was taken back is owed again."""
    done("year", "published", year, "--on", "2027-01-20", today=TODAY)
    words = ["year", "published", year]

    assert refused(*words, "--on", "2027-01-21", today=TODAY)["error"] == "published_already"
    done(*words, "--on", "2027-01-21", "--reason", "日期录错", today=TODAY)
    status = done("year", "status", year, "--json", today=TODAY).json
    assert status["published"] == {"annual_report": "2027-01-21"}
    assert refused(*words, "--undo", status=2, today=TODAY)["error"] == "reason_missing"
    done(*words, "--undo", "--reason", "尚未发布", today=TODAY)

    assert owed(done) == ["annual_report"]
    assert refused(*words, "--undo", "--reason", "再来", today=TODAY)["error"] == "published_never"
    assert done("verify", "--json", today=TODAY).json["holds"]


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["2026", "--on", "2027-03-13"], "published_in_future", 1),
        (["2026", "--on", "2026-12-31"], "published_too_early", 1),
        (["2027"], "published_too_early", 1),
        (["2026", "--of", "annual_total"], "unknown_yearly_duty", 1),
        (["2026", "--undo", "--on", "2027-01-20"], "undo_has_no_day", 2),
    ],
)
@pytest.mark.usefixtures("year")
def test_what_cannot_be_is_refused(refused: Run, words: list[str], code: str, status: int) -> None:
    """A day to come, a year that is not over, a total that a department does not owe."""
    assert refused("year", "published", *words, status=status, today=TODAY)["error"] == code


def test_a_countys_own_close_does_not_hand_in_the_districts_total(
    done: Run, year: int, folder: Path
) -> None:
    """Closing one's own year ends the own report's reminders alone: the total is what others handed in."""
    config = folder / "config.toml"
    text = config.read_text("utf-8")
    assert 'level = "department"' in text
    config.write_text(text.replace('level = "department"', 'level = "county"', 1), "utf-8")
    assert owed(done, "2027-01-12") == ["annual_report", "annual_total"]

    done("year", "close", year, today="2027-01-12")
    assert owed(done, "2027-01-12") == ["annual_total"]

    done("year", "published", year, "--of", "annual_total", "--on", "2027-02-18", today=TODAY)
    assert owed(done) == []
