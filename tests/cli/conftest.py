"""A clerk's hands: registering, moving, refusing, and looking whether anything has changed."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import pytest


class Result(Protocol):
    """What a command line printed, and its exit status."""

    status: int
    out: str
    err: str
    json: Any
    error: Any


Run = Callable[..., Result]
APPLICANT = "欧阳明月"
RECEIVED = "2026-11-02"  # due 2026-11-30: open, and not overdue, on the tests' day
DEFAULTS = {
    "kind": "natural_person",
    "name": APPLICANT,
    "channel": "online",
    "received": RECEIVED,
    "subject": "土地征收补偿安置方案",
}


def as_options(facts: dict[str, str]) -> list[str]:
    """Facts as options of a command line."""
    return [word for key, value in facts.items() for word in (f"--{key.replace('_', '-')}", value)]


@pytest.fixture
def dump(folder: Path) -> Callable[[], list[str]]:
    """Everything that the database says, as statements: equal dumps, equal contents."""

    def read() -> list[str]:
        with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
            return list(connection.iterdump())

    return read


@pytest.fixture(scope="session")
def _kept() -> dict[str, tuple[bytes, Any]]:
    return {}


@pytest.fixture
def once(folder: Path, _kept: dict[str, tuple[bytes, Any]]) -> Callable[..., Any]:
    """Fills the office as `make` does, by hand the first time and as a copy ever after."""
    database = folder / "requestflow.db"

    def call(name: str, make: Callable[[], Any]) -> Any:
        if name in _kept:
            for path in folder.glob("requestflow.db-*"):
                path.unlink()
            database.write_bytes(_kept[name][0])
            return _kept[name][1]
        made = make()
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _kept[name] = (database.read_bytes(), made)
        return made

    return call


@pytest.fixture
def sql(folder: Path) -> Callable[..., None]:
    """Writes past the program: what a curious person with a database browser might do."""

    def write(statement: str, *values: object) -> None:
        with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
            connection.execute(statement, values)
            connection.commit()

    return write


@pytest.fixture
def done(run: Run) -> Run:
    """Runs a command line that has to succeed."""

    def call(*args: object, **kwargs: Any) -> Result:
        result = run(*args, **kwargs)
        assert result.status == 0, result.err
        return result

    return call


@pytest.fixture
def refused(run: Run, dump: Callable[[], list[str]]) -> Callable[..., Any]:
    """Runs a command line that has to be refused: reason on stderr, nothing printed, nothing changed."""

    def call(*args: object, status: int = 1, **kwargs: Any) -> Any:
        before = dump()
        result = run(*args, *([] if "--json" in args else ["--json"]), **kwargs)
        assert result.status == status, result
        assert result.out == ""
        assert "Traceback" not in result.err
        assert dump() == before
        assert set(result.error) - {"findings"} == {"error", "message", "hint"}
        assert result.error["message"]
        return result.error

    return call


@pytest.fixture
def registered(done: Run) -> Callable[..., str]:
    """Registers an application, with the usual facts unless told otherwise, and gives its number."""

    def call(*, today: str = "2026-11-24", **facts: str) -> str:
        options = as_options({**DEFAULTS, **facts})
        return str(done("register", *options, "--json", today=today).json["number"])

    return call


@pytest.fixture
def moved(done: Run) -> Callable[..., Any]:
    """Makes steps of one application, each written `name@day option value …`; gives the last case."""

    def call(number: str, *steps: str, today: str = "2026-11-24") -> Any:
        case = None
        for step in steps:
            head, *options = step.split()
            name, _, day = head.partition("@")
            on = ["--on", day] if day else []
            case = done("transition", number, name, *on, *options, "--json", today=today).json
        return case

    return call


@pytest.fixture
def process(folder: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the program as a process of its own, in the office's folder, its arguments as bytes."""

    def call(
        *args: str | bytes, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        words: list[str | bytes] = [sys.executable, "-m", "requestflow", *args]
        kept = {k: v for k, v in os.environ.items() if k != "REQUESTFLOW_CONFIG"}
        return subprocess.run(
            words,
            cwd=cwd or folder,
            env={**kept, **(env or {})},
            capture_output=True,
            check=False,
            timeout=60,
        )

    return call


@pytest.fixture
def register_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a register of lines to a file."""

    def write(*lines: str, name: str = "register.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join([*lines, ""]).encode(encoding))
        return path

    return write
