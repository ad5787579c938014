"""What a definition file may not hold: the checks of sense one by one, forms, and the reader below them.

`test_faults.py` tries the commonest mistakes; here each check has a file that breaks it and, as far as can
be, nothing else: one mistake is one finding.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from requestflow.definitions.form_files import find_form, load_form
from requestflow.definitions.reader import read_text, read_yaml
from requestflow.definitions.shipped import shipped
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar
from requestflow.domain.case import Case, replay
from requestflow.domain.clock import Rules
from requestflow.domain.entries import Entry
from requestflow.domain.evaluation import Accepted, evaluate
from requestflow.domain.guards import Proposal
from requestflow.domain.identities import check
from requestflow.domain.machine import Engine
from requestflow.domain.rollup import report_period, rollup
from requestflow.errors import Finding, FoundProblems, NotFound, Refused

WORKFLOWS = shipped("workflows")
LAW = (WORKFLOWS / "disclosure.yaml").read_text("utf-8")
FORM = (WORKFLOWS / "forms" / "2021.yaml").read_text("utf-8")
TINY = Path(__file__).parent / "tiny.yaml"

# code, what is replaced, by what, and a text of the line that is named; the finding must be the only one
SENSE: dict[str, tuple[str, str, str, str]] = {
    "a limit to start that is none": (
        "undeclared_limit", "starts: [payment]", "starts: [payment, paiment]", "starts: [payment, paiment]"),
    "a step that concludes nothing known": (
        "undeclared_transition", "    concludes: request_reasons", "    concludes: request_reason",
        "concludes: request_reason"),
    "a limit met by nothing known": (
        "undeclared_transition", "met_by: [receive_payment]", "met_by: [receive_payment, pay]",
        "met_by: [receive_payment, pay]"),
    "a limit ended by nothing known": (
        "undeclared_transition", "ended_by: [lapse_payment, withdraw]", "ended_by: [lapse_payment, go]",
        "ended_by: [lapse_payment, go]"),
    "an outcome that needs nothing known": (
        "undeclared_transition", "    needs: [request_reasons]", "    needs: [ask]", "needs: [ask]"),
    "a condition that is none": (
        "undeclared_condition", "stays_while: another_consultation_open", "stays_while: raining",
        "stays_while: raining"),
    "an outcome of a step that is none": (
        "undeclared_outcome", "    outcome: other.withdrawn", "    outcome: other.gone",
        "outcome: other.gone"),
    "a lapse of an unknown limit": (
        "undeclared_limit", "    lapse_of: payment", "    lapse_of: paymint", "lapse_of: paymint"),
    "a switch that is none": (
        "undeclared_switch", 'no_effect_if: {switch: reasons_pause, value: "no"}',
        'no_effect_if: {switch: pause, value: "no"}', "no_effect_if: {switch: pause"),
    "an option that the switch has not": (
        "undeclared_option", 'no_effect_if: {switch: reasons_pause, value: "no"}',
        'no_effect_if: {switch: reasons_pause, value: "never"}', 'value: "never"'),
    "a transition with a name of the engine": (
        "reserved_name", "  accept:\n    zh: 受理", "  void:\n    zh: 受理", "  void:"),
    "choices of a fact that is no choice": (
        "choices_and_type", "      opinion:\n        type: choice", "      opinion:\n        type: text",
        "      opinion:"),
    "a choice without choices": (
        "choices_and_type", "      tracking: {type: text,", "      tracking: {type: choice,",
        "      tracking:"),
    "a default that is no number": ("default_wrong", 'default: "15"', 'default: "soon"', "      days:"),
    "a default that is no choice": (
        "default_wrong", "        default: co_maker", "        default: nobody", "      role:"),
    "an extension without its days": (
        "effect_needs_fact", "      days: {type: working_days, zh: 延长（工作日）", "      length: {type: "
        "working_days, zh: 延长（工作日）", "  extend:"),
    "a replacement without its day": (
        "effect_needs_fact", "      until: {type: date, required: true", "      day: {type: date, "
        "required: true", "  postpone:"),
    "a guard of lapses without a limit": ("guard_without_need", "    lapse_of: payment\n", "", "  lapse_payment:"),
    "a guard of opinions without a letter": (
        "guard_without_need", "guards: [once, in_time, until_later]", "guards: [once, in_time, until_later, consultation_open]",
        "  request_correction:"),
    "a guard of letters that nothing concludes": (
        "guard_without_need", "guards: [once, in_time, until_later]", "guards: [once, in_time, until_later, party_not_asked]",
        "  request_correction:"),
    "a limit that counts from an unknown fact": (
        "undeclared_fact_of_limit", "    length_fact: days", "    length_fact: length", "  correction:"),
    "a limit for an unknown fact": (
        "undeclared_fact_of_limit", "only_if: {role: co_maker}", "only_if: {rolle: co_maker}",
        "  organ_opinion:"),
    "an outcome that needs an unknown fact": (
        "undeclared_fact", "    needs_facts: [earlier]", "    needs_facts: [earlyer]", "needs_facts: [earlyer]"),
    "an exemption for an unknown fact": (
        "undeclared_fact", 'value: "no", facts: {role: other}}', 'value: "no", facts: {rolle: other}}',
        "facts: {rolle: other}"),
    "a row and rows": (
        "row_and_rows", "    row: partial\n", '    row: partial\n    rows: {"2019": partial, "2021": partial}\n',
        "  partial:"),
    "a restart without a limit": (
        "effect_needs_limit", "    effect: restart\n    limit: answer\n    facts:\n      amount",
        "    effect: restart\n    facts:\n      amount", "  receive_payment:"),
    "a source that is none": (
        "undeclared_source", "basis: [条例42, 109号]", "basis: [条例42, 110号]", "basis: [条例42, 110号]"),
    "a form that is none": ("unknown_form", 'forms: ["2019", "2021"]', 'forms: ["2019", "2021", "2031"]',
                            'forms: ["2019"'),
}  # fmt: skip

# what a mistake makes of other parts of the file
FOLLOWS = {
    "a step that concludes nothing known": ["pause_never_resumed"],
    "an outcome of a step that is none": ["outcome_not_recorded"],
}


def faults(tmp_path: Path, text: str) -> list[Finding]:
    """What is wrong with a text as a workflow file."""
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(FoundProblems) as found:
        load_workflow(path)
    assert (found.value.code, found.value.facts["file"]) == ("definition_broken", "mine.yaml")
    return list(found.value.findings)


def lines_with(text: str, part: str) -> set[int]:
    """The lines of a text that hold a part of it."""
    return {number for number, line in enumerate(text.splitlines(), 1) if part in line}


def line_of(finding: Finding, file: str = "mine.yaml") -> int:
    """The line that a finding names."""
    name, line, _column = finding.where.split(":")
    assert name == file
    return int(line)


@pytest.mark.parametrize("fault", SENSE)
def test_one_mistake_is_one_finding_with_its_line(tmp_path: Path, fault: str) -> None:
    """Each check names its own mistake, in its own line, and nothing else."""
    code, old, new, at = SENSE[fault]
    assert old in LAW
    text = LAW.replace(old, new, 1)
    if code == "reserved_name":
        text = text.replace("accept", "void")
    found = faults(tmp_path, text)
    assert [finding.code for finding in found] == [code, *FOLLOWS.get(fault, [])]
    assert line_of(found[0]) in lines_with(text, at)


def test_a_workflow_that_never_ends_is_none(tmp_path: Path) -> None:
    """Without a final state, or without anything that ends the clock, a case would go on for ever."""
    endless = LAW.replace("en: closed, final: true", "en: closed")
    assert [f.code for f in faults(tmp_path, endless)] == ["no_final_state"]
    ticking = LAW.replace("effect: end", "effect: none")
    assert [f.code for f in faults(tmp_path, ticking)] == ["clock_never_ended"]


def test_every_mistake_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    """A file with many mistakes names every one of them, each with its own line."""
    text, expected = LAW, []
    for fault in (
        "a limit to start that is none", "a condition that is none", "a default that is no number",
        "a lapse of an unknown limit", "a row and rows", "a source that is none",
        "a limit for an unknown fact",
    ):  # fmt: skip
        code, old, new, _at = SENSE[fault]
        text = text.replace(old, new, 1)
        expected.append(code)
    found = faults(tmp_path, text)
    assert sorted(finding.code for finding in found) == sorted(expected)
    assert len({finding.where for finding in found}) == len(found)


def test_every_mistake_of_form_is_named_at_once(tmp_path: Path) -> None:
    """Unknown, missing, doubled and mistyped keys of one file are all named, each where it stands."""
    text = LAW.replace("initial: received\n", "", 1)
    text = text.replace("    internal: true  ", "    internal: 1  ", 1)
    text = text.replace("    grade: practice\n", "    grade: custom\n", 1)
    text = text.replace("version:", "colour: red\nversion:", 1)
    text += "forms: [x]\n"
    found = {finding.code: line_of(finding) for finding in faults(tmp_path, text)}
    assert set(found) == {
        "key_missing", "value_wrong", "value_unknown", "key_unknown", "doubled_key",
    }  # fmt: skip
    for code, at in (
        ("value_wrong", "internal: 1 "), ("value_unknown", "grade: custom"),
        ("key_unknown", "colour: red"), ("doubled_key", "forms: [x]"),
    ):  # fmt: skip
        assert found[code] in lines_with(text, at)


@pytest.mark.parametrize(
    ("values", "codes", "where"),
    [
        ({"pause_days": "never"}, ["undeclared_option"], "[switches] pause_days"),
        ({"pauze_days": "return_day_not"}, ["unknown_switch"], "[switches] pauze_days"),
        ({"a": "b", "reasons_pause": "maybe"}, ["unknown_switch", "undeclared_option"], None),
    ],
)
def test_a_setting_that_no_switch_takes_is_named(
    values: dict[str, str], codes: list[str], where: str | None
) -> None:
    """An office's settings of open points are checked against the file, all of them."""
    with pytest.raises(FoundProblems) as found:
        load_workflow(workflow_path("disclosure"), values)
    assert [finding.code for finding in found.value.findings] == codes
    if where is not None:
        assert found.value.findings[0].where == where


