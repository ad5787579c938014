"""`deadline`: why it is due on that day, and what would follow; `calendar after`: the law's vectors."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

# received on, due on, provisional: the 2026 calendar, 2027-01-01 off
DUE = [
    ("2026-01-30", "2026-03-05", False),
    ("2026-02-14", "2026-03-20", False),
    ("2026-09-24", "2026-10-29", False),
    ("2026-09-25", "2026-10-29", False),
    ("2026-12-03", "2026-12-31", False),
    ("2026-12-04", "2027-01-04", True),
]


@pytest.mark.parametrize(("received", "due", "provisional"), DUE)
def test_calendar_after_counts_as_the_law_does(
    run: Run, received: str, due: str, provisional: bool
) -> None:
    """Twenty working days after receipt, holidays and make-up days of the year's notice considered."""
    found = run("calendar", "after", received, "--days", "20", "--json").json

    assert found == [{"date": received, "days": 20, "result": due, "provisional": provisional}]


@pytest.mark.parametrize(("received", "due", "provisional"), DUE)
def test_a_registration_is_due_on_the_day_that_the_calendar_gives(
    run: Run, registered: Run, received: str, due: str, provisional: bool
) -> None:
    """A registered application is due twenty working days after its receipt."""
    number = registered(received=received, today=max(received, "2026-11-24"))

    found = run("deadline", number, "--json", today=max(received, "2026-11-24")).json

    assert (found["due"], found["provisional"]) == (due, provisional)


def test_a_date_past_the_last_published_year_is_marked(run: Run, registered: Run) -> None:
    """On the screen a provisional date says that it is one."""
    number = registered(received="2026-12-04", today="2026-12-04")

    for words in (["deadline", number], ["show", number], ["list"], ["due"]):
        assert "2027-01-04（暂定）" in run(*words, today="2026-12-04").out
    assert "（暂定）" in run("calendar", "after", "2026-12-04", "--days", "20").out


def test_an_extension_counts_from_the_old_due_date(run: Run, registered: Run, moved: Run) -> None:
    """Received 30 January and extended by twenty working days, the answer is due on 2 April."""
    number = registered(received="2026-01-30", today="2026-01-30")

    case = moved(
        number, "accept@2026-01-30", "extend@2026-03-04 --by head --days 20", today="2026-03-04"
    )

    assert case["due"] == "2026-04-02"
    assert run("deadline", number, "--json", today="2026-03-04").json["steps"][-1] | {} == {
        **run("deadline", number, "--json", today="2026-03-04").json["steps"][-1],
        "event": "extend", "effect": "extend", "basis": "条例33", "grade": "text",
    }  # fmt: skip


def test_a_correction_starts_twenty_days_anew(run: Run, registered: Run, moved: Run) -> None:
    """Corrected on 18 May after receipt on 29 April: notice owed by 12 May, answer by 15 June."""
    number = registered(received="2026-04-29", today="2026-04-29")
    owed = run("deadline", number, "--json", today="2026-04-29").json["obligations"]
    case = moved(number, "accept@2026-04-29", "request_correction@2026-05-08",
                 "receive_correction@2026-05-18", today="2026-05-18")  # fmt: skip

    assert {one["kind"]: one["due"] for one in owed}["correction_notice"] == "2026-05-12"
    assert case["due"] == "2026-06-15"


def test_a_consultation_is_not_counted(run: Run, registered: Run, moved: Run) -> None:
    """A third party asked on 22 September and back on 13 October leaves out ten working days."""
    number = registered(received="2026-09-18", today="2026-09-18")
    moved(number, "accept@2026-09-18", "consult_third_party@2026-09-22",
          "conclude_third_party@2026-10-13", today="2026-10-13")  # fmt: skip

    found = run("deadline", number, "--json", today="2026-10-13").json

    assert found["due"] == "2026-11-05"
    assert found["steps"][-1]["excluded"] == 10
    assert [step["effect"] for step in found["steps"]] == ["start", "pause", "resume"]


