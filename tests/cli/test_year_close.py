"""The year's end: what is in the way, what a close freezes and locks, and opening it again."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

Run = Callable[..., Any]
AFTER = "2026-01-10"
LATER = "2026-01-12"
ANSWERED, OPEN, WAITING, DECIDED, VOIDED = (f"2025-{serial:04}" for serial in range(1, 6))
FORM = "2021"


@pytest.fixture
def year(once: Run, registered: Run, moved: Run, done: Run) -> None:
    """2025: one answered and disputed, one open, one waiting, one decided in January, one void."""

    def make() -> None:
        registered(received="2025-03-03", today="2025-03-03", subject="预算")
        moved(ANSWERED, "accept@2025-03-04", "decide@2025-03-10 --outcome withheld.third_party",
              "deliver@2025-03-11", today="2025-03-11")  # fmt: skip
        registered(received="2025-12-15", today="2025-12-15", subject="决算", kind="enterprise")
        registered(received="2025-12-08", today="2025-12-15", subject="规划")
        moved(WAITING, "accept@2025-12-09", "consult_third_party@2025-12-22 --set party=示例公司",
              today="2025-12-22")  # fmt: skip
        registered(received="2025-12-16", today="2025-12-16", subject="环评")
        moved(DECIDED, "accept@2025-12-17", today="2025-12-17")
        registered(received="2025-12-17", today="2025-12-17", subject="误")
        done("void", VOIDED, "--reason", "误登", today="2025-12-18")
        done("dispute", "open", ANSWERED, "--kind", "review", "--filed", "2025-04-01",
             today="2025-04-01")  # fmt: skip
        done("dispute", "close", "D2025-001", "--result", "corrected", "--on", "2025-06-02",
             today="2025-06-02")  # fmt: skip
        moved(DECIDED, "decide@2026-01-05 --outcome partial", today="2026-01-05")

    once("year", make)


@pytest.fixture
def closed(year: None, once: Run, done: Run) -> Any:
    """The close of 2025."""
    del year  # what is closed
    return once("closed year", lambda: done("year", "close", "2025", "--json", today=AFTER).json)


def history(done: Run, number: str) -> list[Any]:
    return list(done("show", number, "--json", today=LATER).json["history"])


@pytest.mark.usefixtures("year")
def test_a_year_that_is_not_over_cannot_be_closed(refused: Run) -> None:
    """The close comes after 31 December, not on it."""
    for day in ("2025-12-20", "2025-12-31"):
        assert refused("year", "close", "2025", today=day)["error"] == "year_not_over"


CHANGED = {
    "a result": ("UPDATE applications SET counted_outcome = 'partial' WHERE number = ?", ANSWERED),
    "a kind": ("UPDATE applications SET kind = 'enterprise' WHERE number = ?", ANSWERED),
    "a result brought forward": (
        "UPDATE applications SET counted_outcome = 'partial', concluded = '2025-12-30' WHERE number = ?",
        DECIDED,
    ),
    "out of the year": ("UPDATE applications SET received = '2026-01-02' WHERE number = ?", OPEN),
    "void": ("UPDATE applications SET void = 1 WHERE number = ?", OPEN),
    "no longer void": ("UPDATE applications SET void = 0 WHERE number = ?", VOIDED),
}


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("kind", CHANGED)
def test_figures_that_the_history_contradicts_are_not_frozen(
    run: Run, refused: Run, sql: Run, kind: str
) -> None:
    """A row changed past the program stops the close by the number of its case, and `status` says it."""
    statement, number = CHANGED[kind]
    sql(statement, number)

    status = run("year", "status", "2025", "--json", today=AFTER).json
    error = refused("year", "close", "2025", today=AFTER)

    assert error["error"] == "year_not_ready"
    assert ("row_differs", number) in [(f["error"], f["where"]) for f in error["findings"]]
    assert status["obstacles"] == error["findings"]
    assert status["ready"] is False


@pytest.mark.usefixtures("year")
def test_a_row_that_is_gone_stops_the_close(refused: Run, sql: Run) -> None:
    """A case whose row was deleted past the program is missing in every figure; its history is not."""
    sql("DELETE FROM applications WHERE number = ?", OPEN)

    error = refused("year", "close", "2025", today=AFTER)

    assert [f["error"] for f in error["findings"]] == ["rows_gone"]


def test_a_close_freezes_the_tables(done: Run, closed: Any) -> None:
    """A closed year shows what was frozen, in either form, with rows in the form's order."""
    for form in ("2019", "2021"):
        table = done("rollup", "2025", "--form", form, "--json", today=LATER).json
        assert table["status"] == "closed"
        assert table["as_of"] == "2025-12-31"
        assert next(iter(table["rows"])) == "new"
        assert list(table["rows"])[-2:] == ["concluded", "carried_out"]
        assert table["rows"]["new"][-1] == 4
        assert table["rows"]["carried_out"][-1] == 3
        assert table["table4"]["review"] == [0, 1, 0, 0, 1]
        assert all(identity["holds"] for identity in table["identities"])
    assert closed["version"] == 1
    assert closed["carried_out"] == [OPEN, WAITING, DECIDED]


