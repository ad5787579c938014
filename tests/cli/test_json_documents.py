"""`--json`: one document on standard output, with the keys that other programs rely on."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from requestflow.definitions.shipped import shipped

CASE_KEYS = {
    "number", "state", "outcome", "received", "due", "provisional", "overdue", "applicant",
}  # fmt: skip
ENTRY_KEYS = {"entry", "transition", "on", "recorded_at", "by", "from", "to", "data"}
STEP_KEYS = {"on", "event", "effect", "basis", "grade", "due"}
DEADLINE_KEYS = {"number", "due", "provisional", "status", "remaining", "steps", "obligations"}
TABLE_KEYS = [
    "office", "year", "form", "as_of", "status", "columns", "rows", "table4", "identities",
    "from", "to", "known_on",
]  # fmt: skip
COLUMNS = [
    "natural_person", "enterprise", "research_institution", "public_welfare", "legal_service",
    "other_organization", "total",
]  # fmt: skip
OFFICE = "示例县发展和改革局"

Run = Callable[..., Any]


@pytest.fixture
def consulted(registered: Run, moved: Run) -> str:
    """The case of the contract's example: a third party asked on 22 September, back on 13 October."""
    number = registered(received="2026-09-18", today="2026-09-18")
    moved(
        number,
        "accept@2026-09-18",
        "consult_third_party@2026-09-22 --set party=示例公司",
        "conclude_third_party@2026-10-13 --set opinion=agrees",
        today="2026-10-13",
    )
    return str(number)


def test_show_has_the_case_its_history_and_what_is_next(run: Run, consulted: str) -> None:
    """`show --json` has number, state, outcome, dates, applicant, history and next."""
    case = run("show", consulted, "--json").json

    assert set(case) >= CASE_KEYS | {"history", "next"}
    assert (case["number"], case["state"], case["outcome"]) == (consulted, "under_review", None)
    assert (case["received"], case["due"]) == ("2026-09-18", "2026-11-05")
    assert (case["provisional"], case["overdue"]) == (False, True)
    assert "decide" in case["next"]
    assert "accept" not in case["next"]


def test_an_entry_says_what_happened_when_and_by_whom(run: Run, consulted: str) -> None:
    """Each entry of `show --json` has its number, step, legal day, moment, person, states, data."""
    history = run("show", consulted, "--json").json["history"]

    assert [entry["entry"] for entry in history] == [1, 2, 3, 4]
    assert [entry["transition"] for entry in history] == [
        "register", "accept", "consult_third_party", "conclude_third_party",
    ]  # fmt: skip
    assert all(set(entry) >= ENTRY_KEYS for entry in history)
    assert (history[0]["from"], history[0]["to"]) == (None, "received")
    assert (history[2]["on"], history[2]["by"]) == ("2026-09-22", "clerk")
    assert datetime.fromisoformat(history[0]["recorded_at"]).tzinfo is not None


@pytest.mark.parametrize("words", [["list"], ["due"]])
def test_a_list_holds_cases_without_their_history(run: Run, consulted: str, words: list[str]) -> None:
    """`list --json` and `due --json` are lists of what `show --json` has, without the history."""
    cases = run(*words, "--json").json

    assert [case["number"] for case in cases] == [consulted]
    assert set(cases[0]) >= CASE_KEYS
    assert "history" not in cases[0]


@pytest.mark.parametrize("words", [["list"], ["due"]])
def test_a_list_says_what_is_next(run: Run, consulted: str, words: list[str]) -> None:
    """A case of a list is the same as in `show`, so it has `next` too."""
    shown = run("show", consulted, "--json").json
    listed = run(*words, "--json").json[0]

    assert listed["next"] == shown["next"]


def test_a_list_says_of_a_case_what_show_says_of_it(run: Run, consulted: str) -> None:
    """What `list` and `show` both say of a case is the same."""
    shown = run("show", consulted, "--json").json
    listed = run("list", "--json").json[0]

    assert {key: shown[key] for key in listed if key != "next"} == {
        key: value for key, value in listed.items() if key != "next"
    }


def test_registering_and_moving_print_the_case(run: Run, registered: Run) -> None:
    """`register`, `transition` and `void` answer with the case as it now is."""
    number = registered()
    moved = run("transition", number, "accept", "--json").json
    voided = run("void", number, "--reason", "重复登记", "--json").json

    assert (moved["number"], moved["state"]) == (number, "under_review")
    assert [entry["transition"] for entry in voided["history"]] == ["register", "accept", "void"]


