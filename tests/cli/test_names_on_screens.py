"""Screens name people, units and limits as a clerk knows them, and only what is owed or was done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def law_unit(folder: Path) -> str:
    """A unit of the settings whose key is not its name."""
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8") + '\n[units.law]\nname = "法规科"\n', "utf-8")
    return "law"


def test_a_unit_is_shown_by_its_name(done: Run, refused: Run, registered: Run, law_unit: str) -> None:
    """The history and a refusal name the unit, not its key."""
    number = registered()
    done("assign", number, "--unit", law_unit)

    assert "承办科室=法规科" in done("show", number).out
    assert "交“法规科”承办" in refused("assign", number, "--unit", law_unit)["message"]


def test_a_log_without_reminders_says_so(done: Run) -> None:
    """An empty log speaks of reminders, not of applications."""
    assert done("remind", "--log").out == "还没有发出过提醒。\n"


def test_what_may_be_owed_is_shown_until_it_cannot_be(done: Run, registered: Run, moved: Run) -> None:
    """A notice that may be needed stands in `deadline` as in its JSON; never given, it is not shown as done."""
    number = registered()
    done("transition", number, "accept")
    screen = done("deadline", number).out
    assert "（如需）" in screen
    document = done("deadline", number, "--json").json
    kinds = [one["kind"] for one in document["obligations"] if not one["met"]]
    assert screen.count("（如需）") == len(kinds) - 1  # the answer is owed in any case

    moved(number, "decide --outcome disclosed.provided")

    assert "告知收费" not in done("show", number).out
