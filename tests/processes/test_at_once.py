"""Several clerks at one database: every number once, nobody's work lost, the second one told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
CLERKS = 12
TURNS = 6
REGISTER = [
    "register", "--kind", "natural_person", "--name", "欧阳明月", "--channel", "online",
    "--received", "2026-11-02", "--json",
]  # fmt: skip

pytestmark = pytest.mark.slow


def test_twelve_processes_register_without_gap_or_double(
    start: Run, ended: Run, verified: Run, rows: Run
) -> None:
    """Twelve processes that register at once get twelve numbers in a row, and nobody sees an error."""
    running = [start(*REGISTER, "--subject", f"第{place}件") for place in range(CLERKS)]
    results = [ended(process) for process in running]

    assert [status for status, _out, _err in results] == [0] * CLERKS
    assert [err for _status, _out, err in results] == [""] * CLERKS
    numbers = {json.loads(out)["number"] for _status, out, _err in results}
    assert numbers == {f"2026-{serial:04}" for serial in range(1, CLERKS + 1)}
    subjects = {subject for (subject,) in rows("SELECT subject FROM applications")}
    assert len(subjects) == CLERKS
    assert verified()["applications"] == CLERKS


def test_twelve_clerks_at_work_lose_nothing(clerk: Run, ended: Run, verified: Run, rows: Run) -> None:
    """Twelve processes that register and accept again and again lose no entry and skip no number."""
    running = [clerk(f"clerk-{place}", TURNS) for place in range(CLERKS)]
    results = [ended(process) for process in running]

    said = [json.loads(line) for _status, out, _err in results for line in out.splitlines()]
    assert [one for one in said if one["status"] != 0 or one["err"]] == []
    assert len(said) == 2 * CLERKS * TURNS
    numbers = sorted(number for (number,) in rows("SELECT number FROM applications"))
    assert numbers == [f"2026-{serial:04}" for serial in range(1, CLERKS * TURNS + 1)]
    assert rows("SELECT state, count(*) FROM applications GROUP BY state") == [
        ("under_review", CLERKS * TURNS)
    ]
    sequence = [place for (place,) in rows("SELECT sequence FROM entries ORDER BY sequence")]
    assert sequence == list(range(1, 2 * CLERKS * TURNS + 1))
    verdict = verified()
    assert (verdict["applications"], verdict["entries"]) == (CLERKS * TURNS, 2 * CLERKS * TURNS)


def test_each_confirmed_step_is_the_clerks_own(clerk: Run, ended: Run, rows: Run, verified: Run) -> None:
    """A number that was confirmed to a clerk carries what that clerk entered, and no one else's."""
    running = {f"clerk-{place}": clerk(f"clerk-{place}", 3) for place in range(4)}
    results = {name: ended(process) for name, process in running.items()}

    stored = dict(rows("SELECT number, subject FROM applications"))
    for name, (_status, out, _err) in results.items():
        numbers = [
            one["number"] for line in out.splitlines() if (one := json.loads(line))["did"] == "register"
        ]
        assert [stored[number] for number in numbers] == [f"{name} {turn}" for turn in range(3)]
    assert verified()["applications"] == 12


@pytest.mark.parametrize("seen", [[], ["--seen", "1"]], ids=["blind", "seen"])
@pytest.mark.parametrize("turn", range(2))
def test_of_two_who_make_the_same_step_one_is_told(
    start: Run, ended: Run, verified: Run, rows: Run, seen: list[str], turn: int
) -> None:
    """Two processes that make the same step on one application: one succeeds, the other is told why."""
    assert ended(start(*REGISTER, "--subject", f"第{turn}件"))[0] == 0
    running = [start("transition", "2026-0001", "accept", *seen, "--json") for _ in range(2)]
    results = sorted((ended(process) for process in running), key=lambda result: int(result[0]))

    assert [status for status, _out, _err in results] == [0, 1]
    assert json.loads(results[0][1])["state"] == "under_review"
    refusal = json.loads(results[1][2].strip().splitlines()[-1])
    assert refusal["error"] == ("moved_on" if seen else "not_open_here")
    assert results[1][1] == ""
    assert rows("SELECT transition FROM entries ORDER BY sequence") == [("register",), ("accept",)]
    assert verified()["entries"] == 2


def test_a_reader_sees_only_what_is_whole(clerk: Run, start: Run, ended: Run, verified: Run) -> None:
    """While clerks write, who verifies or rolls up sees a state that holds."""
    writing = [clerk(f"clerk-{place}", 8) for place in range(3)]
    reading = [start("verify", "--json") for _ in range(2)] + [start("rollup", "2026", "--json")]
    results = [ended(process) for process in (*reading, *writing)]

    assert [status for status, _out, _err in results] == [0] * 6
    assert all(json.loads(out)["holds"] for _status, out, _err in results[:2])
    assert all(identity["holds"] for identity in json.loads(results[2][1])["identities"])
    assert verified()["applications"] == 24


def test_two_imports_at_once_share_no_number(
    start: Run, ended: Run, verified: Run, rows: Run, tmp_path: Path
) -> None:
    """Two registers imported at once come in whole, one after the other, their numbers in one series."""
    path = tmp_path / "register.csv"
    path.write_text("收到日期,申请人类型\n" + "2026-01-05,自然人\n" * 300, "utf-8")
    running = [start("import", path, "--json") for _ in range(2)]

    assert [ended(process)[0] for process in running] == [0, 0]
    numbers = sorted(number for (number,) in rows("SELECT number FROM applications"))
    assert numbers == [f"2026-{serial:04}" for serial in range(1, 601)]
    assert verified()["applications"] == 600


@pytest.mark.parametrize("turn", range(2))
def test_of_two_who_found_an_office_in_one_folder_one_does(
    start: Run, ended: Run, tmp_path: Path, turn: int
) -> None:
    """Two `init` in one folder at once make one office, which works; the other is refused."""
    place = tmp_path / f"new-{turn}"
    names = ("甲局", "乙局")
    running = [start("init", place, "--office", name, "--json") for name in names]
    results = [ended(process) for process in running]

    assert sorted(status for status, _out, _err in results) == [0, 1], results
    founder = names[[status for status, _out, _err in results].index(0)]
    status, out, err = ended(start("--config", place / "config.toml", "rollup", "2026", "--json"))
    assert (status, err) == (0, "")
    assert json.loads(out)["office"] == founder
