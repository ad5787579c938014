"""Rows as they come back; what no program could have written is refused, not passed on."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from requestflow.errors import Refused


def unreadable(number: str, problem: str) -> Refused:
    """A stored record that makes no sense: changed past the program, or damaged."""
    return Refused("record_unreadable", number=number, problem=problem)


def fetched(result: Iterable[Any]) -> Iterator[Any]:
    """The rows of a result.

    Raises:
        Refused: `record_unreadable`, where a column does not hold what its type says.
    """
    try:
        yield from result
    except (ValueError, TypeError, AttributeError) as error:
        raise unreadable("", str(error)) from error


def texts(number: str, *values: Any) -> None:
    """Checks that columns of text hold text.

    Raises:
        Refused: `record_unreadable`.
    """
    if not all(value is None or isinstance(value, str) for value in values):
        raise unreadable(str(number), "text")


def json_object(number: str, text: str) -> dict[str, Any]:
    """A JSON object from a column.

    Raises:
        Refused: `record_unreadable`, where it is none.
    """
    try:
        value = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise unreadable(number, str(error)) from error
    if not isinstance(value, dict):
        raise unreadable(number, type(value).__name__)
    return value
