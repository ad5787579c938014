"""Steps for one and for many: dry runs, all or nothing, and what another has done meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def numbers(registered: Run) -> list[str]:
    """Four applications, the third accepted already."""
    return [registered() for _ in range(4)]


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., Path]:
    """Writes a list of numbers to a file."""

    def write(*lines: str) -> Path:
        path = tmp_path / "numbers.txt"
        path.write_text("\n".join(lines), "utf-8")
        return path

    return write


def states(run: Run) -> list[str]:
    return [case["state"] for case in run("list", "--json").json]


def test_many_are_moved_at_once(run: Run, numbers: list[str], listed: Run) -> None:
    """`--file` makes the same step for every application of the list and answers with each."""
    found = run("transition", "--file", listed(*numbers), "accept", "--json")

    assert found.status == 0, found.err
    assert [(case["number"], case["state"]) for case in found.json] == [
        (number, "under_review") for number in numbers
    ]
    assert states(run) == ["under_review"] * 4


def test_one_refusal_leaves_all_as_they_were(
    run: Run, refused: Run, moved: Run, numbers: list[str], listed: Run
) -> None:
    """Where one application of a list is refused, none is moved, and each refusal is listed."""
    moved(numbers[2], "accept")

    error = refused("transition", "--file", listed(*numbers, "2026-0099"), "accept")

    assert error["error"] == "bulk_refused"
    assert [(f["where"], f["error"]) for f in error["findings"]] == [
        (numbers[2], "not_open_here"), ("2026-0099", "application_unknown"),
    ]  # fmt: skip
    assert states(run) == ["received", "received", "under_review", "received"]


def test_a_number_listed_twice_is_refused(refused: Run, numbers: list[str], listed: Run) -> None:
    """A doubled number in a list is named, and nothing is done."""
    error = refused("transition", "--file", listed(*numbers, numbers[0]), "accept")

    assert [(f["where"], f["error"]) for f in error["findings"]] == [(numbers[0], "doubled_number")]


def test_a_dry_run_of_many_changes_nothing(run: Run, numbers: list[str], listed: Run, dump: Run) -> None:
    """`--dry-run` shows what would come of it and writes nothing."""
    before = dump()

    found = run("transition", "--file", listed(*numbers), "accept", "--dry-run", "--json")

    assert found.status == 0
    assert [case["state"] for case in found.json] == ["under_review"] * 4
    assert found.err
    assert dump() == before


def test_a_dry_run_of_many_lists_refusals_too(
    refused: Run, moved: Run, numbers: list[str], listed: Run
) -> None:
    """A dry run that would be refused is refused, with the same findings."""
    moved(numbers[1], "accept")

    error = refused("transition", "--file", listed(*numbers), "accept", "--dry-run")

    assert [f["where"] for f in error["findings"]] == [numbers[1]]


def test_a_dry_run_of_one_changes_nothing(run: Run, numbers: list[str], dump: Run) -> None:
    """`--dry-run` works for a single application as well."""
    before = dump()

    found = run("transition", numbers[0], "accept", "--dry-run", "--json")

    assert found.json["state"] == "under_review"
    assert dump() == before


@pytest.mark.parametrize("contents", [b"", b"\n \n\n", b"\xef\xbb\xbf"])
def test_a_list_without_numbers_is_wrong_usage(
    refused: Run, numbers: list[str], tmp_path: Path, contents: bytes
) -> None:
    """A file without any number is refused."""
    path = tmp_path / "none.txt"
    path.write_bytes(contents)

    assert refused("transition", "--file", path, "accept", status=2)["error"] == "no_numbers"
    assert numbers


@pytest.mark.parametrize("contents", ["2026-0001".encode("utf-16"), b"\xff\xfe\x00\x01", b"\x81\x30"])
def test_a_list_that_is_no_text_is_refused(
    refused: Run, numbers: list[str], tmp_path: Path, contents: bytes
) -> None:
    """A file of numbers that is no UTF-8 text is refused."""
    path = tmp_path / "binary.txt"
    path.write_bytes(contents)

    assert refused("transition", "--file", path, "accept")["error"] == "file_unreadable"
    assert numbers


def test_a_list_may_have_blank_lines_and_a_mark_at_its_head(
    run: Run, numbers: list[str], tmp_path: Path
) -> None:
    """A list written by a spreadsheet or an editor of another system is read all the same."""
    path = tmp_path / "numbers.txt"
    path.write_bytes(b"\xef\xbb\xbf" + f" {numbers[0]} \r\n\r\n{numbers[1]}\r\n".encode())

    assert run("transition", "--file", path, "accept").status == 0
    assert states(run) == ["under_review", "under_review", "received", "received"]


def test_a_folder_is_no_list(refused: Run, numbers: list[str], tmp_path: Path) -> None:
    """A folder in place of a list is refused."""
    assert refused("transition", "--file", tmp_path, "accept")["error"] == "file_unreadable"
    assert numbers


def test_the_second_of_two_clerks_is_told(refused: Run, moved: Run, numbers: list[str]) -> None:
    """`--seen N` is refused where a newer entry stands, naming who made it and what it was."""
    moved(numbers[0], "accept")

    error = refused("transition", numbers[0], "withdraw", "--seen", "1")

    assert error["error"] == "moved_on"
    assert "clerk" in error["message"]
    assert "accept" in error["message"]


def test_who_has_seen_the_last_entry_goes_on(run: Run, moved: Run, numbers: list[str]) -> None:
    """`--seen N` with the last entry's number changes nothing about the step."""
    moved(numbers[0], "accept")

    result = run("transition", numbers[0], "withdraw", "--seen", "2", "--json")

    assert result.json["state"] == "closed"


