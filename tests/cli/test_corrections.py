"""Corrections and voiding: the old entry stays, state and deadline and figures follow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def extended(once: Run, registered: Run, moved: Run) -> str:
    """A case with registration, acceptance and an extension of five days."""

    def make() -> str:
        number = str(registered())
        moved(number, "accept@2026-11-03", "extend@2026-11-10 --by head --days 5")
        return number

    return str(once("extended", make))


@pytest.fixture
def imported(run: Run, register_file: Run) -> str:
    """A case of an old register with its result."""
    path = register_file("收到日期,申请人类型,申请人,办理结果,答复日期",
                         "2026-03-02,自然人,欧阳明月,予以公开,2026-03-20")  # fmt: skip
    assert run("import", path).status == 0
    return "2026-0001"


def amend(run: Run, number: str, entry: int, *options: str) -> Any:
    by = "head" if entry == 3 else "clerk"  # entry 3 is the head's extension
    return run("amend", number, "--entry", entry, *options, "--reason", "登记有误", "--by", by, "--json")


def test_a_correction_moves_the_deadline(run: Run, extended: str) -> None:
    """A corrected receipt date moves the due date; the old entry stays in the history."""
    before = run("show", extended, "--json").json

    case = amend(run, extended, 1, "--set", "received=2026-11-03").json

    assert (before["due"], case["due"]) == ("2026-12-07", "2026-12-08")
    assert case["received"] == "2026-11-03"
    assert case["history"][:3] == before["history"]
    assert case["history"][3]["transition"] == "amend"
    assert case["history"][3]["data"]["entry"] == 1
    assert case["history"][3]["data"]["reason"] == "登记有误"


def test_a_correction_moves_a_figure(run: Run, extended: str) -> None:
    """A corrected applicant kind moves the application to another column of the year's table."""
    assert run("rollup", "2026", "--json").json["rows"]["new"] == [1, 0, 0, 0, 0, 0, 1]

    amend(run, extended, 1, "--set", "kind=enterprise")

    assert run("rollup", "2026", "--json").json["rows"]["new"] == [0, 1, 0, 0, 0, 0, 1]
    assert run("verify").status == 0


def test_a_struck_entry_never_happened(run: Run, extended: str) -> None:
    """`--strike` takes an entry out of what counts and leaves it in the history."""
    case = amend(run, extended, 3, "--strike").json

    assert case["due"] == "2026-11-30"
    assert [entry["transition"] for entry in case["history"]] == [
        "register", "accept", "extend", "amend",
    ]  # fmt: skip


def test_a_clerk_does_not_correct_what_the_head_decided(refused: Run, extended: str) -> None:
    """A correction needs the role of the step that it corrects."""
    for options in (["--set", "days=20"], ["--strike"]):
        error = refused("amend", extended, "--entry", "3", *options, "--reason", "x")
        assert error["error"] == "role_not_allowed"


def test_a_struck_entry_may_be_made_again(run: Run, extended: str) -> None:
    """After an extension is struck, the whole extension is open again."""
    amend(run, extended, 3, "--strike")

    result = run("transition", extended, "extend", "--by", "head", "--days", "20", "--json")

    assert result.status == 0, result.err
    assert run("verify").status == 0


def test_a_correction_that_breaks_a_later_step_is_refused(refused: Run, extended: str) -> None:
    """A correction under which a later step would be unlawful is refused and names that step."""
    error = refused("amend", extended, "--entry", "2", "--strike", "--reason", "x")

    assert error["error"] == "amendment_breaks"
    assert "3" in error["message"]


