"""The year: its table, the cases behind each figure, and the check of any table."""

from pathlib import Path
from typing import Any

import click

from requestflow.cli import screens, year_documents, year_screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import DAY, FILE, Whole, command, fail

_YEAR = Whole(1990, 2100)


@command(
    click.argument("year", type=_YEAR),
    click.option("--form", metavar="2019|2021"),
    click.option("--as-of", type=DAY),
    click.option("--from", "first", type=DAY),
    click.option("--to", "last", type=DAY),
    click.option("--known-on", type=DAY),
    click.option("--office", "name", metavar="NAME"),
    click.option("--cell", metavar="ROW:COLUMN"),
    click.option("--recount", is_flag=True),
    click.option("-o", "output", type=FILE, metavar="FILE.json"),
)
def rollup(desk: Desk, year: int, *, name: str | None, cell: str | None, **options: Any) -> None:
    """The annual table of a year, or of a part of it; of the office, or of all below one."""
    from requestflow.services.year_table import Wanted

    output, recount = options.pop("output"), options.pop("recount")
    wanted = Wanted(year, **options)
    if recount and (cell or name):
        fail("recount_alone")
    if name is not None:
        _aggregate(desk, name, wanted, cell, output)
    elif cell is not None:
        _cell(desk, wanted, cell)
    else:
        _rollup(desk, wanted, output, recount=recount)


def _rollup(desk: Desk, wanted: Any, output: Path | None, *, recount: bool) -> None:
    from requestflow.services import year_table

    found = year_table.rollup(desk.office, wanted, recount=recount)
    if _as_document(desk, found, output, year_documents.rollup_extra(found)):
        return
    screens.annual_table(desk, found.table, found.identities)
    year_screens.table_four(desk, found.table)
    year_screens.period(desk, found)


def _aggregate(desk: Desk, name: str, wanted: Any, cell: str | None, output: Path | None) -> None:
    from requestflow.services import aggregation

    if cell is not None:
        shared = aggregation.shared_cell(desk.office, name, wanted, cell)
        if desk.as_json:
            desk.print_json(year_documents.shared_cell(shared))
        else:
            year_screens.shares(desk, shared)
        return
    found = aggregation.aggregate(desk.office, name, wanted)
    if _as_document(desk, found, output, year_documents.aggregate_extra(found)):
        return
    screens.annual_table(desk, found.table, found.identities)
    year_screens.table_four(desk, found.table)
    year_screens.units(desk, found)


def _as_document(desk: Desk, found: Any, output: Path | None, extra: dict[str, Any]) -> bool:
    """Writes or prints a table as a document; whether that was asked for."""
    from requestflow.exchange.table_files import table_document, write_table

    if output is not None:
        write_table(output, found.table, found.identities, extra)
        desk.tell(desk.words.text("written", file=output))
    elif desk.as_json:
        desk.print_json(table_document(found.table, found.identities, extra))
    return output is not None or desk.as_json


def _cell(desk: Desk, wanted: Any, place: str) -> None:
    from requestflow.services import year_table

    found = year_table.cell(desk.office, wanted, place)
    if desk.as_json:
        desk.print_json(year_documents.cell(found))
        return
    screens.cell(desk, found)
    if found.disputes:
        year_screens.disputes(desk, found.disputes)


@command(
    click.argument("files", nargs=-1, type=FILE, metavar="FILE…"),
    click.option("--against", type=FILE, metavar="FILE"),
)
def check(desk: Desk, files: tuple[Path, ...], *, against: Path | None) -> None:
    """The identities of any table."""
    from requestflow.errors import FoundProblems
    from requestflow.services.checking import check_files

    if not files:
        fail("missing_parameter", name="FILE", command="requestflow check")
    checked = check_files(desk.book, files, against)
    if desk.as_json:
        desk.print_json(
            [
                {
                    "file": one.file,
                    "office": one.table.office,
                    "year": one.table.year,
                    "form": one.table.form.code,
                    "holds": not one.broken,
                    "broken": [screens.broken_document(desk, one.table, b) for b in one.broken],
                }
                for one in checked
            ]
        )
    else:
        for one in checked:
            screens.verdict(desk, one)
    failed = [one.file for one in checked if one.broken]
    if failed:
        raise FoundProblems("check_failed", [], files=failed)