def test_deadline_explains_the_contracts_example(run: Run, consulted: str) -> None:
    """`deadline --json` has due date, status and steps, each with event, effect, article, grade."""
    found = run("deadline", consulted, "--json", today="2026-10-13").json

    assert set(found) >= DEADLINE_KEYS
    assert (found["number"], found["due"], found["provisional"]) == (consulted, "2026-11-05", False)
    assert found["status"] == "running"
    assert found["remaining"] == 17
    assert all(set(step) >= STEP_KEYS for step in found["steps"])
    first = {key: found["steps"][0][key] for key in STEP_KEYS}
    assert first == {
        "on": "2026-09-18", "event": "received", "effect": "start", "basis": "条例33",
        "grade": "text", "due": "2026-10-22",
    }  # fmt: skip


def test_deadline_lists_the_obligations(run: Run, consulted: str) -> None:
    """`deadline --json` names every limit at work with its due date and whether it is met."""
    found = run("deadline", consulted, "--json").json["obligations"]
    opinion = next(owed for owed in found if owed["kind"] == "third_party_opinion")

    assert all(set(owed) >= {"kind", "due", "met"} for owed in found)
    assert (opinion["due"], opinion["met"]) == ("2026-10-20", True)


def test_calendar_after_has_exactly_four_keys(run: Run) -> None:
    """`calendar after --json` gives date, days, result and provisional for each date."""
    found = run("calendar", "after", "2026-09-24", "2026-12-04", "--days", "20", "--json").json

    assert found == [
        {"date": "2026-09-24", "days": 20, "result": "2026-10-29", "provisional": False},
        {"date": "2026-12-04", "days": 20, "result": "2027-01-04", "provisional": True},
    ]


def test_rollup_prints_the_table_document(run: Run, consulted: str) -> None:
    """`rollup --json` has the keys of a table document, seven figures a row, five a block."""
    table = run("rollup", "2026", "--json").json

    assert list(table) == TABLE_KEYS
    assert (table["office"], table["year"], table["form"]) == (OFFICE, 2026, "2021")
    assert (table["as_of"], table["status"]) == ("2026-11-24", "draft")
    assert table["columns"] == COLUMNS
    assert list(table["rows"])[:2] == ["new", "carried_in"]
    assert list(table["rows"])[-2:] == ["concluded", "carried_out"]
    assert all(len(figures) == len(COLUMNS) for figures in table["rows"].values())
    assert set(table["table4"]) == {"review", "suit_direct", "suit_after_review"}
    assert all(len(figures) == 5 for figures in table["table4"].values())
    assert table["rows"]["new"] == [1, 0, 0, 0, 0, 0, 1]
    assert consulted


def test_rollup_judges_its_own_identities(run: Run, consulted: str) -> None:
    """`rollup --json` carries each identity with name, column, both sides and whether it holds."""
    identities = run("rollup", "2026", "--json").json["identities"]

    assert {identity["name"] for identity in identities} == {"1", "2", "3", "5"}
    assert {"name": "1", "column": "total", "holds": True, "left": 1, "right": 1} in identities
    assert all(identity["holds"] for identity in identities)
    assert consulted


def test_rollup_writes_the_document_that_it_prints(run: Run, consulted: str, tmp_path: Path) -> None:
    """`rollup -o FILE.json` writes what `rollup --json` prints."""
    path = tmp_path / "table.json"

    run("rollup", "2026", "-o", path)

    assert json.loads(path.read_text("utf-8")) == run("rollup", "2026", "--json").json
    assert consulted


