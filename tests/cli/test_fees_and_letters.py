"""`fee` and `notices check` on the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("words", "amount", "in_words"),
    [(["--items", 10], 0, "零元整"), (["--items", 11], 100, "壹佰元整"), (["--items", 30], 2000, "贰仟元整"),
     (["--items", 35], 3000, "叁仟元整"), (["--items", 41], 4300, "肆仟叁佰元整"),
     (["--items", 45], 5500, "伍仟伍佰元整"), (["--pages", 30], 0, "零元整"),
     (["--pages", 100], 700, "柒佰元整"), (["--pages", 150], 1700, "壹仟柒佰元整"),
     (["--pages", 250], 4700, "肆仟柒佰元整")],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_fee_is_worked_out_with_its_arithmetic(
    done: Run, words: list[Any], amount: int, in_words: str
) -> None:
    """The amount, and the part of each tier, which add up to it."""
    found = done("fee", *words, "--json").json

    assert (found["amount"], found["amount_in_words"]) == (amount, in_words)
    assert sum(step["count"] * step["rate"] for step in found["steps"]) == amount
    assert found["standard"] == words[0].removeprefix("--")
    assert (found["basis"], found["grade"]) == ("109号", "text")


def test_the_arithmetic_is_shown_to_people(done: Run) -> None:
    """Step by step, with the source, in figures and in words."""
    lines = done("fee", "--pages", 150).out.splitlines()

    assert "国办函〔2020〕109号" in lines[0]
    assert [line.strip() for line in lines[1:]] == [
        "第 1 至 30 页：30 页，不收费",
        "第 31 至 100 页：70 页 × 10 元 = 700 元",
        "第 101 至 150 页：50 页 × 20 元 = 1000 元",
        "合计 1700 元（壹仟柒佰元整）",
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [([], "items_or_pages"), (["--items", 1, "--pages", 1], "items_or_pages"),
     (["--items", -1], "number_out_of_range"), (["--pages", 100_000], "number_out_of_range"),
     (["--pages", "1.5"], "number_out_of_range"), (["--pages", "十"], "number_out_of_range")],
    ids=str,
)  # fmt: skip
def test_a_fee_is_by_one_standard_and_a_whole_number(refused: Run, words: list[Any], code: str) -> None:
    """By the request or by the page; anything else is wrong usage."""
    assert refused("fee", *words, status=2)["error"] == code


def test_a_fee_that_is_charged_is_worked_out(registered: Run, moved: Run) -> None:
    """The clerk counts the pages; the entry says what they cost."""
    case = moved(registered(), "accept@2026-11-03", "charge_fee@2026-11-04 --set pages=250")

    assert case["history"][-1]["data"] == {"pages": 250, "amount": 4700}


def test_an_amount_that_differs_is_worth_a_word(done: Run, registered: Run, moved: Run) -> None:
    """It is recorded as given, and the clerk is told."""
    number = registered()
    moved(number, "accept@2026-11-03")
    told = done("transition", number, "charge_fee", "--set", "pages=250", "--set", "amount=47")

    assert "4700" in told.err


def test_charging_by_both_standards_is_refused(refused: Run, registered: Run, moved: Run) -> None:
    """One application, one standard (109号)."""
    number = registered()
    moved(number, "accept@2026-11-03")
    error = refused("transition", number, "charge_fee", "--set", "pages=250", "--set", "items=35")

    assert error["error"] == "two_fee_standards"
    assert "109号" in error["message"]


@pytest.mark.parametrize("given", [["pages=10"], ["items=10"], ["pages=250", "amount=0"], ["amount=0"]])
def test_a_free_fee_neither_stops_the_clock_nor_ends_the_request(
    refused: Run, registered: Run, moved: Run, given: list[str]
) -> None:
    """What 109号 leaves free is not charged: refused, so that nobody waits for 0 yuan."""
    number = registered()
    moved(number, "accept@2026-11-03")
    sets = [word for one in given for word in ("--set", one)]
    error = refused("transition", number, "charge_fee", *sets)

    assert error["error"] == "nothing_to_pay"
    assert "109号" in error["message"]


def test_the_shipped_letters_hold(done: Run) -> None:
    """Every letter is listed with what it needs, and nothing is wrong."""
    found = done("notices", "check", "--json").json

    assert found["holds"] is True
    assert found["problems"] == []
    assert len(found["letters"]) >= 34
    partial = next(letter for letter in found["letters"] if letter["notice"] == "partial")
    assert {"given", "withheld", "withheld_basis", "reason"} <= set(partial["needs"])
    assert "34" in done("notices", "check").out


@pytest.fixture
def own_letters(folder: Path) -> Path:
    """The office's own folder of letters, named in its settings."""
    config = folder / "config.toml"
    config.write_text(
        config.read_text("utf-8").replace("[notices]", '[notices]\nfolder = "letters"'), "utf-8"
    )
    (folder / "letters").mkdir()
    return folder / "letters"


