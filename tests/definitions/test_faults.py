"""A faulty workflow file: every fault with its code and its line, all at once."""

from pathlib import Path

import pytest

from requestflow.definitions.shipped import shipped
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar
from requestflow.domain.clock import Rules
from requestflow.domain.machine import Engine
from requestflow.errors import Finding, FoundProblems

TEXT = (shipped("workflows") / "disclosure.yaml").read_text("utf-8")

LOSE = "  lose: {zh: 丢, en: lose, from: [received], to: lost, by: [clerk], basis: 条例29}\n"

# what is replaced, by what, the code of the fault, and a text of the line where it is found
FAULTS = {
    "an unknown key": ("initial: received", "initial: received\ncolour: red", "key_unknown", "colour: red"),
    "a key twice": ("initial: received", "initial: received\ninitial: closed", "doubled_key",
                    "initial: closed"),
    "a missing key": ("initial: received\n", "", "key_missing", "workflow: disclosure"),
    "a wrong type": ("working_days: 20\n    met_by", "working_days: twenty\n    met_by", "value_wrong",
                     "working_days: twenty"),
    "an unknown state": ("    from: [received]\n", "    from: [recieved]\n", "undeclared_state",
                         "from: [recieved]"),
    "an unknown target": ("    to: decided\n", "    to: decide\n", "undeclared_state", "to: decide"),
    "an unknown role": ("    by: [head]\n", "    by: [chief]\n", "undeclared_role", "by: [chief]"),
    "an unknown guard": ("guards: [outcome_supported, ", "guards: [outcome_suported, ", "undeclared_guard",
                         "outcome_suported"),
    "an unknown limit": ("    limit: extension\n", "    limit: extention\n", "undeclared_limit",
                         "limit: extention"),
    "an unknown source": ("    basis: 条例29\n    grade: text\n\n  request", "    basis: 条列29\n    grade: text"
                          "\n\n  request", "undeclared_source", "basis: 条列29"),
    "an unreachable state": ("  closed: {zh: 已办结", "  lost: {zh: 丢失, en: lost, final: true}\n"
                             "  closed: {zh: 已办结", "state_unreachable", "  lost:"),
    "an outcome without a row": ('    rows: {"2019": other, "2021": other.unpaid}\n',
                                 '    rows: {"2019": other}\n', "outcome_without_row", "  other.unpaid:"),
    "an unknown row": ("    row: partial\n", "    row: partal\n", "undeclared_row", "  partial:"),
    "a row without an outcome": ("    row: withheld.state_secret\n", "    row: disclosed\n",
                                 "row_without_outcome", "outcomes:"),
    "a limit nobody starts": ("    starts: [payment]\n", "", "limit_not_started", "  payment:"),
    "a limit of no length": ("    months: 6\n", "", "limit_length", "  suit:"),
    "a limit of two lengths": ("    months: 6\n", "    months: 6\n    calendar_days: 180\n", "limit_length",
                               "  suit:"),
    "a limit within a limit that is not the answer": (
        "    within: answer\n    ahead", "    within: payment\n    ahead", "limit_within", "within: payment"),
    "a clock that counts in months": (
        "    working_days: 20\n    met_by", "    months: 1\n    met_by", "limit_in_working_days", "  answer:"),
    "a late answer that nothing explains": (
        "    met_by_facts: [late_reason, late_unit]\n", "", "limit_needs_facts", "  late_reason:"),
    "a pause nobody resumes": ("    effect: resume\n    concludes: consult_organ",
                               "    effect: none\n    concludes: consult_organ", "pause_never_resumed",
                               "  consult_organ:"),
    "a fee that nobody pays": (
        '    limit: answer\n    facts:\n      amount: {type: number, zh: 金额（元）, en: "amount, yuan"}\n',
        "    limit: answer\n", "fee_never_paid", "  charge_fee:"),
    "two of one name from a state": ("    from: [under_review, awaiting_reasons]\n",
                                     "    from: [under_review, under_review, awaiting_reasons]\n",
                                     "doubled_source", "from: [under_review, under_review"),
    "a clock never started": ("registration:\n  zh: 登记\n  en: registration\n  effect: start",
                              "registration:\n  zh: 登记\n  en: registration\n  effect: none",
                              "clock_not_started", "registration:"),
    "an outcome nobody records": ("    recorded_by: [lapse_payment]\n", "    recorded_by: [accept]\n",
                                  "outcome_not_recorded", "  other.unpaid:"),
    "an option that is none": ("    value: first\n", "    value: second\n", "undeclared_option",
                               "value: second"),
    "no YAML": ("states:\n", "states: [\n", "not_yaml", None),
}  # fmt: skip


def faults(tmp_path: Path, text: str) -> list[Finding]:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(FoundProblems) as caught:
        load_workflow(path)
    return list(caught.value.findings)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line(tmp_path: Path, fault: str) -> None:
    """Each fault of a workflow file has its code and the line where it stands."""
    old, new, code, at = FAULTS[fault]
    assert old in TEXT
    text = TEXT.replace(old, new, 1)

    found = faults(tmp_path, text)

    named = [finding for finding in found if finding.code == code]
    assert named, [finding.code for finding in found]
    if at is not None:
        lines = [place for place, line in enumerate(text.splitlines(), 1) if at in line]
        places = [int(finding.where.split(":")[1]) for finding in named]
        assert set(places) & set(lines)


def test_a_state_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    """A state that is reached and has no way to a final one is a dead end."""
    lost = "  lost: {zh: 丢失, en: lost}\n"
    text = TEXT.replace("  closed: {zh", f"{lost}  closed: {{zh", 1)
    text = text.replace("transitions:\n", f"transitions:\n{LOSE}", 1)

    found = faults(tmp_path, text)

    assert [(finding.code, finding.facts["name"]) for finding in found] == [("state_dead_end", "lost")]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    """Three faults of sense in one file are three findings."""
    text = TEXT
    for name in ("an unknown role", "an unknown guard", "a limit nobody starts"):
        text = text.replace(FAULTS[name][0], FAULTS[name][1], 1)

    codes = {finding.code for finding in faults(tmp_path, text)}

    assert {"undeclared_role", "undeclared_guard", "limit_not_started"} <= codes


def test_words_stay_words() -> None:
    """`no` is a word: a switch's option of that name is not a falsehood."""
    found, _forms = load_workflow(workflow_path("disclosure"), {"other_organs_pause": "no"})

    assert found.switch("other_organs_pause") == "no"
    assert set(found.switches["other_organs_pause"].options) == {"yes", "no"}


def test_another_rule_set_needs_no_python(calendar: Calendar) -> None:
    """A small body with its own states, limit, outcomes and table runs on the same engine."""
    workflow, forms = load_workflow(Path(__file__).parent / "tiny.yaml")
    engine = Engine(Rules(workflow, calendar))

    assert list(workflow.transitions) == ["answer", "refer"]
    assert forms["tiny"].results == ("given", "referred")
    assert engine.transition("answer").target == "done"
