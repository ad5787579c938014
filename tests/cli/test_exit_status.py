"""0 done, 1 refused or a check failed, 2 wrong usage; a reason in both languages, never a traceback."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

REFUSED = [
    ("application_unknown", ["show", "2026-0099"]),
    ("application_unknown", ["show", ""]),
    ("application_unknown", ["next", "2026-0099"]),
    ("application_unknown", ["deadline", "2026-0099"]),
    ("application_unknown", ["similar", "2026-0099"]),
    ("application_unknown", ["void", "2026-0099", "--reason", "误登"]),
    ("application_unknown", ["transition", "2026-0099", "accept"]),
    ("application_unknown", ["amend", "2026-0099", "--entry", "1", "--set", "subject=x",
                             "--reason", "误登"]),
    ("unknown_transition", ["transition", "2026-0001", "aceppt"]),
    ("unknown_state", ["list", "--state", "recieved"]),
    ("unknown_outcome", ["list", "--outcome", "disclosed"]),
    ("unknown_kind", ["list", "--kind", "alien"]),
    ("not_open_here", ["transition", "2026-0001", "decide", "--outcome", "partial"]),
    ("unknown_outcome", ["transition", "2026-0001", "decide", "--outcome", "granted"]),
    ("in_the_future", ["transition", "2026-0001", "accept", "--on", "2026-11-25"]),
    ("before_receipt", ["transition", "2026-0001", "accept", "--on", "2026-10-30"]),
    ("role_not_allowed", ["transition", "2026-0001", "carry_over", "--set", "year=2027"]),
    ("year_in_future", ["rollup", "2027"]),
    ("day_in_future", ["rollup", "2026", "--as-of", "2026-12-31"]),
    ("no_calendar", ["calendar", "show", "2090"]),
    ("no_calendar", ["calendar", "after", "2037-12-31", "--days", "20"]),
    ("file_missing", ["import", "nowhere.csv"]),
    ("file_missing", ["check", "nowhere.json"]),
    ("merge_refused", ["merge", "nowhere.json", "--office", "某县"]),
    ("file_missing", ["workflow", "check", "nowhere.yaml"]),
    ("file_missing", ["transition", "--file", "nowhere.txt", "accept"]),
]  # fmt: skip

WRONG_USAGE = [
    ("unknown_command", ["regster"]),
    ("unknown_option_name", ["list", "--sate", "received"]),
    ("option_needs_value", ["list", "--json", "--state"]),
    ("missing_parameter", ["show"]),
    ("missing_parameter", ["register", "--kind", "natural_person"]),
    ("missing_parameter", ["transition", "2026-0001"]),
    ("missing_parameter", ["check"]),
    ("missing_parameter", ["merge", "--office", "某县"]),
    ("missing_parameter", ["merge", "nowhere.json"]),
    ("missing_parameter", ["import"]),
    ("missing_parameter", ["calendar", "after", "--days", "3"]),
    ("missing_parameter", ["calendar", "after", "2026-01-05"]),
    ("missing_parameter", ["void", "2026-0001"]),
    ("extra_arguments", ["show", "2026-0001", "2026-0002"]),
    ("extra_arguments", ["transition", "2026-0001", "accept", "now"]),
    ("unknown_command", ["workflow", "chekc"]),
    ("not_a_day", ["transition", "2026-0001", "accept", "--on", "2026-02-30"]),
    ("not_a_day", ["transition", "2026-0001", "accept", "--on", "tomorrow"]),
    ("not_a_day", ["rollup", "2026", "--as-of", "2026-13-01"]),
    ("not_a_day", ["calendar", "after", "2026/01/05", "--days", "3"]),
    ("as_of_outside_year", ["rollup", "2026", "--as-of", "2025-12-31"]),
    ("unknown_form", ["rollup", "2026", "--form", "2020"]),
    ("cell_without_column", ["rollup", "2026", "--cell", "new"]),
    ("unknown_cell", ["rollup", "2026", "--cell", "disclosd:total"]),
    ("unknown_cell", ["rollup", "2026", "--cell", "new:totl"]),
    ("unknown_file_format", ["rollup", "2026", "-o", "table.docm"]),
    ("unknown_file_format", ["import", "register.xls"]),
    ("unknown_person", ["transition", "2026-0001", "accept", "--by", "nobody"]),
    ("not_key_value", ["transition", "2026-0001", "accept", "--set", "party"]),
    ("not_key_value", ["transition", "2026-0001", "accept", "--set", "=x"]),
    ("fact_given_twice", ["transition", "2026-0001", "accept", "--set", "a=1", "--set", "a=2"]),
    ("fact_given_twice", ["transition", "2026-0001", "decide", "--outcome", "partial",
                          "--set", "outcome=partial"]),
    ("reason_missing", ["void", "2026-0001", "--reason", " "]),
    ("nothing_to_amend", ["amend", "2026-0001", "--entry", "1", "--reason", "x"]),
    ("amend_or_strike", ["amend", "2026-0001", "--entry", "1", "--set", "subject=x", "--strike",
                         "--reason", "x"]),
    ("number_out_of_range", ["list", "--limit", "0"]),
    ("number_out_of_range", ["list", "--limit", "-1"]),
    ("number_out_of_range", ["list", "--limit", "1.5"]),
    ("number_out_of_range", ["list", "--limit", "１"]),
    ("number_out_of_range", ["list", "--limit", "9" * 5000]),
    ("number_out_of_range", ["due", "--within", "many"]),
    ("number_out_of_range", ["rollup", "26"]),
    ("number_out_of_range", ["rollup", "二〇二六"]),
    ("bad_assumption", ["deadline", "2026-0001", "--assume", "@2026-12-01"]),
    ("bad_assumption", ["deadline", "2026-0001", "--assume", "accept@2026-11-24:days"]),
    ("one_name_with_file", ["transition", "--file", "n.txt", "2026-0001", "accept"]),
]  # fmt: skip


@pytest.fixture
def _one_case(registered: Run) -> None:
    assert registered() == "2026-0001"


@pytest.mark.usefixtures("_one_case")
@pytest.mark.parametrize(("code", "words"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_refused_ends_with_1(refused: Run, code: str, words: list[str]) -> None:
    """A refusal exits 1, says why on standard error under its code, and changes nothing."""
    assert refused(*words)["error"] == code


@pytest.mark.usefixtures("_one_case")
@pytest.mark.parametrize(("code", "words"), WRONG_USAGE, ids=lambda value: str(value)[:40])
def test_wrong_usage_ends_with_2(refused: Run, code: str, words: list[str]) -> None:
    """A command line that is off exits 2, says what is off under its code, and changes nothing."""
    assert refused(*words, status=2)["error"] == code


@pytest.mark.usefixtures("_one_case")
@pytest.mark.parametrize(
    ("option", "code"),
    [
        (["--today", "2026-02-30"], "not_a_day"),
        (["--today", "soon"], "not_a_day"),
        (["--lang", "fr"], "not_one_of"),
        (["--nosuch"], "unknown_option_name"),
    ],
)
def test_options_of_the_program_are_checked_too(run: Run, option: list[str], code: str) -> None:
    """A faulty option before the command exits 2, with the reason as JSON where asked for."""
    result = run(*option, "list", "--json")

    assert (result.status, result.out) == (2, "")
    assert result.error["error"] == code


@pytest.mark.usefixtures("_one_case")
@pytest.mark.parametrize(("code", "words"), [*REFUSED, *WRONG_USAGE], ids=lambda value: str(value)[:40])
def test_every_reason_is_said_in_both_languages(run: Run, code: str, words: list[str]) -> None:
    """A reason is said in Chinese by default and in English with `--lang en`, without a traceback."""
    chinese, english = run(*words), run("--lang", "en", *words)

    assert chinese.status == english.status
    assert chinese.out == english.out == ""
    assert re.search("[一-鿿]", chinese.err), chinese.err
    assert re.search("[A-Za-z]{3}", english.err), english.err
    assert chinese.err != english.err
    assert "Traceback" not in chinese.err + english.err
    assert code


@pytest.mark.usefixtures("_one_case")
def test_an_error_document_is_one_line_with_three_keys(run: Run) -> None:
    """An error as JSON is one document on standard error: error, message, hint."""
    result = run("transition", "2026-0001", "extend", "--by", "head", "--json")

    document = json.loads(result.err)
    assert list(document) == ["error", "message", "hint"]
    assert document["error"] == "not_open_here"
    assert "第33条" in document["message"]
    assert "requestflow next" in document["hint"]


@pytest.mark.usefixtures("_one_case")
def test_a_failed_check_exits_1_with_its_document(run: Run, sql: Run) -> None:
    """A check that fails prints its findings as the document, and its refusal on standard error."""
    sql("UPDATE applications SET subject = 'x'")

    result = run("verify", "--json")

    assert result.status == 1
    assert result.json["holds"] is False
    assert result.error["error"] == "verify_failed"


def test_help_and_version_exit_0(run: Run) -> None:
    """Asking for help or the version is no error."""
    assert [run(word).status for word in ("--help", "--version")] == [0, 0]


def test_no_words_at_all_show_the_help(process: Run) -> None:
    """The bare program shows its help page and exits 0."""
    result = process()

    assert result.returncode == 0
    assert "register" in result.stdout.decode()


@pytest.mark.parametrize(
    "words", [["list"], ["verify"], ["rollup", "2026"], ["register", "--kind", "x"]]
)
def test_a_missing_office_is_refused(run: Run, tmp_path: Path, words: list[str]) -> None:
    """Where there is no config, a command that needs an office is refused and makes nothing."""
    folder = tmp_path / "empty"
    folder.mkdir()

    result = run(*words, config=folder / "config.toml")

    assert result.status in (1, 2)
    assert result.out == ""
    assert list(folder.iterdir()) == []


def test_init_overwrites_nothing(run: Run, folder: Path, dump: Run) -> None:
    """`init` in the folder of an office is refused and leaves its files as they were."""
    before = (folder / "config.toml").read_bytes(), dump()

    result = run("init", folder, "--office", "另一单位", "--json")

    assert (result.status, result.error["error"]) == (1, "office_exists")
    assert ((folder / "config.toml").read_bytes(), dump()) == before


def test_init_beside_a_foreign_database_is_refused(run: Run, tmp_path: Path) -> None:
    """`init` does not touch a database that is there already, and leaves no config behind."""
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "requestflow.db").write_bytes(b"something else")

    result = run("init", tmp_path / "new", "--office", "新单位", "--json")

    assert (result.status, result.error["error"]) == (1, "database_exists")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["requestflow.db"]
    assert (tmp_path / "new" / "requestflow.db").read_bytes() == b"something else"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_init_where_a_file_stands_is_refused(run: Run, tmp_path: Path, place: str) -> None:
    """`init` on a path that leads through a file is refused."""
    (tmp_path / "file").write_text("x")

    result = run("init", tmp_path / place, "--office", "新单位", "--json")

    assert (result.status, result.error["error"]) == (1, "folder_unwritable")


@pytest.mark.parametrize("name", ["", "  ", "两\n行", "局" * 201, "\x07局"])
def test_init_wants_a_name_that_can_be_printed(run: Run, tmp_path: Path, name: str) -> None:
    """An office's name is 1 to 200 printable signs; with another one nothing is made."""
    result = run("init", tmp_path / "new", "--office", name, "--json")

    assert (result.status, result.error["error"]) == (2, "bad_office_name")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "name", ["有 空格", "文件夹", "a%20b", "a%41", "what?", "a#b", "a&mode=ro", "100%", "a:b", "[x]"]
)
def test_an_office_lives_in_its_folder_whatever_its_name(run: Run, tmp_path: Path, name: str) -> None:
    """A new office's database stands beside its config, whatever signs the folder's name has."""
    folder = tmp_path / "place" / name

    made = run("init", folder, "--office", "新单位")
    found = run("verify", "--json", config=folder / "config.toml")

    assert (made.status, found.status) == (0, 0), made.err + found.err
    assert (folder / "requestflow.db").is_file()
    assert [path.name for path in folder.parent.iterdir()] == [name]


@pytest.mark.parametrize("name", ['双引号"局', "反斜\\局", "[局]", "{{ 局 }}", "𠮷局", "局🙂", "'局'"])
def test_an_office_keeps_the_name_it_is_given(run: Run, tmp_path: Path, name: str) -> None:
    """Whatever printable name an office has, its table carries it unchanged."""
    run("init", tmp_path / "new", "--office", name)

    result = run("rollup", "2026", "--json", config=tmp_path / "new" / "config.toml")

    assert result.status == 0, result.err
    assert result.json["office"] == name


@pytest.mark.parametrize("words", [["--today", "2026-11-24"], ["--lang", "zh"], ["year"], ["dispute"]])
def test_a_command_that_is_not_named_is_missing(run: Run, words: list[str]) -> None:
    """A command line without its command is told so in the clerk's own language, not in click's."""
    result = run(*words)

    assert (result.status, result.out) == (2, "")
    assert "缺少 COMMAND" in result.err
    assert "Missing" not in result.err
