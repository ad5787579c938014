"""Killed with -9 at any moment: what was confirmed is there, nothing is half there."""

import json
import random
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

Run = Callable[..., Any]
SEED = 20261124
ROWS = 3000
KINDS = ("自然人", "商业企业", "其他")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of several thousand rows, most of them answered."""
    path = tmp_path_factory.mktemp("register") / "register.csv"
    lines = ["收到日期,申请人,申请人类型,内容描述,办理结果,答复日期"]
    for place in range(ROWS):
        day = f"2026-{1 + place % 9:02}-{5 + place % 20:02}"
        result = "" if place % 7 == 0 else f"予以公开,2026-{2 + place % 9:02}-05"
        lines.append(f"{day},申请人{place},{KINDS[place % 3]},第{place}件的内容,{result or ','}")
    path.write_text("\n".join(lines), "utf-8")
    return path


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def until_it_writes(process: subprocess.Popen[bytes], folder: Path, size: int) -> None:
    """Waits until the database's log has grown by a size, or the process has ended."""
    log = folder / "requestflow.db-wal"
    before = size_of(log)
    while process.poll() is None and size_of(log) < before + size:
        try:
            process.wait(timeout=0.002)
        except subprocess.TimeoutExpired:
            continue


def test_an_import_is_whole_or_nothing(
    start: Run, ended: Run, killed: Run, verified: Run, rows: Run, register: Path
) -> None:
    """Imports killed at random moments leave all rows or none; the last one, let run, brings all in."""
    dice = random.Random(SEED)
    begun = perf_counter()
    assert ended(start("import", register, "--dry-run"))[0] == 0
    length = perf_counter() - begun
    came_in = 0
    for _turn in range(4):
        out = killed(start("import", register, "--json"), length * dice.uniform(0.3, 1.4))
        found = verified()
        assert found["applications"] % ROWS == 0
        assert rows("SELECT count(*) FROM applications") == [(found["applications"],)]
        assert found["applications"] >= came_in + (ROWS if out else 0)
        came_in = found["applications"]

    assert ended(start("import", register, "--json"))[0] == 0
    assert verified()["applications"] == came_in + ROWS


@pytest.mark.parametrize("size", [1, 100_000, 1_000_000])
def test_an_import_killed_while_it_writes_leaves_nothing_half(
    start: Run, killed: Run, verified: Run, rows: Run, folder: Path, register: Path, size: int
) -> None:
    """An import killed while its rows are being written leaves the office as it was, or complete."""
    process = start("import", register, "--json")
    until_it_writes(process, folder, size)
    out = killed(process, 0)

    found = verified()
    assert found["applications"] in ((ROWS,) if out else (0, ROWS))
    assert rows("SELECT count(*) FROM applicants") == [(found["applications"],)]
    assert rows("SELECT count(*) FROM series") == [(1 if found["applications"] else 0,)]


@pytest.mark.parametrize("turn", range(4))
def test_what_was_confirmed_to_a_clerk_is_there(
    clerk: Run, killed: Run, verified: Run, rows: Run, folder: Path, turn: int
) -> None:
    """Clerks killed at random moments: each confirmed number and step is there, and one more at most."""
    dice = random.Random(SEED + turn)
    process = clerk("clerk", 10_000)
    until_it_writes(process, folder, 1)
    out = killed(process, dice.uniform(0, 1))

    said = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
    assert all(one["status"] == 0 for one in said)
    registered = [one["number"] for one in said if one["did"] == "register"]
    accepted = [one["number"] for one in said if one["did"] == "accept"]
    stored = dict(rows("SELECT number, state FROM applications ORDER BY number"))
    assert list(stored)[: len(registered)] == registered
    assert len(stored) - len(registered) in (0, 1)
    assert {stored[number] for number in accepted} <= {"under_review"}
    assert sum(state == "under_review" for state in stored.values()) - len(accepted) in (0, 1)
    verdict = verified()
    assert verdict["applications"] == len(stored)
    assert verdict["entries"] == len(stored) + sum(state == "under_review" for state in stored.values())


def test_after_a_kill_the_next_clerk_goes_on(
    clerk: Run, killed: Run, start: Run, ended: Run, verified: Run, folder: Path, rows: Run
) -> None:
    """A killed process leaves no lock behind: the next one registers at once, with the next number."""
    process = clerk("clerk", 10_000)
    until_it_writes(process, folder, 50_000)
    killed(process, 0)
    [(before,)] = rows("SELECT count(*) FROM applications")
    assert before

    status, out, err = ended(
        start("register", "--kind", "enterprise", "--name", "示例公司", "--channel", "post",
              "--received", "2026-11-02", "--subject", "预算", "--json")
    )  # fmt: skip

    assert (status, err) == (0, "")
    assert json.loads(out)["number"] == f"2026-{before + 1:04}"
    assert verified()["applications"] == before + 1


def test_many_killed_at_once_leave_a_whole_office(
    clerk: Run, killed: Run, verified: Run, rows: Run, folder: Path
) -> None:
    """Four clerks killed together: every number that any of them was told is there once."""
    running = [clerk(f"clerk-{place}", 10_000) for place in range(4)]
    until_it_writes(running[0], folder, 100_000)
    outs = [killed(process, 1 if place == 0 else 0) for place, process in enumerate(running)]

    assert any(outs)
    numbers = [
        one["number"]
        for out in outs
        for line in out.splitlines()
        if line.endswith("}") and (one := json.loads(line))["did"] == "register" and one["status"] == 0
    ]
    stored = [number for (number,) in rows("SELECT number FROM applications ORDER BY number")]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) <= set(stored)
    assert len(stored) - len(numbers) <= len(running)
    assert stored == [f"2026-{serial:04}" for serial in range(1, len(stored) + 1)]
    assert verified()["applications"] == len(stored)


def test_an_import_that_is_broken_off_by_hand_is_whole_or_nothing(
    start: Run, ended: Run, verified: Run, folder: Path, register: Path
) -> None:
    """Ctrl-C during an import ends it with 130 and without a row, or it was done already."""
    process = start("import", register, "--json")
    until_it_writes(process, folder, 1)
    process.send_signal(signal.SIGINT)
    status, out, err = ended(process)

    assert status in (0, 130)
    assert "Traceback" not in err
    assert verified()["applications"] == (ROWS if out else 0)


def test_an_office_whose_founding_was_killed_can_be_founded_again(
    start: Run, ended: Run, killed: Run, tmp_path: Path
) -> None:
    """`init` killed at random moments leaves an office that works, or a folder for another `init`."""
    dice = random.Random(SEED)
    begun = perf_counter()
    assert ended(start("init", tmp_path / "whole", "--office", "新单位"))[0] == 0
    length = perf_counter() - begun
    for turn in range(8):
        place = tmp_path / str(turn)
        killed(start("init", place, "--office", "新单位"), length * dice.uniform(0.6, 1))
        if not (place / "config.toml").exists():
            status, _out, err = ended(start("init", place, "--office", "新单位"))
            assert status == 0, err
        assert ended(start("--config", place / "config.toml", "verify"))[0] == 0
