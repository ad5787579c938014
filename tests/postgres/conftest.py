"""An office in a database of its own on a real PostgreSQL server, for each test."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from requestflow.cli.main import main

OFFICE = "示例县发展和改革局"


@pytest.fixture
def folder(tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> Path:
    """The folder of a fresh office whose database is on the server."""
    place = tmp_path / "office"
    status = main(["init", str(place), "--office", OFFICE, "--database", url])
    assert status == 0, capsys.readouterr().err
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
def rows(url: str) -> Callable[[str], list[Any]]:
    """Rows of the database, read past the program."""

    def call(statement: str) -> list[Any]:
        import psycopg

        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[call-overload]

    return call


@pytest.fixture
def whole(rows: Callable[[str], list[Any]]) -> Callable[[], str]:
    """Everything that the database says."""

    def read() -> str:
        tables = (
            "offices",
            "applications",
            "applicants",
            "entries",
            "obligations",
            "dispatches",
            "reminders",
        )
        return json.dumps([rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables], default=str)  # noqa: S608  names of our own

    return read
