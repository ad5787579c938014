"""Dismissed findings on record: `dismissals.jsonl`, only ever added to, chained by digest.

A line holds the digest of the line before it: none can be changed, left out or put in unseen.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from requestflow.domain.entries import GENESIS
from requestflow.errors import Finding, FoundProblems, Refused

FILE = "dismissals.jsonl"
_KEYS = {"id", "reason", "by", "at", "finding", "previous"}


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A finding that somebody has looked into and lets stand, with the reason."""

    id: str
    reason: str
    by: str
    at: str
    facts: Mapping[str, Any]


def _digest(line: Mapping[str, Any]) -> str:
    text = json.dumps(line, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        texts = path.read_bytes().decode("utf-8").splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise Refused("file_unreadable", file=str(path), reason=error) from None
    except UnicodeDecodeError:
        texts = [""]
    for number, text in enumerate(texts, 1):
        try:
            yield number, json.loads(text)
        except ValueError:
            yield number, None


def _read(path: Path) -> tuple[list[Dismissal], str]:
    """Every line in order, and the digest of the last."""
    previous, found = GENESIS, []
    for number, line in _lines(path):
        stated = line.pop("digest", None) if isinstance(line, dict) else None
        whole = stated is not None and line.keys() == _KEYS
        if not whole or line["previous"] != previous or _digest(line) != stated:
            finding = Finding("dismissal_line_changed", f"{path.name}:{number}")
            raise FoundProblems("dismissals_broken", [finding], file=str(path))
        found.append(Dismissal(line["id"], line["reason"], line["by"], line["at"], line["finding"]))
        previous = stated
    return found, previous


def read_dismissals(path: Path) -> dict[str, Dismissal]:
    """What is dismissed, by the finding's id; the latest word on each.

    Raises:
        Refused: the file cannot be read.
        FoundProblems: a line was changed, left out or put in.
    """
    return {one.id: one for one in _read(path)[0]}


@contextmanager
def _alone(path: Path) -> Iterator[int]:
    """The file open for adding to, nobody else adding meanwhile."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        try:
            import fcntl
        except ImportError:  # a system without file locks: two at once would break the chain, and show
            pass
        else:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def add_dismissals(path: Path, added: list[Dismissal]) -> None:
    """Adds lines at the end of the record, behind a chain that is unbroken.

    Raises:
        Refused: the place cannot be written.
        FoundProblems: what is there already has been changed.
    """
    try:
        with _alone(path) as handle:
            previous = _read(path)[1]
            text = ""
            for one in added:
                line = {"id": one.id, "reason": one.reason, "by": one.by, "at": one.at,
                        "finding": dict(one.facts), "previous": previous}  # fmt: skip
                previous = _digest(line)
                text += json.dumps({**line, "digest": previous}, ensure_ascii=False) + "\n"
            os.write(handle, text.encode("utf-8"))
            os.fsync(handle)
    except OSError as error:
        raise Refused("file_unwritable", file=str(path), reason=error) from None
