"""`due`: what is owed, by whom, how urgently; and the same as a calendar file."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

Run = Callable[..., Any]
TODAY = "2026-11-24"


@pytest.fixture
def cases(registered: Run, moved: Run) -> dict[str, str]:
    """Five cases by what is open in them."""
    found = {
        "overdue": registered(received="2026-09-01"),
        "asked": registered(received="2026-11-02"),
        "fresh": registered(received="2026-11-20"),
        "served": registered(received="2026-10-19"),
        "late": registered(received="2026-09-02"),
    }
    moved(found["asked"], "accept@2026-11-02", "consult_third_party@2026-11-03 --set party=甲公司")
    moved(
        found["served"], "accept@2026-10-20", "decide@2026-11-03 --outcome partial", "deliver@2026-11-03"
    )
    moved(
        found["late"], "accept@2026-09-03", "decide@2026-11-03 --outcome partial", "deliver@2026-11-03"
    )
    return found


def test_each_case_has_what_is_open_in_it(run: Run, cases: dict[str, str]) -> None:
    """An element is the case as `show` has it, with every open obligation and its article."""
    found = {one["number"]: one for one in run("due", "--json").json}

    asked = found[cases["asked"]]
    assert {"state", "due", "applicant", "next"} <= set(asked)
    assert "history" not in asked
    by_kind = {one["kind"]: one for one in asked["obligations"]}
    assert by_kind["third_party_opinion"] == {
        "kind": "third_party_opinion", "entry": 3, "due": "2026-11-24", "provisional": False,
        "remaining": 0, "owed_by": "third_party", "if_needed": False, "basis": "条例32",
        "grade": "text",
    }  # fmt: skip
    assert by_kind["answer"]["due"] == asked["due"] == run("show", cases["asked"], "--json").json["due"]


def test_others_periods_count_for_the_order(run: Run, cases: dict[str, str]) -> None:
    """The first open day decides, whoever owes what is due on it; what is only if needed does not."""
    assert [one["number"] for one in run("due", "--json").json] == [
        cases[key] for key in ("overdue", "late", "asked", "fresh")
    ]
    for within, keys in (
        ("0", ["overdue", "late", "asked"]),
        ("18", ["overdue", "late", "asked", "fresh"]),
    ):
        found = run("due", "--json", "--within", within).json
        assert [one["number"] for one in found] == [cases[key] for key in keys]


def test_the_reasons_of_a_late_answer_are_owed_until_they_are_on_file(
    run: Run, done: Run, cases: dict[str, str]
) -> None:
    """A late answer that does not say why stands in `due` until a correction says it."""
    number = cases["late"]
    owed = {one["number"]: one["obligations"] for one in run("due", "--json").json}
    assert [(one["kind"], one["due"]) for one in owed[number]] == [("late_reason", "2026-11-03")]

    done("amend", number, "--entry", "3", "--set", "late_reason=档案室搬迁", "--set", "late_unit=档案室",
         "--reason", "补记")  # fmt: skip

    assert number not in [one["number"] for one in run("due", "--json").json]
    assert run("verify").status == 0


def test_a_late_answer_is_told_how_to_give_its_reasons(run: Run, registered: Run, moved: Run) -> None:
    """The step is done, and the command that records the reasons is named."""
    number = registered(received="2026-09-01")
    moved(number, "accept@2026-09-02")

    said = run("transition", number, "decide", "--outcome", "partial").err

    assert f"amend {number} --entry 3 --set late_reason=… --set late_unit=…" in said


def test_the_applicants_periods_are_listed_when_asked_for(run: Run, cases: dict[str, str]) -> None:
    """A case that is answered and served stands in `due --all` alone, with review and suit."""
    number = cases["served"]
    assert number not in [one["number"] for one in run("due", "--json").json]

    owed = {one["number"]: one["obligations"] for one in run("due", "--all", "--json").json}

    assert [(one["kind"], one["due"], one["owed_by"]) for one in owed[number]] == [
        ("review", "2027-01-04", "applicant"),
        ("suit", "2027-05-03", "applicant"),
    ]


@pytest.mark.usefixtures("cases")
def test_the_annual_report_has_no_number(run: Run) -> None:
    """A duty of the office itself is an element of its own, from 1 January of the next year."""
    assert None not in [one["number"] for one in run("due", "--json", today="2026-12-31").json]

    found = [one for one in run("due", "--json", today="2027-01-04").json if one["number"] is None]

    assert [(one["kind"], one["due"], one["basis"]) for one in found] == [
        ("annual_report", "2027-01-31", "30号")
    ]
    assert "年度报告" in run("due", today="2027-01-04").out


@pytest.mark.usefixtures("cases")
def test_every_element_of_due_has_the_keys_of_a_case(run: Run) -> None:
    """A program that reads the list finds the same keys in the office's own duty: null, not missing."""
    keys = {
        "number",
        "state",
        "outcome",
        "received",
        "due",
        "provisional",
        "overdue",
        "applicant",
        "next",
    }

    for today, overdue in (("2027-01-04", False), ("2027-02-02", True)):
        found = run("due", "--json", today=today).json
        assert [one for one in found if keys - set(one)] == []
        own = next(one for one in found if one["number"] is None)
        assert (own["overdue"], own["state"], own["next"]) == (overdue, None, [])


