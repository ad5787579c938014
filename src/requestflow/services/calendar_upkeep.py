"""`calendar import`: a notice of the State Council, or a table, becomes a year of the calendar."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path

from requestflow.definitions.calendar_files import year_file
from requestflow.domain.calendar import Calendar, CalendarYear, Source
from requestflow.domain.facts import check_text
from requestflow.domain.workflow import Words
from requestflow.errors import Finding, FoundProblems, Refused
from requestflow.exchange.calendar_tables import read_calendar_table
from requestflow.exchange.holiday_days import HolidayNotice, Understood
from requestflow.exchange.holiday_notice import read_notice
from requestflow.exchange.written_texts import decoded
from requestflow.files import file_bytes, write_all
from requestflow.services.office import Office
from requestflow.storage import registry

_NUMBER = re.compile(r"([0-9]{4})〕([0-9]+)号")
_TABLES = (".csv", ".tsv")
_LONGEST_FILE = 1024 * 1024
_SATURDAY = 5
# the holidays of the statute: a notice that declares a year names every one of them
_HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a notice beside its text, and how far to go with it."""

    number: str | None = None
    published: date | None = None
    dry_run: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """A year brought in: its notice, what was understood of it, and what it changes."""

    year: int
    source: Source
    lines: tuple[Understood, ...]
    newly_off: tuple[date, ...]
    newly_worked: tuple[date, ...]
    no_longer_off: tuple[date, ...]
    no_longer_worked: tuple[date, ...]
    earlier: tuple[Source, ...]
    unchanged: bool  # whether the office has all of it already
    warnings: tuple[Finding, ...] = ()


def _contents(path: Path) -> str:
    data = file_bytes(path, _LONGEST_FILE)
    text = decoded(data, path.name)
    if isinstance(text, Finding):
        raise FoundProblems("calendar_refused", [text], file=path.name)
    return text


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in _TABLES


def _read(path: Path, text: str) -> tuple[HolidayNotice, list[Finding]]:
    """What the text declares, and what is worth a word about it."""
    read = read_calendar_table if _is_table(path) else read_notice
    notice, findings = read(text, file=path.name)
    if notice is None:
        raise FoundProblems("calendar_refused", findings, file=path.name)
    return notice, findings


def _source(office: Office, notice: HolidayNotice, path: Path, wanted: Wanted) -> Source:
    """The notice by its number and day, as read or as given.

    Raises:
        FoundProblems: a notice of the State Council that states neither; one of a day to come.
    """
    source = Source(wanted.number or notice.number, wanted.published or notice.published)
    fault = None
    if not _is_table(path) and (source.number is None or source.published is None):
        fault = Finding("notice_without_number", path.name, {})
    elif source.published and source.published > office.today():
        facts = {"published": source.published, "today": office.today()}
        fault = Finding("notice_of_the_future", path.name, facts)
    if fault:
        raise FoundProblems("calendar_refused", [fault], file=path.name)
    return source


def _place_in_time(number: str | None) -> tuple[int, int]:
    """Year and number of a 文号; the State Council's office numbers its notices of a year in one row."""
    found = _NUMBER.search(number or "")
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _is_earlier(one: Source, other: Source) -> bool:
    """Whether a notice is older than another: by their days, else by their numbers."""
    if one.published and other.published:
        return one.published < other.published
    if _place_in_time(one.number) == (0, 0) or _place_in_time(other.number) == (0, 0):
        return False
    return _place_in_time(one.number) < _place_in_time(other.number)


def _refuse_older(calendar: Calendar, known: CalendarYear, source: Source) -> None:
    """The newest notice on a year is in force: an older one does not replace it unnoticed."""
    after = calendar.years.get(known.year + 1)
    of_next = after.notices if after else ()  # it names a day of this December, and no more
    for one in known.sources if known.published else ():
        if one.number not in of_next and _is_earlier(source, one):
            raise Refused("notice_older", notice=source.number, year=known.year, newer=one.number,
                          published=one.published)  # fmt: skip


def _named(year: CalendarYear) -> HolidayNotice:
    """A known year as a notice; a make-up day belongs to the holiday that lies nearest."""
    off = year.days_off

    def nearest(day: date) -> str:
        return off[min(off, key=lambda one: abs(one - day))] if off else ""

    return HolidayNotice(year.year, None, None, off, {d: nearest(d) for d in year.make_up_days})


def _whole(notice: HolidayNotice, known: CalendarYear, file: str) -> HolidayNotice:
    """The year that a notice declares: by itself, or over the notice that it changes.

    Raises:
        FoundProblems: `notice_incomplete`: it leaves holidays out, and there is no year to change.
    """
    named = {part for name in notice.days_off.values() for part in name.split("、")}
    missing = [name for name in _HOLIDAYS if name not in named]
    if not missing:
        return notice
    if not known.published:
        finding = Finding("notice_incomplete", file, {"year": notice.year, "missing": missing})
        raise FoundProblems("calendar_refused", [finding], file=file)
    return notice.over(_named(known))


def _same_notice(one: Source, other: Source) -> bool:
    """Whether two texts are one notice brought in twice; without a number nobody can tell."""
    return one.number is not None and one.number == other.number


def _own_year(whole: HolidayNotice, known: CalendarYear, source: Source) -> CalendarYear:
    year = whole.year
    earlier = [one for one in known.sources if known.published and not _same_notice(one, source)]
    return CalendarYear(
        year=year,
        published=True,
        sources=(*earlier, source),
        days_off={day: name for day, name in whole.days_off.items() if day.year == year},
        make_up_days=frozenset(day for day in whole.make_up_days if day.year == year),
    )


