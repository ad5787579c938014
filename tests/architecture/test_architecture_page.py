"""The page on the architecture against the program: who imports which library, and every module in its place."""

import ast
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import requestflow

SOURCE = Path(requestflow.__file__).parent
PROJECT = SOURCE.parents[1]
PAGE = (PROJECT / "docs" / "architecture.md").read_text("utf-8")
PACKAGES = ("cli", "services", "storage", "definitions", "exchange", "documents", "delivery")


def rows(head: str) -> list[tuple[str, str]]:
    """The rows of the page's table with that head: first cell, second cell."""
    lines = PAGE.partition(f"| {head} |\n")[2].splitlines()[1:]
    table = lines[: next(number for number, line in enumerate(lines) if not line.startswith("|"))]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return [(first, second) for first, second in cells]


def imports(path: Path) -> Iterator[str]:
    """The top names of what a module imports, at its head or where it is used."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def importers() -> dict[str, set[str]]:
    """The modules that import a library, by the name under which it is installed."""
    called = packages_distributions()
    found: dict[str, set[str]] = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        for name in set(imports(path)) - sys.stdlib_module_names - {"requestflow"}:
            library = called[name][0].lower() if name in called else name
            found[library].add(path.relative_to(SOURCE).as_posix())
    return found


def test_the_table_of_libraries_is_what_the_program_imports() -> None:
    """Every library that the program imports has one row, which names its importers and no others.

    A folder stands for any of its modules; a row that names no module is of a library that others load.
    """
    found = importers()
    table = [(name.split()[0], re.findall(r"`([a-z_/]+(?:\.py|/))`", by))
             for name, by in rows("package | imported by")]  # fmt: skip

    assert [name for name, times in Counter(name for name, _ in table).items() if times > 1] == []
    assert {name for name, named in table if named} == set(found)
    for name, named in table:
        left = {one for one in found.get(name, ()) if not one.startswith(tuple(named))}
        idle = [one for one in named if not any(by.startswith(one) for by in found[name])]
        assert (name, left, idle) == (name, set(), [])


def test_every_library_that_is_installed_has_a_row() -> None:
    """What the project asks to be installed, extras for users included, stands in the table."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [one for name, many in project["optional-dependencies"].items() if name != "dev"
              for one in many]  # fmt: skip
    asked = {re.split(r"[^a-z0-9-]", one)[0] for one in [*project["dependencies"], *extras]}

    assert len(asked) > 20
    assert asked - {name.split()[0] for name, _by in rows("package | imported by")} == set()


def test_every_module_has_one_place_on_the_page() -> None:
    """Each module of the packages that the page goes through is named once, and none that is gone."""
    named: dict[str, list[str]] = defaultdict(list)
    for package, knows in rows("package | what it knows"):
        names = re.findall(r"`([a-z_0-9]+)`", re.sub(r"\([^)]*\)", "", knows))
        named[package.split("`")[1]] += names
    for package in PACKAGES:
        modules = [path.stem for path in (SOURCE / package).glob("*.py") if path.stem[:2] != "__"]
        assert (package, sorted(named[package])) == (package, sorted(modules))


def test_the_layers_of_the_domain_are_those_of_the_contract() -> None:
    """The page draws the domain as the contract has it, layer by layer."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts
                  if one.get("containers") == ["requestflow.domain"])  # fmt: skip
    drawn = PAGE.partition("Inside the domain:")[2].split("```")[1].splitlines()[1:]

    assert drawn == layers


def test_every_benchmark_is_run() -> None:
    """`make bench` runs each benchmark that can be run."""
    programs = {path.name for path in (PROJECT / "benchmarks").glob("*.py")
                if "__main__" in path.read_text("utf-8")}  # fmt: skip
    target = (PROJECT / "Makefile").read_text("utf-8").partition("\nbench:")[2].partition("\n\n")[0]

    assert programs
    assert set(re.findall(r"benchmarks/(\w+\.py)", target)) == programs
