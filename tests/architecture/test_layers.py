"""How the program is built: who may import whom, where the clock is read, what a command loads."""

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import requestflow

SOURCE = Path(requestflow.__file__).parent
PROJECT = SOURCE.parents[1]
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "shipped" not in path.parts)
NAMED_BY_OTHERS = {"__init__", "__main__", "env", "run"}
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime", "time.strftime", "time.ctime",
}  # fmt: skip
Loaded = Callable[..., set[str]]


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Every call of a module by its last two names: `datetime.now`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            before = node.func.value
            name = before.attr if isinstance(before, ast.Attribute) else getattr(before, "id", "")
            yield node.lineno, f"{name}.{node.func.attr}"


def test_the_contracts_on_imports_are_kept() -> None:
    """Every contract of the project on who imports whom is kept."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    result = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_only_one_module_reads_the_clock(path: Path) -> None:
    """Nothing asks the machine for the time but `wallclock`."""
    found = [f"{path.name}:{line} {name}" for line, name in calls(path) if name in CLOCKS]

    assert bool(found) is (path.name == "wallclock.py"), found


def test_no_two_modules_share_a_name() -> None:
    """A module is known by its name alone: none stands twice in the program."""
    names = Counter(path.stem for path in MODULES if path.stem not in NAMED_BY_OTHERS)

    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """A module begins with a sentence on what it is for."""
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.fixture
def loaded(folder: Path) -> Loaded:
    """The modules that a command line of the office imports."""

    def call(*words: str) -> set[str]:
        result = subprocess.run(
            [
                sys.executable,
                "-X",
                "importtime",
                "-m",
                "requestflow",
                "--config",
                str(folder / "config.toml"),
                "--today",
                "2026-11-24",
                *words,
            ],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        assert result.returncode == 0, result.stderr[-500:]
        lines = [line for line in result.stderr.splitlines() if line.startswith("import time:")]
        return {line.rpartition("|")[2].strip() for line in lines}

    return call


def unwanted(modules: set[str], *packages: str) -> list[str]:
    return sorted(name for name in modules if name.partition(".")[0] in packages)


HEAVY = (
    "alembic",
    "openpyxl",
    "python_calamine",
    "xlsxwriter",
    "jinja2",
    "apscheduler",
    "rapidfuzz",
    "tomlkit",
)


@pytest.mark.parametrize(
    "words",
    [["list"], ["list", "--json"], ["list", "--overdue"], ["due"], ["due", "--within", "5", "--json"],
     ["rollup", "2026"], ["rollup", "2026", "--json"], ["rollup", "2026", "--cell", "new:total"],
     ["fee", "--items", "35"], ["verify"], ["calendar", "after", "2026-01-05", "--days", "3"], ["calendar", "show", "2026"]],
    ids=" ".join,
)  # fmt: skip
def test_a_reading_command_loads_only_what_it_uses(loaded: Loaded, words: list[str]) -> None:
    """A command that only reads loads no migrations, no readers of files, and not the machine.

    A list as a document says of each case what is next, and has to ask the machine for it.
    """
    asks = {"list", "due"} & set(words) and "--json" in words

    assert unwanted(loaded(*words), *HEAVY, *([] if asks else ["transitions"])) == []


@pytest.mark.parametrize("words", [["show"], ["next"], ["deadline"], ["similar"]], ids=" ".join)
def test_a_look_at_a_case_loads_no_readers_of_files(
    loaded: Loaded, registered_case: str, words: list[str]
) -> None:
    """A look at one case may ask the machine what is open, and loads nothing that writes or imports."""
    heavy = [name for name in HEAVY if name != "rapidfuzz" or words != ["similar"]]

    assert unwanted(loaded(*words, registered_case), *heavy) == []


@pytest.mark.parametrize(
    "words",
    [["list", "--json"], ["due", "--json"], ["rollup", "2026", "--json"], ["verify"]],
    ids=" ".join,
)
def test_a_document_needs_no_screen(loaded: Loaded, words: list[str]) -> None:
    """Where no table is drawn, the library that draws tables is not loaded."""
    assert unwanted(loaded(*words), "rich") == []


@pytest.mark.parametrize(
    "words",
    [["--help"], ["--lang", "en", "--help"], ["--version"], ["list", "--help"], ["calendar", "--help"]],
    ids=" ".join,
)
def test_help_loads_next_to_nothing(loaded: Loaded, words: list[str]) -> None:
    """A help page needs no database, no settings, no rules and no screen."""
    modules = loaded(*words)

    assert unwanted(modules, "sqlalchemy", "pydantic", "yaml", "rich", "transitions", *HEAVY) == []
    assert [
        name for name in modules if name.startswith(("requestflow.storage", "requestflow.services"))
    ] == []


@pytest.fixture
def registered_case(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The number of an application of the office."""
    from requestflow.cli.main import main

    status = main(["--config", str(folder / "config.toml"), "--today", "2026-11-24", "register",
                   "--kind", "natural_person", "--name", "王", "--channel", "online",
                   "--received", "2026-11-02", "--subject", "预算"])  # fmt: skip
    assert status == 0
    return capsys.readouterr().out[:9]
