"""Real processes on one office: started together, told what to do, killed at any moment."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from requestflow.cli.main import main

PATIENCE = 120  # seconds after which a process of a test counts as hung

# A clerk who registers and accepts one application after the other, and says what was confirmed.
WORKER = """
import contextlib, io, json, sys
from requestflow.cli.main import main

config, person, count = sys.argv[1], sys.argv[2], int(sys.argv[3])

def run(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["--config", config, "--today", "2026-11-24", *words, "--json"])
    said = json.loads(out.getvalue() or "{}"), err.getvalue()
    return status, *said

def say(**facts):
    sys.stdout.write(json.dumps(facts) + "\\n")
    sys.stdout.flush()

for turn in range(count):
    status, case, err = run("register", "--kind", "natural_person", "--name", person,
                            "--channel", "online", "--received", "2026-11-02",
                            "--subject", f"{person} {turn}")
    say(did="register", status=status, number=case.get("number"), err=err)
    if status == 0:
        status, _case, err = run("transition", case["number"], "accept", "--on", "2026-11-03")
        say(did="accept", status=status, number=case["number"], err=err)
"""


@pytest.fixture
def clerk(folder: Path) -> Callable[[str, int], subprocess.Popen[bytes]]:
    """Starts a clerk at work: a process that registers and accepts so many applications."""

    def call(person: str, count: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", WORKER, str(folder / "config.toml"), person, str(count)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
        )

    return call


@pytest.fixture
def killed() -> Callable[[subprocess.Popen[bytes], float], str]:
    """Lets a process run for so many seconds, kills it with -9, and gives what it had printed."""

    def call(process: subprocess.Popen[bytes], seconds: float) -> str:
        try:
            out, _err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, _err = process.communicate(timeout=PATIENCE)
        return out.decode("utf-8")

    return call


@pytest.fixture
def verified(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[], Any]:
    """What `verify` says of the office; it has to hold, and the database to be sound."""

    def call() -> Any:
        capsys.readouterr()
        words = ["--config", str(folder / "config.toml"), "--today", "2026-11-24", "verify", "--json"]
        status = main(words)
        captured = capsys.readouterr()
        assert status == 0, captured.out + captured.err
        with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return json.loads(captured.out)

    return call


@pytest.fixture
def rows(folder: Path) -> Callable[[str], list[Any]]:
    """Rows of the database, read past the program."""

    def call(statement: str) -> list[Any]:
        with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
            return connection.execute(statement).fetchall()

    return call
