"""Strict YAML: no doubled keys, no surprises of type, and the place of everything.

PyYAML composes the text into nodes that know their lines; the values are made here, so that `no`
stays a word, `2026-01-01` a text and a key written twice a fault, whatever YAML's own schema thinks.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from requestflow.domain.expectations import expected
from requestflow.errors import Finding, FoundProblems, NotFound

Key = str | int
ModelT = TypeVar("ModelT", bound=BaseModel)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")


@dataclass(slots=True)
class Document:
    """A file's values, and where each of them stands."""

    file: str
    value: Any
    places: dict[tuple[Key, ...], tuple[int, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def fault(self, code: str, node: yaml.Node, **facts: object) -> None:
        """Notes a fault at a node."""
        line, column = _place(node)
        self.findings.append(Finding(code, f"{self.file}:{line}:{column}", facts))

    def place(self, path: Sequence[Key]) -> str:
        """`file:line:column` of a value, or of the nearest one around it."""
        for end in range(len(path), -1, -1):
            found = self.places.get(tuple(path[:end]))
            if found is not None:
                return f"{self.file}:{found[0]}:{found[1]}"
        return self.file


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    text = node.value
    if node.style:  # quoted: a text, whatever it looks like
        return str(text)
    if text in ("true", "false"):
        return bool(text == "true")
    if text in ("", "~", "null"):
        return None
    return int(text) if _WHOLE.fullmatch(text) else str(text)


def _values(node: yaml.Node, path: tuple[Key, ...], document: Document) -> Any:
    document.places.setdefault(path, _place(node))
    if id(node) in document.seen:  # the same node again: an alias
        document.fault("yaml_alias", node)
        return None
    document.seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, yaml.SequenceNode):
        return [_values(item, (*path, index), document) for index, item in enumerate(node.value)]
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _mapping(node: yaml.MappingNode, path: tuple[Key, ...], document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if not isinstance(key_node, yaml.ScalarNode) or key in values:
            code = "doubled_key" if isinstance(key_node, yaml.ScalarNode) else "key_not_text"
            document.fault(code, key_node, key=key)
            continue
        document.places[(*path, key)] = _place(key_node)
        values[key] = _values(value_node, (*path, key), document)
    return values


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def read_text(path: Path) -> str:
    """The text of a definition file.

    Raises:
        NotFound: there is no such file.
        FoundProblems: it is not UTF-8 text, or cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound("file_missing", file=str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise FoundProblems(
            "definition_broken", [Finding("file_not_text", path.name)], file=path.name
        ) from None


def read_yaml(path: Path) -> Document:
    """The values of a YAML file with their places; the same text is taken apart once in a process.

    Raises:
        NotFound: there is no such file.
        FoundProblems: it is no YAML, or has a key twice.
    """
    return _document(path.name, read_text(path))


@lru_cache(maxsize=128)
def _document(name: str, text: str) -> Document:
    document = Document(name, None)
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        finding = Finding("not_yaml", where, {"problem": str(getattr(error, "problem", error))})
        raise FoundProblems("definition_broken", [finding], file=name) from None
    except RecursionError:
        raise FoundProblems("definition_broken", [Finding("too_deep", name)], file=name) from None
    document.value = _all_values(node, document)
    return document


def _all_values(node: yaml.Node | None, document: Document) -> Any:
    """The values below a node; a file that holds itself, or nests without end, is refused."""
    try:
        return {} if node is None else _values(node, (), document)
    except (RecursionError, ValueError):
        finding = Finding("too_deep", document.file)
        raise FoundProblems("definition_broken", [finding], file=document.file) from None


# pydantic's kinds of error, and the code under which the catalogues name them
_CODES: Mapping[str, str] = {
    "missing": "key_missing",
    "extra_forbidden": "key_unknown",
    "enum": "value_unknown",
    "literal_error": "value_unknown",
}


def _faults(document: Document, error: ValidationError, names: Sequence[str]) -> Iterator[Finding]:
    for fault in error.errors(include_url=False):
        path = [part for part in fault["loc"] if part not in names]
        code = _CODES.get(fault["type"], "value_wrong")
        shown = fault.get("input")
        facts = {
            "key": ".".join(str(part) for part in path),
            "value": shown if isinstance(shown, (str, int)) else type(shown).__name__,
            "expected": expected(fault)
            if code == "value_wrong"
            else (fault.get("ctx") or {}).get("expected", fault["type"]),
        }
        yield Finding(code, document.place(path), facts)


def parse(document: Document, model: type[ModelT]) -> ModelT:
    """A document as the model it must have; JSON's strictness: no text for a number, no guess.

    Raises:
        FoundProblems: every fault of form, doubled keys included, each with its place.
    """
    findings = list(document.findings)
    parsed: ModelT | None = None
    try:
        parsed = model.model_validate_json(json.dumps(document.value), strict=True)
    except ValidationError as error:
        findings += _faults(document, error, ())
    if findings or parsed is None:
        raise FoundProblems("definition_broken", findings, file=document.file)
    return parsed