def test_open_cases_are_carried_over_once(done: Run, closed: Any) -> None:
    """Each case that is still open gets an entry dated 31 December; the state stays what it is."""
    entries = {number: history(done, number) for number in (OPEN, WAITING, DECIDED, ANSWERED)}
    carried = {
        number: [e for e in found if e["transition"] == "carry_over"]
        for number, found in entries.items()
    }

    assert closed["entries"] == 2
    assert [len(carried[number]) for number in (OPEN, WAITING, DECIDED, ANSWERED)] == [1, 1, 0, 0]
    assert [(e["on"], e["data"]["year"], e["from"] == e["to"]) for e in carried[WAITING]] == [
        ("2025-12-31", 2026, True)
    ]
    assert done("show", WAITING, "--json", today=LATER).json["state"] == "consulting"


@pytest.mark.usefixtures("closed")
def test_what_one_year_carries_out_the_next_carries_in(done: Run) -> None:
    """Identity 4 is judged against the closed year, and holds."""
    table = done("rollup", "2026", "--json", today=LATER).json
    fourth = [identity for identity in table["identities"] if identity["name"] == "4"]

    assert len(fourth) == 7
    assert all(identity["holds"] for identity in fourth)
    assert table["rows"]["carried_in"][-1] == 3


LOCKED = {
    "a registration": (["register", "--kind", "enterprise", "--name", "甲", "--channel", "post",
                        "--received", "2025-12-30", "--subject", "x"], "year_closed"),
    "a step": (["transition", OPEN, "accept", "--on", "2025-12-30"], "year_closed"),
    "a result": (["transition", OPEN, "withdraw", "--on", "2025-12-31"], "year_closed"),
    "another kind": (["amend", ANSWERED, "--entry", "1", "--set", "kind=enterprise",
                      "--reason", "x"], "year_would_change"),
    "another day of receipt": (["amend", ANSWERED, "--entry", "1", "--set", "received=2024-12-30",
                                "--reason", "x"], "year_would_change"),
    "another outcome": (["amend", ANSWERED, "--entry", "3", "--set", "outcome=partial",
                         "--reason", "x"], "year_would_change"),
    "a result moved into it": (["amend", DECIDED, "--entry", "3", "--set", "on=2025-12-30",
                                "--reason", "x"], "year_would_change"),
    "a void case": (["void", ANSWERED, "--reason", "x"], "year_would_change"),
    "a carried case void": (["void", OPEN, "--reason", "x"], "year_would_change"),
    "a dispute": (["dispute", "open", ANSWERED, "--kind", "suit_after_review", "--filed",
                   "2025-07-01"], "year_closed"),
    "a dispute's other result": (["dispute", "amend", "D2025-001", "--set", "result=upheld",
                                  "--reason", "x"], "year_would_change"),
    "a dispute's other kind": (["dispute", "amend", "D2025-001", "--set", "kind=suit_direct",
                                "--reason", "x"], "year_would_change"),
    "a void dispute": (["dispute", "void", "D2025-001", "--reason", "x"], "year_would_change"),
    "another close": (["year", "close", "2025"], "year_closed_already"),
}  # fmt: skip


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("what", LOCKED)
def test_a_closed_year_refuses(refused: Run, what: str) -> None:
    """Whatever would change what a closed year counts is refused, with the way to open it."""
    words, code = LOCKED[what]
    error = refused(*words, today=LATER)

    assert error["error"] == code
    assert "year reopen 2025" in error["hint"]


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("what", LOCKED)
def test_an_open_year_takes_the_same(run: Run, what: str) -> None:
    """The same commands are taken while the year is open: the lock is all that is in their way."""
    words, _code = LOCKED[what]
    result = run(*words, "--json", today=LATER)

    assert result.status == 0, result.err


