"""The calendar's commands: a year of it, counting over it, bringing a year in, bringing cases along."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from requestflow.cli import documents, screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, DAY, FILE, YEAR, HelpedGroup, Whole, command, fail
from requestflow.errors import Refused

if TYPE_CHECKING:
    from requestflow.domain.calendar import Calendar, CalendarYear, Source
    from requestflow.exchange.holiday_days import Understood
    from requestflow.services.calendar_upkeep import Imported
    from requestflow.services.recalculation import Refreshed


def _source(found: "Source") -> dict[str, Any]:
    published = found.published.isoformat() if found.published else None
    return {"number": found.number, "published": published, "text": found.text}


def _year_document(found: "Calendar", year: int) -> dict[str, Any]:
    this = found.years[year]
    return {
        "year": year,
        "provisional": not this.published,
        "notices": list(this.notices),
        "sources": [_source(source) for source in this.sources],
        "working_days": found.working_days_in(year),
        "days_off": {day.isoformat(): name for day, name in sorted(this.days_off.items())},
        "make_up_days": [day.isoformat() for day in sorted(this.make_up_days)],
        "own_days_off": {day.isoformat(): name for day, name in _own_off(found, year)},
        "own_working_days": [day.isoformat() for day in _own_worked(found, year)],
        "unknown": list(this.unknown),
    }


def _own_off(found: "Calendar", year: int) -> list[tuple[date, str]]:
    return [(day, name) for day, name in sorted(found.own_days_off.items()) if day.year == year]


def _own_worked(found: "Calendar", year: int) -> list[date]:
    return [day for day in sorted(found.own_working_days) if day.year == year]


def _source_words(desk: Desk, found: "Source") -> str:
    number = found.number or desk.words.text("without_number")
    parts = [part for part in (found.published and found.published.isoformat(), found.text) if part]
    return desk.words.text("source_line", number=number, facts=parts) if parts else number


def _show_year(desk: Desk, found: "Calendar", this: "CalendarYear") -> None:
    words = desk.words
    key = "calendar_line" if this.published else "calendar_provisional"
    sources = [_source_words(desk, source) for source in this.sources]
    days = found.working_days_in(this.year)
    desk.print(words.text(key, year=this.year, notices=sources, days=days))
    names: dict[str, list[str]] = {}
    for day, name in sorted(this.days_off.items()):
        names.setdefault(name, []).append(day.isoformat()[5:])
    for name, several in names.items():
        desk.print(words.text("fact_line", name=name, value=f"{several[0]} – {several[-1]}"))
    made_up = [day.isoformat()[5:] for day in sorted(this.make_up_days)]
    if made_up:
        value = words.text("comma").join(made_up)
        desk.print(words.text("fact_line", name=words.text("make_up_days"), value=value))
    local = {
        "own_days_off": [f"{day.isoformat()[5:]} {name}" for day, name in _own_off(found, this.year)],
        "own_working_days": [day.isoformat()[5:] for day in _own_worked(found, this.year)],
    }
    for key, days_of_own in local.items():
        if days_of_own:
            value = words.text("comma").join(days_of_own)
            desk.print(words.text("fact_line", name=words.text(key), value=value))
    if this.unknown:
        desk.print(words.text("calendar_unknown", names=list(this.unknown)))


@command(click.argument("year", type=YEAR))
def calendar_show(desk: Desk, year: int) -> None:
    """A year's days off and make-up days."""
    found = desk.book.calendar
    if year not in found.years:
        raise Refused("no_calendar", year=year, first=found.first_day.year,
                      last=found.last_day.year)  # fmt: skip
    if desk.as_json:
        desk.print_json(_year_document(found, year))
    else:
        _show_year(desk, found, found.years[year])


@command(
    click.argument("dates", nargs=-1, type=DAY, metavar="DATE…"),
    click.option("--days", type=Whole(0, 2000), required=True, metavar="N"),
)
def calendar_after(desk: Desk, dates: tuple[date, ...], *, days: int) -> None:
    """The day on which a period of working days ends."""
    if not dates:
        fail("missing_parameter", name="DATE", command="requestflow calendar after")
    found = desk.book.calendar
    results = [(day, found.after(day, days)) for day in dates]
    if desk.as_json:
        desk.print_json(
            [
                {"date": day.isoformat(), "days": days, "result": end.isoformat(),
                 "provisional": found.is_provisional(end)}
                for day, end in results
            ]
        )  # fmt: skip
        return
    for day, end in results:
        mark = desk.words.text("provisional") if found.is_provisional(end) else ""
        desk.print(desk.words.text("days_after", day=day, days=days, end=end) + mark)


def _line_document(found: "Understood") -> dict[str, Any]:
    return {
        "name": found.name,
        "from": found.first.isoformat() if found.first else None,
        "to": found.last.isoformat() if found.last else None,
        "days": found.days,
        "make_up_days": [day.isoformat() for day in found.make_up_days],
    }


