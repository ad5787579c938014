"""`workflow check|diagram` and `calendar show`, on shipped files and on files of one's own."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from requestflow.definitions.shipped import shipped

Run = Callable[..., Any]
STATES = [
    "received", "under_review", "awaiting_correction", "consulting", "awaiting_reasons",
    "awaiting_payment", "decided", "closed",
]  # fmt: skip
TRANSITIONS = [
    "accept", "request_correction", "receive_correction", "lapse_correction", "consult_third_party",
    "conclude_third_party", "consult_organ", "conclude_organ", "request_reasons", "receive_reasons",
    "extend", "postpone", "charge_fee", "receive_payment", "lapse_payment", "withdraw", "decide",
    "deliver", "reopen", "carry_over",
]  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the shipped workflow file, with one text replaced."""

    def write(old: str = "", new: str = "") -> Path:
        shutil.copytree(shipped("workflows"), tmp_path / "rules")
        path = tmp_path / "rules" / "disclosure.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return path

    return write


def test_the_shipped_workflow_has_the_states_and_steps_of_the_contract(run: Run) -> None:
    """States and transitions of the shipped workflow, by name."""
    found = run("workflow", "check", "--json").json

    assert found["states"] == STATES
    assert found["transitions"] == TRANSITIONS


def test_a_workflow_of_ones_own_is_checked(run: Run, own: Run) -> None:
    """`workflow check FILE` works on any file and tells what it holds."""
    path = own()

    assert run("workflow", "check", path, "--json").json["holds"] is True
    assert "没有发现错误" in run("workflow", "check", path).out


