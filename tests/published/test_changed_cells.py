"""A slip of the pen in a table that foots is found, wherever it is made."""

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
SEED = 2021
CHANGES = 200
FULLY_STATED = ["2021_pingtan", "2022_pingtan", "2023_jinhu_xian"]


@pytest.fixture
def changed(published: Run, tmp_path: Path) -> list[tuple[Path, str]]:
    """Two hundred files, each a footing table with one figure changed, and where."""
    dice = random.Random(SEED)
    tables = [published(name).document for name in FULLY_STATED]
    found = []
    for turn in range(CHANGES):
        table = copy.deepcopy(dice.choice(tables))
        part = table["table4"] if turn % 10 == 0 else table["rows"]
        row = dice.choice(list(part))
        place = dice.randrange(len(part[row]))
        part[row][place] = dice.choice([n for n in range(200) if n != part[row][place]])
        path = tmp_path / f"{turn:03}.json"
        path.write_text(json.dumps(table), "utf-8")
        found.append((path, row))
    return found


def test_every_single_changed_cell_is_found(run: Run, changed: list[tuple[Path, str]]) -> None:
    """One changed figure breaks at least one identity, and `check` names the row it stands in."""
    result = run("check", *(path for path, _row in changed), "--json")

    assert result.status == 1
    assert len(result.json) == CHANGES
    for one, (path, row) in zip(result.json, changed, strict=True):
        assert one["file"] == str(path)
        assert one["holds"] is False
        assert row in {found.get("row", found["column"]) for found in one["broken"]}


def test_every_change_is_told_with_unequal_sides(run: Run, changed: list[tuple[Path, str]]) -> None:
    """What is called broken has two sides that differ, and a sentence in each language that says so."""
    for lang in ("zh", "en"):
        result = run("--lang", lang, "check", *(path for path, _row in changed), "--json")
        for one in result.json:
            for found in one["broken"]:
                assert found["left"] != found["right"]
                assert str(abs(found["left"] - found["right"])) in found["message"]
