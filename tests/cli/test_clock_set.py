"""The machine's clock set forward or back: dates follow the day, the history stays in its order."""

from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]


def test_a_clock_set_back_loses_nothing(run: Run, registered: Run, moved: Run) -> None:
    """What was recorded on a later day stays; the due date is the same, the time that is left longer."""
    number = registered(received="2026-11-02")
    moved(number, "accept@2026-11-03")

    later, back = (run("show", number, "--json", today=day).json for day in ("2026-11-24", "2026-11-10"))

    assert later["due"] == back["due"]
    assert (later["remaining"], back["remaining"]) == (4, 14)
    assert run("verify", today="2026-11-10").status == 0
    assert [one["number"] for one in run("due", "--json", today="2020-01-02").json] == [number]


def test_a_step_of_tomorrow_is_refused_when_the_clock_is_set_back(run: Run, registered: Run) -> None:
    """With the clock set back, the day on which a case came in lies ahead, and nothing is recorded then."""
    number = registered(received="2026-11-02")

    refused = run("transition", number, "accept", "--on", "2026-11-03", "--json", today="2026-11-02")

    assert (refused.status, refused.error["error"]) == (1, "in_the_future")


def test_a_clock_set_forward_makes_things_overdue_and_back_again(run: Run, registered: Run) -> None:
    """Lateness is no state: it comes with the day and goes with it, and nothing is written."""
    number = registered(received="2026-11-02")
    seen = []
    for today in ("2026-11-24", "2027-06-01", "2026-11-24"):
        found = {one["number"]: one for one in run("due", "--json", today=today).json}
        seen.append((found[number]["overdue"], found[number]["due"]))

    assert seen == [(False, "2026-11-30"), (True, "2026-11-30"), (False, "2026-11-30")]
    assert run("verify", today="2027-06-01").status == 0


def test_a_clock_far_ahead_of_every_calendar_is_told_so(run: Run, registered: Run) -> None:
    """Past all calendars nothing can be worked out, and that is said; the data stay."""
    registered(received="2026-11-02")

    refused = run("due", "--json", today="2099-01-04")

    assert (refused.status, refused.error["error"]) == (1, "no_calendar")
    assert run("verify").status == 0