def test_entries_that_nobody_has_made_yet_were_not_seen(refused: Run, numbers: list[str]) -> None:
    """`--seen` with a number that the history has not reached is refused."""
    assert refused("transition", numbers[0], "accept", "--seen", "2")["error"] == "moved_on"


def test_seen_holds_for_every_application_of_a_list(
    refused: Run, moved: Run, numbers: list[str], listed: Run
) -> None:
    """`--seen` with `--file` is asked of each application."""
    moved(numbers[3], "accept")

    error = refused("transition", "--file", listed(*numbers), "withdraw", "--seen", "1")

    assert [(f["where"], f["error"]) for f in error["findings"]] == [(numbers[3], "moved_on")]


def test_a_step_of_the_head_wants_the_head(
    refused: Run, run: Run, moved: Run, numbers: list[str]
) -> None:
    """An extension by the clerk is refused with its article; by the head it is made."""
    moved(numbers[0], "accept")

    error = refused("transition", numbers[0], "extend", "--days", "5")

    assert error["error"] == "role_not_allowed"
    assert "第33条" in error["message"]
    assert "--by" in error["hint"]
    assert run("transition", numbers[0], "extend", "--days", "5", "--by", "head").status == 0


def test_a_misspelt_fact_is_refused_and_an_own_one_kept(
    refused: Run, run: Run, moved: Run, numbers: list[str]
) -> None:
    """A name close to a fact of the step is a slip; another name is kept as a note, and said."""
    moved(numbers[0], "accept")

    error = refused("transition", numbers[0], "consult_third_party", "--set", "prty=x", status=2)
    result = run("transition", numbers[0], "consult_third_party", "--set", "memo=急", "--json")

    assert error["error"] == "unknown_fact"
    assert result.status == 0
    shown = run("show", numbers[0], "--personal", "--json").json
    assert shown["history"][-1]["data"]["memo"] == "急"
    assert "memo" in result.err


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (["extend", "--by", "head", "--days", "0"], "not_a_length"),
        (["extend", "--by", "head", "--days", "x"], "not_a_whole_number"),
        (["extend", "--by", "head", "--days", "-3"], "not_a_whole_number"),
        (["extend", "--by", "head", "--days", "9" * 5000], "not_a_whole_number"),
        (["request_correction", "--until", "2026-02-30"], "not_a_day"),
        (["consult_third_party", "--set", "notice_received=昨天"], "not_a_day"),
        (["consult_organ", "--set", "role=boss"], "unknown_choice"),
        (["charge_fee", "--set", "amount=１００"], "not_a_whole_number"),
        (["withdraw", "--days", "3"], "fact_not_taken"),
        (["withdraw", "--outcome", "partial"], "fact_not_taken"),
        (["request_correction", "--set", "items=" + "长" * 10_001], "text_too_long"),
        (["request_correction", "--set", "items=\x1b[31m"], "control_character"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_facts_of_the_wrong_kind_are_wrong_usage(
    refused: Run, moved: Run, numbers: list[str], step: list[str], code: str
) -> None:
    """A fact that is no day, number, length or choice exits 2 and says which."""
    moved(numbers[0], "accept")

    assert refused("transition", numbers[0], *step, status=2)["error"] == code


def test_a_late_answer_is_recorded_and_said(run: Run, registered: Run, moved: Run) -> None:
    """An answer after its due date is made all the same, and marked late."""
    number = registered(received="2026-09-01", today="2026-09-01")
    moved(number, "accept@2026-09-01", "decide@2026-11-20 --outcome partial")

    result = run("transition", number, "deliver", "--on", "2026-11-20", "--json")

    assert result.status == 0
    assert result.json["late"] is True
    assert "2026-09-29" in result.err


def test_what_no_step_declares_stands_apart_from_the_chain(
    done: Run, registered: Run, dump: Callable[[], list[str]]
) -> None:
    """Nobody knows what an undeclared fact tells of whom: the chain holds none of it."""
    number = registered()
    secret = "13812345678"
    result = done("transition", number, "accept", "--set", f"phone={secret}")
    assert "不在记录链中" in result.err
    assert not [line for line in dump() if line.startswith('INSERT INTO "entries"') and secret in line]
    assert secret not in done("show", number, "--json").out
    assert secret in done("show", number, "--personal", "--json").out

    done("amend", number, "--entry", "2", "--set", "phone=0000000", "--reason", "误记")
    assert "0000000" in done("show", number, "--personal", "--json").out
    assert done("verify").status == 0


@pytest.mark.parametrize(
    "step", ["request_correction", "consult_third_party", "consult_organ --set role=other"]
)
def test_a_day_to_come_is_refused_by_its_own_name(
    refused: Run, registered: Run, moved: Run, step: str
) -> None:
    """The fact that lies in the future is named, not the day of the step."""
    number = registered()
    moved(number, "accept@2026-11-24")
    name, *options = step.split()

    error = refused("transition", number, name, *options, "--set", "notice_received=2026-12-15")

    assert error["error"] == "fact_in_the_future"
    assert "notice_received" in error["hint"]
    assert "--on" not in error["hint"]