@pytest.mark.usefixtures("closed")
def test_a_register_with_rows_of_a_closed_year_is_refused(refused: Run, register_file: Run) -> None:
    """Every row that a closed year would count is named; nothing is imported."""
    path = register_file(
        "收到日期,申请人类型,申请人,办理结果,答复日期",
        "2025-11-03,自然人,甲,,",
        "2024-11-04,自然人,乙,予以公开,2025-01-20",
        "2024-11-05,自然人,丙,,",
        "2026-01-05,自然人,丁,,",
    )
    findings = refused("import", path, today=LATER)["findings"]
    found = [(f["error"], f["where"].split(":")[1]) for f in findings if not f["warning"]]

    assert found == [("year_closed", "2"), ("year_closed", "3"), ("year_would_change", "4")]


@pytest.mark.usefixtures("closed")
def test_what_a_closed_year_does_not_count_goes_on(done: Run) -> None:
    """Steps of the new year, and corrections that move no figure, are made as always."""
    done("transition", OPEN, "accept", "--on", "2026-01-05", today=LATER)
    done("transition", DECIDED, "deliver", "--on", "2026-01-06", today=LATER)
    done("amend", ANSWERED, "--entry", "1", "--set", "subject=预算草案", "--reason", "x", today=LATER)
    done("amend", WAITING, "--entry", "2", "--set", "on=2025-12-10", "--reason", "x", today=LATER)
    done("dispute", "open", ANSWERED, "--kind", "suit_after_review", "--filed", "2026-01-05",
         today=LATER)  # fmt: skip
    assert done("verify", "--json", today=LATER).json["holds"]
    assert done("rollup", "2025", "--recount", "--json", today=LATER).json["changes"] == []


@pytest.mark.usefixtures("closed")
def test_only_the_head_opens_a_closed_year(refused: Run, done: Run) -> None:
    """Opening it again needs the head and a reason."""
    assert refused("year", "reopen", "2025", "--reason", "更正", "--by", "clerk",
                   today=LATER)["error"] == "reopen_needs_role"  # fmt: skip
    assert refused("year", "reopen", "2025", status=2, today=LATER)["error"] == "missing_parameter"
    assert refused("year", "reopen", "2025", "--reason", " ", "--by", "head", status=2,
                   today=LATER)["error"] == "reason_missing"  # fmt: skip
    assert refused("year", "reopen", "2024", "--reason", "x", "--by", "head",
                   today=LATER)["error"] == "year_not_closed"  # fmt: skip
    opened = done("year", "reopen", "2025", "--reason", "更正", "--json", today=LATER).json
    assert (opened["reopened_by"], opened["reason"]) == ("head", "更正")
    assert done("rollup", "2025", "--json", today=LATER).json["status"] == "draft"


def test_of_several_heads_one_is_named(folder: Path, refused: Run, closed: Any) -> None:
    """Nobody is taken for another: where two may open a year, the command says who does."""
    del closed
    config = folder / "config.toml"
    more = '\n[people.deputy]\nname = "副职"\nrole = "head"\n'
    config.write_text(config.read_text("utf-8") + more, "utf-8")

    assert (
        refused("year", "reopen", "2025", "--reason", "x", today=LATER)["error"] == "reopen_needs_role"
    )


@pytest.mark.usefixtures("closed")
def test_closing_again_keeps_both_versions(done: Run) -> None:
    """A second close says figure by figure what is other than in the first, with the cases."""
    done("year", "reopen", "2025", "--reason", "申请人类型有误", "--by", "head", today=LATER)
    done("amend", ANSWERED, "--entry", "1", "--set", "kind=enterprise", "--reason", "x", today=LATER)
    done("transition", OPEN, "withdraw", "--on", "2025-12-30", today=LATER)

    again = done("year", "close", "2025", "--json", today=LATER).json
    status = done("year", "status", "2025", "--json", today=LATER).json

    changes = {(c["row"], c["column"]): c for c in again["changes"]}
    assert again["version"] == 2
    assert again["entries"] == 0  # carried over already, not a second time
    assert changes["new", "enterprise"] == {"row": "new", "column": "enterprise", "before": 1,
                                            "after": 2, "came": [ANSWERED], "went": []}  # fmt: skip
    assert changes["carried_out", "total"]["went"] == [OPEN]
    assert changes["other.other", "total"]["came"] == [OPEN]
    assert ("new", "total") not in changes
    first, second = status["versions"]
    assert (first["reopened_by"], first["reason"]) == ("head", "申请人类型有误")
    assert (second["version"], second["reopened_at"]) == (2, None)
    assert first["digest"] != second["digest"]
    assert done("verify", "--json", today=LATER).json["holds"]


