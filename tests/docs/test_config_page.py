"""The page on the settings knows every key, each in one place."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from requestflow.config import _ConfigFile

PAGE = (Path(__file__).parents[2] / "docs/reference/config.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| `")]


def _shapes(annotation: object) -> Iterator[type[BaseModel]]:
    """The tables inside a type: itself, or what a list, a dictionary or a choice holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _shapes(part)


def _keys(shape: type[BaseModel], section: str = "") -> Iterator[tuple[str, str]]:
    for name, field in shape.model_fields.items():
        inner = next(_shapes(field.annotation), None)
        place = f"{section}.{name}".strip(".")
        yield from [(section, name)] if inner is None else _keys(inner, place)


def _about(section: str, name: str) -> list[str]:
    """The rows of a section; keys of reminders stand in tables of their own, without its name."""
    top = section.partition(".")[0]
    if top == "remind":
        return [row for row in ROWS if not row.startswith("| `[")]
    if section:
        return [row for row in ROWS if row.startswith(f"| `[{top}")]
    return [row for row in ROWS if name in row.split(" | ")[0]]


@pytest.mark.parametrize(("section", "name"), sorted(set(_keys(_ConfigFile))))
def test_every_key_stands_on_the_page(section: str, name: str) -> None:
    """Where its section stands."""
    assert re.search(rf"\b{name}\b", "\n".join(_about(section, name)))


def test_no_key_stands_twice() -> None:
    """A key has one row."""
    heads = [row.split(" | ")[0] for row in ROWS]

    assert sorted(heads) == sorted(set(heads))
