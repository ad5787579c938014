"""`assign`: the undertaking unit has a case in hand, signs for it, gives it back; the clock takes no notice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
UNITS = """
[units.law]
name = "法规科"

[units.planning]
name = "规划科"
"""


@pytest.fixture
def units(folder: Path) -> None:
    """The office has two units."""
    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8") + UNITS, "utf-8")


@pytest.fixture
def case(registered: Run, moved: Run) -> str:
    """An accepted application, due 2026-11-30."""
    number = registered()
    moved(number, "accept@2026-11-03")
    return str(number)


def in_hand(shown: Any) -> tuple[Any, Any, Any]:
    return shown["unit"], shown["unit_due"], shown["unit_signed"]


@pytest.mark.usefixtures("units")
def test_timeliness_names_units_as_the_list_does(done: Run, case: str) -> None:
    """People read the unit's name, programs its key."""
    done("assign", case, "--unit", "planning")

    assert "规划科" in done("timeliness", 2026, "--by", "unit").out
    groups = done("timeliness", 2026, "--by", "unit", "--json").json["groups"]
    assert [group["group"] for group in groups] == ["planning"]


@pytest.mark.usefixtures("units")
def test_a_unit_has_a_case_signs_for_it_and_gives_it_back(done: Run, case: str) -> None:
    """Handed over with a day, signed for, given back with a reason: each an entry, none moves the clock."""
    before = done("show", case, "--json").json
    given = done("assign", case, "--unit", "法规科", "--due", "2026-11-26", "--json").json
    assert in_hand(given) == ("law", "2026-11-26", None)
    signed = done("assign", case, "--accept", "--json", today="2026-11-25").json
    assert in_hand(signed) == ("law", "2026-11-26", "2026-11-25")
    back = done("assign", case, "--return", "--reason", "不属本科职责", "--json").json

    assert in_hand(back) == (None, None, None)
    made = [(one["transition"], one["data"]) for one in back["history"][2:]]
    assert made == [
        ("assign", {"unit": "law", "due": "2026-11-26"}),
        ("sign_for", {"unit": "law"}),
        ("hand_back", {"unit": "law", "reason": "不属本科职责"}),
    ]
    for name in ("state", "due", "status", "remaining", "next", "obligations"):
        assert back[name] == before[name]
    assert done("verify", "--json").json["holds"]


@pytest.mark.usefixtures("units")
def test_another_unit_takes_over_and_has_not_signed(done: Run, case: str) -> None:
    """A case that is handed on belongs to the new unit, which signs for itself."""
    done("assign", case, "--unit", "law", "--due", "2026-11-26")
    done("assign", case, "--accept")

    assert in_hand(done("assign", case, "--unit", "planning", "--json").json) == ("planning", None, None)


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["--unit", "财务科"], "unknown_unit", 1),
        (["--accept"], "not_assigned", 1),
        (["--return", "--reason", "不属本科"], "not_assigned", 1),
        (["--return"], "reason_missing", 2),
        (["--unit", "law", "--due", "2099-01-01"], "no_calendar", 1),
        ([], "one_of_assign", 2),
        (["--unit", "law", "--accept"], "one_of_assign", 2),
        (["--accept", "--due", "2026-11-26"], "one_of_assign", 2),
        (["--unit", "law", "--by", "nobody"], "unknown_person", 2),
    ],
)
def test_what_makes_no_sense_is_refused(
    refused: Run, case: str, words: list[str], code: str, status: int
) -> None:
    """An unknown unit, signing for or giving back what nobody has: refused, and nothing changes."""
    assert refused("assign", case, *words, status=status)["error"] == code


@pytest.mark.usefixtures("units")
def test_an_unknown_unit_is_told_the_known_ones(refused: Run, case: str) -> None:
    """The refusal names the units of the settings."""
    assert "law" in refused("assign", case, "--unit", "财务科")["message"]


def test_without_declared_units_any_name_will_do(done: Run, refused: Run, case: str) -> None:
    """An office that declares no units writes their names as it likes; a name of nothing is none."""
    assert done("assign", case, "--unit", "办公室", "--json").json["unit"] == "办公室"
    assert refused("assign", case, "--unit", "  ")["error"] == "unknown_unit"


@pytest.mark.usefixtures("units")
def test_the_same_twice_is_refused(done: Run, refused: Run, case: str) -> None:
    """Handing over to the unit that has it, or signing twice, is a slip; another day is not."""
    done("assign", case, "--unit", "law", "--due", "2026-11-26")
    assert (
        refused("assign", case, "--unit", "法规科", "--due", "2026-11-26")["error"] == "already_assigned"
    )
    done("assign", case, "--accept")
    assert refused("assign", case, "--accept")["error"] == "already_signed"
    done("assign", case, "--unit", "law", "--due", "2026-11-27")


@pytest.mark.parametrize("end", ["void", "close"])
def test_what_is_over_is_assigned_no_more(done: Run, refused: Run, case: str, end: str) -> None:
    """A void registration and a closed case need no unit."""
    if end == "void":
        done("void", case, "--reason", "重复登记")
    else:
        done("transition", case, "withdraw")

    code = "application_void" if end == "void" else "assign_closed"
    assert refused("assign", case, "--unit", "法规科")["error"] == code


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-11-23", "已经过去"),
        ("2026-11-28", "不是工作日"),
        ("2026-12-01", "晚于答复期限"),
        ("2026-11-26", ""),
    ],
)
def test_an_odd_day_for_the_unit_is_recorded_with_a_word(
    done: Run, case: str, due: str, said: str
) -> None:
    """A day that has passed, is off, or lies after the answer's day is the office's own matter, and said."""
    found = done("assign", case, "--unit", "法规科", "--due", due)

    assert (said in found.err) if said else (found.err == "")
    assert done("show", case, "--json").json["unit_due"] == due