@pytest.mark.parametrize(
    ("entry", "options", "code"),
    [
        (9, ["--set", "subject=x"], "no_such_entry"),
        (1, ["--set", "colour=red"], "not_amendable"),
        (1, ["--set", "number=2026-0100"], "not_amendable"),
        (1, ["--strike"], "registration_not_struck"),
        (1, ["--set", "kind=alien"], "unknown_kind"),
        (1, ["--set", "kind="], "unknown_kind"),
        (1, ["--set", "channel=pigeon"], "unknown_channel"),
        (1, ["--set", "received=2026-11-25"], "received_in_future"),
        (1, ["--set", "received=2026-11-05"], "amendment_breaks"),
        (1, ["--set", "submitted=2026-11-03"], "submitted_after_receipt"),
        (1, ["--set", "subject="], "subject_missing"),
        (1, ["--set", "subject= "], "subject_missing"),
        (1, ["--set", "name="], "name_missing"),
        (1, ["--set", "name= "], "name_missing"),
        (3, ["--set", "days=21"], "amendment_breaks"),
        (3, ["--set", "on=2026-12-31"], "amendment_breaks"),
        (3, ["--set", "on=2026-11-30"], "amendment_breaks"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_no_registration_would_take_no_correction_takes(
    refused: Run, extended: str, entry: int, options: list[str], code: str
) -> None:
    """A correction is held to the rules of the entry that it corrects; refused, it changes nothing."""
    error = refused("amend", extended, "--entry", entry, *options, "--reason", "x", "--by", "head")

    assert error["error"] == code


@pytest.mark.parametrize(
    ("entry", "options", "code"),
    [
        (1, "received=2026-02-30", "not_a_day"),
        (1, "received=", "not_a_day"),
        (1, "subject=\x07", "control_character"),
        (3, "days=many", "not_a_whole_number"),
    ],
)
def test_values_of_the_wrong_kind_are_wrong_usage(
    refused: Run, extended: str, entry: int, options: str, code: str
) -> None:
    """A correction to a value that is none exits 2 and changes nothing."""
    error = refused(
        "amend", extended, "--entry", entry, "--set", options, "--reason", "x", "--by", "head", status=2
    )

    assert error["error"] == code


def test_the_reason_of_a_correction_is_needed(refused: Run, extended: str) -> None:
    """A correction without a reason is refused."""
    error = refused("amend", extended, "--entry", "1", "--set", "subject=x", "--reason", " ", status=2)

    assert error["error"] == "reason_missing"


def test_an_imported_result_can_be_corrected(run: Run, imported: str) -> None:
    """Outcome and day of an imported result are corrected by a new entry, and the figures follow."""
    amend(run, imported, 2, "--set", "outcome=withheld.third_party")
    amend(run, imported, 2, "--set", "decided=2026-03-19")

    rows = run("rollup", "2026", "--json").json["rows"]
    assert (rows["disclosed"][0], rows["withheld.third_party"][0]) == (0, 1)
    assert run("show", imported, "--json").json["concluded"] == "2026-03-19"
    assert run("verify").status == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("decided=2026-12-01", "day_in_future"),
        ("decided=2026-03-01", "decided_before_received"),
        ("outcome=granted", "unknown_outcome"),
        ("outcome=", "result_missing"),
    ],
)
def test_an_impossible_result_is_no_correction(
    refused: Run, imported: str, given: str, code: str
) -> None:
    """An imported result is not corrected to a day in the future, one before receipt, or to nothing."""
    error = refused("amend", imported, "--entry", "2", "--set", given, "--reason", "x")

    assert error["error"] == code


def test_a_repeat_reply_is_corrected_to_an_answered_one_only(
    run: Run, refused: Run, registered: Run, moved: Run, imported: str
) -> None:
    """The earlier reply that a correction names must exist and be answered."""
    number = registered()
    moved(number, "accept@2026-11-03",
          f"decide@2026-11-04 --outcome not_handled.repeat --set earlier={imported}")  # fmt: skip
    pending = registered()

    for earlier in ("2026-0099", pending, number):
        error = refused("amend", number, "--entry", "3", "--set", f"earlier={earlier}", "--reason", "x")
        assert error["error"] == "amendment_breaks"
    assert run("verify").status == 0


def test_a_correction_that_names_another_applicants_reply_is_worth_a_word(
    run: Run, registered: Run, moved: Run
) -> None:
    """As when a repeat reply is recorded, a reply that went to somebody else is named in a warning."""
    own = registered(received="2026-10-12")
    moved(own, "accept@2026-10-12", "decide@2026-10-20 --outcome partial", "deliver@2026-10-20")
    other = registered(received="2026-10-12", name="司马相如")
    moved(other, "accept@2026-10-12", "decide@2026-10-20 --outcome partial", "deliver@2026-10-20")
    number = registered()
    moved(number, "accept@2026-11-03",
          f"decide@2026-11-04 --outcome not_handled.repeat --set earlier={own}")  # fmt: skip

    words = ("amend", number, "--entry", "3", "--reason", "x", "--json")
    of_another = run(*words, "--set", f"earlier={other}")
    again = run(*words, "--set", f"earlier={own}")

    assert (of_another.status, again.status) == (0, 0)
    assert other in of_another.err
    assert again.err == ""


def test_a_void_registration_is_in_no_figure(run: Run, extended: str) -> None:
    """`void` takes a registration out of the table and out of what is due; its number stays."""
    run("void", extended, "--reason", "重复登记")

    assert run("rollup", "2026", "--json").json["rows"]["new"][-1] == 0
    assert run("due", "--json").json == []
    assert run("list", "--open", "--json").json == []
    case = run("show", extended, "--json").json
    assert case["history"][-1]["transition"] == "void"
    assert case["history"][-1]["data"]["reason"] == "重复登记"
    assert run("verify").status == 0


def test_a_void_number_is_not_given_again(run: Run, registered: Run, extended: str) -> None:
    """The number of a void registration stays taken: the next one is new."""
    run("void", extended, "--reason", "重复登记")

    assert registered() == "2026-0002"


@pytest.mark.parametrize(
    "words",
    [
        ["transition", "2026-0001", "decide", "--outcome", "partial"],
        ["void", "2026-0001", "--reason", "x"],
        ["amend", "2026-0001", "--entry", "1", "--set", "subject=x", "--reason", "x"],
    ],
    ids=lambda words: words[0],
)
def test_a_void_registration_moves_no_more(
    run: Run, refused: Run, extended: str, words: list[str]
) -> None:
    """Nothing can be done with a void registration."""
    run("void", extended, "--reason", "重复登记")

    assert refused(*words)["error"] == "application_void"


def test_a_correction_of_the_applicant_is_kept_apart(run: Run, extended: str, dump: Run) -> None:
    """A corrected name stands with the personal data, not in the chain; the old one stays too."""
    case = amend(run, extended, 1, "--set", "name=司马相如").json

    assert case["applicant"]["name"] == "司***"
    lines = dump()
    chain = "".join(line for line in lines if line.startswith('INSERT INTO "entries"'))
    personal = "".join(line for line in lines if line.startswith('INSERT INTO "personal_parts"'))
    assert "司马相如" not in chain
    assert "司马相如" in personal
    assert "欧阳明月" in personal
    assert run("verify").status == 0


def test_corrections_of_corrections_are_not_made(refused: Run, run: Run, extended: str) -> None:
    """A correction is not itself corrected: one corrects the entry again."""
    amend(run, extended, 1, "--set", "subject=预算")

    error = refused("amend", extended, "--entry", "4", "--set", "reason=x", "--reason", "x")

    assert error["error"] == "no_such_entry"


def test_the_last_correction_holds(run: Run, extended: str) -> None:
    """Of two corrections of one fact the later one holds, and both are in the history."""
    amend(run, extended, 1, "--set", "subject=预算")
    case = amend(run, extended, 1, "--set", "subject=决算").json

    assert case["subject"] == "决算"
    assert [entry["transition"] for entry in case["history"]][-2:] == ["amend", "amend"]


def test_a_corrected_year_of_receipt_moves_the_figure(run: Run, registered: Run) -> None:
    """A receipt date corrected into another year counts there; the number stays what it was."""
    number = registered(received="2026-01-05", today="2026-01-05")

    result = amend(run, number, 1, "--set", "received=2025-12-31")

    assert "编号按收到年份排列" in result.err
    assert run("rollup", "2025", "--json").json["rows"]["new"][-1] == 1
    assert run("rollup", "2026", "--json").json["rows"]["new"][-1] == 0
    assert run("show", number, "--json").json["received"] == "2025-12-31"
    assert run("verify").status == 0


def test_a_file_cannot_stand_in_for_a_reason(refused: Run, extended: str, tmp_path: Path) -> None:
    """Option values are taken as they are: an `@file` is a text, and a path is not read."""
    secret = tmp_path / "secret.txt"
    secret.write_text("不应读出", "utf-8")

    error = refused(
        "amend", extended, "--entry", "9", "--set", f"subject=@{secret}", "--reason", f"@{secret}"
    )

    assert "不应读出" not in str(error)
