"""The shipped year files of a region's calendar, each with the number of its notice."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from requestflow.definitions.reader import Document, parse, read_yaml
from requestflow.definitions.shipped import shipped
from requestflow.domain.calendar import CalendarYear, Source
from requestflow.errors import Finding, FoundProblems, NotFound

_SPAN = ".."
_SATURDAY = 5
_HEAD = "# {year}年节假日安排 · public holidays and make-up days of {year}; written by `calendar import`"


class _NoticeFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: str | None
    published: date | None = None
    text: str | None = None


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
        sources=tuple(Source(n.number, n.published, n.text) for n in file.notices),
        days_off=off,
        make_up_days=frozenset(file.make_up_days),
    )


def load_calendar_years(
    region: str, folder: Path | None = None, own: Path | None = None
) -> list[CalendarYear]:
    """All years of a region in order, and those after the last file by the statute's fixed days.

    Args:
        region: a folder of the calendars.
        folder: where the calendars lie, the shipped ones where none is given.
        own: the office's folder; its year files take the place of the shipped ones.

    Raises:
        NotFound: `unknown_region`, naming the known ones.
        FoundProblems: a year file is at fault.
    """
    root = folder or shipped("workflows") / "calendars"
    paths = _year_files(root / region.lower())
    if not paths or not region.isalpha():
        known = sorted(p.name for p in root.iterdir() if p.is_dir()) if root.exists() else []
        raise NotFound("unknown_region", region=region, known=known)
    paths |= _year_files(own) if own else {}
    years = {year: load_calendar_year(paths[year]) for year in sorted(paths)}
    statute = root / region.lower() / "statute.yaml"
    if statute.exists():
        years = {year.year: year for year in _by_statute(statute, min(years), max(years))} | years
    return [years[year] for year in sorted(years)]


def _year_files(folder: Path) -> dict[int, Path]:
    return {int(path.stem): path for path in folder.glob("[0-9][0-9][0-9][0-9].yaml")}


def _by_statute(path: Path, first: int, last: int) -> list[CalendarYear]:
    """The years from the first file's to some after the last one's, with the statute's fixed days."""
    document = read_yaml(path)
    file = parse(document, _StatuteFile)
    return [
        CalendarYear(year, published=False, sources=(), days_off=_fixed(document, file, year),
                     make_up_days=frozenset(), unknown=tuple(file.unknown))
        for year in range(first, last + 1 + file.years)
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


def year_file(year: CalendarYear) -> str:
    """A year in the form of its file: what `load_calendar_year` reads."""
    spans: dict[str, list[str]] = {}
    for name, first, last in _runs(year):
        spans.setdefault(name, []).append(f"{first}..{last}" if last > first else f"{first}")
    document = {
        "year": year.year,
        "status": "published" if year.published else "provisional",
        "notices": [
            {
                key: value
                for key, value in (
                    ("number", source.number),
                    ("published", source.published.isoformat() if source.published else None),
                    ("text", source.text),
                )
                if value is not None or key == "number"
            }
            for source in year.sources
        ],
        "days_off": spans,
        "make_up_days": [day.isoformat() for day in sorted(year.make_up_days)],
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in document.items()]
    return "\n".join([_HEAD.format(year=year.year), *lines, ""])


def _runs(year: CalendarYear) -> Iterator[tuple[str, date, date]]:
    """The holidays with their first and last days, run by run."""
    days = sorted(year.days_off.items())
    start = 0
    for index in range(1, len(days) + 1):
        (day, name), before = days[start], days[index - 1][0]
        follows = index < len(days) and days[index] == (before + timedelta(days=1), name)
        if not follows:
            yield name, day, before
            start = index
