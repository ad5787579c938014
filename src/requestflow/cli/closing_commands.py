"""The year's end: how it stands, its close, and opening a closed year again."""

import click

from requestflow.cli import year_documents, year_screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, YEAR, HelpedGroup, command

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


year = HelpedGroup(
    "year",
    lazy={
        "status": lambda: year_status,
        "close": lambda: year_close,
        "reopen": lambda: year_reopen,
    },
)
