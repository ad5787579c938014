"""config.toml as a value: strict, unknown keys refused, every fault named at once."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from requestflow.channel_settings import HANDLER, UNIT, Addressed, Channels, Remind, problems
from requestflow.config_faults import draft, place_in, shape_findings
from requestflow.domain.expectations import not_toml
from requestflow.domain.numbering import NumberPattern
from requestflow.domain.signs import A_LINE
from requestflow.domain.workflow import OfficeLevel
from requestflow.errors import Finding, FoundProblems, NotFound, WrongUsage

PATTERN = "{year}-{number:04}"
_UnitName = Annotated[str, Field(min_length=1, max_length=200, pattern=A_LINE)]
_Particular = Annotated[str, Field(min_length=1, max_length=500, pattern=A_LINE)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Office(_Shape):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    timezone: str = "Asia/Shanghai"
    language: Literal["zh", "en"] = "zh"
    level: OfficeLevel = "department"


class _Database(_Shape):
    url: str
    patience: Annotated[int, Field(ge=1, le=600)] = 20


class _Person(Addressed):
    name: str
    role: str


class _Unit(Addressed):
    name: Annotated[str, Field(min_length=1, max_length=200)]


class _Numbers(_Shape):
    application: str = PATTERN


class _Calendar(_Shape):
    region: Annotated[str, Field(pattern="^[A-Za-z]+$")] = "CN"
    folder: Annotated[str, Field(min_length=1, max_length=200)] = "calendars"
    days_off: dict[str, str] = {}
    working_days: list[str] = []


class _Attachments(_Shape):
    folder: Annotated[str, Field(min_length=1)] = "attachments"
    largest: Annotated[int, Field(ge=1, le=2048)] = 50


class _Workflow(_Shape):
    file: str = "disclosure"


class _Report(_Shape):
    other_share: Annotated[int, Field(ge=0, le=100)] = 10
    overview_characters: Annotated[int, Field(ge=1, le=100_000)] = 1000


class _Organ(_Shape):
    name: _Particular | None = None
    code: _Particular | None = None
    review_organ: _Particular | None = None
    court: _Particular | None = None
    address: _Particular | None = None
    phone: _Particular | None = None
    postcode: _Particular | None = None
    payment: _Particular | None = None


class _Notices(_Shape):
    folder: str | None = None
    red_head: bool = False


class _ConfigFile(_Shape):
    office: _Office
    organ: _Organ = _Organ()
    notices: _Notices = _Notices()
    database: _Database
    workflow: _Workflow = _Workflow()
    switches: dict[str, str] = {}
    numbers: _Numbers = _Numbers()
    calendar: _Calendar = _Calendar()
    report: _Report = _Report()
    attachments: _Attachments = _Attachments()
    people: Annotated[dict[str, _Person], Field(min_length=1)]
    default_person: str = "clerk"
    units: dict[_UnitName, _Unit] = {}
    remind: Remind = Remind()
    channels: Channels = Channels()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the program: `--by` names them by their key in [people]."""

    key: str
    name: str
    role: str
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unit:
    """An undertaking unit (承办科室) of [units]: who does the work inside the office."""

    key: str
    name: str
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """An office's settings; paths are already relative to the file.

    `organ` holds the particulars that letters name; `notices` is the folder of its own letters.
    """

    path: Path
    text: str
    office: str
    zone: ZoneInfo
    language: str
    level: str
    database_url: str
    patience: int
    workflow: str
    switches: Mapping[str, str]
    number_pattern: str
    region: str
    calendars: Path
    days_off: Mapping[str, str]
    working_days: tuple[str, ...]
    attachments: Path  # the folder of files that belong to cases
    largest_attachment: int  # MiB
    people: Mapping[str, Person]
    default_person: str
    other_share: int  # per cent of 其他处理 from which the report warns, 60号
    overview_characters: int  # the most that section one should have, 30号
    units: Mapping[str, Unit]
    remind: Remind
    channels: Channels
    organ: Mapping[str, str]
    notices: Path | None
    red_head: bool

    @property
    def folder(self) -> Path:
        """Where the config stands: what relative paths in it are relative to."""
        return self.path.parent

    def unit(self, written: str) -> Unit | None:
        """The unit of [units] that a text means, by its key or its name; None where none is declared.

        The one reading of a unit's name, of what is typed and of what was recorded before the unit was
        declared.
        """
        named = (one for one in self.units.values() if one.name == written)
        return self.units.get(written) or next(named, None)

    def unit_key(self, written: str) -> str:
        """The key of the unit that a text means; the text itself where none is declared."""
        found = self.unit(written)
        return found.key if found else written

    def place(self, *names: str | int) -> str:
        """`config.toml:line` of a setting."""
        return place_in(self.text, self.path.name, names)


Further = Callable[["Config"], Iterable[Finding]]

# what cannot be said of a table that is not sound itself
_UNSURE = {
    "people": {"unknown_person", "unknown_role", "unknown_addressee", "no_address"},
    "units": {"unknown_addressee", "no_address"},
    "channels": {"channel_not_set", "no_address", "key_missing", "secret_twice", "user_and_password",
                 "lease_too_short"},
    "default_person": {"unknown_addressee", "no_address"},
}  # fmt: skip