@pytest.mark.usefixtures("closed")
def test_a_case_is_not_carried_over_twice_for_one_year(done: Run) -> None:
    """Closed, opened and closed again: one carry-over entry for the year, and one for the next."""
    done("year", "reopen", "2025", "--reason", "x", "--by", "head", today=LATER)
    done("year", "close", "2025", today=LATER)
    done("year", "close", "2026", today="2027-01-04")
    carried = [e["data"]["year"] for e in history(done, OPEN) if e["transition"] == "carry_over"]

    assert carried == [2026, 2027]


@pytest.mark.usefixtures("closed")
def test_a_carried_case_is_corrected_once_the_year_is_open(done: Run, refused: Run) -> None:
    """A receipt that belongs to the next year: the head strikes the carry-over, then it is corrected."""
    done("year", "reopen", "2025", "--reason", "x", "--by", "head", today=LATER)
    receipt = ["amend", OPEN, "--entry", "1", "--set", "received=2026-01-05", "--reason", "x"]
    strike = ["amend", OPEN, "--entry", "2", "--strike", "--reason", "收到日期有误"]

    assert refused(*receipt, today=LATER)["error"] == "amendment_breaks"
    assert refused(*strike, today=LATER)["error"] == "role_not_allowed"
    done(*strike, "--by", "head", today=LATER)
    done(*receipt, today=LATER)
    again = done("year", "close", "2025", "--json", today=LATER).json
    assert again["carried_out"] == [WAITING, DECIDED]
    assert ("new", "total", 4, 3) in {
        (c["row"], c["column"], c["before"], c["after"]) for c in again["changes"]
    }


@pytest.mark.usefixtures("year")
def test_a_close_does_not_tell_an_ended_silence_again(done: Run, moved: Run) -> None:
    """The carry-over is dated 31 December; a silence that ended in January is a step once all the same."""
    moved(WAITING, "extend@2026-01-15 --days 5 --by head", today="2026-01-15")
    before, _closed, after = (
        done(*words, "--json", today="2026-01-20").json
        for words in (["deadline", WAITING], ["year", "close", "2025"], ["deadline", WAITING])
    )

    assert [step["event"] for step in before["steps"]].count("consult_third_party_lapsed") == 1
    assert after["steps"] == before["steps"]


@pytest.mark.usefixtures("closed")
def test_each_close_can_be_seen_afterwards(done: Run, refused: Run) -> None:
    """The table of an earlier close is shown as it was frozen, and `status` says what changed since."""
    first = done("rollup", "2025", "--json", today=LATER).json
    done("year", "reopen", "2025", "--reason", "类型有误", "--by", "head", today=LATER)
    done("amend", ANSWERED, "--entry", "1", "--set", "kind=enterprise", "--reason", "x", today=LATER)
    done("year", "close", "2025", today=LATER)

    old = done("rollup", "2025", "--version", "1", "--json", today=LATER).json
    status = done("year", "status", "2025", "--json", today=LATER).json

    assert old["rows"] == first["rows"]
    assert old["rows"] != done("rollup", "2025", "--version", "2", "--json", today=LATER).json["rows"]
    assert status["versions"][0]["changes"] == []
    assert ("new", "natural_person", 3, 2) in {
        (c["row"], c["column"], c["before"], c["after"]) for c in status["versions"][1]["changes"]
    }
    assert "3 → 2" in done("year", "status", "2025", today=LATER).out
    missing = refused("rollup", "2025", "--version", "3", today=LATER)
    assert missing["error"] == "no_such_version"
    pair = refused("rollup", "2025", "--version", "1", "--recount", status=2, today=LATER)
    assert pair["error"] == "version_alone"


