"""The shipped year files of a region's calendar, each with the number of its notice."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from requestflow.definitions.reader import Document, parse, read_yaml
from requestflow.definitions.shipped import shipped
from requestflow.domain.calendar import CalendarYear
from requestflow.errors import Finding, FoundProblems, NotFound

_SPAN = ".."
_SATURDAY = 5


class _NoticeFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: str | None
    published: date | None = None


class _YearFile(BaseModel):
    """The shape of a year file."""

    model_config = ConfigDict(extra="forbid")
    year: Annotated[int, Field(ge=1990, le=2100)]
    status: Literal["published", "provisional"]
    notices: list[_NoticeFile]
    basis: str | None = None
    days_off: dict[str, list[str]]
    make_up_days: list[date]


class _StatuteFile(BaseModel):
    """The shape of `statute.yaml`: what the statute fixes in every year."""

    model_config = ConfigDict(extra="forbid")
    basis: str
    years: Annotated[int, Field(ge=1, le=30)]
    days_off: dict[str, list[str]]
    unknown: list[str]


def _days(text: str) -> Iterator[date]:
    first, _, last = text.partition(_SPAN)
    day, end = date.fromisoformat(first), date.fromisoformat(last or first)
    while day <= end:
        yield day
        day += timedelta(days=1)


def _spans(document: Document, file: _YearFile) -> tuple[dict[date, str], list[Finding]]:
    off: dict[date, str] = {}
    findings = []
    for name, spans in file.days_off.items():
        for index, text in enumerate(spans):
            where = document.place(("days_off", name, index))
            try:
                days = list(_days(text))
            except ValueError:
                findings.append(Finding("not_a_day", where, {"text": text}))
                continue
            wrong = [day for day in days if day.year != file.year]
            if wrong or not days:
                findings.append(Finding("day_of_another_year", where, {"text": text}))
            off |= dict.fromkeys(days, name)
    return off, findings


def _make_up(document: Document, file: _YearFile, off: dict[date, str]) -> list[Finding]:
    findings = []
    for index, day in enumerate(file.make_up_days):
        where = document.place(("make_up_days", index))
        if day.year != file.year:
            findings.append(Finding("day_of_another_year", where, {"text": day}))
        elif day.weekday() < _SATURDAY:
            findings.append(Finding("make_up_on_weekday", where, {"day": day}))
        elif day in off:
            findings.append(Finding("make_up_on_day_off", where, {"day": day}))
    return findings


def load_calendar_year(path: Path) -> CalendarYear:
    """One year from its file.

    Raises:
        FoundProblems: wrong shape, days of another year, make-up days that are no weekend days.
    """
    document = read_yaml(path)
    file = parse(document, _YearFile)
    off, findings = _spans(document, file)
    findings += _make_up(document, file, off)
    if findings:
        raise FoundProblems("definition_broken", findings, file=path.name)
    return CalendarYear(
        year=file.year,
        published=file.status == "published",
        notices=tuple(n.number for n in file.notices if n.number),
        days_off=off,
        make_up_days=frozenset(file.make_up_days),
    )


def load_calendar_years(region: str, folder: Path | None = None) -> list[CalendarYear]:
    """All years of a region in order; `folder` is the shipped one where none is given.

    Raises:
        NotFound: `unknown_region`, naming the known ones.
        FoundProblems: a year file is at fault.
    """
    root = folder or shipped("workflows") / "calendars"
    paths = sorted((root / region.lower()).glob("[0-9][0-9][0-9][0-9].yaml"))
    if not paths or not region.isalpha():
        known = sorted(p.name for p in root.iterdir() if p.is_dir()) if root.exists() else []
        raise NotFound("unknown_region", region=region, known=known)
    years = [load_calendar_year(path) for path in paths]
    statute = root / region.lower() / "statute.yaml"
    return [*years, *_by_statute(statute, years[-1].year)] if statute.exists() else years


def _by_statute(path: Path, last: int) -> list[CalendarYear]:
    """The years after the last file, with the days that the statute fixes in each."""
    document = read_yaml(path)
    file = parse(document, _StatuteFile)
    return [
        CalendarYear(year, published=False, notices=(), days_off=_fixed(document, file, year),
                     make_up_days=frozenset(), unknown=tuple(file.unknown))
        for year in range(last + 1, last + 1 + file.years)
    ]  # fmt: skip


def _fixed(document: Document, file: _StatuteFile, year: int) -> dict[date, str]:
    off: dict[date, str] = {}
    for name, spans in file.days_off.items():
        for index, text in enumerate(spans):
            try:
                days = list(_days(_SPAN.join(f"{year}-{part}" for part in text.split(_SPAN))))
            except ValueError:
                where = document.place(("days_off", name, index))
                finding = Finding("not_a_day", where, {"text": text})
                raise FoundProblems("definition_broken", [finding], file=document.file) from None
            off |= dict.fromkeys(days, name)
    return off


def as_dates(values: Any) -> list[date]:
    """Days of the office's own list in its config, a day or a span each."""
    return [day for text in values for day in _days(str(text))]