def test_the_status_is_running_paused_or_ended(run: Run, registered: Run, moved: Run) -> None:
    """`status` says whether the clock runs, waits or has ended; an ended one has nothing remaining."""
    number = registered()
    seen = [run("deadline", number, "--json").json]
    for step in ("accept@2026-11-03", "consult_third_party@2026-11-04",
                 "conclude_third_party@2026-11-05", "decide@2026-11-06 --outcome partial"):  # fmt: skip
        moved(number, step)
        seen.append(run("deadline", number, "--json", today="2026-11-06").json)

    assert [one["status"] for one in seen] == ["running", "running", "paused", "running", "ended"]
    assert seen[-1]["remaining"] is None


@pytest.fixture
def everything(folder: Path) -> Callable[[], dict[str, bytes]]:
    """The bytes of every file of the office."""

    def read() -> dict[str, bytes]:
        kept = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        return {path.name: path.read_bytes() for path in kept if not path.name.endswith("-shm")}

    return read


ASSUMED = [
    (["accept@2026-11-24"], "2026-11-30"),
    (["accept@2026-11-24", "extend@2026-11-27"], "2026-12-28"),
    (["accept@2026-11-24", "extend@2026-11-27:days=10"], "2026-12-14"),
    (["accept@2026-11-24", "consult_third_party@2026-11-25", "conclude_third_party@2026-12-02"],
     "2026-12-07"),
    (["accept@2026-11-24", "consult_third_party@2026-11-25:party=甲,notice_received=2026-11-26",
      "consult_organ@2026-11-26:party=乙", "conclude_third_party@2026-11-30:party=甲",
      "conclude_organ@2026-12-02:party=乙"], "2026-12-07"),
    (["accept@2026-11-24", "request_correction@2026-11-25:days=5", "receive_correction@2026-12-01"],
     "2026-12-29"),
    (["accept@2026-11-24", "charge_fee@2026-11-25:pages=150", "receive_payment@2026-11-27"],
     "2026-12-25"),
    (["withdraw@2026-11-24"], "2026-11-30"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "due"), ASSUMED, ids=lambda value: str(value)[:60])
def test_assuming_shows_what_would_follow_and_writes_nothing(
    run: Run, registered: Run, everything: Run, steps: list[str], due: str
) -> None:
    """`deadline --assume`, once or several times, works out the date; no byte of the office changes."""
    number = registered()
    run("list")
    before = everything()

    found = run("deadline", number, *(f"--assume={step}" for step in steps), "--json")

    assert found.status == 0, found.err
    assert found.json["due"] == due
    assert everything() == before
    assert run("show", number, "--json").json["state"] == "received"


def test_assuming_what_the_law_forbids_is_refused(refused: Run, registered: Run) -> None:
    """An assumed step that would be refused is refused with the same reason."""
    number = registered()
    accept = "--assume=accept@2026-11-24"

    assert refused("deadline", number, "--assume=extend@2026-11-24")["error"] == "not_open_here"
    assert (
        refused("deadline", number, accept, "--assume=extend@2026-12-01")["error"]
        == "too_late_to_extend"
    )
    assert refused("deadline", number, accept, "--assume=extend@2026-11-24:days=21")["error"] == (
        "extension_too_long"
    )
    assert refused("deadline", number, "--assume=fly@2026-11-24")["error"] == "unknown_assumption"


def test_an_assumption_says_so_on_the_screen(run: Run, registered: Run) -> None:
    """The screen of an assumed deadline says what was assumed, and that nothing is written."""
    number = registered()

    out = run("deadline", number, "--assume", "accept@2026-11-24", "--assume", "extend@2026-11-27").out

    assert "延期答复 2026-11-27" in out
    assert "extend@" not in out
    assert "没有写入" in out


def test_the_screen_explains_each_step_with_its_article(run: Run, registered: Run, moved: Run) -> None:
    """The screen names every step, its article, the holidays left out, and how days are counted."""
    number = registered(received="2026-09-18", today="2026-09-18")
    moved(number, "accept@2026-09-18", "consult_third_party@2026-09-22",
          "conclude_third_party@2026-10-13", today="2026-10-13")  # fmt: skip

    out = run("deadline", number, today="2026-10-13").out

    for text in ("2026-11-05", "第33条", "第32条", "中秋节", "国庆节", "2026-09-22", "2026-10-13", "10"):
        assert text in out


