"""The page on the law leads where it says: every module and function, walk, key and switch it names is there."""

import importlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/law.md").read_text("utf-8")
RULES = yaml.safe_load((ROOT / "workflows/disclosure.yaml").read_text("utf-8"))
GRADES = {"text", "norm", "practice", "reading"}
COLUMNS = ("rule", "basis", "grade", "workflow", "code", "walks", "switch")
Row = Mapping[str, str]


def _rows() -> Iterator[Row]:
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] not in {"rule", "---"}:
            yield dict(zip(COLUMNS, cells, strict=True))


ROWS = list(_rows())


def _named(column: str) -> list[str]:
    return sorted({name for row in ROWS for name in re.findall(r"`([^`]+)`", row[column])})


def _reached(name: str) -> object:
    """The function that a dotted name under the package leads to: the longest module first."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            module = importlib.import_module(".".join(["requestflow", *parts[:length]]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[length:], module)
    raise LookupError(name)


def _key(name: str) -> bool:
    """Whether the workflow file has a key; an outcome's own name holds a dot."""
    first, _, rest = name.partition(".")
    return first in RULES and (not rest or rest in RULES[first])


@pytest.mark.parametrize("name", _named("code"))
def test_what_carries_a_rule_out_is_there(name: str) -> None:
    """A module and a function, or a method, of the program."""
    assert callable(_reached(name))


@pytest.mark.parametrize("name", _named("workflow"))
def test_what_a_rule_stands_in_is_there(name: str) -> None:
    """A key of the workflow file, or a file or folder of the project."""
    assert _key(name) or (ROOT / name).exists() or (ROOT / "workflows" / name).exists()


def test_every_walk_stands_beside_its_rule() -> None:
    """No walk is named that nobody walks, and none is walked that the page leaves out."""
    files = (ROOT / "tests/walks").glob("*.toml")
    walks: list[dict[str, Any]] = [
        walk
        for path in files
        for group in tomllib.loads(path.read_text("utf-8")).values()
        for walk in group
    ]

    assert _named("walks") == sorted(walk["id"] for walk in walks)


def test_every_switch_stands_beside_its_rule() -> None:
    """The page and the workflow file know the same open points."""
    assert _named("switch") == sorted(RULES["switches"])


def test_no_rule_stands_twice_and_each_has_its_grade() -> None:
    """One row a rule; where one row has several grades, each says of what."""
    assert [rule for rule, times in Counter(row["rule"] for row in ROWS).items() if times > 1] == []
    for row in ROWS:
        assert set(re.findall(r"\b(?:text|norm|practice|reading)\b", row["grade"])) & GRADES, row["rule"]
        assert row["basis"], row["rule"]
