"""Which config counts, what its relative paths are relative to, and every fault of it with its line."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from requestflow.cli.main import main
from requestflow.definitions.shipped import shipped

Run = Callable[..., Any]
REGISTER = [
    "register", "--kind", "natural_person", "--name", "王", "--channel", "online",
    "--received", "2026-11-02", "--subject", "预算",
]  # fmt: skip


@pytest.fixture
def offices(tmp_path: Path) -> dict[str, Path]:
    """Three offices: one to be named, one for the environment, one in the current folder."""
    folders = {name: tmp_path / name for name in ("option", "environment", "here")}
    for name, folder in folders.items():
        assert main(["init", str(folder), "--office", name]) == 0
    return folders


def office_of(result: Any) -> str:
    return str(result.stdout.decode().split('"office": "')[1].split('"')[0])


def test_the_config_named_on_the_command_line_goes_first(process: Run, offices: dict[str, Path]) -> None:
    """`--config` wins over the environment and over the current folder."""
    result = process(
        "--config", str(offices["option"] / "config.toml"), "rollup", "2025", "--json",
        cwd=offices["here"], env={"REQUESTFLOW_CONFIG": str(offices["environment"] / "config.toml")},
    )  # fmt: skip

    assert office_of(result) == "option"


def test_the_environment_goes_before_the_current_folder(process: Run, offices: dict[str, Path]) -> None:
    """$REQUESTFLOW_CONFIG wins over ./config.toml."""
    environment = {"REQUESTFLOW_CONFIG": str(offices["environment"] / "config.toml")}

    result = process("rollup", "2025", "--json", cwd=offices["here"], env=environment)

    assert office_of(result) == "environment"


def test_the_current_folder_comes_last(process: Run, offices: dict[str, Path]) -> None:
    """Without option and environment, ./config.toml is the office's."""
    assert office_of(process("rollup", "2025", "--json", cwd=offices["here"])) == "here"


def test_an_empty_environment_variable_names_nothing(process: Run, offices: dict[str, Path]) -> None:
    """An empty $REQUESTFLOW_CONFIG counts as not set."""
    result = process("rollup", "2025", "--json", cwd=offices["here"], env={"REQUESTFLOW_CONFIG": ""})

    assert office_of(result) == "here"


def test_a_named_config_that_is_missing_is_not_replaced(process: Run, offices: dict[str, Path]) -> None:
    """A config that is named and is not there is an error, even where ./config.toml stands."""
    result = process("--config", "nosuch.toml", "rollup", "2025", cwd=offices["here"])

    assert (result.returncode, result.stdout) == (1, b"")
    assert "nosuch.toml" in result.stderr.decode()


def test_relative_paths_are_relative_to_the_config(process: Run, folder: Path, tmp_path: Path) -> None:
    """The database and the workflow file of a config are sought beside it, wherever one stands."""
    shutil.copytree(shipped("workflows"), folder / "rules")
    config = folder / "config.toml"
    text = config.read_text("utf-8").replace('file = "disclosure"', 'file = "rules/disclosure.yaml"')
    config.write_text(text, "utf-8")

    result = process("--config", str(config), "verify", "--json", cwd=tmp_path)

    assert result.returncode == 0, result.stderr.decode()
    assert b'"holds": true' in result.stdout


def test_a_relative_database_address_may_have_options(run: Run, folder: Path) -> None:
    """An address with options is relative to the config as well."""
    edited(folder, 'url = "sqlite:///requestflow.db"', 'url = "sqlite:///file:requestflow.db?uri=true"')

    assert run("verify").status == 0


def test_commands_without_an_office_work_with_the_shipped_rules(process: Run, tmp_path: Path) -> None:
    """Checks, calendars and diagrams need no office: they use the shipped rules."""
    for words in (
        ["workflow", "check"], ["workflow", "diagram"], ["calendar", "show", "2026"],
        ["calendar", "after", "2026-01-30", "--days", "20"], ["import", "--template", "empty.xlsx"],
    ):  # fmt: skip
        assert process(*words, cwd=tmp_path).returncode == 0, words
    assert (tmp_path / "empty.xlsx").exists()