def test_a_step_whose_day_was_recorded_later_counts_by_its_legal_day(
    run: Run, registered: Run, moved: Run
) -> None:
    """What counts is the legal day given by `--on`, not the day on which it is typed in."""
    number = registered(received="2026-11-02")

    moved(number, "accept@2026-11-02", "request_correction@2026-11-05", "receive_correction@2026-11-10")

    found = run("deadline", number, "--json").json
    assert found["due"] == "2026-12-08"
    assert [step["on"] for step in found["steps"]] == ["2026-11-02", "2026-11-05", "2026-11-10"]


def test_each_step_is_said_in_words(run: Run, registered: Run, moved: Run) -> None:
    """Beside the table: what happened, what is counted, which holidays are not, by what right, how firm."""
    number = registered(received="2026-09-18")
    moved(number, "accept@2026-09-18", "consult_third_party@2026-09-22",
          "conclude_third_party@2026-10-13 --set opinion=agrees", "extend@2026-10-20 --days 5 --by head",
          "charge_fee@2026-10-21", "receive_payment@2026-10-27")  # fmt: skip

    out = run("deadline", number, today="2026-12-04").out

    for said in (
        "1. 2026-09-18 收到申请，当日不计，从 2026-09-20 起算 20 个工作日，到 2026-10-22 届满。",
        "2026-09-25—2026-09-27 中秋节、2026-10-01—2026-10-07 国庆节、周末 4 天",
        "调休上班照计：2026-09-20、2026-10-10。",
        "《政府信息公开条例》第33条（法律法规和国家文件的规定）",
        "至此共有 10 个工作日不计入，期限顺延到 2026-11-05。",
        "这是本程序的理解，单位可以改设",
        "延期答复 5 个工作日，期限由 2026-11-05 延到 2026-11-12。",
        "从 2026-10-28 起重新计算 20 个工作日，到 2026-11-24 届满",
        "通行做法，条文没有写明",
    ):
        assert said in out, said


def test_a_provisional_date_is_said_to_be_one(run: Run, registered: Run) -> None:
    """A date of a year without a notice is marked in the table and in words, in both languages."""
    number = registered(received="2026-11-24")
    assumed = ("--assume", "accept@2026-11-24", "--assume", "extend@2026-11-24:days=20")

    out = run("deadline", number, *assumed).out
    english = run("--lang", "en", "deadline", number, *assumed).out

    assert "2027-01-20（暂定）" in out
    assert "2027 年的放假安排尚未公布，2027-01-20 只是暂定" in out
    assert "2027-01-20 (provisional)" in english
    assert "may still move" in english


def test_other_obligations_are_shown_with_whose_they_are(run: Run, registered: Run, moved: Run) -> None:
    """The periods of others stand beside the answer's."""
    number = registered(received="2026-11-02")
    moved(number, "accept@2026-11-02", "request_correction@2026-11-04")

    found = run("deadline", number, "--json").json["obligations"]

    assert {one["kind"]: one["owed_by"] for one in found}["correction"] == "applicant"
    assert "申请人补正" in run("deadline", number).out


def test_a_step_is_assumed_by_its_label_and_told_by_it(run: Run, registered: Run) -> None:
    """`--assume 延期@…` is `extend@…`; what was assumed stands on the screen in words, facts too."""
    number = registered()
    accept = "accept@2026-11-24"

    labelled = run("deadline", number, "--assume", accept, "--assume", "延期@2026-11-26:days=5")
    named = run("deadline", number, "--assume", accept, "--assume", "extend@2026-11-26:days=5")

    assert labelled.status == 0, labelled.err
    assert labelled.out == named.out
    assert "=5）" in labelled.out.splitlines()[0]
    assert labelled.out.startswith("假设：受理 2026-11-24；延期答复 2026-11-26（")


def test_a_step_that_there_is_not_is_refused_with_what_is_open(refused: Run, registered: Run) -> None:
    """The refusal lists what can be done on that day, by label and name, and nothing else."""
    number = registered()

    message = refused("deadline", number, "--assume=延长@2026-11-24")["message"]

    assert "受理（accept）" in message
    assert "carry_over" not in message
    assert "extend" not in message  # not before it is accepted


