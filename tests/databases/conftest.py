"""An office whose database is a file, and the same office on a PostgreSQL server: each test runs on both."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from requestflow.cli.main import main

OFFICE = "示例县发展和改革局"
PARTICULARS = """[organ]
code = "示发改公开"
review_organ = "示例县人民政府"
court = "示例县人民法院"
payment = "到示例银行缴纳"
"""
_TABLES = ("offices", "series", "applications", "entries", "letters", "disputes", "years", "obligations")


@pytest.fixture(params=["sqlite", "postgresql"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The folder of a fresh office that may write letters; nothing is printed into it unasked."""
    place = tmp_path / "office"
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("_template"), place)
    else:
        url = request.getfixturevalue("url")
        status = main(["init", str(place), "--office", OFFICE, "--database", url])
        assert status == 0, capsys.readouterr().err
    path = place / "config.toml"
    path.write_text(path.read_text("utf-8").replace("[organ]", f"{PARTICULARS}#", 1), "utf-8")
    return place


@pytest.fixture
def done(run: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a command line that has to succeed."""

    def call(*args: object, **kwargs: Any) -> Any:
        result = run(*args, **kwargs)
        assert result.status == 0, result.err
        return result

    return call


@pytest.fixture
def rows(folder: Path, request: pytest.FixtureRequest) -> Callable[[str], list[Any]]:
    """Rows of the database, read past the program."""
    database = folder / "requestflow.db"

    def call(statement: str) -> list[Any]:
        if database.exists():
            with closing(sqlite3.connect(database)) as connection:
                return connection.execute(statement).fetchall()
        import psycopg

        address = request.getfixturevalue("url").replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            return connection.execute(statement).fetchall()

    return call


@pytest.fixture
def refused(run: Callable[..., Any], rows: Callable[[str], list[Any]]) -> Callable[..., Any]:
    """Runs a command line that has to be refused: nothing is changed by it."""

    def whole() -> str:
        found = [rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in _TABLES]  # noqa: S608  names of our own
        return json.dumps(found, default=str)

    def call(*args: object, status: int = 1, **kwargs: Any) -> Any:
        before = whole()
        result = run(*args, "--json", **kwargs)
        assert result.status == status, result
        assert whole() == before
        return result.error["error"]

    return call


@pytest.fixture
def registered(done: Callable[..., Any]) -> Callable[..., str]:
    """Registers an application and makes its steps, each written `name@day option value …`."""

    def call(*steps: str, received: str = "2026-11-02", kind: str = "natural_person") -> str:
        case = done("register", "--kind", kind, "--name", "申请人甲", "--channel", "online",
                    "--received", received, "--subject", "年度预算", "--json").json  # fmt: skip
        for step in steps:
            name, *options = step.split()
            act, _, day = name.partition("@")
            done("transition", case["number"], act, "--on", day, *options)
        return str(case["number"])

    return call


@pytest.fixture
def at_once(
    start: Callable[..., Any], ended: Callable[..., Any]
) -> Callable[[Sequence[Sequence[object]]], list[Any]]:
    """Runs command lines as processes that begin together, each with success; gives their documents."""

    def call(commands: Sequence[Sequence[object]]) -> list[Any]:
        running = [start(*words, "--json") for words in commands]
        results = [ended(process) for process in running]
        assert [(status, err) for status, _out, err in results] == [(0, "")] * len(running)
        return [json.loads(out) for _status, out, _err in results]

    return call