def test_settings_of_two_switches_hold() -> None:
    """Each open point that an office sets has its value, the others keep the file's."""
    values = {"pause_days": "return_day_not", "extension_on_due_date": "allowed"}
    workflow, _forms = load_workflow(workflow_path("disclosure"), values)
    default, _same = load_workflow(workflow_path("disclosure"))
    for name in default.switches:
        assert workflow.switch(name) == values.get(name, default.switch(name))


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_workflow_loads_and_compiles(path: Path, calendar: Calendar) -> None:
    """Each workflow file that is shipped is without a fault, and is a machine."""
    workflow, forms = load_workflow(path)
    engine = Engine(Rules(workflow, calendar))
    assert list(forms) == list(workflow.forms)
    assert all(engine.transition(name).name == name for name in workflow.transitions)


@pytest.mark.parametrize("path", sorted((WORKFLOWS / "forms").glob("*.yaml")), ids=lambda p: p.name)
def test_every_shipped_form_loads_under_its_name(path: Path) -> None:
    """Each form that is shipped is without a fault, and is the one its file is named after."""
    form = load_form(path)
    assert form.code == path.stem
    assert find_form(path.stem, path.parent) == form


def test_a_workflow_is_found_by_name_or_path(tmp_path: Path) -> None:
    """A bare name is a shipped workflow; a name with an ending is a file beside the config."""
    assert workflow_path("disclosure") == WORKFLOWS / "disclosure.yaml"
    assert workflow_path("mine.yaml", tmp_path) == tmp_path / "mine.yaml"
    assert workflow_path("mine.yml", tmp_path) == tmp_path / "mine.yml"
    with pytest.raises(NotFound) as missing:
        load_workflow(tmp_path / "mine.yaml")
    assert missing.value.code == "file_missing"