FAULTS = {
    "an unknown state": ("to: under_review", "to: under_revue", "undeclared_state"),
    "an unreachable state": ("  closed: {zh: 已办结", ("  lost: {zh: 丢失, en: lost, final: true}\n"
                             "  closed: {zh: 已办结"), "state_unreachable"),
    "a dead end": (", final: true}", "}", "no_final_state"),
    "an outcome without a row": ("    row: partial\n", "", "outcome_without_row"),
    "a row without an outcome": ("    row: withheld.state_secret", "    row: withheld.third_party",
                                 "row_without_outcome"),
    "a limit nobody starts": ("    starts: [payment]\n", "", "limit_not_started"),
    "two steps of one name": ("from: [decided]", "from: [decided, decided]", "doubled_source"),
    "a name given twice": ("  deliver:\n", "  decide:\n", "doubled_key"),
    "an unknown guard": ("guards: [once", "guards: [twice", "undeclared_guard"),
    "an unknown source": ("basis: 条例35", "basis: 条列35", "undeclared_source"),
    "an unknown key": ("initial: received", "initial: received\ncolour: red", "key_unknown"),
    "a key missing": ("initial: received\n", "", "key_missing"),
    "a wrong type": ("working_days: 20", "working_days: twenty", "value_wrong"),
    "broken text": ("states:", "states: [", "not_yaml"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("words", [["check"], ["diagram"]], ids=" ".join)
def test_a_fault_of_a_workflow_is_named_with_its_line(
    run: Run, own: Run, fault: str, words: list[str]
) -> None:
    """A faulty workflow file is refused by check and diagram: file, line, and a plain sentence."""
    old, new, code = FAULTS[fault]
    path = own(old, new)

    result = run("workflow", *words, path, *(["--json"] if words == ["check"] else []))

    assert (result.status, result.out) == (1, "")
    assert "disclosure.yaml:" in result.err
    if words == ["check"]:
        findings = result.error["findings"]
        assert code in {finding["error"] for finding in findings}
        assert all(finding["where"].split(":")[1].isdigit() for finding in findings)


@pytest.mark.parametrize("fault", ["an unknown state", "a key missing"])
def test_an_office_with_a_faulty_workflow_does_nothing(
    run: Run, own: Run, folder: Path, dump: Run, fault: str
) -> None:
    """An office whose workflow file has a fault is refused with the fault, and nothing is written."""
    path = own(*FAULTS[fault][:2])
    config = folder / "config.toml"
    text = config.read_text("utf-8").replace('file = "disclosure"', f'file = "{path}"')
    config.write_text(text, "utf-8")
    before = dump()

    result = run("register", "--kind", "natural_person", "--name", "王", "--channel", "online",
                 "--received", "2026-11-02", "--subject", "预算", "--json")  # fmt: skip

    assert (result.status, result.error["error"]) == (1, "definition_broken")
    assert dump() == before


CONTENTS = {
    "empty": b"",
    "a list": b"- 1\n- 2\n",
    "a word": b"workflow",
    "NUL": b"workflow: a\0b\n",
    "a control character": b"workflow: \x01\n",
    "tabs": b"states:\n\t- a\n",
    "UTF-16": "workflow: x".encode("utf-16"),
    "GB18030": "workflow: 依申请公开".encode("gb18030"),
    "binary": bytes(range(256)),
    "a loop": b"workflow: &x [*x]\n",
    "an alias": b"workflow: &x {a: 1}\nversion: *x\n",
    "an alias of nothing": b"workflow: *nothing\n",
    "deep": b"workflow: " + b"[" * 3000 + b"]" * 3000,
    "a long number": b"workflow: " + b"9" * 5000,
    "a key that is a list": b"? [a, b]\n: c\n",
    "a tag": b"workflow: !!python/object/apply:os.system ['true']\n",
    "two documents": b"workflow: a\n---\nworkflow: b\n",
}  # fmt: skip


@pytest.mark.parametrize("contents", CONTENTS)
@pytest.mark.parametrize("words", [["check"], ["diagram"]], ids=" ".join)
def test_whatever_a_workflow_file_holds_it_is_answered_properly(
    run: Run, tmp_path: Path, contents: str, words: list[str]
) -> None:
    """A file that is no workflow is refused, never with a fault of ours."""
    path = tmp_path / "mine.yaml"
    path.write_bytes(CONTENTS[contents])

    result = run("workflow", *words, path)

    assert (result.status, result.out) == (1, ""), result.err
    assert "mine.yaml" in result.err
    assert "Node(" not in result.err


def test_a_folder_is_no_workflow(run: Run, tmp_path: Path) -> None:
    """A folder in place of a workflow file is refused."""
    assert run("workflow", "check", tmp_path, "--json").status == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_diagram_is_mermaid_text(run: Run, lang: str) -> None:
    """`workflow diagram` prints a Mermaid state diagram with every state and where each step leads."""
    out = run("--lang", lang, "workflow", "diagram").out
    lines = [line.strip() for line in out.splitlines()]

    assert lines[0] == "stateDiagram-v2"
    assert "[*] --> received" in lines
    assert "closed --> [*]" in lines
    for state in STATES:
        assert any(line.endswith(f"as {state}") for line in lines)
    assert any(line.startswith("under_review --> decided") for line in lines)


def test_the_diagram_of_ones_own_workflow(run: Run, own: Run, tmp_path: Path) -> None:
    """`workflow diagram FILE -o FILE.mmd` draws any workflow into a file."""
    path, target = own("zh: 审查中", "zh: 审核中"), tmp_path / "own.mmd"

    result = run("workflow", "diagram", path, "-o", target)

    assert result.status == 0
    assert "审核中" in target.read_text("utf-8")
    assert "审核中" not in run("workflow", "diagram").out


def test_a_diagram_in_an_unknown_format_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    """A diagram is Mermaid text or SVG; another suffix is refused and nothing is written."""
    result = run("workflow", "diagram", "-o", tmp_path / "d.png")

    assert result.status == 2
    assert not (tmp_path / "d.png").exists()


def test_svg_is_drawn_or_what_is_missing_is_named(run: Run, tmp_path: Path) -> None:
    """`-o FILE.svg` draws the picture, or names what has to be installed for it."""
    target = tmp_path / "d.svg"

    result = run("workflow", "diagram", "-o", target)

    if result.status == 0:
        assert target.read_text("utf-8").lstrip().startswith("<")
    else:
        assert result.status == 1
        assert "graphviz" in result.err or "requestflow[svg]" in result.err
        assert not target.exists()


@pytest.mark.parametrize("year", range(2019, 2027))
def test_a_published_year_has_its_notice_and_its_days(run: Run, year: int) -> None:
    """`calendar show YEAR` gives the notice's number, the days off, the make-up days, and is final."""
    found = run("calendar", "show", year, "--json").json

    assert (found["year"], found["provisional"]) == (year, False)
    assert found["notices"]
    assert f"{year}-10-01" in found["days_off"]
    assert all(day.startswith(str(year)) for day in (*found["days_off"], *found["make_up_days"]))
    assert 245 <= found["working_days"] <= 255


def test_the_year_2026_has_its_make_up_days(run: Run) -> None:
    """14 February 2026 is a make-up day, 25 September is a holiday."""
    found = run("calendar", "show", "2026", "--json").json

    assert "2026-02-14" in found["make_up_days"]
    assert found["days_off"]["2026-09-25"] == "中秋节"
    assert found["days_off"]["2026-10-01"].startswith("国庆节")


def test_the_year_2027_is_provisional(run: Run) -> None:
    """2027 is not published: its first day is off by law, and everything in it may still move."""
    found = run("calendar", "show", "2027", "--json").json

    assert found["provisional"] is True
    assert "2027-01-01" in found["days_off"]
    assert "暂定" in run("calendar", "show", "2027").out


def test_dates_go_on_past_the_files_and_stay_provisional(run: Run) -> None:
    """Past the last year file the days that the statute fixes are off, and every date is provisional."""
    found = run("calendar", "after", "2027-12-20", "2028-04-28", "--days", "10", "--json").json

    # 1 January 2028 is a Saturday; of May, the statute takes Monday the 1st and Tuesday the 2nd
    assert [one["result"] for one in found] == ["2028-01-03", "2028-05-16"]
    assert all(one["provisional"] for one in found)
    assert run("calendar", "show", "2028", "--json").json["unknown"] == [
        "春节",
        "清明节",
        "端午节",
        "中秋节",
    ]


def test_years_beyond_all_calendars_are_refused(run: Run) -> None:
    """A year that not even the statute's days are laid out for is refused."""
    for words in (
        ["show", "2038"],
        ["after", "2038-01-03", "--days", "1"],
        ["after", "2037-12-20", "--days", "20"],
    ):
        result = run("calendar", *words, "--json")
        assert (result.status, result.error["error"]) == (1, "no_calendar")


def test_a_period_of_no_days_ends_where_it_began(run: Run) -> None:
    """Zero working days after a day is that day, a holiday or not."""
    found = run("calendar", "after", "2026-10-01", "2026-11-24", "--days", "0", "--json").json

    assert [one["result"] for one in found] == ["2026-10-01", "2026-11-24"]


def test_a_year_shows_the_days_of_the_office_too(run: Run, folder: Path) -> None:
    """Local days off and local make-up days stand beside the notice's: an office sees that they count."""
    config = folder / "config.toml"
    text = config.read_text("utf-8").replace("working_days = []", 'working_days = ["2026-04-25"]')
    holiday = '[calendar.days_off]\n"2026-04-20" = "三月三"\n"2027-04-09" = "三月三"'
    config.write_text(text.replace("[calendar.days_off]", holiday), "utf-8")

    shown = run("calendar", "show", "2026").out
    document = run("calendar", "show", "2026", "--json").json

    assert "本地放假：04-20 三月三" in shown
    assert "本地调休上班：04-25" in shown
    assert document["own_days_off"] == {"2026-04-20": "三月三"}
    assert document["own_working_days"] == ["2026-04-25"]
