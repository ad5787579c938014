"""Faults of a config's shape, each with its line, and a draft without them for what is said of sense."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from requestflow.domain.expectations import expected
from requestflow.errors import Finding

_CODES = {"missing": "key_missing", "extra_forbidden": "key_unknown"}
_TABLE = re.compile(r"\s*\[")
_A_KEY = "[key]"  # how the checker of shapes says that the key itself is at fault
_ROUNDS = 8
_Shape = TypeVar("_Shape", bound=BaseModel)
# what a draft has where a needed setting is missing or wrong; whatever is said of it is left out
_STAND_INS: Mapping[object, object] = {
    "office": {"name": "—"},
    "database": {"url": "sqlite://"},
    "url": "sqlite://",
    "people": {"clerk": {"name": "—", "role": "clerk"}},
    "name": "—",
    "role": "clerk",
    "to": ["handler"],
    "host": "—",
    "sender": "a@example.org",
    "since": "00:00",
    "until": "06:00",
}


def _head(lines: list[str], names: list[str]) -> int | None:
    """The line on which a table begins; `rules`, `2` is the third `[[…rules]]`."""
    turn = 0
    if names[-1].isdigit():
        turn, names = int(names[-1]), names[:-1]
    head = re.compile(rf"\s*\[\[?\s*{re.escape('.'.join(names))}\s*\]")
    return next(islice((i for i, line in enumerate(lines) if head.match(line)), turn, None), None)


def place_in(text: str, file: str, path: Sequence[str | int]) -> str:
    """`file:line` of a key in a TOML text: in its table, or the table's head where it is missing."""
    lines = text.splitlines()
    names = [str(part) for part in path]
    start, end = 0, len(lines)
    for depth in range(len(names), 0, -1):
        found = _head(lines, names[:depth])
        if found is not None:
            start, names = found, names[depth:]
            break
    end = next((i for i in range(start + 1, end) if _TABLE.match(lines[i])), end)
    if names:
        key = re.compile(rf"\s*[\"']?{re.escape(names[0])}[\"']?\s*[=.]")
        start = next((i for i in range(start, end) if key.match(lines[i])), start)
    return f"{file}:{start + 1}"


def key_of(path: Sequence[str | int]) -> str:
    """A setting's name as people count: the first rule is `remind.rules.1`."""
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)


def shape_findings(error: ValidationError, text: str, file: str) -> list[Finding]:
    """Every fault of shape, with the line where it stands and what would have been right."""
    return [
        Finding(
            _CODES.get(fault["type"], "value_wrong"),
            place_in(text, file, fault["loc"]),
            {
                "key": key_of(fault["loc"]),
                "value": "…" if fault["loc"][0] == "channels" else str(fault.get("input"))[:80],
                "expected": expected(fault),
            },
        )
        for fault in error.errors(include_url=False)
    ]


def _holder(data: Any, path: Sequence[str | int]) -> Any:
    """The table or list in which a setting stands; None where there is none."""
    for step in path:
        try:
            data = data[step]
        except (LookupError, TypeError):
            return None
    return data


def _mend(data: Any, path: Sequence[str | int], *, stand_in: bool) -> None:
    """Takes a faulty setting out, or puts in its place what does no harm."""
    *way, last = path
    holder = _holder(data, way)
    if isinstance(holder, list) and isinstance(last, int):
        if way[-1:] == ["rules"]:  # the rules after it keep their numbers
            holder[last] = {"to": ["handler"]}
        else:
            del holder[last : last + 1]
    elif isinstance(holder, dict):
        holder.pop(last, None)
        if stand_in and last in _STAND_INS:
            holder[last] = deepcopy(_STAND_INS[last])


def draft(shape: type[_Shape], data: dict[str, Any]) -> _Shape | None:
    """What is left of settings without their faults of shape; None where nothing sound is left."""
    data = deepcopy(data)
    for turn in range(_ROUNDS):
        try:
            return shape.model_validate(data, strict=True)
        except ValidationError as error:
            for fault in reversed(error.errors(include_url=False)):
                path = [part for part in fault["loc"] if part != _A_KEY]
                wrong = turn % 2 == 0 and fault["type"] != "extra_forbidden"
                _mend(data, path, stand_in=wrong or fault["type"] == "missing")
    return None