@pytest.fixture
def closed_twice(closed: Any, once: Run, done: Run) -> None:
    """2025 closed, opened again, changed in three ways, and closed a second time, all on one day."""
    del closed  # the first close

    def make() -> None:
        done("year", "reopen", "2025", "--reason", "类型有误", "--by", "head", today=LATER)
        changes = {
            "kind=enterprise": ANSWERED,
            "subject=预算调整": ANSWERED,
            "received=2025-12-16": OPEN,
        }
        done("amend", OPEN, "--entry", "2", "--strike", "--reason", "x", "--by", "head", today=LATER)
        for change, number in changes.items():
            done("amend", number, "--entry", "1", "--set", change, "--reason", "x", today=LATER)
        done("dispute", "amend", "D2025-001", "--set", "result=upheld", "--reason", "x", today=LATER)
        done("transition", OPEN, "withdraw", "--on", "2025-12-30", today=LATER)
        done("year", "close", "2025", today=LATER)
        done("amend", ANSWERED, "--entry", "1", "--set", "subject=又改", "--reason", "x", today=LATER)

    once("closed twice", make)


def behind(done: Run, version: int, place: str) -> list[Any]:
    found = done("rollup", "2025", "--version", str(version), "--cell", place, "--json", today=LATER)
    assert found.err == ""
    listed = found.json["applications"] or found.json.get("disputes", [])
    assert found.json["figure"] == len(listed)
    return list(listed)


@pytest.mark.usefixtures("closed_twice")
def test_a_close_opens_its_cases_as_it_knew_them(done: Run) -> None:
    """What came, of whom, and how it had ended when the year was closed, whatever was corrected since."""
    answered = [behind(done, version, "new:total")[0] for version in (1, 2)]

    assert [(one["number"], one["kind"], one["subject"]) for one in answered] == [
        (ANSWERED, "natural_person", "预算"), (ANSWERED, "enterprise", "预算调整")]  # fmt: skip
    received = [
        next(one["received"] for one in behind(done, version, "new:total") if one["number"] == OPEN)
        for version in (1, 2)
    ]
    assert received == ["2025-12-15", "2025-12-16"]
    assert [one["number"] for one in behind(done, 1, "carried_out:total")] == [WAITING, OPEN, DECIDED]
    assert [one["number"] for one in behind(done, 2, "carried_out:total")] == [WAITING, DECIDED]
    assert behind(done, 1, "other.other:total") == []
    assert [one["concluded"] for one in behind(done, 2, "other.other:total")] == ["2025-12-30"]
    assert [one["result"] for one in behind(done, 1, "review:corrected")] == ["corrected"]
    assert [one["number"] for one in behind(done, 2, "review:upheld")] == ["D2025-001"]
    assert behind(done, 2, "review:corrected") == []
    assert "预算" in done("rollup", "2025", "--version", "1", "--cell", "new:total", today=LATER).out


@pytest.mark.usefixtures("closed_twice")
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_a_file_of_a_close_lists_the_cases_of_each_figure(done: Run, tmp_path: Path, form: str) -> None:
    """A filter on the second sheet gives every figure of the close back, in either form."""
    for version in ("1", "2"):
        words = ["rollup", "2025", "--version", version, "--form", form]
        document = done(*words, "--json", today=LATER).json
        path = tmp_path / f"{version}.xlsx"
        assert len(done(*words, "-o", path, today=LATER).err.splitlines()) == 1  # where it was written
        rows = load_workbook(path).worksheets[1].iter_rows(min_row=2, max_col=5, values_only=True)
        listed = Counter((row, column) for _number, _on, _kind, column, row in rows)
        columns = document["columns"]
        stated = {(row, column): figure for row, figures in document["rows"].items()
                  for column, figure in zip(columns, figures, strict=True) if column != "total"}  # fmt: skip
        assert {place: listed[place] for place in stated} == stated
        assert sum(listed[block, "corrected"] for block in document["table4"]) == int(version == "1")


@pytest.mark.usefixtures("closed_twice")
def test_a_page_of_a_close_opens_its_cases(done: Run, tmp_path: Path) -> None:
    """Names and contents stay out unless asked for; with `--personal` the contents are those of then."""
    page = tmp_path / "t.html"
    done("rollup", "2025", "--version", "1", "-o", page, today=LATER)
    assert 'data-row="new" data-column="natural_person"' in page.read_text("utf-8")
    assert "预算" not in page.read_text("utf-8")

    done("rollup", "2025", "--version", "1", "-o", page, "--personal", today=LATER)
    assert "预算" in page.read_text("utf-8")
    assert "预算调整" not in page.read_text("utf-8")