# Forms


FORM_FAULTS: dict[str, tuple[str, str, str, str | None]] = {
    "a row twice": ("doubled_code", "  - code: partial\n", "  - code: disclosed\n", "  - code: disclosed"),
    "a column twice": (
        "doubled_code", "{code: research_institution,", "{code: enterprise,", "label: 科研机构"),
    "no row of what is new": (
        "form_needs_one_row", "    kind: new\n", "    kind: result\n", "rows:"),
    "two rows of what is carried out": (
        "form_needs_one_row", "  - code: disclosed\n    kind: result\n",
        "  - code: disclosed\n    kind: carried_out\n", "rows:"),
    "a row of table two twice": (
        "doubled_code", "{code: normative_documents,", "{code: rules,", "label: 行政规范性文件"),
    "a balance of a column that there is not": (
        "undeclared_column", "minus: [repealed]", "minus: [withdrawn]", "minus: [withdrawn]"),
    "a total that is not the last column": (
        "form_needs_total", "  - {code: total, label: 总计, en: total}\n",
        "  - {code: sum, label: 总计, en: total}\n", "columns:"),
    "an unknown kind of row": ("value_unknown", "    kind: new\n", "    kind: fresh\n", "kind: fresh"),
    "an unknown figure of table four": (
        "value_unknown", "    upheld: 结果维持", "    kept: 结果维持", "    kept: 结果维持"),
    "an unknown key": ("key_unknown", "note: ", "colour: red\nnote: ", "colour: red"),
    "a single year": ("value_wrong", "years: [2021, 9999]", "years: [2021]", "years: [2021]"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FORM_FAULTS)
def test_a_faulty_form_is_named_with_its_line(tmp_path: Path, fault: str) -> None:
    """A form with a doubled, missing or unknown part is refused, with the line of the mistake."""
    code, old, new, at = FORM_FAULTS[fault]
    assert old in FORM
    text = FORM.replace(old, new, 1)
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "2021.yaml").write_text(text, "utf-8")
    with pytest.raises(FoundProblems) as found:
        find_form("2021", tmp_path)
    named = [finding for finding in found.value.findings if finding.code == code]
    assert named, [finding.code for finding in found.value.findings]
    if at is not None:
        assert line_of(named[0], "2021.yaml") in lines_with(text, at)


