"""The year's end: how it stands, its close, and opening a closed year again."""

from datetime import date
from typing import Any

import click

from requestflow.cli import year_documents, year_screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, DAY, YEAR, HelpedGroup, command, fail

_YEAR = click.argument("year", type=YEAR)


@command(_YEAR)
def year_status(desk: Desk, year: int) -> None:
    """What stands in the way of a year's close, and what was closed when by whom."""
    from requestflow.services import closing

    found = closing.status(desk.office, year)
    if desk.as_json:
        desk.print_json(year_documents.status(desk, found))
    else:
        year_screens.status(desk, found)


@command(_YEAR, BY)
def year_close(desk: Desk, year: int, *, by: str | None) -> None:
    """Checks a year, freezes its tables, carries the open cases over, and locks it."""
    from requestflow.services import closing

    found = closing.close_year(desk.office, year, by)
    if desk.as_json:
        desk.print_json(year_documents.closed(found))
    else:
        year_screens.closed(desk, found)


@command(_YEAR, click.option("--reason", required=True, metavar="TEXT"), BY)
def year_reopen(desk: Desk, year: int, *, reason: str, by: str | None) -> None:
    """Opens a closed year again; what was frozen is kept."""
    from requestflow.services import closing

    version = closing.reopen_year(desk.office, year, reason, by)
    if desk.as_json:
        desk.print_json({"year": year, "status": "open", **year_documents.version(version)})
    else:
        desk.print(desk.words.text("year_was_reopened", year=year, version=version.version,
                                   by=version.reopened_by))  # fmt: skip


@command(
    _YEAR,
    click.option("--on", type=DAY, metavar="YYYY-MM-DD"),
    click.option("--of", "duty", metavar="DUTY"),
    click.option("--undo", is_flag=True),
    click.option("--reason", metavar="TEXT"),
    BY,
)
def year_published(
    desk: Desk, year: int, *, on: date | None, undo: bool, reason: str | None, **who: Any
) -> None:  # duty, by
    """Records when the annual report of a year was published, or its total handed in."""
    from requestflow.services import handing_in

    if undo and on is not None:
        fail("undo_has_no_day")
    if undo:
        found = handing_in.take_back(desk.office, year, reason=reason or "", **who)
    else:
        found = handing_in.hand_in(desk.office, year, on=on, reason=reason, **who)
    desk.warn(found.warnings)
    if desk.as_json:
        desk.print_json(year_documents.published(found))
    else:
        year_screens.published(desk, found)


year = HelpedGroup(
    "year",
    lazy={
        "status": lambda: year_status,
        "close": lambda: year_close,
        "published": lambda: year_published,
        "reopen": lambda: year_reopen,
    },
)