def _neighbours(notice: HolidayNotice, calendar: Calendar, source: Source) -> Iterator[CalendarYear]:
    """The years before and after, where the notice declares days of theirs: 31 December, mostly."""
    for year in (notice.year - 1, notice.year + 1):
        known = calendar.years.get(year)
        if known is None:
            continue
        off = {d: n for d, n in notice.days_off.items() if d.year == year and d.weekday() < _SATURDAY}
        made_up = frozenset(day for day in notice.make_up_days if day.year == year)
        if off.keys() - known.days_off.keys() or made_up - known.make_up_days:
            yield replace(
                known,
                sources=(*(one for one in known.sources if not _same_notice(one, source)), source),
                days_off={**known.days_off, **off},
                make_up_days=known.make_up_days | made_up,
            )


def _off(year: CalendarYear) -> set[date]:
    """Days on which nobody works though the week says so."""
    return {day for day in year.days_off if day.weekday() < _SATURDAY}


def _refuse_loss(office: Office, known: CalendarYear, new: CalendarYear, notice: HolidayNotice) -> None:
    """A year that open cases count by loses no declared day unnoticed."""
    off, worked = sorted(_off(known) - _off(new)), sorted(known.make_up_days - new.make_up_days)
    if not known.published or not (off or worked):
        return
    first, last = date(known.year, 1, 1), date(known.year, 12, 31)
    with office.reading() as session:
        cases = registry.count_open(session, first, last)
    if cases:
        raise Refused("calendar_days_lost", year=known.year, off=off or "—", worked=worked or "—",
                      understood=[_in_short(line) for line in notice.lines()], count=cases)  # fmt: skip


def _in_short(line: Understood) -> Words:
    """What was understood of a holiday: its days, and the days worked for it."""
    span = f"{line.first}" if line.first == line.last else f"{line.first}–{line.last}"
    days = f" {span}" if line.first else ""
    worked = "、".join(str(day) for day in line.make_up_days)
    return Words(
        line.name + days + (f"（上班 {worked}）" if worked else ""),
        line.name + days + (f" (worked: {worked.replace('、', ', ')})" if worked else ""),
    )


def _text_name(office: Office, known: CalendarYear, source: Source, path: Path) -> str:
    """The name under which the text is kept: that of the same notice, or the next free one."""
    for one in known.sources:
        if one.text and _same_notice(one, source):
            return one.text
    suffix = path.suffix.lower() if path.suffix.lower() in _TABLES else ".txt"
    stems = {there.stem for there in office.settings.calendars.glob(f"{known.year}-*")}
    free = next(n for n in count(1) if f"{known.year}-{n}" not in stems)
    return f"{known.year}-{free}{suffix}"


def _warnings(source: Source, path: Path) -> Iterator[Finding]:
    if source.number is None or source.published is None:
        yield Finding("table_without_number", path.name, {}, warning=True)


def import_calendar(office: Office, path: Path, wanted: Wanted) -> Imported:
    """Reads a notice or a table into the office's folder of calendars; all of it, or nothing.

    A later notice on single holidays changes the year that is there; its text stands beside the
    earlier one's. Open cases keep their dates until `calendar refresh`.

    Raises:
        FoundProblems: `calendar_refused`: everything that is wrong with the text, each with its line.
        Refused: a day that open cases count by would be lost, or a newer notice is in force, and
            nothing says to replace it; a year out of all calendars.
    """
    text = _contents(path)
    check_text("number", wanted.number or "")
    notice, remarks = _read(path, text)
    calendar = office.calendar
    known = calendar.years.get(notice.year)
    if known is None:
        raise Refused("no_calendar", year=notice.year, first=calendar.first_day.year,
                      last=calendar.last_day.year)  # fmt: skip
    source = _source(office, notice, path, wanted)
    source = replace(source, text=_text_name(office, known, source, path))
    own = _own_year(_whole(notice, known, path.name), known, source)
    years = [own, *_neighbours(notice, calendar, source)]
    if not wanted.replace:
        _refuse_older(calendar, known, source)
        for year in years:
            _refuse_loss(office, calendar.years[year.year], year, notice)
    if not wanted.dry_run:
        texts = {str(source.text): text}
        texts |= {f"{year.year}.yaml": year_file(year) for year in reversed(years)}
        folder = office.settings.calendars
        write_all({folder / name: written.encode() for name, written in texts.items()})
    return Imported(
        year=notice.year,
        source=source,
        lines=notice.lines(),
        newly_off=_sorted(_off(year) - _off(calendar.years[year.year]) for year in years),
        newly_worked=_sorted(
            year.make_up_days - calendar.years[year.year].make_up_days for year in years
        ),
        no_longer_off=_sorted(_off(calendar.years[year.year]) - _off(year) for year in years),
        no_longer_worked=_sorted(
            calendar.years[year.year].make_up_days - year.make_up_days for year in years
        ),
        earlier=own.sources[:-1],
        unchanged=all(year == calendar.years[year.year] for year in years),
        warnings=(*remarks, *_warnings(source, path)),
    )


def _sorted(groups: Iterable[Iterable[date]]) -> tuple[date, ...]:
    return tuple(sorted(day for group in groups for day in group))