@pytest.mark.parametrize("code", ["2031", "../2021", "", "2021.yaml"])
def test_a_form_that_is_not_there_names_the_shipped_ones(tmp_path: Path, code: str) -> None:
    """A form is found by its code alone; an unknown one names those there are."""
    with pytest.raises(NotFound) as missing:
        find_form(code, tmp_path)
    assert (missing.value.code, missing.value.facts["known"]) == ("unknown_form", ["2019", "2021"])


def test_a_form_beside_the_workflow_wins_over_the_shipped_one(tmp_path: Path) -> None:
    """An office may lay a form of its own beside its workflow file."""
    (tmp_path / "forms").mkdir()
    own = FORM.replace("document: 国办公开办函〔2021〕30号", "document: 本地格式")
    (tmp_path / "forms" / "2021.yaml").write_text(own, "utf-8")
    assert find_form("2021", tmp_path).document == "本地格式"


# The reader


def _read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "some.yaml"
    path.write_text(text, "utf-8")
    document = read_yaml(path)
    assert document.findings == []
    return document.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: off", {"on": "off"}),  # no key and no word is a truth
        ("yes: no", {"yes": "no"}),
        ("True: False", {"True": "False"}),
        ("a: true", {"a": True}),
        ("a: false", {"a": False}),
        ('a: "true"', {"a": "true"}),
        ("a: 2026-01-01", {"a": "2026-01-01"}),  # a day stays a text
        ("2019: 1", {"2019": 1}),
        ('a: "2019"', {"a": "2019"}),
        ("a: 007", {"a": "007"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 0x1F", {"a": "0x1F"}),
        ("a: -3", {"a": -3}),
        ("a: 1.5", {"a": "1.5"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ('a: ""', {"a": ""}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("- 1\n- [a, b]\n", [1, ["a", "b"]]),
        ("", {}),
        ("# nothing but a remark", {}),
        ("\ufeffa: 1", {"a": 1}),
    ],
)
def test_a_value_is_what_it_looks_like(tmp_path: Path, text: str, value: object) -> None:
    """Only true, false, whole numbers and nothing are more than text; what is quoted is text."""
    assert _read(tmp_path, text) == value


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("a: [", "not_yaml", "some.yaml:2:1"),
        ("a: 1\nb: 'x\n", "not_yaml", "some.yaml:3:1"),
        ("a: 1\n\tb: 2\n", "not_yaml", "some.yaml:2:1"),
        ("a: 1\n--- \nb: 2\n", "not_yaml", "some.yaml:2:1"),  # one document a file
        ("a: \x01", "not_yaml", None),
        ("[" * 10_000, "not_yaml", None),
        ("a: " + "9" * 5000, "too_deep", "some.yaml"),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_refused(tmp_path: Path, text: str, code: str, where: str | None) -> None:
    """A file that cannot be read as YAML is refused with the place where reading stopped."""
    path = tmp_path / "some.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(FoundProblems) as found:
        read_yaml(path)
    (finding,) = found.value.findings
    assert finding.code == code
    if where is not None:
        assert finding.where.rpartition(":")[0] == where.rpartition(":")[0]


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("a: 1\nb: 2\na: 3\n", "doubled_key", "some.yaml:3:1"),
        ("a:\n  b: 1\n  b: 2\n", "doubled_key", "some.yaml:3:3"),
        ("a: {b: 1, b: 2}\n", "doubled_key", "some.yaml:1:11"),
        ("2019: 1\n'2019': 2\n", "doubled_key", "some.yaml:2:1"),
        ("[a, b]: 1\n", "key_not_text", "some.yaml:1:1"),
        ("a: &x {b: 1}\nc: *x\n", "yaml_alias", "some.yaml:1:4"),
        ("a: &x [*x]\n", "yaml_alias", "some.yaml:1:4"),
    ],
)
def test_what_a_reader_would_overlook_is_a_fault(
    tmp_path: Path, text: str, code: str, where: str
) -> None:
    """A key written twice, a key that is no word, a part that stands for another: each has its place."""
    path = tmp_path / "some.yaml"
    path.write_text(text, "utf-8")
    assert [(f.code, f.where) for f in read_yaml(path).findings] == [(code, where)]


@pytest.mark.parametrize("text", ["[1, 2]", "word", "3", ""])
def test_a_file_that_is_no_mapping_is_no_workflow(tmp_path: Path, text: str) -> None:
    """A list, a word or nothing at all has none of a workflow's keys."""
    codes = {finding.code for finding in faults(tmp_path, text)}
    assert codes == ({"key_missing"} if text == "" else {"value_wrong"})


@pytest.mark.parametrize("make", [
    lambda path: path.write_bytes("标题: x".encode("gb18030")),
    lambda path: path.write_bytes(b"\xff\xfe\x00\x00"),
    lambda path: path.mkdir(),
])  # fmt: skip
def test_what_is_no_text_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """A definition file is UTF-8 text; bytes of another kind, or a folder, are refused by name."""
    path = tmp_path / "some.yaml"
    make(path)
    with pytest.raises(FoundProblems) as found:
        read_text(path)
    assert [(f.code, f.where) for f in found.value.findings] == [("file_not_text", "some.yaml")]


# Another rule set


@pytest.fixture
def desk(calendar: Calendar) -> Engine:
    """The rules of a small library's information desk."""
    return Engine(Rules(load_workflow(TINY)[0], calendar))


def _asked(desk: Engine, now: datetime, received: date) -> Case:
    first = Entry(1, "register", received, now, "li", None, "asked", {"kind": "reader"})
    return replay("1", [first], desk.rules)


def _after(case: Case, desk: Engine, now: datetime, name: str, on: date) -> Case | str:
    proposal = Proposal(name, on, "li", "librarian", date(2026, 11, 24))
    answer = evaluate(case, proposal, desk, now)
    if isinstance(answer, Refused):
        return answer.code
    assert isinstance(answer, Accepted)
    return replay("1", (*case.history, answer.entry), desk.rules)


def test_another_rule_set_runs_on_the_same_engine(desk: Engine, now: datetime) -> None:
    """Ten working days from 1 July 2026 end on 15 July: the clock, the steps and the table follow the file."""
    case = _asked(desk, now, date(2026, 7, 1))  # 2, 3 (2), 6–10 (7), 13, 14, 15 July (10)
    assert case.deadline(date(2026, 7, 1), desk.rules).due == date(2026, 7, 15)
    assert case.deadline(date(2026, 7, 16), desk.rules).overdue
    answered = _after(case, desk, now, "answer", date(2026, 7, 15))
    assert isinstance(answered, Case)
    found = answered.deadline(date(2026, 7, 15), desk.rules)
    assert (answered.standing.state, answered.standing.outcome) == ("done", "given")
    assert (found.obligations[0].met, found.late, found.overdue) == (True, False, False)
    assert _after(answered, desk, now, "refer", date(2026, 7, 16)) == "not_open_here"


def test_another_rule_set_has_its_own_table(desk: Engine, now: datetime) -> None:
    """What the other rules end in stands in the rows of their own form, and foots."""
    form = load_workflow(TINY)[1]["tiny"]
    open_one = _asked(desk, now, date(2026, 7, 1))
    done = _after(open_one, desk, now, "refer", date(2026, 7, 31))  # late: after 15 July
    assert isinstance(done, Case)
    assert done.deadline(date(2026, 7, 31), desk.rules).late
    table = rollup([open_one, done], office="阅览室", period=report_period(2026), form=form,
                   workflow=desk.workflow)  # fmt: skip
    assert {row: figures[-1] for row, figures in table.rows.items()} == {
        "new": 2, "carried_in": 0, "given": 0, "referred": 1, "concluded": 1, "carried_out": 1,
    }  # fmt: skip
    assert {identity.holds for identity in check(table)} == {True}


def test_a_file_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    """A watch that loads its rules at each pass goes by what stands in the file then, faults included."""
    path = tmp_path / "disclosure.yaml"
    found = []
    for days in (20, 21, 20):
        path.write_text(LAW.replace("working_days: 20", f"working_days: {days}", 1), "utf-8")
        found.append(read_yaml(path).value)
    path.write_text(LAW.replace("working_days: 20", "working_days: [", 1), "utf-8")

    assert found[0] == found[2] != found[1]
    with pytest.raises(FoundProblems):
        read_yaml(path)