def test_check_says_of_each_file_whether_it_holds(run: Run, tmp_path: Path) -> None:
    """`check --json` gives file, office, year, form, verdict and what is broken, in the order given."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    run("rollup", "2026", "-o", good)
    document = json.loads(good.read_text("utf-8"))
    document["rows"]["new"][0] = 3
    bad.write_text(json.dumps(document), "utf-8")

    found = run("check", good, bad, "--json")

    assert found.status == 1
    keys = {"file", "office", "year", "form", "holds", "verdict", "broken", "dismissed", "explanations",
            "findings"}  # fmt: skip
    assert [set(one) for one in found.json] == [keys] * 2
    assert [(one["file"], one["holds"]) for one in found.json] == [
        (str(good), True), (str(bad), False),
    ]  # fmt: skip
    first = found.json[1]["broken"][0]
    assert {key: first[key] for key in ("name", "column", "left", "right")} == {
        "name": "1", "column": "natural_person", "left": 3, "right": 0,
    }  # fmt: skip
    assert first["message"]


def test_verify_counts_and_lists_problems(run: Run, consulted: str) -> None:
    """`verify --json` says whether all holds, how much was read, and every problem."""
    found = run("verify", "--json").json

    assert set(found) >= {"holds", "applications", "entries", "problems"}
    assert (found["holds"], found["applications"], found["entries"]) == (True, 1, 4)
    assert found["problems"] == []
    assert consulted


def test_a_document_is_not_escaped(run: Run, registered: Run) -> None:
    """Documents are UTF-8 and not escaped: Chinese stays Chinese."""
    registered(subject="人口普查数据")

    assert "人口普查数据" in run("list", "--json").out


def test_every_day_of_a_document_is_iso(run: Run, consulted: str) -> None:
    """Dates of a document are written as ISO 8601 does."""
    case = run("show", consulted, "--json").json

    for day in (case["received"], case["due"], *(entry["on"] for entry in case["history"])):
        assert date.fromisoformat(day).isoformat() == day


def commands_with_documents(number: str, register: Path, workflow: Path) -> list[list[object]]:
    return [
        ["list"], ["show", number], ["next", number], ["similar", number], ["deadline", number],
        ["due"], ["rollup", "2026"], ["rollup", "2026", "--cell", "new:total"], ["verify"],
        ["calendar", "show", "2026"], ["calendar", "after", "2026-01-05", "--days", "3"],
        ["workflow", "check"], ["workflow", "check", workflow], ["import", register, "--dry-run"],
        ["import", register], ["transition", number, "accept"],
        ["amend", number, "--entry", "1", "--set", "subject=预算", "--reason", "笔误"],
        ["void", number, "--reason", "重复"],
    ]  # fmt: skip


def test_every_command_that_prints_data_prints_one_document(
    run: Run, registered: Run, register_file: Run
) -> None:
    """With `--json` each command prints one JSON document and no other text on standard output."""
    number = registered()
    register = register_file("收到日期,申请人类型", "2026-01-05,自然人")
    workflow = shipped("workflows") / "disclosure.yaml"

    for words in commands_with_documents(number, register, workflow):
        result = run(*words, "--json")
        assert result.status == 0, result.err
        assert json.loads(result.out) is not None


def test_a_new_office_answers_with_its_config(run: Run, tmp_path: Path) -> None:
    """`init --json` gives the office's name and the path of its settings."""
    found = run("init", tmp_path / "new", "--office", "新单位", "--json").json

    assert found == {"office": "新单位", "config": str(tmp_path / "new" / "config.toml")}


def test_a_cell_lists_the_applications_behind_it(run: Run, consulted: str) -> None:
    """`rollup --cell ROW:COLUMN --json` gives the figure and the numbers of the cases behind it."""
    found = run("rollup", "2026", "--cell", "new:natural_person", "--json").json

    assert (found["row"], found["column"], found["figure"]) == ("new", "natural_person", 1)
    assert [case["number"] for case in found["applications"]] == [consulted]


def test_next_tells_open_from_closed_with_reasons(run: Run, consulted: str) -> None:
    """`next --json` lists every transition once, open with its needs or closed with the reason."""
    found = run("next", consulted, "--json", today="2026-10-13").json

    names = [one["transition"] for one in (*found["open"], *found["closed"])]
    assert len(names) == len(set(names)) == 20
    assert next(one for one in found["open"] if one["transition"] == "decide")["needs"] == ["outcome"]
    closed = {one["transition"]: one["why"] for one in found["closed"]}
    assert closed["accept"]["error"] == "not_open_here"
    assert all(why["message"] for why in closed.values())


def test_similar_names_likeness_and_applicant(run: Run, registered: Run) -> None:
    """`similar --json` gives cases with their likeness and whether the applicant is the same."""
    earlier = registered(received="2026-10-12")
    number = registered()

    found = run("similar", number, "--json").json

    assert [(one["number"], one["likeness"], one["same_applicant"]) for one in found] == [
        (earlier, 100.0, True)
    ]
    assert set(found[0]) >= CASE_KEYS
