"""Several clerks who issue letters at once, or are killed meanwhile: no number twice, none left out."""

import json
import random
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
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


def test_four_processes_issue_without_gap_or_double(
    start: Run, ended: Run, verified: Run, rows: Run, cases: list[str]
) -> None:
    """Four letters issued at once get four numbers in a row, and nobody sees an error."""
    running = [start("notice", number, "receipt", "--json") for number in cases]
    results = [ended(process) for process in running]

    assert [(status, err) for status, _out, err in results] == [(0, "")] * APPLICATIONS
    numbers = {json.loads(out)["number"] for _status, out, _err in results}
    assert numbers == {f"示发改公开告〔2026〕{serial}号" for serial in range(1, APPLICATIONS + 1)}
    assert rows("SELECT last FROM series WHERE name = 'letters:notice'") == [(APPLICATIONS,)]
    assert verified()["holds"] is True


def test_of_four_who_issue_one_letter_all_get_the_same(
    start: Run, ended: Run, verified: Run, rows: Run, cases: list[str], tmp_path: Path
) -> None:
    """The same letter asked for by four at once is issued once; each is given the same bytes."""
    files = [tmp_path / f"{place}.docx" for place in range(4)]
    running = [start("notice", cases[0], "-o", file, "--json") for file in files]
    results = [ended(process) for process in running]

    assert [status for status, _out, _err in results] == [0] * 4, results
    assert sum(json.loads(out)["new"] for _status, out, _err in results) == 1
    assert len({file.read_bytes() for file in files}) == 1
    assert rows("SELECT serial FROM letters") == [(1,)]
    assert verified()["holds"] is True


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


def test_files_attached_at_once_are_all_there(
    start: Run, ended: Run, verified: Run, folder: Path, cases: list[str], tmp_path: Path
) -> None:
    """The same file laid into four cases at once lies there once, and each case has it."""
    (tmp_path / "scan.pdf").write_bytes(b"scan" * 10_000)
    running = [start("attach", number, tmp_path / "scan.pdf", "--json") for number in cases]

    assert [ended(process)[0] for process in running] == [0] * APPLICATIONS
    assert len([path for path in (folder / "attachments").rglob("*") if path.is_file()]) == 1
    with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM entries WHERE transition = 'attach'")
    assert count == APPLICATIONS
    assert verified()["holds"] is True


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