@pytest.mark.usefixtures("closed_twice")
def test_what_a_history_does_not_bear_out_is_left_out_of_a_close(
    done: Run, sql: Run, tmp_path: Path
) -> None:
    """A history changed past the program proves nothing: the figure stays, the case is named as missing."""
    sql(
        """UPDATE entries SET data = replace(data, '"natural_person"', '"enterprise"')
           WHERE entry = 1 AND application_id = (SELECT id FROM applications WHERE number = ?)""",
        DECIDED,
    )

    cell = done("rollup", "2025", "--version", "1", "--cell", "new:total", "--json", today=LATER)
    written = done("rollup", "2025", "--version", "1", "-o", tmp_path / "t.xlsx", today=LATER)

    assert cell.json["figure"] == 4
    assert DECIDED not in [one["number"] for one in cell.json["applications"]]
    assert DECIDED in cell.err
    assert written.err.count(DECIDED) == 2  # received in the year, and carried out of it
    assert "重新写出" not in written.err


@pytest.mark.usefixtures("closed")
def test_a_frozen_table_that_was_changed_is_not_shown(refused: Run, sql: Run) -> None:
    """What does not fit its digest is no frozen table: refused by the word that `verify` has for it."""
    sql(TAMPERED["a figure"][0])

    assert refused("rollup", "2025", today=LATER)["error"] == "frozen_table_changed"


@pytest.mark.usefixtures("closed")
def test_what_is_carried_over_is_compared_case_by_case(sql: Run, run: Run) -> None:
    """Equal sums are not enough: what was carried out and what is carried in differ by number."""
    sql("UPDATE applications SET received = '2026-01-02' WHERE number = ?", OPEN)
    sql(
        "UPDATE applications SET concluded = '2026-01-02', kind = 'enterprise' WHERE number = ?",
        ANSWERED,
    )

    refused = run("year", "close", "2026", "--json", today="2027-01-04")
    found = {(f["error"], f["where"]) for f in refused.error["findings"]}

    assert refused.status == 1
    assert refused.error["error"] == "year_not_ready"
    assert {("not_carried_in", OPEN), ("not_carried_out", ANSWERED)} <= found
    assert not any(code == "identity_broken" for code, _where in found)


@pytest.mark.usefixtures("year")
def test_every_obstacle_is_listed_at_once(refused: Run, done: Run, sql: Run) -> None:
    """Identities that fail and disputes that do not fit: all of them, each with its place."""
    sql("UPDATE applications SET kind = 'alien' WHERE number = ?", ANSWERED)
    sql("UPDATE disputes SET filed = '2025-01-02' WHERE number = 'D2025-001'")

    found = refused("year", "close", "2025", today=AFTER)["findings"]
    status = done("year", "status", "2025", "--json", today=AFTER).json

    assert {f["error"] for f in found} == {
        "row_differs", "identity_broken", "dispute_filed_early",
    }  # fmt: skip
    assert [f["error"] for f in status["obstacles"]] == [f["error"] for f in found]
    assert (status["status"], status["ready"]) == ("open", False)


@pytest.mark.usefixtures("year")
def test_a_year_before_the_office_began_is_not_closed(refused: Run, done: Run) -> None:
    """1995 of an office whose first application came in 2025 has nothing to freeze."""
    for early in (1995, 2024):
        [finding] = refused("year", "close", early, today="2026-11-24")["findings"]
        assert (finding["error"], finding["where"]) == ("year_before_records", str(early))
    assert not done("year", "status", 1995, "--json", today="2026-11-24").json["ready"]


def test_an_office_that_has_just_begun_closes_last_year_with_zeros(done: Run, refused: Run) -> None:
    """The first year that the program counts carries in what stands in a table: the year just over."""
    assert refused("year", "close", "2024", today=AFTER)["error"] == "year_not_ready"
    assert done("year", "close", "2025", "--json", today=AFTER).json["carried_out"] == []


def test_a_year_without_a_published_calendar_waits(refused: Run) -> None:
    """What was late in a year whose days off are not published is not certain."""
    error = refused("year", "close", "2027", today="2028-01-04")

    assert [f["error"] for f in error["findings"]] == ["year_provisional"]


def test_a_late_answer_needs_its_reason(registered: Run, moved: Run, refused: Run, done: Run) -> None:
    """A year waits until each late answer says why it was late and whose delay it was."""
    number = registered(received="2025-03-03", today="2025-03-03")
    moved(number, "accept@2025-03-04", "decide@2025-06-10 --outcome partial", "deliver@2025-06-11",
          today="2025-06-11")  # fmt: skip

    [finding] = refused("year", "close", "2025", today=AFTER)["findings"]
    done("amend", number, "--entry", "4", "--set", "late_reason=材料繁多", "--set", "late_unit=法规科",
         "--reason", "补写", today=AFTER)  # fmt: skip

    assert (finding["error"], finding["where"]) == ("late_without_reason", number)
    done("year", "close", "2025", today=AFTER)


