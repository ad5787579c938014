"""Output into pipes and files: a reader who leaves is no fault, and no bar is drawn."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
ROWS = 1500

pytestmark = pytest.mark.slow


@pytest.fixture
def filled(start: Run, ended: Run, tmp_path: Path) -> tuple[int, str, str]:
    """An office with more applications than a pipe holds, and what the import said."""
    path = tmp_path / "register.csv"
    path.write_text(
        "收到日期,申请人类型,内容描述\n" + "2026-01-05,自然人,预算执行情况\n" * ROWS, "utf-8"
    )
    result: tuple[int, str, str] = ended(start("import", path, "--json"))
    return result


@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["due"]], ids=" ".join)
def test_a_reader_who_leaves_early_is_no_fault(
    start: Run, filled: tuple[int, str, str], words: list[str]
) -> None:
    """Where the other end of a pipe is closed after a line, the program ends quietly."""
    assert filled[0] == 0
    process: subprocess.Popen[bytes] = start(*words)
    assert process.stdout is not None
    assert process.stderr is not None

    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read().decode("utf-8")
    process.stderr.close()

    assert process.wait(timeout=60) == 0
    assert said == ""


def test_no_bar_is_drawn_into_a_pipe(filled: tuple[int, str, str], start: Run, ended: Run) -> None:
    """Long work shows its progress on a terminal and nothing of it in a pipe."""
    status, out, err = ended(start("verify", "--json"))

    assert (status, err) == (0, "")
    assert json.loads(out)["applications"] == ROWS
    assert filled[0] == 0
    assert filled[2] == ""
    assert "\x1b" not in out + filled[1]


def test_screens_in_a_pipe_hold_no_colours(filled: tuple[int, str, str], start: Run, ended: Run) -> None:
    """Signs that colour a terminal do not stand in a pipe, overdue lines or not."""
    status, out, _err = ended(start("due"))

    assert (status, filled[0]) == (0, 0)
    assert "\x1b" not in out
    assert out.count("2026-0") >= ROWS
