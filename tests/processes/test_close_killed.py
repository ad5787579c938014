"""A close of a year killed at any moment: all of it is there, or nothing."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

Run = Callable[..., Any]
SEED = 20261231
OPEN = 120

pytestmark = pytest.mark.slow


@pytest.fixture
def year(start: Run, ended: Run, tmp_path: Path) -> None:
    """2025 with many cases that are open on its last day."""
    lines = ["收到日期,申请人,申请人类型,内容描述,办理结果,答复日期"]
    lines += [f"2025-11-{3 + place % 20:02},申请人{place},自然人,第{place}件,," for place in range(OPEN)]
    lines.append("2025-03-03,申请人甲,商业企业,预算,予以公开,2025-03-20")
    path = tmp_path / "register.csv"
    path.write_text("\n".join(lines), "utf-8")
    status, _out, err = ended(start("import", path))
    assert status == 0, err


def state(rows: Run) -> tuple[int, int, int]:
    """How many closes are written, as rows and as entries, and how many cases carried over."""
    [(years,)] = rows("SELECT count(*) FROM years")
    [(acts,)] = rows("SELECT count(*) FROM entries WHERE transition = 'close_year'")
    [(carried,)] = rows("SELECT count(*) FROM entries WHERE transition = 'carry_over'")
    return years, acts, carried


def at_first_write(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Waits until something of the close has come to the database's log."""
    log = folder / "requestflow.db-wal"
    before = log.stat().st_size if log.exists() else 0
    while process.poll() is None and (not log.exists() or log.stat().st_size <= before):
        try:
            process.wait(timeout=0.001)
        except subprocess.TimeoutExpired:
            continue


@pytest.mark.usefixtures("year")
def test_a_close_is_whole_or_nothing(
    start: Run, ended: Run, killed: Run, verified: Run, rows: Run, folder: Path
) -> None:
    """Killed with -9 at random moments and at its first write; the last close, let run, is whole."""
    dice = random.Random(SEED)
    begun = perf_counter()
    assert ended(start("year", "status", "2025"))[0] == 0
    length = perf_counter() - begun
    for turn in range(5):
        process = start("year", "close", "2025")
        if turn == 0:
            at_first_write(process, folder)
        killed(process, 0 if turn == 0 else length * dice.uniform(0.5, 1.6))
        verified()
        assert state(rows) in {(0, 0, 0), (1, 1, OPEN)}
    ended(start("year", "close", "2025"))
    assert state(rows) == (1, 1, OPEN)
    verified()


@pytest.mark.usefixtures("year")
def test_two_closes_at_once_make_one(start: Run, ended: Run, verified: Run, rows: Run) -> None:
    """Of two clerks who close the same year together one does, and the other is told so."""
    running = [start("year", "close", "2025") for _turn in range(2)]
    results = [ended(process) for process in running]

    assert sorted(status for status, _out, _err in results) == [0, 1]
    assert any("已由" in err for _status, _out, err in results)
    assert state(rows) == (1, 1, OPEN)
    verified()
