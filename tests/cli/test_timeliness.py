"""`timeliness`: a year's answers by their due dates, original and extended, 条例33 and 235号."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("year")


@pytest.fixture
def year(run: Run, once: Run, registered: Run, moved: Run) -> None:
    """Six cases of 2026, one of each kind, and a void registration."""

    def make() -> None:
        received = "2026-03-02"  # due 2026-03-30
        on_time, extended, late, withdrawn = (
            registered(received=received, subject=f"预算{n}") for n in range(4)
        )
        answer = "decide@{0} --outcome disclosed.provided"
        serve = "deliver@{0} --set method=electronic"
        for number in (on_time, extended, late):
            moved(number, "accept@2026-03-03")
        moved(on_time, answer.format("2026-03-27"), serve.format("2026-03-30"))
        moved(extended, "extend@2026-03-20 --days 10 --by head", answer.format("2026-04-08"),
              serve.format("2026-04-09"))  # fmt: skip
        moved(late, answer.format("2026-03-30"), serve.format("2026-03-31"))
        moved(withdrawn, "withdraw@2026-03-05")
        registered(received="2026-11-02", subject="环评")  # due 2026-11-30: open
        registered(received="2026-10-12", subject="规划")  # due 2026-11-09: overdue
        void = registered(received="2026-10-12", subject="误登")
        assert run("void", void, "--reason", "误登").status == 0

    once("six of 2026", make)


def test_every_case_of_the_year_is_counted_once(done: Run) -> None:
    """On time, late, ended, open and overdue make up the cases; lateness is by service, not decision."""
    found = done("timeliness", "2026", "--json").json
    total = found["total"]

    assert (found["year"], found["as_of"], found["by"]) == (2026, "2026-11-24", None)
    assert total == {
        "cases": 6, "on_time": 2, "on_time_original": 1, "late": 1, "ended": 1, "open": 1, "overdue": 1,
        "extended": 1, "share": 0.6667,
    }  # fmt: skip


def test_the_cases_are_those_of_the_annual_table(done: Run) -> None:
    """Received in the year and carried into it: 一 and 二 of table three together."""
    rows = done("rollup", "2026", "--json").json["rows"]
    total = done("timeliness", "2026", "--json").json["total"]

    assert total["cases"] == rows["new"][-1] + rows["carried_in"][-1]


def test_groups_by_month_add_up(done: Run) -> None:
    """Each case stands in the month of its receipt; the months add up to the whole."""
    found = done("timeliness", "2026", "--by", "month", "--json").json

    assert [(g["group"], g["cases"]) for g in found["groups"]] == [
        ("2026-03", 4), ("2026-10", 1), ("2026-11", 1),
    ]  # fmt: skip
    for name in ("cases", "on_time", "late", "ended", "open", "overdue", "extended"):
        assert sum(g[name] for g in found["groups"]) == found["total"][name]


def test_an_answer_after_the_day_asked_for_is_still_open(done: Run) -> None:
    """Judged on an earlier day, what came later has not come: the answer of 31 March is open on the 30th."""
    on = done("timeliness", "2026", "--as-of", "2026-03-30", "--json").json["total"]
    after = done("timeliness", "2026", "--as-of", "2026-03-31", "--json").json["total"]

    assert (on["on_time"], on["late"], on["open"], on["overdue"]) == (1, 0, 2, 0)
    assert (after["on_time"], after["late"], after["open"], after["overdue"]) == (1, 1, 1, 0)


def test_an_answer_on_its_way_over_the_new_year_is_not_lost(
    done: Run, registered: Run, moved: Run
) -> None:
    """Decided in December and served in January: open at the year's end, and late in the next year."""
    number = registered(received="2025-12-01", today="2025-12-01")  # due 2025-12-29
    moved(
        number, "accept@2025-12-02", "decide@2025-12-26 --outcome disclosed.provided", today="2026-01-09"
    )
    moved(number, "deliver@2026-01-08 --set method=electronic", today="2026-01-09")
    old, new = (done("timeliness", y, "--by", "month", "--json").json for y in ("2025", "2026"))

    assert (old["total"]["overdue"], old["total"]["late"]) == (1, 0)
    assert ("2025-12", 1) in [(g["group"], g["late"]) for g in new["groups"]]
    assert done("timeliness", "2027", "--json", today="2027-01-04").json["total"]["late"] == 0


def test_cases_are_grouped_by_the_unit_that_has_them(done: Run) -> None:
    """By unit: the one that a case was given to last; what was given to none is named so."""
    done("assign", "2026-0005", "--unit", "法规科")
    groups = done("timeliness", "2026", "--by", "unit", "--json").json["groups"]

    assert [(g["group"], g["cases"]) for g in groups] == [("", 5), ("法规科", 1)]


def test_cases_of_no_unit_are_a_group_of_their_own(done: Run) -> None:
    """By unit, what was given to none is named so."""
    assert done("timeliness", "2026", "--by", "unit", "--json").json["groups"][0]["group"] == ""
    assert "未分办" in done("timeliness", "2026", "--by", "unit").out


def test_a_year_without_answers_has_no_share(done: Run) -> None:
    """Nothing answered: no share, and not a division by nothing."""
    assert done("timeliness", "2025", "--json").json["total"]["share"] is None
    assert "无" in done("timeliness", "2025").out


def test_a_year_to_come_is_refused(refused: Run) -> None:
    """There is nothing to say of a year that has not begun."""
    assert refused("timeliness", "2027")["error"] == "year_in_future"
    assert refused("timeliness", "2026", "--by", "week", status=2)["error"] == "not_one_of"