def test_the_table_heads_of_a_deadline_differ(run: Run, registered: Run) -> None:
    """A length and a day stand under different heads."""
    out = run("deadline", registered()).out
    head = next(line for line in out.splitlines() if "对期限的影响" in line)

    assert len(set(head.split())) == len(head.split())


def test_what_an_open_wait_has_added_is_a_step(run: Run, registered: Run, moved: Run) -> None:
    """The steps lead to the date of the headline, which is said to hold if the wait ended today."""
    number = registered(received="2026-11-02")
    moved(number, "accept@2026-11-02", "consult_third_party@2026-11-03 --set party=甲公司")

    found = run("deadline", number, "--json", today="2026-11-18").json
    out = run("deadline", number, today="2026-11-18").out

    last = found["steps"][-1]
    assert (last["event"], last["on"], last["effect"]) == ("waiting", "2026-11-18", "pause")
    assert (last["excluded"], last["due"]) == (11, found["due"]) == (11, "2026-12-15")
    assert found["if_ended_today"] == "2026-12-15"
    assert found["waiting"] == [
        {"event": "consult_third_party", "entry": 3, "since": "2026-11-03", "until": "2026-11-24"}
    ]
    assert "2026-12-15（若今日恢复计时）" in out
    assert "至此共有 11 个工作日不计入，期限顺延到 2026-12-15" in out


def test_an_extension_during_a_wait_starts_from_a_date_that_was_told(
    run: Run, registered: Run, moved: Run
) -> None:
    """The days of the wait are told before the extension that is counted from them."""
    number = registered(received="2026-11-02")
    moved(number, "accept@2026-11-02", "consult_third_party@2026-11-03 --set party=甲公司")

    assumed = ("--assume", "extend@2026-11-18:days=5")
    steps = run("deadline", number, *assumed, "--json", today="2026-11-18").json["steps"]
    out = run("deadline", number, *assumed, today="2026-11-18").out

    assert [(one["event"], one["due"]) for one in steps[-2:]] == [
        ("waiting", "2026-12-15"),
        ("extend", "2026-12-22"),
    ]
    assert "期限由 2026-12-15 延到 2026-12-22" in out


def test_a_wait_for_payment_says_that_the_period_begins_anew(
    run: Run, registered: Run, moved: Run
) -> None:
    """The headline is twenty working days from payment (109号), not what was left of the old period."""
    number = registered(received="2026-11-02")
    moved(number, "accept@2026-11-02", "charge_fee@2026-11-03 --set pages=150")

    out = run("deadline", number).out
    found = run("deadline", number, "--json").json

    assert (found["due"], found["if_ended_today"]) == ("2026-12-21", "2026-12-22")
    assert out.startswith(
        f"{number} 的答复期限：收到缴费之日起重新计算 20 个工作日（若今日收到缴费：2026-12-22）"
    )
    assert "此前剩余的天数不再有意义" in out
    assert "恢复后还有" not in out


@pytest.mark.parametrize(
    ("served", "headline", "step"),
    [
        ("2026-11-30", "已于 2026-11-30 答复，未逾期", "在期限 2026-11-30 之内"),
        ("2026-12-03", "逾期答复：2026-12-03 答复（以送达之日为准），比期限 2026-11-30 晚 3 个工作日",
         "比期限 2026-11-30 晚 3 个工作日，逾期"),
        (None, "已作出决定，尚未送达", None),
    ],
)  # fmt: skip
def test_an_answer_is_judged_by_the_day_of_its_service(
    run: Run, registered: Run, moved: Run, served: str | None, headline: str, step: str | None
) -> None:
    """Served by its day or not, and why: the headline and a step of its own say so (235号)."""
    number = registered(received="2026-11-02")
    moved(number, "accept@2026-11-02", "decide@2026-11-27 --outcome partial", today="2026-11-27")
    if served:
        moved(number, f"deliver@{served}", today=served)

    out = run("deadline", number, today=served or "2026-11-27").out
    last = run("deadline", number, "--json", today=served or "2026-11-27").json["steps"][-1]

    assert headline in out
    if step:
        assert step in out
        assert "235号" in out
        assert (last["event"], last["on"], last["basis"]) == ("deliver", served, "235号")