@pytest.mark.usefixtures("units")
def test_lists_are_narrowed_to_a_unit(done: Run, run: Run, registered: Run, case: str) -> None:
    """`list` and `due` show what one unit has, by key or by name; an unknown unit is refused."""
    registered(subject="其他内容")
    done("assign", case, "--unit", "law", "--due", "2026-11-26")

    for unit in ("law", "法规科"):
        assert [one["number"] for one in done("list", "--unit", unit, "--json").json] == [case]
        assert [one["number"] for one in done("due", "--unit", unit, "--json").json] == [case]
    assert done("list", "--unit", "planning", "--json").json == []
    assert run("list", "--unit", "财务科").status == 1
    assert run("due", "--unit", "财务科").status == 1
    assert "法规科" in done("list").out
    assert "法规科" in done("due").out
    assert "法规科" in done("show", case).out


def test_what_a_unit_owes_stands_among_the_duties(done: Run, moved: Run, case: str) -> None:
    """The unit's own day is a duty of the unit, until the answer is decided."""
    done("assign", case, "--unit", "法规科", "--due", "2026-11-26")
    (found,) = done("due", "--json").json
    (work,) = [one for one in found["obligations"] if one["kind"] == "unit_work"]
    assert (work["owed_by"], work["due"], work["grade"]) == ("unit", "2026-11-26", "reading")
    moved(case, "decide --outcome disclosed.provided")

    (found,) = done("due", "--json").json
    assert "unit_work" not in [one["kind"] for one in found["obligations"]]


def test_a_changed_unit_of_a_row_is_noticed(done: Run, run: Run, sql: Run, case: str) -> None:
    """The row's unit is a copy; `verify` holds it against the history."""
    done("assign", case, "--unit", "法规科")
    sql("UPDATE applications SET unit = '别科'")

    found = run("verify", "--json")

    assert found.status == 1
    assert [one["kind"] for one in found.json["problems"]] == ["row_differs"]


@pytest.mark.usefixtures("units")
def test_a_late_answer_names_the_unit_that_had_it(done: Run, registered: Run, moved: Run) -> None:
    """Where the reason of the delay is given and no unit named, it is the one that has the case."""
    number = registered(received="2026-10-09")  # due 2026-11-05
    moved(number, "accept@2026-10-10")
    done("assign", number, "--unit", "law")
    done(
        "transition",
        number,
        "decide",
        "--outcome",
        "disclosed.provided",
        "--set",
        "late_reason=材料调取迟缓",
    )

    made = done("show", number, "--json").json["history"][-1]
    assert made["data"]["late_unit"] == "法规科"


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("later", [False, True])
def test_the_unit_of_a_delay_is_one_of_the_settings(
    done: Run, refused: Run, registered: Run, moved: Run, later: bool
) -> None:
    """Whose delay it was: a declared unit, kept by its name, at once or by a correction; no other."""
    number = registered(received="2026-10-09")  # due 2026-11-05
    moved(number, "accept@2026-10-10")
    decide = [
        "transition",
        number,
        "decide",
        "--outcome",
        "disclosed.provided",
        "--set",
        "late_reason=忙",
    ]
    amend = ["amend", number, "--entry", "3", "--reason", "补记"]
    if later:
        done(*decide)
    words = amend if later else decide

    said = refused(*words, "--set", "late_unit=不存在科")
    assert said["error"] == "unknown_unit"
    assert "law" in said["message"]
    done(*words, "--set", "late_unit=law")

    data = done("show", number, "--json").json["history"][-1]["data"]
    assert (data["set"] if later else data)["late_unit"] == "法规科"
    assert done("verify", "--json").json["holds"]


def test_a_unit_that_was_named_before_it_was_declared_is_found(
    done: Run, refused: Run, registered: Run, folder: Path, case: str
) -> None:
    """A case assigned by name belongs to the unit that has that name, once it has a key."""
    done("assign", case, "--unit", "规划科", "--due", "2026-11-26")
    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8") + UNITS, "utf-8")
    other = registered(subject="其他内容")
    done("assign", other, "--unit", "planning")

    for unit in ("planning", "规划科"):
        for command in ("list", "due"):
            found = done(command, "--unit", unit, "--json").json
            assert {one["number"]: one["unit"] for one in found} == {case: "planning", other: "planning"}
    assert done("show", case, "--json").json["unit"] == "planning"
    groups = done("timeliness", 2026, "--by", "unit", "--json").json["groups"]
    assert [(group["group"], group["cases"]) for group in groups] == [("planning", 2)]
    assert refused("list", "--unit", "财务科")["error"] == "unknown_unit"
    assert done("verify", "--json").json["holds"]


@pytest.mark.parametrize("command", ["list", "due"])
def test_a_unit_that_nobody_ever_named_is_no_empty_list(
    done: Run, refused: Run, case: str, command: str
) -> None:
    """Where no unit is declared, those that have a case are the known ones."""
    done("assign", case, "--unit", "法规科")

    said = refused(command, "--unit", "法规料")

    assert said["error"] == "unit_never_named"
    assert "法规科" in said["message"]
    assert len(done(command, "--unit", "法规科", "--json").json) == 1
