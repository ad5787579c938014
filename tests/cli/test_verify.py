"""`verify`: whatever is changed past the program is found, named with its place, and changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def _office(once: Run, registered: Run, moved: Run, run: Run, register_file: Run) -> None:
    """Three live cases, one of them voided and one corrected, and two of an old register."""

    def make() -> None:
        number = registered()
        moved(number, "accept@2026-11-03", "consult_third_party@2026-11-04 --set party=示例公司",
              "conclude_third_party@2026-11-10", "decide@2026-11-12 --outcome partial")  # fmt: skip
        corrected = registered(received="2026-11-03")
        run("amend", corrected, "--entry", "1", "--set", "kind=enterprise", "--reason", "笔误")
        run("void", registered(), "--reason", "误登")
        path = register_file("收到日期,申请人类型,申请人,办理结果,答复日期",
                             "2026-03-02,自然人,司马相如,予以公开,2026-03-20",
                             "2026-03-03,商业企业,示例公司,,")  # fmt: skip
        assert run("import", path).status == 0

    once("verify", make)


@pytest.mark.usefixtures("_office")
def test_an_untouched_office_holds(run: Run) -> None:
    """An office that was only ever worked with holds."""
    found = run("verify", "--json")

    assert (found.status, found.json["holds"], found.json["problems"]) == (0, True, [])
    assert (found.json["applications"], found.json["entries"]) == (5, 12)


TAMPERED = {
    "an entry's data": (
        "UPDATE entries SET data = replace(data, '土地', '房屋') WHERE sequence = 1",
        "entry_changed",
    ),
    "an entry's day": (
        "UPDATE entries SET legal_day = '2026-11-11' WHERE sequence = 5",
        "entry_changed",
    ),
    "an entry's person": ("UPDATE entries SET recorded_by = 'head' WHERE sequence = 2", "entry_changed"),
    "an entry's moment": (
        "UPDATE entries SET recorded_at = '2020-01-01 00:00:00' WHERE sequence = 2",
        "entry_changed",
    ),
    "an entry's rules": ("UPDATE entries SET rules = 'mine/1' WHERE sequence = 2", "entry_changed"),
    "an entry's step": (
        "UPDATE entries SET transition = 'withdraw' WHERE sequence = 5",
        "entry_changed",
    ),
    "an unknown step": ("UPDATE entries SET transition = 'fly' WHERE sequence = 5", "entry_changed"),
    "an entry's state": ("UPDATE entries SET to_state = 'closed' WHERE sequence = 5", "entry_changed"),
    "an unknown state": ("UPDATE entries SET to_state = 'nowhere' WHERE sequence = 5", "entry_changed"),
    "where it came from": ("UPDATE entries SET from_state = 'closed' WHERE sequence = 5", "state_gap"),
    "an entry's number": ("UPDATE entries SET entry = 9 WHERE sequence = 5", "entry_gap"),
    "an entry of another": (
        "UPDATE entries SET application_id = 2, entry = 9 WHERE sequence = 5",
        "entry_changed",
    ),
    "an entry taken out": ("DELETE FROM entries WHERE sequence = 5", "chain_gap"),
    "the last entry taken out": ("DELETE FROM entries WHERE sequence = 12", "chain_end"),
    "all entries": ("DELETE FROM entries", "chain_end"),
    "an entry's digest": ("UPDATE entries SET digest = 'x' WHERE sequence = 3", "entry_changed"),
    "the head of the chain": ("UPDATE offices SET digest = 'x'", "chain_end"),
    "the length of the chain": ("UPDATE offices SET sequence = 99", "chain_end"),
    "a name": ("UPDATE applicants SET name = '王五' WHERE application_id = 1", "applicant_differs"),
    "a personal part": (
        'UPDATE personal_parts SET content = \'{"name":"王五"}\' WHERE sequence = 1',
        "personal_changed",
    ),
    "a salt": ("UPDATE personal_parts SET salt = 'x' WHERE sequence = 1", "personal_changed"),
    "a row's state": ("UPDATE applications SET state = 'closed' WHERE id = 1", "row_differs"),
    "a row's unknown state": ("UPDATE applications SET state = 'nowhere' WHERE id = 1", "row_differs"),
    "a row's due date": ("UPDATE applications SET due = '2030-01-01' WHERE id = 1", "row_differs"),
    "a row's receipt": ("UPDATE applications SET received = '2026-01-01' WHERE id = 1", "row_differs"),
    "a row's kind": ("UPDATE applications SET kind = 'enterprise' WHERE id = 1", "row_differs"),
    "a row's unknown kind": ("UPDATE applications SET kind = 'alien' WHERE id = 1", "row_differs"),
    "a row's result": (
        ("UPDATE applications SET counted_outcome = 'partial', concluded = '2026-11-01' WHERE id = 2"),
        "row_differs",
    ),
    "a row's length": ("UPDATE applications SET entries = 1 WHERE id = 1", "row_differs"),
    "a row made void": ("UPDATE applications SET void = 1 WHERE id = 1", "row_differs"),
    "a row brought back": ("UPDATE applications SET void = 0 WHERE id = 3", "row_differs"),
    "a row's number": ("UPDATE applications SET number = '2026-0009' WHERE id = 1", "entry_changed"),
    "a row taken out": ("DELETE FROM applications WHERE id = 2", "no_row"),
    "the last row taken out": ("DELETE FROM applications WHERE id = 5", "no_row"),
    "text for data": ("UPDATE entries SET data = 'x' WHERE sequence = 1", None),
    "cut data": ("UPDATE entries SET data = substr(data, 1, 20) WHERE sequence = 1", None),
    "a list for data": ("UPDATE entries SET data = '[]' WHERE sequence = 1", None),
    "no day": ("UPDATE entries SET legal_day = 'x' WHERE sequence = 1", None),
    "a day that is none": ("UPDATE entries SET legal_day = '2026-02-30' WHERE sequence = 1", None),
    "no moment": ("UPDATE entries SET recorded_at = 'x' WHERE sequence = 1", None),
    "a cut personal part": ("UPDATE personal_parts SET content = '{' WHERE sequence = 1", None),
    "a list for a personal part": ("UPDATE personal_parts SET content = '[]' WHERE sequence = 1", None),
    "a correction of nothing": ("UPDATE entries SET data = '{}' WHERE transition = 'amend'", None),
    "a correction of no entry": (
        ("UPDATE entries SET data = '{\"entry\":\"x\"}' WHERE transition = 'amend'"),
        None,
    ),
    "a row's due day that is none": ("UPDATE applications SET due = 'x' WHERE id = 1", None),
    "a row's due day of another type": ("UPDATE applications SET due = 20261130 WHERE id = 1", None),
    "a kind in the data that is none": (
        "UPDATE entries SET data = '{\"kind\":7}' WHERE sequence = 1",
        "entry_changed",
    ),
    "bytes for a text": ("UPDATE applications SET subject = x'ff00' WHERE id = 1", None),
}


@pytest.mark.usefixtures("_office")
@pytest.mark.parametrize("kind", TAMPERED)
def test_whatever_is_changed_past_the_program_is_found(run: Run, sql: Run, dump: Run, kind: str) -> None:
    """`verify` exits 1 and names every change that was made past the program, and mends nothing."""
    statement, code = TAMPERED[kind]
    sql(statement)
    before = dump()

    found = run("verify", "--json")

    assert found.status == 1, found.err
    assert found.json["holds"] is False
    problems = found.json["problems"]
    assert problems
    assert all(set(problem) == {"kind", "number", "message"} for problem in problems)
    assert code is None or code in {problem["kind"] for problem in problems}
    assert dump() == before


@pytest.mark.usefixtures("_office")
@pytest.mark.parametrize("kind", TAMPERED)
def test_no_command_falls_over_a_changed_office(run: Run, sql: Run, kind: str) -> None:
    """Whatever was changed past the program, every command answers: done, or refused with a reason."""
    sql(TAMPERED[kind][0])

    for words in (
        ["list"],
        ["due"],
        ["show", "2026-0001"],
        ["deadline", "2026-0001"],
        ["next", "2026-0001"],
        ["rollup", "2026"],
        ["similar", "2026-0001"],
        ["transition", "2026-0001", "deliver"],
        ["void", "2026-0002", "--reason", "x"],
    ):
        result = run(*words, "--json")
        assert result.status in (0, 1), (words, result.err)


@pytest.mark.usefixtures("_office")
def test_one_row_taken_out_is_not_told_of_all_that_follow(run: Run, sql: Run) -> None:
    """The rows after a gap have their histories, and nobody says that they had none."""
    sql("DELETE FROM applications WHERE id = 2")

    kinds = [one["kind"] for one in run("verify", "--json").json["problems"]]

    assert kinds.count("no_row") == 1
    assert "no_history" not in kinds


@pytest.mark.usefixtures("_office")
def test_a_change_is_told_on_the_screen_too(run: Run, sql: Run) -> None:
    """Without `--json` the screen names the application, and what to do is said."""
    sql("UPDATE applications SET kind = 'enterprise' WHERE id = 1")

    result = run("verify")

    assert result.status == 1
    assert "2026-0001" in result.err
    assert "kind" in result.err
    assert "备份" in result.err


@pytest.mark.usefixtures("_office")
def test_removed_personal_data_leave_the_chain_whole(run: Run, sql: Run) -> None:
    """Personal data stand apart from the chain: removed at both places, everything else still holds."""
    sql("DELETE FROM personal_parts")
    sql("DELETE FROM applicants")

    assert run("verify", "--json").json["problems"] == []


@pytest.mark.usefixtures("_office")
def test_the_last_digest_stands_for_the_whole_history(run: Run, moved: Run) -> None:
    """`verify` gives the digest of the last entry; it changes with every step, and only then."""
    first, again = (run("verify", "--json").json["digest"] for _ in range(2))
    moved("2026-0002", "accept")

    assert first == again != run("verify", "--json").json["digest"]


def test_after_a_change_of_the_calendar_alone_nobody_is_alarmed(
    run: Run, folder: Path, registered: Run
) -> None:
    """That a refresh is owed is no damage: `verify` says so, and does not call for a backup."""
    registered()
    config = folder / "config.toml"
    text = config.read_text("utf-8")
    holiday = '[calendar.days_off]\n"2026-11-12" = "三月三"'
    config.write_text(text.replace("[calendar.days_off]", holiday), "utf-8")

    told = run("verify")
    error = run("verify", "--json").error

    assert (told.status, error["error"]) == (1, "verify_refresh_owed")
    assert "calendar refresh" in error["hint"]
    assert "备份" not in told.err
