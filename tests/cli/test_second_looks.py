"""What is recorded as asked, and is worth a second look: doubles, other people's cases, late answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_a_registration_that_says_the_same_is_worth_a_word(run: Run, registered: Run) -> None:
    """Same day, applicant and subject: the second one is registered, and the first is named."""
    registered(subject="预算")

    again = run("register", "--kind", "natural_person", "--name", "欧阳明月", "--channel", "online",
                "--received", "2026-11-02", "--subject", "预算", "--json")  # fmt: skip

    assert (again.status, again.json["number"]) == (0, "2026-0002")
    assert "2026-0001" in again.err


def test_a_register_that_comes_twice_is_worth_a_word(run: Run, tmp_path: Path) -> None:
    """A file without numbers can come in twice; the second time every row is named."""
    path = tmp_path / "a.csv"
    path.write_text("收到日期,申请人类型,申请人,内容描述\n2026-01-05,自然人,申请人甲,预算\n", "utf-8")
    assert run("import", path, "--json").json["warnings"] == []

    again = run("import", path, "--json").json

    assert [warning["error"] for warning in again["warnings"]] == ["registered_before"]
    assert again["warnings"][0]["where"].startswith("a.csv:2")


def test_an_old_number_is_taken_as_it_is_written(run: Run, register_file: Run) -> None:
    """`2026-001` is the first serial of its year: kept as written, counted on from, never given twice."""
    path = register_file("申请编号,收到日期,申请人类型,申请人", "2026-001,2026-01-05,自然人,申请人甲")
    assert run("import", path).status == 0

    double = register_file("申请编号,收到日期,申请人类型,申请人", "2026-001,2026-01-06,自然人,申请人乙")
    assert run("import", double).status == 1
    given = run("register", "--kind", "enterprise", "--name", "某公司", "--channel", "fax",
                "--received", "2026-01-07", "--subject", "x", "--json")  # fmt: skip

    assert run("show", "2026-001", "--json").status == 0
    assert given.json["number"] == "2026-0002"


def test_late_answers_can_be_listed(run: Run, registered: Run, moved: Run) -> None:
    """`--late` lists what was answered late, which `--overdue` no longer holds."""
    number = registered(received="2026-09-01", today="2026-09-01")
    moved(number, "accept@2026-09-01", "decide@2026-11-20 --outcome partial", "deliver@2026-11-23")

    assert run("list", "--overdue", "--json").json == []
    assert [one["number"] for one in run("list", "--late", "--json").json] == [number]


def test_an_overdue_decision_counts_its_days(run: Run, registered: Run, moved: Run) -> None:
    """Decided after its day and not yet served: the days of delay go on."""
    number = registered(received="2026-09-01", today="2026-09-01")
    moved(number, "accept@2026-09-01", "decide@2026-11-20 --outcome partial")

    shown = run("deadline", number).out

    assert "超过 36 个工作日" in shown  # 29 September to 24 November


def test_a_missed_day_stays_in_sight(run: Run, registered: Run, moved: Run) -> None:
    """A new clock after a fee notice that came too late names the day that was missed."""
    number = registered(received="2026-09-01", today="2026-09-01")
    moved(number, "accept@2026-09-01", "charge_fee@2026-10-12", "receive_payment@2026-11-16")

    found = run("deadline", number, "--json").json

    assert (found["missed"], found["overdue"]) == ("2026-09-29", False)
    assert "2026-09-29" in run("deadline", number).out


def test_another_applicants_case_is_named_as_such(run: Run, registered: Run, moved: Run) -> None:
    """A repeat reply that names another applicant's case is recorded with a word."""
    first = registered(name="申请人甲")
    moved(first, "accept@2026-11-03", "decide@2026-11-04 --outcome partial")
    second = registered(name="申请人乙", received="2026-11-05")
    moved(second, "accept@2026-11-05")

    done = run("transition", second, "decide", "--outcome", "not_handled.repeat", "--set",
               f"earlier={first}")  # fmt: skip

    assert done.status == 0
    assert "另一位申请人" in done.err


def test_a_printed_label_with_its_group_is_read(run: Run, register_file: Run) -> None:
    """A register may write a result as the report prints it, group and number included."""
    path = register_file("收到日期,申请人类型,办理结果,答复日期",
                         "2026-01-05,自然人,（四）无法提供 1.本机关不掌握相关政府信息,2026-01-20")  # fmt: skip

    assert run("import", path).status == 0
    assert run("show", "2026-0001", "--json").json["outcome"] == "unable.nonexistent"
