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


@pytest.fixture
def other_organ(registered: Run, moved: Run) -> str:
    """A case in which the secrecy authority was asked on 3 November."""
    number = registered(received="2026-11-02")
    moved(number, "accept@2026-11-02", "consult_organ@2026-11-03 --set party=市保密局 --set role=other")
    return str(number)


def test_an_organ_that_never_answers_is_not_forgotten(done: Run, moved: Run, other_organ: str) -> None:
    """The office's own day to ask again: owed and reminded, no limit of the law, and the clock waits on."""
    (case,) = done("due", "--json", today="2026-12-01").json
    (asked,) = [one for one in case["obligations"] if one["kind"] == "other_organ_opinion"]
    assert (asked["owed_by"], asked["due"], asked["basis"], asked["grade"]) == (
        "organ", "2026-11-24", "内部", "reading",
    )  # fmt: skip
    assert case["status"] == "paused"
    assert case["waiting"] == [
        {"event": "consult_organ", "entry": 3, "since": "2026-11-03", "until": None}
    ]
    (told,) = done("remind", "--dry-run", "--json", today="2026-12-01").json["reminders"]
    assert (told["kind"], told["recipient"]) == ("other_organ_opinion", "clerk")
    out = done("due", today="2026-12-01").out
    assert "自定的催问日" in out
    assert "自 2026-11-03 征求其他机关意见" in out
    assert "不是法定期限" in done("deadline", other_organ, today="2026-12-01").out

    moved(other_organ, "conclude_organ --set opinion=agrees", today="2026-12-01")
    (case,) = done("due", "--json", today="2026-12-01").json
    assert "other_organ_opinion" not in [one["kind"] for one in case["obligations"]]
    assert (case["status"], case["waiting"]) == ("running", [])


@pytest.mark.usefixtures("other_organ")
def test_an_older_database_gets_the_day_to_ask_again(done: Run, run: Run, sql: Run) -> None:
    """What a rule has added since is filled in by `upgrade`."""
    sql("DELETE FROM obligations WHERE kind = 'other_organ_opinion'")
    assert run("verify").status == 1

    done("upgrade")

    assert run("verify").status == 0


def test_a_wait_that_ends_in_a_fresh_period_shows_no_day_that_will_never_hold(
    done: Run, registered: Run, moved: Run
) -> None:
    """Until the fee is paid the answer's day is that of a payment today (109号); JSON has both."""
    number = registered(received="2026-11-02")
    moved(number, "accept@2026-11-02", "charge_fee@2026-11-03 --set pages=150")

    (case,) = done("due", "--json").json
    out = done("due").out

    assert (case["due"], case["if_ended_today"]) == ("2026-12-21", "2026-12-22")
    assert "2026-12-22\n" not in out
    assert "2026-12-22" in out
    assert "若今日收到缴费" in out
    assert "收到缴费后重新计算 20 个工作日" in out


@pytest.mark.parametrize(
    ("steps", "act", "said"),
    [
        ([], "accept", "下一步：accept 受理"),
        (["accept@2026-11-02"], "decide", "下一步：decide 作出答复决定"),
        (["accept@2026-11-02", "decide@2026-11-05 --outcome partial"], "deliver", "下一步：deliver 送达"),
        (["accept@2026-11-02", "request_correction@2026-11-05 --days 3"], "lapse_correction",
         "下一步：lapse_correction 逾期不补正"),
    ],
)  # fmt: skip
def test_the_next_step_is_named(
    done: Run, registered: Run, moved: Run, steps: list[str], act: str, said: str
) -> None:
    """What is decided and not served is told from what is not decided; a lapse is named once it is there."""
    number = registered(received="2026-11-02")
    moved(number, *steps)

    (case,) = done("due", "--json").json

    assert act in case["next"]
    assert said in done("due").out
    if act != "lapse_correction":  # beside it the answer runs on, whose next step comes first
        assert case["next_act"] == act


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2027-01-28", "还有 1 个工作日"),
        ("2027-01-29", "此后到期前没有工作日"),
        ("2027-01-31", "今日到期"),
        ("2027-02-01", "逾期 1 个工作日"),
    ],
)
def test_a_duty_of_a_day_off_is_due_on_that_day_and_not_before(
    done: Run, registered: Run, today: str, said: str
) -> None:
    """The report is due on a Sunday: on Friday it is not due today, nor are there working days left."""
    number = registered(received="2026-11-02")
    done("transition", number, "withdraw", "--on", "2026-11-03")

    assert said in done("due", today=today).out


def test_list_and_due_say_the_same_of_the_last_day(done: Run, registered: Run) -> None:
    """On the day itself both say that it is due today."""
    registered(received="2026-10-27")  # due 2026-11-24

    assert "今日到期" in done("due").out
    assert "今日到期" in done("list").out


@pytest.mark.usefixtures("cases")
def test_the_screen_counts_what_the_calendar_file_has(done: Run, tmp_path: Path) -> None:
    """Lines that are joined are counted one by one; the annual report is no application."""
    found = done("due", "--json", today="2027-01-04").json
    done("due", "-o", str(tmp_path / "due.ics"), today="2027-01-04")

    own = sum(one["number"] is None for one in found)
    events = len(_events(tmp_path / "due.ics"))
    assert own == 1
    assert (
        f"共 {events} 项：{len(found) - own} 件申请，本单位自身 {own} 项。"
        in done("due", today="2027-01-04").out
    )


def test_the_alarm_of_a_monday_goes_off_on_friday(done: Run, registered: Run, tmp_path: Path) -> None:
    """Nobody is in the office on the Sunday before: nine in the morning of the last working day."""
    registered(received="2026-11-02")  # due on Monday, 2026-11-30
    done("due", "-o", str(tmp_path / "due.ics"))

    (event,) = [e for e in _events(tmp_path / "due.ics") if "-answer-" in e["UID"]]
    (alarm,) = event.walk("VALARM")

    assert event["DTSTART"].dt.isoformat() == "2026-11-30"
    assert alarm["TRIGGER"].dt == -timedelta(days=3) + timedelta(hours=9)
