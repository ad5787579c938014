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
        "unknown": list(this.unknown),
    }


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
        "understood": [_line_document(line) for line in done.lines],
        "newly_off": [day.isoformat() for day in done.newly_off],
        "newly_worked": [day.isoformat() for day in done.newly_worked],
        "no_longer_off": [day.isoformat() for day in done.no_longer_off],
        "no_longer_worked": [day.isoformat() for day in done.no_longer_worked],
        "earlier": [_source(source) for source in done.earlier],
        "moved": moved,
    }


def _show_import(desk: Desk, done: "Imported", *, dry_run: bool) -> None:
    words = desk.words
    key = "calendar_would_import" if dry_run else "calendar_imported"
    desk.print(words.text(key, year=done.year, notice=_source_words(desk, done.source)))
    for line in done.lines:
        made_up = [day.isoformat() for day in line.make_up_days]
        worked = words.text("understood_work", days=made_up) if made_up else ""
        off = "" if line.first is None else words.text(
            "understood_off", first=line.first, last=line.last, days=line.days
        )  # fmt: skip
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
    moved = []
    if then_refresh and not dry_run:
        office.forget_rules()
        moved = _refreshed(desk, by=by)
    if desk.as_json:
        document = _import_document(done, dry_run=dry_run, moved=[documents.moved(one) for one in moved])
        desk.print_json(document)
        return
    _show_import(desk, done, dry_run=dry_run)
    if then_refresh and not dry_run:
        screens.moved(desk, moved)
    elif not dry_run:
        desk.tell(desk.words.text("refresh_next"))


def _refreshed(desk: Desk, **options: Any) -> list[Any]:
    from requestflow.services.recalculation import refresh

    with desk.progress("refreshing") as progress:
        return refresh(desk.office, progress=progress, **options)


@command(
    click.option("--all", "everything", is_flag=True),
    click.option("--dry-run", is_flag=True),
    BY,
)
def calendar_refresh(desk: Desk, *, dry_run: bool, by: str | None, everything: bool) -> None:
    """Works every due date out anew."""
    moved = _refreshed(desk, by=by, dry_run=dry_run, everything=everything)
    if desk.as_json:
        desk.print_json([documents.moved(one) for one in moved])
        return
    if dry_run:
        desk.tell(desk.words.text("dry_run"))
    screens.moved(desk, moved)


calendar = HelpedGroup(
    "calendar",
    lazy={
        "show": lambda: calendar_show,
        "after": lambda: calendar_after,
        "import": lambda: calendar_import,
        "refresh": lambda: calendar_refresh,
    },
)