def test_a_late_answer_of_the_next_year_blocks_no_close_of_this_one(
    registered: Run, moved: Run, done: Run
) -> None:
    """Answered in time, opened again in January and answered late in March: 2025 has no late answer."""
    number = registered(received="2025-11-03", today="2025-11-03")
    moved(number, "accept@2025-11-04", "decide@2025-11-10 --outcome partial", "deliver@2025-11-10",
          "reopen@2026-01-05 --set cause=review", "decide@2026-03-10 --outcome disclosed.provided",
          "deliver@2026-03-10", today="2026-03-11")  # fmt: skip

    assert done("year", "status", "2025", "--json", today="2026-03-12").json["obstacles"] == []
    done("year", "close", "2025", today="2026-03-12")


TAMPERED = {
    "a figure": ("UPDATE years SET document = replace(document, '\"new\":[3', '\"new\":[4')",
                 "frozen_table_changed"),
    "the digest": ("UPDATE years SET digest = 'x'", "year_row_differs"),
    "who closed it": ("UPDATE years SET closed_by = 'head'", "year_row_differs"),
    "its reopening": ("UPDATE years SET reopened_at = '2026-01-11 00:00:00', reopened_by = 'head',"
                      " reason = 'x'", "year_row_differs"),
    "the close taken out": ("DELETE FROM years", "year_row_differs"),
    "a case of the year": ("UPDATE applications SET kind = 'enterprise' WHERE number = '2025-0001'",
                           "closed_year_differs"),
    "a case behind a figure": ("UPDATE applications SET kind = 'enterprise' WHERE number = '2025-0001'",
                               "closed_case_differs"),
    "a dispute": ("UPDATE disputes SET result = 'upheld'", "dispute_differs"),
    "a dispute of the year": ("UPDATE disputes SET result = 'upheld'", "closed_year_differs"),
    "a dispute taken out": ("DELETE FROM disputes", "dispute_differs"),
    "an act of the office": ("UPDATE entries SET data = replace(data, 'corrected', 'upheld')"
                             " WHERE transition = 'close_dispute'", "entry_changed"),
    "an act's number": ("UPDATE entries SET entry = 9 WHERE transition = 'close_dispute'", "entry_gap"),
    "an act taken out": ("DELETE FROM entries WHERE transition = 'close_dispute'", "chain_gap"),
    "a document without tables": ("UPDATE years SET document = '{}'", "frozen_table_changed"),
    "a document that is none": ("UPDATE years SET document = 'x'", "frozen_table_changed"),
    "a dispute that nobody opened": ("UPDATE entries SET data = '{}' WHERE transition = 'close_dispute'",
                                     "history_unreadable"),
}  # fmt: skip


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("kind", TAMPERED)
def test_whatever_is_changed_in_a_closed_year_is_found(run: Run, sql: Run, dump: Run, kind: str) -> None:
    """`verify` holds frozen tables, their rows and the disputes against the chain, and recounts."""
    statement, code = TAMPERED[kind]
    sql(statement)
    before = dump()
    found = run("verify", "--json", today=LATER)

    assert found.status == 1, found.err
    assert code in {problem["kind"] for problem in found.json["problems"]}
    assert dump() == before


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("kind", TAMPERED)
def test_no_command_falls_over_a_changed_year(run: Run, sql: Run, kind: str) -> None:
    """Whatever was changed past the program, every command of the year answers or refuses."""
    sql(TAMPERED[kind][0])
    for words in (
        ["rollup", "2025"],
        ["rollup", "2025", "--recount"],
        ["rollup", "2025", "--known-on", "2026-01-11"],
        ["rollup", "2025", "--cell", "review:corrected"],
        ["year", "status", "2025"],
        ["year", "status", "2026"],
        ["dispute", "list"],
        ["dispute", "amend", "D2025-001", "--set", "note=x", "--reason", "x"],
        ["year", "reopen", "2025", "--reason", "x", "--by", "head"],
    ):
        result = run(*words, "--json", today=LATER)
        assert result.status in (0, 1), (words, result.err)