def test_a_broken_template_fails_the_check_with_its_line(run: Run, own_letters: Path) -> None:
    """Exit status 1; the document names file, line and what is wrong; a screen does too."""
    (own_letters / "fee.j2").write_text("[标题] {{ title }}\n\n{{ amonut }}\n", "utf-8")

    found = run("notices", "check", "--json")
    shown = run("notices", "check")

    assert (found.status, shown.status) == (1, 1)
    assert [(p["error"], p["where"]) for p in found.json["problems"]] == [
        ("template_unknown_name", "fee.j2:3")
    ]
    assert found.error["error"] == "notices_failed"
    assert "fee.j2:3" in shown.err
    assert "amount" in shown.err


def test_an_own_template_is_marked(done: Run, own_letters: Path) -> None:
    """Who looks sees which letters are the office's own."""
    source = Path(__file__).parents[2] / "notices" / "nonexistent.j2"
    (own_letters / "nonexistent.j2").write_text(source.read_text("utf-8"), "utf-8")

    found = done("notices", "check", "--json").json
    assert [letter["notice"] for letter in found["letters"] if letter["own"]] == ["nonexistent"]
    assert "nonexistent.j2（本单位）" in done("notices", "check").out


def test_a_folder_that_is_missing_is_named(refused: Run, own_letters: Path) -> None:
    """The setting names a folder that nobody made."""
    own_letters.rmdir()
    error = refused("notices", "check")

    assert error["findings"][0]["error"] == "notices_folder_missing"


def test_outside_an_office_the_shipped_letters_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules and letters can be looked at before there is an office."""
    from requestflow.cli.main import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REQUESTFLOW_CONFIG", raising=False)
    capsys.readouterr()

    assert main(["notices", "check"]) == 0
    assert main(["--lang", "en", "fee", "--items", "35"]) == 0
    assert "3000 yuan" in capsys.readouterr().out


def test_rules_without_that_tariff_work_out_no_fee(refused: Run, folder: Path) -> None:
    """A rule set may know one standard alone."""
    law = (Path(__file__).parents[2] / "workflows" / "disclosure.yaml").read_text("utf-8")
    begin, end = law.index("  items:\n    zh: 按件计收"), law.index("  pages:\n    zh: 按量计收")
    (folder / "mine.yaml").write_text(law[:begin] + law[end:], "utf-8")
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('"disclosure"', '"mine.yaml"'), "utf-8")

    assert refused("fee", "--items", 1, status=2)["error"] == "no_tariff"


@pytest.mark.parametrize("value", ['""', "1", "[]", '"a\\nb"'])
def test_a_particular_of_the_office_is_one_line_of_text(refused: Run, folder: Path, value: str) -> None:
    """Wrong particulars are named with their line before any letter is written."""
    config = folder / "config.toml"
    config.write_text(
        config.read_text("utf-8").replace("[notices]", f"court = {value}\n\n[notices]"), "utf-8"
    )

    found = refused("list")["findings"]

    assert [finding["where"].partition(":")[0] for finding in found] == ["config.toml"]
    assert found[0]["error"] == "value_wrong"
