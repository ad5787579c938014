"""config.toml as a value: strict, unknown keys refused, every fault named at once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from requestflow.errors import Finding, FoundProblems, NotFound

PATTERN = "{year}-{number:04}"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Office(_Shape):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    timezone: str = "Asia/Shanghai"
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"


class _Database(_Shape):
    url: str
    patience: Annotated[int, Field(ge=1, le=600)] = 20


class _Person(_Shape):
    name: str
    role: str


class _Numbers(_Shape):
    application: str = PATTERN


class _Calendar(_Shape):
    region: Annotated[str, Field(pattern="^[A-Za-z]+$")] = "CN"
    days_off: dict[str, str] = {}
    working_days: list[str] = []


class _Workflow(_Shape):
    file: str = "disclosure"


class _ConfigFile(_Shape):
    office: _Office
    database: _Database
    workflow: _Workflow = _Workflow()
    switches: dict[str, str] = {}
    numbers: _Numbers = _Numbers()
    calendar: _Calendar = _Calendar()
    people: Annotated[dict[str, _Person], Field(min_length=1)]
    default_person: str = "clerk"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the program: `--by` names them by their key in [people]."""

    key: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Config:
    """An office's settings; paths are already relative to the file."""

    path: Path
    office: str
    zone: ZoneInfo
    language: str
    database_url: str
    patience: int
    workflow: str
    switches: Mapping[str, str]
    number_pattern: str
    region: str
    days_off: Mapping[str, str]
    working_days: tuple[str, ...]
    people: Mapping[str, Person]
    default_person: str

    @property
    def folder(self) -> Path:
        """Where the config stands: what relative paths in it are relative to."""
        return self.path.parent


_CODES = {"missing": "key_missing", "extra_forbidden": "key_unknown"}


def _line(text: str, path: tuple[str | int, ...]) -> int:
    """The line of a key in a TOML text: its table's head, then the key below it."""
    lines = text.splitlines()
    names = [str(part) for part in path]
    start = 0
    for depth in range(len(names), 0, -1):
        head = re.compile(rf"\s*\[\s*{re.escape('.'.join(names[:depth]))}\s*\]")
        found = next((i for i, line in enumerate(lines) if head.match(line)), None)
        if found is not None:
            start, names = found, names[depth:]
            break
    if names:
        key = re.compile(rf"\s*[\"']?{re.escape(names[0])}[\"']?\s*[=.]")
        start = next((i for i, line in enumerate(lines) if i >= start and key.match(line)), start)
    return start + 1


def _findings(error: ValidationError, path: Path, text: str) -> list[Finding]:
    return [
        Finding(
            _CODES.get(fault["type"], "value_wrong"),
            f"{path.name}:{_line(text, fault['loc'])}",
            {
                "key": ".".join(str(part) for part in fault["loc"]),
                "value": str(fault.get("input"))[:80],
                "expected": fault["msg"],
            },
        )
        for fault in error.errors(include_url=False)
    ]


def _parse(path: Path) -> tuple[_ConfigFile, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _ConfigFile.model_validate(tomllib.loads(text), strict=True), text
    except FileNotFoundError:
        raise NotFound("config_missing", file=str(path)) from None
    except (IsADirectoryError, NotADirectoryError, PermissionError):
        raise NotFound("config_missing", file=str(path)) from None
    except UnicodeDecodeError:
        findings = [Finding("file_not_text", path.name)]
    except tomllib.TOMLDecodeError as error:
        findings = [Finding("not_toml", path.name, {"problem": str(error)})]
    except ValidationError as error:
        findings = _findings(error, path, text)
    raise FoundProblems("config_broken", findings, file=path.name)


def _zone(name: str, path: Path) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        finding = Finding("unknown_timezone", path.name, {"value": name})
        raise FoundProblems("config_broken", [finding], file=path.name) from None


def _database_url(url: str, folder: Path) -> str:
    """A file's address relative to the config's folder; any other address as it is."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith((prefix + "/", prefix + "file:")):
        return prefix + str(folder / url.removeprefix(prefix))
    return url


def load_config(path: Path) -> Config:
    """The settings of an office.

    Raises:
        NotFound: `config_missing`.
        FoundProblems: no TOML, unknown or missing keys, wrong values; each with its line.
    """
    file, _text = _parse(path)
    absolute = path.resolve()
    if file.default_person not in file.people:
        facts: dict[str, Any] = {"name": file.default_person, "near": list(file.people)}
        finding = Finding("unknown_person", f"{path.name}: default_person", facts)
        raise FoundProblems("config_broken", [finding], file=path.name)
    return Config(
        path=absolute,
        office=file.office.name,
        zone=_zone(file.office.timezone, path),
        language=file.office.language,
        database_url=_database_url(file.database.url, absolute.parent),
        patience=file.database.patience,
        workflow=file.workflow.file,
        switches=file.switches,
        number_pattern=file.numbers.application,
        region=file.calendar.region,
        days_off=file.calendar.days_off,
        working_days=tuple(file.calendar.working_days),
        people={key: Person(key, p.name, p.role) for key, p in file.people.items()},
        default_person=file.default_person,
    )