def _in_december(run: Run) -> None:
    """A case whose answer falls into a year without a notice."""
    words = ("--kind", "enterprise", "--name", "甲公司", "--channel", "fax", "--received", "2026-12-07")
    assert run("register", *words, "--subject", "年度预算", today="2026-12-07").status == 0


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", ("逾期", "第三方意见", "第三方", "（如需）", "（暂定）")),
     ("en", ("overdue", "third party's opinion", "the third party", "(if needed)", "(provisional)"))],
)  # fmt: skip
def test_the_screen_is_read_without_colours(run: Run, lang: str, said: tuple[str, ...]) -> None:
    """In a pipe there is no colour, and everything is said in words."""
    _in_december(run)
    out = run("--lang", lang, "due", today="2026-12-07").out

    assert "\x1b" not in out
    for word in said:
        assert word in out


def _events(path: Path) -> list[Any]:
    return list(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


@pytest.mark.usefixtures("cases")
def test_a_calendar_file_has_every_duty(run: Run, done: Run, tmp_path: Path) -> None:
    """One all-day event an obligation, by the case's number, with an alarm unless only if needed."""
    _in_december(run)
    path = tmp_path / "due.ics"
    done("due", "-o", str(path), today="2026-12-07")

    owed = [one for case in run("due", "--json", today="2026-12-07").json for one in case["obligations"]]
    events = _events(path)
    assert sorted(one["due"] for one in owed) == sorted(e["DTSTART"].dt.isoformat() for e in events)
    assert all(e["DTEND"].dt - e["DTSTART"].dt == timedelta(days=1) for e in events)
    assert len({str(e["UID"]) for e in events}) == len(events)
    assert len([e for e in events if e.walk("VALARM")]) == len([o for o in owed if not o["if_needed"]])
    tentative = [e for e in events if e["STATUS"] == "TENTATIVE"]
    assert len(tentative) == len([o for o in owed if o["provisional"]]) > 0
    assert all("暂定" in e["SUMMARY"] for e in tentative)
    assert "申请人" not in "".join(str(e["SUMMARY"]) for e in events)


def test_a_calendar_file_is_the_same_for_the_same_day(
    done: Run, cases: dict[str, str], moved: Run, tmp_path: Path
) -> None:
    """Same data, same day, same bytes; a date that moves keeps the name of its event."""
    first, second = tmp_path / "a.ics", tmp_path / "b.ics"
    for path in (first, second):
        done("due", "-o", str(path))
    assert first.read_bytes() == second.read_bytes()

    moved(cases["fresh"], "accept@2026-11-23", "extend@2026-11-24 --days 5 --by head")
    done("due", "-o", str(second))

    name = f"{cases['fresh']}-answer-1@"
    days = [
        [e["DTSTART"].dt for e in _events(path) if str(e["UID"]).startswith(name)]
        for path in (first, second)
    ]
    assert [len(found) for found in days] == [1, 1]
    assert days[0] < days[1]


def test_another_kind_of_file_is_refused(run: Run, tmp_path: Path) -> None:
    """`-o` writes calendar files alone."""
    result = run("due", "-o", str(tmp_path / "due.pdf"), "--json")

    assert (result.status, result.error["error"]) == (2, "unknown_file_format")


def test_a_folder_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    """A calendar file that cannot be written is refused."""
    result = run("due", "-o", str(tmp_path / "no" / "due.ics"), "--json")

    assert (result.status, result.error["error"]) == (1, "file_unwritable")
