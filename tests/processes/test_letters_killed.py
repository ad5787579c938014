"""Clerks who are killed while they issue letters or attach files: no number twice, none left out."""

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from requestflow.cli.main import main

Run = Callable[..., Any]
SEED = 20261124
APPLICATIONS = 4

pytestmark = pytest.mark.slow


@pytest.fixture
def cases(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """An office that may write letters, with a few applications."""
    path = folder / "config.toml"
    text = path.read_text("utf-8").replace("[organ]", '[organ]\ncode = "示发改公开"\n#', 1)
    path.write_text(text, "utf-8")
    numbers = []
    for place in range(APPLICATIONS):
        main(["--config", str(path), "--today", "2026-11-24", "register", "--kind", "natural_person",
              "--name", "申请人甲", "--channel", "online", "--received", "2026-11-02", "--subject",
              f"第{place}件", "--json"])  # fmt: skip
        numbers.append(json.loads(capsys.readouterr().out)["number"])
    return numbers


def test_a_killed_clerk_leaves_a_whole_letter_or_none(
    start: Run, ended: Run, killed: Run, verified: Run, rows: Run, cases: list[str]
) -> None:
    """Killed with -9 at random moments: a letter is there with number, words and bytes, or not at all."""
    dice = random.Random(SEED)
    for turn in range(6):
        number = cases[turn % APPLICATIONS]
        killed(start("notice", number, "--json"), dice.uniform(0.3, 1.5))
        assert verified()["holds"] is True
        assert rows("SELECT count(*) FROM letters") == rows("SELECT count(*) FROM letter_texts")
    status, _out, err = ended(start("notice", cases[0], "--json"))

    assert status == 0, err
    serials = [serial for (serial,) in rows("SELECT serial FROM letters ORDER BY serial")]
    assert serials == list(range(1, len(serials) + 1))


def test_an_attach_that_is_killed_harms_nothing(
    start: Run, ended: Run, killed: Run, verified: Run, cases: list[str], tmp_path: Path
) -> None:
    """Killed with -9 at random moments, an attach leaves an entry with its file, or can be done again."""
    dice = random.Random(SEED)
    for turn in range(4):
        path = tmp_path / f"{turn}.bin"
        path.write_bytes(f"{turn}".encode() * 300_000)
        process: subprocess.Popen[bytes] = start("attach", cases[0], path, "--json")
        killed(process, dice.uniform(0.2, 0.8))
        assert verified()["holds"] is True
        status, _out, err = ended(start("attach", cases[0], path, "--json"))
        assert status == 0 or json.loads(err.splitlines()[-1])["error"] == "already_attached"
    assert verified()["holds"] is True
