"""A date in a year whose days off nobody has published is marked wherever it is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
DAY = "2026-12-11"
LATER = "2027-01-30"
MARKS = {"zh": "2027-01-08（暂定）", "en": "2027-01-08 (provisional)"}


@pytest.fixture
def across(registered: Run, moved: Run) -> str:
    """A case that runs from 2026 into 2027: received on 10 December, due on 8 January."""
    number = registered(received="2026-12-10", today=DAY)
    moved(number, "accept@2026-12-10", today=DAY)
    return number


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "words",
    [
        ("show", "{number}"),
        ("list",),
        ("due",),
        ("deadline", "{number}"),
        ("calendar", "after", "2026-12-10", "--days", "20"),
        ("transition", "{number}", "withdraw", "--on", DAY, "--dry-run"),
    ],
)
def test_a_screen_marks_the_date(done: Run, across: str, lang: str, words: tuple[str, ...]) -> None:
    """Every screen that has the date has the mark behind it, each time."""
    said = done("--lang", lang, *(word.format(number=across) for word in words), today=DAY).out

    assert MARKS[lang] in said
    assert said.count("2027-01-08") - said.count(MARKS[lang]) == _explained(words, said)


def _explained(words: tuple[str, ...], said: str) -> int:
    """The one sentence of `deadline` that says itself that the date is provisional."""
    return 1 if words[0] == "deadline" and said else 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_extension_marks_the_day_that_it_starts_from(done: Run, across: str, lang: str) -> None:
    """From a provisional day to another one: both are marked."""
    assumed = ("--assume", f"extend@{DAY}:days=10")
    said = done("--lang", lang, "deadline", across, *assumed, today=DAY).out

    assert said.count("2027-01-08") == said.count(MARKS[lang])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_and_a_warning_mark_the_date(run: Run, across: str, lang: str) -> None:
    """A sentence that refuses or warns by the date says that it may still move."""
    late = run("--lang", lang, "transition", across, "extend", "--on", LATER, "--days", "3", "--by",
               "head", today=LATER)  # fmt: skip
    decided = run("--lang", lang, "transition", across, "decide", "--on", LATER, "--outcome", "partial",
                  today=LATER)  # fmt: skip

    assert late.status == 1
    for said in (late.err, decided.out, decided.err):
        assert said.count("2027-01-08") == said.count(MARKS[lang])
    assert MARKS[lang] in late.err
    assert MARKS[lang] in decided.out


def test_a_unit_s_day_is_marked(done: Run, across: str) -> None:
    """`assign` and `show` mark a day of 2027 as `due` does."""
    said = done("assign", across, "--unit", "法规科", "--due", "2027-01-05", today=DAY).out
    shown = done("show", across, today=DAY).out

    assert "2027-01-05（暂定）" in said
    assert "科室期限：2027-01-05（暂定）" in shown


def test_a_late_row_of_a_register_is_marked(done: Run, register_file: Callable[..., Path]) -> None:
    """What an import says of a late answer marks the date that it was late by."""
    path = register_file(
        "收到日期,申请人,申请人类型,内容描述,办理结果,答复日期",
        "2026-12-10,甲公司,商业企业,地块,部分公开,2027-01-20",
    )

    said = done("import", str(path), "--dry-run", today=LATER).err

    assert MARKS["zh"] in said


def test_lateness_in_an_unpublished_year_is_not_certain(done: Run, across: str) -> None:
    """`timeliness` of such a year counts, and says that it may still change."""
    found = done("timeliness", "2027", "--json", today=LATER)

    assert found.json["total"]["overdue"] == 1, across
    assert [one["error"] for one in found.json["warnings"]] == ["year_provisional"]


def test_a_letter_does_not_state_the_date_as_certain(
    refused: Run, done: Run, moved: Run, across: str, tmp_path: Path
) -> None:
    """Only with `--provisional` is it written, and then marked."""
    moved(across, f"extend@{DAY} --days 10 --by head", today=DAY)
    path = tmp_path / "extension.txt"

    error = refused("notice", across, "extension", "-o", str(path), today=DAY)
    assert error["error"] == "notice_date_provisional"
    assert not path.exists()
    done("notice", across, "extension", "-o", str(path), "--provisional", today=DAY)

    text = path.read_text("utf-8")
    assert text.count("2027年1月22日") == text.count("2027年1月22日（暂定") == 1
