"""The year: its table, and the cases behind each figure."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from requestflow.cli import annual_screens, table_output, year_documents, year_screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import DAY, FILE, YEAR, Whole, command, fail

if TYPE_CHECKING:
    from requestflow.errors import Finding


@command(
    click.argument("year", type=YEAR),
    click.option("--form", metavar="2019|2021"),
    click.option("--as-of", type=DAY),
    click.option("--from", "first", type=DAY),
    click.option("--to", "last", type=DAY),
    click.option("--known-on", type=DAY),
    click.option("--version", type=Whole(1, 999), metavar="N"),
    click.option("--office", "name", metavar="NAME"),
    click.option("--cell", metavar="ROW:COLUMN"),
    click.option("--recount", is_flag=True),
    click.option("-o", "output", type=FILE, metavar="FILE.xlsx|.docx|.html|.csv|.json"),
    click.option("--personal", is_flag=True),
)
def rollup(
    desk: Desk, year: int, *, name: str | None, cell: str | None, output: Path | None,
    personal: bool, recount: bool, **days: Any,
) -> None:  # fmt: skip
    """The annual table of a year, or of a part of it; of the office, or of all below one."""
    from requestflow.services.year_table import Wanted

    wanted = Wanted(year, **days)
    if recount and (cell or name):
        fail("recount_alone")
    if wanted.version is not None and (name or recount):
        fail("version_alone")
    if name is not None:
        _aggregate(desk, name, wanted, cell, output)
    elif cell is not None:
        _cell(desk, wanted, cell)
    else:
        _rollup(desk, wanted, output, recount=recount, personal=personal)


def _rollup(desk: Desk, wanted: Any, output: Path | None, *, recount: bool, personal: bool) -> None:
    from requestflow.services import year_table

    table_output.check_format(output)
    found = year_table.rollup(desk.office, wanted, recount=recount)
    extra = year_documents.rollup_extra(desk, found)
    desk.warn(list(found.warnings))
    if output is not None:
        _write_with_cases(desk, wanted, found, output, extra, personal=personal)
    elif desk.as_json:
        table_output.print_document(desk, found, extra)
    else:
        annual_screens.annual_table(desk, found.table, found.identities, found.period)
        year_screens.table_four(desk, found.table)
        year_screens.period(desk, found)


def _write_with_cases(
    desk: Desk, wanted: Any, found: Any, path: Path, extra: dict[str, Any], *, personal: bool
) -> None:
    """The table as a file, with as much around it as its format can hold."""
    from requestflow.exchange import table_writers
    from requestflow.services import table_printing

    more: dict[str, Any] = {"extra": extra}
    warnings: list[Finding] = []
    suffix = table_writers.format_of(path)
    if suffix in table_writers.LISTING:
        more["cases"], differing = table_printing.placed_cases(
            desk.office, found.table, wanted, personal=personal
        )
        warnings += differing
    if suffix in table_writers.CHARTED:
        more["charts"], missing = table_printing.table_charts(
            desk.office, found, wanted, desk.words.text
        )
        warnings += missing
    table_output.write(desk, found, path, personal=personal, **more)
    desk.warn(warnings)


def _aggregate(desk: Desk, name: str, wanted: Any, cell: str | None, output: Path | None) -> None:
    from requestflow.services import aggregation

    if cell is not None:
        shared = aggregation.shared_cell(desk.office, name, wanted, cell)
        if desk.as_json:
            desk.print_json(year_documents.shared_cell(shared))
        else:
            year_screens.shares(desk, shared)
        return
    table_output.check_format(output)
    found = aggregation.aggregate(desk.office, name, wanted)
    extra = year_documents.aggregate_extra(found)
    if output is not None:
        table_output.write(desk, found, output, extra=extra)
    elif desk.as_json:
        table_output.print_document(desk, found, extra)
    else:
        annual_screens.annual_table(desk, found.table, found.identities, found.period)
        year_screens.table_four(desk, found.table)
        year_screens.units(desk, found)


def _cell(desk: Desk, wanted: Any, place: str) -> None:
    from requestflow.services import figure_cases

    found = figure_cases.cell(desk.office, wanted, place)
    differing = figure_cases.unproven(found, found.row, wanted.version)
    if desk.as_json:
        desk.print_json(year_documents.cell(found))
    else:
        annual_screens.cell(desk, found)
        if found.disputes:
            year_screens.disputes(desk, found.disputes)
    desk.warn([differing] if differing else [])