def _import_document(done: "Imported", *, dry_run: bool, moved: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "year": done.year,
        **_source(done.source),
        "dry_run": dry_run,
        "unchanged": done.unchanged,
        "understood": [_line_document(line) for line in done.lines],
        "newly_off": [day.isoformat() for day in done.newly_off],
        "newly_worked": [day.isoformat() for day in done.newly_worked],
        "no_longer_off": [day.isoformat() for day in done.no_longer_off],
        "no_longer_worked": [day.isoformat() for day in done.no_longer_worked],
        "earlier": [_source(source) for source in done.earlier],
        "moved": moved,
    }


def _with_weekday(desk: Desk, day: date) -> str:
    weekday = desk.words.text("weekdays").split()[day.weekday()]
    return desk.words.text("day_of_week", day=day, weekday=weekday)


def _days_off_line(desk: Desk, line: "Understood") -> str:
    """From when to when a holiday is off, with the days of the week: what a clerk compares by."""
    if line.first is None or line.last is None:
        return ""
    first, last = _with_weekday(desk, line.first), _with_weekday(desk, line.last)
    if line.first == line.last:
        return desk.words.text("understood_day_off", day=first)
    return desk.words.text("understood_off", first=first, last=last, days=line.days)


def _show_import(desk: Desk, done: "Imported", *, dry_run: bool) -> None:
    words = desk.words
    key = "calendar_would_import" if dry_run else "calendar_imported"
    key = "calendar_same" if done.unchanged else key
    desk.print(words.text(key, year=done.year, notice=_source_words(desk, done.source)))
    for line in done.lines:
        made_up = [_with_weekday(desk, day) for day in line.make_up_days]
        worked = words.text("understood_work", days=made_up) if made_up else ""
        off = _days_off_line(desk, line)
        desk.print(words.text("fact_line", name=line.name, value=off + worked))
    if done.newly_off or done.newly_worked:
        desk.print(
            words.text("calendar_changes", off=list(done.newly_off), worked=list(done.newly_worked))
        )
    if done.no_longer_off or done.no_longer_worked:
        desk.print(words.text("calendar_taken_away", off=list(done.no_longer_off) or "—",
                              worked=list(done.no_longer_worked) or "—"))  # fmt: skip
    for source in done.earlier:
        desk.print(words.text("calendar_earlier", notice=_source_words(desk, source)))


@command(
    click.argument("file", type=FILE, metavar="FILE"),
    click.option("--number", metavar="N"),
    click.option("--published", type=DAY),
    click.option("--replace", is_flag=True),
    click.option("--refresh", "then_refresh", is_flag=True),
    click.option("--dry-run", is_flag=True),
    BY,
)
def calendar_import(
    desk: Desk, file: Path, *, then_refresh: bool, dry_run: bool, by: str | None, **given: Any
) -> None:
    """Brings a year in: a notice of the State Council, or a table."""
    from requestflow.services.calendar_upkeep import Wanted, import_calendar

    office = desk.office
    office.person(by)
    done = import_calendar(office, file, Wanted(dry_run=dry_run, **given))
    desk.warn(list(done.warnings))
    refreshed = None
    if then_refresh and not dry_run:
        office.forget_rules()
        refreshed = _refreshed(desk, by=by)
    if desk.as_json:
        document = _import_document(done, dry_run=dry_run, moved=_refreshed_document(refreshed))
        desk.print_json(document)
        return
    _show_import(desk, done, dry_run=dry_run)
    if refreshed is not None:
        _show_refreshed(desk, refreshed)
    elif not (dry_run or done.unchanged):
        desk.tell(desk.words.text("refresh_next"))


def _refreshed(desk: Desk, **options: Any) -> "Refreshed":
    from requestflow.services.recalculation import refresh

    with desk.progress("refreshing") as progress:
        return refresh(desk.office, progress=progress, **options)


def _refreshed_document(found: "Refreshed | None") -> list[dict[str, Any]]:
    """Moved dates; then dates that became final, each the same as before."""
    return [documents.moved(one) for one in (*found.moved, *found.settled)] if found else []


def _show_refreshed(desk: Desk, found: "Refreshed") -> None:
    screens.moved(desk, found.moved)
    if found.settled:
        numbers = desk.words.text("comma").join(f"{one.number} {one.due_to}" for one in found.settled)
        desk.print(desk.words.text("due_settled", count=len(found.settled), numbers=numbers))


@command(
    click.option("--all", "everything", is_flag=True),
    click.option("--dry-run", is_flag=True),
    BY,
)
def calendar_refresh(desk: Desk, *, dry_run: bool, by: str | None, everything: bool) -> None:
    """Works every due date out anew."""
    found = _refreshed(desk, by=by, dry_run=dry_run, everything=everything)
    if desk.as_json:
        desk.print_json(_refreshed_document(found))
        return
    if dry_run:
        desk.tell(desk.words.text("dry_run"))
    _show_refreshed(desk, found)


calendar = HelpedGroup(
    "calendar",
    lazy={
        "show": lambda: calendar_show,
        "after": lambda: calendar_after,
        "import": lambda: calendar_import,
        "refresh": lambda: calendar_refresh,
    },
)
