"""`list` and `due`: what is shown, and in which order."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def office_year(once: Run, registered: Run, moved: Run) -> dict[str, str]:
    """Seven applications in as many situations, by what is special about them."""

    def make() -> dict[str, str]:
        found = {
            "overdue": registered(received="2026-09-01"),
            "late": registered(received="2026-09-02"),
            "soon": registered(received="2026-10-29"),
            "waiting": registered(received="2026-11-02"),
            "answered": registered(received="2026-11-02", kind="enterprise"),
            "later": registered(received="2026-11-20"),
            "void": registered(received="2026-11-20"),
        }
        moved(found["late"], "accept@2026-11-02", "decide@2026-11-03 --outcome disclosed.provided --set late_reason=搬迁 "
              "--set late_unit=档案室", "deliver@2026-11-03")  # fmt: skip
        moved(found["waiting"], "accept@2026-11-02", "consult_third_party@2026-11-20")
        moved(found["answered"], "accept@2026-11-02", "decide@2026-11-03 --outcome partial",
              "deliver@2026-11-04")  # fmt: skip
        return found

    made: dict[str, str] = once("lists", make)
    return made


@pytest.fixture
def _voided(done: Run, office_year: dict[str, str]) -> None:
    done("void", office_year["void"], "--reason", "误登")


def numbers(run: Run, *words: str, today: str = "2026-11-24") -> list[str]:
    return [case["number"] for case in run(*words, "--json", today=today).json]


@pytest.mark.usefixtures("_voided")
def test_what_is_due_comes_in_order_of_urgency(run: Run, office_year: dict[str, str]) -> None:
    """`due` lists what is owed an answer, overdue first, then by due date; no answered or void ones."""
    assert numbers(run, "due") == [office_year[key] for key in ("overdue", "soon", "waiting", "later")]


@pytest.mark.usefixtures("_voided")
def test_a_decision_that_is_not_served_is_still_due(
    run: Run, office_year: dict[str, str], moved: Run
) -> None:
    """A case that is decided and not delivered is owed still: its letter has not gone out."""
    moved(office_year["soon"], "accept@2026-10-29", "decide@2026-11-24 --outcome partial")

    assert office_year["soon"] in numbers(run, "due")


@pytest.mark.usefixtures("_voided")
@pytest.mark.parametrize(
    ("within", "keys"),
    [
        ("0", ["overdue"]),
        ("1", ["overdue"]),
        ("2", ["overdue", "soon"]),
        ("6", ["overdue", "soon", "waiting"]),
        ("17", ["overdue", "soon", "waiting"]),
        ("18", ["overdue", "soon", "waiting", "later"]),
    ],
)
def test_due_within_counts_working_days(
    run: Run, office_year: dict[str, str], within: str, keys: list[str]
) -> None:
    """`--within N` keeps what falls due within N working days, overdue ones on top."""
    assert numbers(run, "due", "--within", within) == [office_year[key] for key in keys]


@pytest.mark.usefixtures("_voided")
def test_due_is_sorted_by_the_date_as_of_today(run: Run) -> None:
    """Nothing is open in a case of `due` before the first open day of the case above it."""
    for today in ("2026-11-24", "2026-12-01", "2026-12-31"):
        days = [
            min(one["due"] for one in case["obligations"] if not one["if_needed"])
            for case in run("due", "--json", today=today).json
        ]
        assert days == sorted(days)


@pytest.mark.usefixtures("_voided")
def test_a_waiting_case_moves_on_by_the_day(run: Run, office_year: dict[str, str]) -> None:
    """While a third party is asked, each working day that passes moves the due date by one."""
    number = office_year["waiting"]

    seen = [run("show", number, "--json", today=day).json for day in ("2026-11-24", "2026-11-25")]

    assert [case["status"] for case in seen] == ["paused", "paused"]
    assert seen[0]["due"] < seen[1]["due"]
    assert [case["remaining"] for case in seen] == [seen[0]["remaining"]] * 2


@pytest.mark.usefixtures("_voided")
def test_a_list_is_narrowed_by_each_option(run: Run, office_year: dict[str, str]) -> None:
    """`list` narrows by state, outcome, kind, year, text, openness and lateness, and by their number."""
    year = office_year
    assert numbers(run, "list", "--state", "closed") == [year["late"], year["answered"]]
    assert numbers(run, "list", "--outcome", "partial") == [year["answered"]]
    assert numbers(run, "list", "--kind", "enterprise") == [year["answered"]]
    assert numbers(run, "list", "--year", "2025") == []
    assert len(numbers(run, "list", "--year", "2026")) == 7
    assert numbers(run, "list", "--open") == [
        year[key] for key in ("overdue", "soon", "waiting", "later")
    ]
    assert numbers(run, "list", "--overdue") == [year["overdue"]]
    assert numbers(run, "list", "--limit", "2") == [year["overdue"], year["late"]]
    assert numbers(run, "list", "--search", year["soon"]) == [year["soon"]]
    assert numbers(run, "list", "--search", "补偿安置", "--limit", "1") == [year["overdue"]]


@pytest.mark.usefixtures("_voided")
def test_options_of_a_list_hold_together(run: Run, office_year: dict[str, str]) -> None:
    """Several options of `list` narrow further, one after the other."""
    assert numbers(run, "list", "--state", "closed", "--kind", "enterprise") == [office_year["answered"]]
    assert numbers(run, "list", "--open", "--overdue") == [office_year["overdue"]]
    assert numbers(run, "list", "--state", "closed", "--open") == []


@pytest.mark.usefixtures("_voided")
@pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"', "' OR '1'='1", "*", "[", "\u3000"])
def test_a_search_takes_signs_as_they_are(run: Run, text: str) -> None:
    """What is searched for is a text: signs that mean something to a database mean nothing here."""
    assert numbers(run, "list", "--search", text) == []


def test_nothing_is_said_to_be_nothing(run: Run) -> None:
    """An office without applications says so, and its documents are empty lists."""
    assert run("list").out.strip() == "没有符合条件的申请。"
    assert run("due").out.strip() == "没有待答复的申请。"
    assert run("list", "--json").json == run("due", "--json").json == []


@pytest.mark.usefixtures("_voided")
def test_the_screen_of_a_list_holds_every_line(run: Run, office_year: dict[str, str]) -> None:
    """The screen shows every application of the document, in the same order."""
    for words in (["list"], ["due"]):
        out = run(*words).out
        places = [out.index(number) for number in numbers(run, *words)]
        assert places == sorted(places)
    assert office_year


@pytest.mark.usefixtures("_voided")
def test_a_limit_counts_after_the_other_options(run: Run) -> None:
    """`--limit N` with `--overdue` gives N overdue ones where there are so many."""
    assert len(numbers(run, "list", "--overdue", "--limit", "2", today="2026-12-31")) == 2