@pytest.mark.usefixtures("closed")
def test_an_untouched_chain_reads_as_before(run: Run, folder: Path) -> None:
    """Acts of the office stand in the chain without an application, and `verify` reads them in order."""
    with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
        acts = connection.execute(
            "SELECT transition, entry FROM entries WHERE application_id IS NULL ORDER BY sequence"
        ).fetchall()

    assert acts == [("open_dispute", 1), ("close_dispute", 2), ("close_year", 3)]
    assert run("verify", "--json", today=LATER).json["problems"] == []


@pytest.mark.usefixtures("year")
def test_the_roles_of_a_close_stand_in_the_workflow_file(folder: Path, refused: Run, done: Run) -> None:
    """Who may close a year is a setting of the rules."""
    from requestflow.definitions.shipped import shipped

    text = shipped("workflows").joinpath("disclosure.yaml").read_text("utf-8")
    (folder / "own.yaml").write_text(
        text.replace("close_by: [clerk, head]", "close_by: [head]"), "utf-8"
    )
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('file = "disclosure"', 'file = "own.yaml"'))

    assert refused("year", "close", "2025", "--by", "clerk", today=AFTER)["error"] == "close_needs_role"
    done("year", "close", "2025", "--by", "head", today=AFTER)


@pytest.mark.usefixtures("year")
def test_the_screens_of_the_year(done: Run) -> None:
    """Status, close and reopening on the screen say what the documents say."""
    assert "可以办结" in done("year", "status", "2025", today=AFTER).out
    assert "结转下年度 3 件" in done("year", "close", "2025", today=AFTER).out
    shown = done("year", "status", "2025", today=LATER).out
    assert "已办结年终" in shown
    assert "2026-01-10" in shown
    assert "冻结" in done("rollup", "2025", today=LATER).out
    assert "重开" in done("year", "reopen", "2025", "--reason", "x", "--by", "head", today=LATER).out
    assert "没有数字变动" in done("year", "close", "2025", today=LATER).out


@pytest.mark.usefixtures("year")
def test_a_mistyped_number_fills_neither_the_memory_nor_the_screen(done: Run) -> None:
    """A number that leaps far ahead is said at once, and its gap is one span in the year's notes."""
    said = done("register", "--kind", "enterprise", "--name", "甲", "--channel", "post", "--received",
                "2025-12-30", "--subject", "x", "--number", "2025-99999999", today="2025-12-30").err  # fmt: skip
    assert "99999993" in said
    assert "2025-0006" in said
    (note,) = done("year", "status", "2025", "--json", today=AFTER).json["notes"]
    assert "2025-0006–2025-99999998" in note["message"]


@pytest.mark.usefixtures("year")
def test_gaps_and_an_open_last_year_are_worth_a_word(done: Run) -> None:
    """Numbers left out of the series keep nobody from closing, and are said."""
    done("register", "--kind", "enterprise", "--name", "甲", "--channel", "post", "--received",
         "2025-12-30", "--subject", "x", "--number", "2025-0009", today="2025-12-30")  # fmt: skip
    notes = done("year", "status", "2025", "--json", today=AFTER).json["notes"]

    assert [note["error"] for note in notes] == ["numbers_left_out"]
    assert "2025-0006–2025-0008" in notes[0]["message"]
    notes = done("year", "status", "2026", "--json", today="2026-06-01").json["notes"]
    assert [note["error"] for note in notes] == ["last_year_open"]


@pytest.mark.usefixtures("closed")
def test_a_written_table_of_a_closed_year_is_checked(done: Run, tmp_path: Path) -> None:
    """The document of a closed year is one that `check` reads, and it foots."""
    path = tmp_path / "table.json"
    done("rollup", "2025", "-o", path, today=LATER)

    assert json.loads(path.read_text("utf-8"))["status"] == "closed"
    done("check", path)


@pytest.mark.usefixtures("closed")
def test_verify_survives_a_year_opened_again_whose_close_was_taken_out(
    done: Run, run: Run, sql: Run
) -> None:
    """The reopening alone stands in the chain: that is named, among the other gaps."""
    done("year", "reopen", "2025", "--reason", "漏登", "--by", "head", today=LATER)
    sql("DELETE FROM entries WHERE transition = 'close_year'")

    found = run("verify", "--json", today=LATER)

    assert found.status == 1, found.err
    assert {"chain_gap", "history_unreadable"} <= {one["kind"] for one in found.json["problems"]}