def edited(folder: Path, old: str, new: str) -> None:
    path = folder / "config.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "config.toml").read_text("utf-8").splitlines()
    return next(place for place, line in enumerate(lines, 1) if text in line)


FAULTS = {
    "unknown key": ("patience = 20", "patience = 20\nfast = true", "key_unknown", "fast"),
    "unknown table": ("[switches]", "[colours]\nred = 1\n[switches]", "key_unknown", "[colours]"),
    "missing key": ('url = "sqlite:///requestflow.db"', "", "key_missing", "[database]"),
    "missing name": ('name = "示例县发展和改革局"', "", "key_missing", "[office]"),
    "wrong type": ("patience = 20", 'patience = "20"', "value_wrong", "patience"),
    "out of range": ("patience = 20", "patience = 0", "value_wrong", "patience"),
    "language": ('language = "zh"', 'language = "fr"', "value_wrong", "language"),
    "timezone": ('"Asia/Shanghai"', '"Asia/Atlantis"', "unknown_timezone", "timezone"),
    "default person": ('default_person = "clerk"', 'default_person = "x"', "unknown_person",
                       "default_person"),
    "day off": ("[calendar.days_off]", '[calendar.days_off]\n"2026-02-30" = "三月三"', "not_a_day",
                "2026-02-30"),
    "working day": ("working_days = []", 'working_days = ["2026-99-01"]', "not_a_day", "working_days"),
    "switch": ("[switches]", '[switches]\nextend = "yes"', "unknown_switch", "extend"),
    "switch value": ("[switches]", '[switches]\nreasons_pause = "maybe"', "undeclared_option",
                     "reasons_pause"),
    "broken text": ("[database]", "[database", "not_toml", "[database"),
    "doubled key": ("patience = 20", "patience = 20\npatience = 21", "not_toml", "patience = 21"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_a_config_is_named_with_its_line(run: Run, folder: Path, fault: str) -> None:
    """A faulty config is refused: exit 1, each fault with the line where it stands."""
    old, new, code, at = FAULTS[fault]
    edited(folder, old, new)

    result = run(*REGISTER, "--json")

    assert result.status == 1, result
    assert result.out == ""
    findings = result.error["findings"]
    assert [finding["error"] for finding in findings] == [code]
    assert "Input should" not in findings[0]["message"]
    assert str(line_of(folder, at)) in re.findall(
        r"\d+", findings[0]["where"] + " " + findings[0]["message"]
    )


def test_all_faults_of_a_config_are_named_at_once(run: Run, folder: Path) -> None:
    """A config with three faults names all three, not only the first."""
    edited(folder, "patience = 20", 'patience = "x"\nfast = true')
    edited(folder, 'language = "zh"', 'language = "fr"')

    findings = run("list", "--json").error["findings"]

    assert {finding["error"] for finding in findings} == {"value_wrong", "key_unknown"}
    assert len(findings) == 3


CONTENTS = {
    "not UTF-8": "[office]\nname = '发改局'".encode("gb18030"),
    "UTF-16": "[office]".encode("utf-16"),
    "binary": bytes(range(256)),
    "empty": b"",
    "an array": b"[[office]]\nname = 'x'\n",
    "another program's": b"[tool]\nx = 1\n",
    "nested": b"a = " + b"[" * 5000 + b"]" * 5000,
    "a long number": b"a = " + b"9" * 5000,
    "NUL": b"[office]\nname = 'a\0b'\n",
}


@pytest.mark.parametrize("contents", CONTENTS)
def test_whatever_a_config_holds_it_is_answered_properly(run: Run, folder: Path, contents: str) -> None:
    """A file that is no config is refused with exit 1 and findings, never with a fault of ours."""
    (folder / "config.toml").write_bytes(CONTENTS[contents])

    result = run("list", "--json")

    assert (result.status, result.out) == (1, ""), result.err
    assert result.error["error"] == "config_broken"
    assert result.error["findings"]


def test_a_folder_is_no_config(run: Run, tmp_path: Path) -> None:
    """A config that is a folder is as good as missing."""
    result = run("list", "--json", config=tmp_path)

    assert (result.status, result.error["error"]) == (1, "config_missing")


@pytest.mark.parametrize(
    "pattern",
    [
        "{year}",
        "{number}",
        "{year}{number}{x}",
        "{year}-{number:99}",
        "",
        "{year} {number}",
        "\\n{year}-{number}",
        "长" * 70 + "{year}-{number}",
    ],
)
def test_a_faulty_number_pattern_is_a_fault_of_the_config(
    run: Run, folder: Path, dump: Run, pattern: str
) -> None:
    """A pattern without year or number, or of what is no number, is refused; nothing is registered."""
    before = dump()
    edited(folder, '"{year}-{number:04}"', f'"{pattern}"')

    result = run(*REGISTER, "--json")

    assert (result.status, result.out) == (1, "")
    assert dump() == before


def test_a_workflow_of_ones_own_that_is_missing_is_named(run: Run, folder: Path) -> None:
    """A config that names a workflow file which is not there is refused with the file's name."""
    edited(folder, 'file = "disclosure"', 'file = "mine.yaml"')

    result = run("list", "--json")

    assert (result.status, result.error["error"]) == (1, "file_missing")
    assert "mine.yaml" in result.error["message"]


@pytest.mark.parametrize("name", ["disclosurr", "../x", ""])
def test_an_unknown_shipped_workflow_is_named(run: Run, folder: Path, name: str) -> None:
    """A config that names no shipped workflow is refused."""
    edited(folder, 'file = "disclosure"', f'file = "{name}"')

    result = run("list", "--json")

    assert (result.status, result.out) == (1, "")
    assert result.error["error"] == "file_missing"


def test_people_act_by_key_or_by_name(run: Run, folder: Path, registered: Run) -> None:
    """`--by` takes the key or the name of somebody in [people]."""
    edited(folder, 'name = "经办人"', 'name = "李四"')
    number = registered()

    by_name = run("transition", number, "accept", "--by", "李四", "--json").json

    assert by_name["history"][-1]["by"] == "clerk"


def test_an_offices_own_holidays_count(run: Run, folder: Path) -> None:
    """Local days off and make-up days of the config win over the year's notice."""
    edited(folder, "[calendar.days_off]", '[calendar.days_off]\n"2026-03-19" = "三月三"')
    edited(folder, "working_days = []", 'working_days = ["2026-03-21"]')

    found = run("calendar", "after", "2026-03-18", "--days", "3", "--json").json

    assert found[0]["result"] == "2026-03-23"


def test_a_number_pattern_of_ones_own_is_followed(run: Run, folder: Path, registered: Run) -> None:
    """The pattern of application numbers is a setting."""
    edited(folder, '"{year}-{number:04}"', '"发改依申请〔{year}〕{number}号"')

    numbers = [registered(), registered(), registered(received="2025-12-30", today="2026-01-05")]

    assert numbers == ["发改依申请〔2026〕1号", "发改依申请〔2026〕2号", "发改依申请〔2025〕1号"]
    assert run("verify").status == 0


def test_a_role_that_the_workflow_does_not_have_is_named(run: Run, folder: Path) -> None:
    """A person whose role is none of the workflow's is a fault of the config, named with the role."""
    edited(folder, 'role = "clerk"', 'role = "boss"')

    result = run(*REGISTER, "--json")

    assert (result.status, result.out) == (1, "")
    assert "boss" in result.err


def test_a_region_without_a_calendar_is_named(run: Run, folder: Path) -> None:
    """A region whose calendar is not there is refused with the region's name."""
    edited(folder, 'region = "CN"', 'region = "XX"')

    result = run(*REGISTER, "--json")

    assert (result.status, result.error["error"]) == (1, "unknown_region")
    assert "XX" in result.error["message"]


def test_faults_of_shape_and_of_sense_are_named_together(run: Run, folder: Path) -> None:
    """A wrong value hides neither a name that nobody has, nor a limit or a switch that there is not."""
    edited(folder, "patience = 20", 'patience = "x"')
    edited(folder, "[switches]", '[switches]\nextend = "yes"')
    edited(folder, "working_days = []", 'working_days = ["2026-03-29..2026-03-28"]')
    rules = (
        '\n[[remind.rules]]\nto = ["boss"]\n'
        '[[remind.rules]]\nto = ["head"]\nchannel = "weixin"\n'
        '[[remind.rules]]\nto = ["head"]\nlimits = ["anwser"]\n'
    )
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write(rules)

    findings = run("list", "--json").error["findings"]

    assert sorted((found["error"], found["where"].partition(":")[2]) for found in findings) == sorted([
        ("value_wrong", str(line_of(folder, "patience"))),
        ("unknown_switch", str(line_of(folder, 'extend = "yes"'))),
        ("own_days_reversed", str(line_of(folder, "working_days"))),
        ("unknown_addressee", str(line_of(folder, '"boss"'))),
        ("value_wrong", str(line_of(folder, "weixin"))),
        ("unknown_limit_in_rule", str(line_of(folder, "anwser"))),
    ])  # fmt: skip


def test_a_rule_is_counted_as_people_count(run: Run, folder: Path) -> None:
    """The second rule of the file is `remind.rules.2`, as the plan of reminders has it."""
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write(
            '\n[[remind.rules]]\nto = ["head"]\n[[remind.rules]]\nto = ["head"]\nchannel = "x"\n'
        )

    message = run("list", "--json").error["findings"][0]["message"]

    assert "remind.rules.2.channel" in message


def test_a_person_with_a_fault_is_no_unknown_person(run: Run, folder: Path) -> None:
    """What only follows from a fault is not told beside it."""
    edited(folder, 'role = "head"', "")
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write('\n[[remind.rules]]\nto = ["head"]\n')

    findings = run("list", "--json").error["findings"]

    assert [found["error"] for found in findings] == ["key_missing"]


LOCAL_DAYS = {
    "off and worked": ('"2027-03-10" = "甲节"', '"2027-03-10"', "own_day_off_and_worked"),
    "worked within a span off": ('"2027-03-09..2027-03-11" = "甲节"', '"2027-03-10"',
                                 "own_day_off_and_worked"),
    "off, the wrong way round": ('"2027-03-12..2027-03-11" = "甲节"', "", "own_days_reversed"),
}  # fmt: skip


@pytest.mark.parametrize("fault", LOCAL_DAYS)
def test_local_days_that_contradict_themselves_are_refused(run: Run, folder: Path, fault: str) -> None:
    """A day that is off and worked, or a span that ends before it begins: refused by name and line."""
    off, worked, code = LOCAL_DAYS[fault]
    edited(folder, "[calendar.days_off]", f"[calendar.days_off]\n{off}")
    edited(folder, "working_days = []", f"working_days = [{worked}]")

    (found,) = run("calendar", "after", "2027-03-01", "--days", "5", "--json").error["findings"]

    assert (found["error"], found["where"]) == (code, f"config.toml:{line_of(folder, off)}")
    if worked:
        assert "甲节" in found["message"]
        assert f"config.toml:{line_of(folder, 'working_days')}" in found["message"]


def test_all_faults_of_local_days_are_named_at_once(run: Run, folder: Path) -> None:
    """Two contradictions and a reversed span are three findings."""
    edited(folder, "[calendar.days_off]",
           '[calendar.days_off]\n"2027-03-12..2027-03-11" = "乙节"\n"2027-03-09..2027-03-10" = "甲节"')  # fmt: skip
    edited(folder, "working_days = []", 'working_days = ["2027-03-09", "2027-03-10"]')

    found = run("calendar", "show", "2027", "--json").error["findings"]

    assert [one["error"] for one in found] == ["own_days_reversed", *["own_day_off_and_worked"] * 2]


QUIET = {
    "no such time": ('{since = "18:00", until = "25:00"}', "08:30"),
    "no span": ('{since = "08:00", until = "08:00"}', "08:00"),
}


@pytest.mark.parametrize("fault", QUIET)
def test_quiet_hours_that_are_none_are_refused_in_words(run: Run, folder: Path, fault: str) -> None:
    """A time that there is not, or a span without length, is refused in a clerk's words."""
    quiet, said = QUIET[fault]
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f"\n[remind]\nquiet = {quiet}\n")

    (found,) = run("list", "--json").error["findings"]

    assert said in found["message"]
    assert "[0-9]" not in found["message"]