def _tables(path: Path) -> tuple[dict[str, Any], str]:
    """The file as TOML, and its text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError):
        raise NotFound("config_missing", file=str(path)) from None
    except UnicodeDecodeError:
        raise _broken(path, [Finding("file_not_text", path.name)]) from None
    try:
        return tomllib.loads(text), text
    except (ValueError, RecursionError) as error:  # no TOML; or a number or nesting beyond all sense
        raise _broken(path, [not_toml(error, path.name)]) from None


def _shaped(data: dict[str, Any], text: str, path: Path) -> tuple[_ConfigFile | None, list[Finding]]:
    """The settings and their faults of shape; with faults, what is sound of the settings."""
    try:
        return _ConfigFile.model_validate(data, strict=True), []
    except RecursionError as error:
        raise _broken(path, [not_toml(error, path.name)]) from None
    except ValidationError as error:
        return draft(_ConfigFile, data), shape_findings(error, text, path.name)


def _tell(shape: Sequence[Finding], sense: Iterable[Finding]) -> list[Finding]:
    """All that is wrong, without what only follows from a fault of shape."""
    tables = {str(one.facts["key"]).partition(".")[0] for one in shape}
    unsure = {code for table in tables for code in _UNSURE.get(table, ())}
    return [*shape, *(one for one in sense if one.code not in unsure)]


def _broken(path: Path, findings: list[Finding]) -> FoundProblems:
    return FoundProblems("config_broken", findings, file=path.name)


def _zone(file: _ConfigFile) -> ZoneInfo | None:
    try:
        return ZoneInfo(file.office.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _meaning(file: _ConfigFile, path: Path, text: str) -> Iterator[Finding]:
    """What has the right shape and still makes no sense."""
    if _zone(file) is None:
        where = place_in(text, path.name, ("office", "timezone"))
        yield Finding("unknown_timezone", where, {"value": file.office.timezone})
    if file.default_person not in file.people:
        where = place_in(text, path.name, ("default_person",))
        yield Finding("unknown_person", where, {"name": file.default_person, "near": list(file.people)})
    yield from _reminding(file, path, text)
    try:
        NumberPattern(file.numbers.application)
    except WrongUsage as error:
        yield Finding(error.code, place_in(text, path.name, ("numbers", "application")), error.facts)


def _reminding(file: _ConfigFile, path: Path, text: str) -> Iterator[Finding]:
    """What is wrong with rules, channels and addresses, each at its line."""
    groups: dict[str, dict[str, Addressed]] = {UNIT: dict(file.units)}
    role = file.people[file.default_person].role if file.default_person in file.people else ""
    groups[HANDLER] = {key: one for key, one in file.people.items() if one.role == role}
    for key, unit in file.units.items():
        groups[key] = {key: unit}
    for key, person in file.people.items():
        groups.setdefault(person.role, {})[key] = person
        groups.setdefault(key, {})[key] = person
    for code, place, facts in problems(file.remind, file.channels, groups):
        yield Finding(code, place_in(text, path.name, place), facts)


def database_url(url: str, folder: Path) -> str:
    """A file's address relative to the config's folder; any other address as it is."""
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        return url
    path, mark, options = url.removeprefix(prefix).partition("?")
    scheme = "file:" if path.startswith("file:") else ""
    path = path.removeprefix(scheme)
    if not path.startswith("/"):
        beside = quote(str(folder), safe="/:\\")
        path = f"{quote(beside, safe='/:') if scheme else beside}/{path}"
    return f"{prefix}{scheme}{path}{mark}{options}"


def load_config(path: Path, further: Further = lambda _config: ()) -> Config:
    """The settings of an office.

    Args:
        path: the file.
        further: where there are faults, what else is wrong with the settings.

    Raises:
        NotFound: `config_missing`.
        FoundProblems: no TOML, unknown or missing keys, wrong values, what makes no sense; all of it at
            once, each with its line.
    """
    data, text = _tables(path)
    file, shape = _shaped(data, text, path)
    sense = list(_meaning(file, path, text)) if file else []
    if shape or sense or file is None:
        more = further(_config(file, path, text)) if file else ()
        raise _broken(path, _tell(shape, [*sense, *more]))
    return _config(file, path, text)


def _config(file: _ConfigFile, path: Path, text: str) -> Config:
    absolute = path.resolve()
    return Config(
        path=absolute,
        text=text,
        office=file.office.name,
        zone=_zone(file) or ZoneInfo("UTC"),  # nobody gets as far with a zone that there is not
        language=file.office.language,
        level=file.office.level,
        database_url=database_url(file.database.url, absolute.parent),
        patience=file.database.patience,
        workflow=file.workflow.file,
        switches=file.switches,
        number_pattern=file.numbers.application,
        region=file.calendar.region,
        calendars=absolute.parent / file.calendar.folder,
        days_off=file.calendar.days_off,
        working_days=tuple(file.calendar.working_days),
        attachments=absolute.parent / file.attachments.folder,
        largest_attachment=file.attachments.largest,
        people={key: Person(key, p.name, p.role, p.addresses()) for key, p in file.people.items()},
        default_person=file.default_person,
        other_share=file.report.other_share,
        overview_characters=file.report.overview_characters,
        units={key: Unit(key, unit.name, unit.addresses()) for key, unit in file.units.items()},
        remind=file.remind,
        channels=file.channels,
        organ={"name": file.office.name, **file.organ.model_dump(exclude_none=True)},
        notices=absolute.parent / file.notices.folder if file.notices.folder else None,
        red_head=file.notices.red_head,
    )
