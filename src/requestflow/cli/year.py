"""The year: its table, the cases behind each figure, and the check of any table."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from requestflow.cli import screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import DAY, FILE, Whole, command, fail

if TYPE_CHECKING:
    from requestflow.domain.identities import Identity
    from requestflow.domain.tables import AnnualTable
    from requestflow.errors import Finding

_YEAR = Whole(1990, 2100)


@command(
    click.argument("year", type=_YEAR),
    click.option("--form", metavar="2019|2021"),
    click.option("--as-of", type=DAY),
    click.option("--cell", metavar="ROW:COLUMN"),
    click.option("-o", "output", type=FILE, metavar="FILE.xlsx|.docx|.html|.csv|.json"),
    click.option("--personal", is_flag=True),
)
def rollup(
    desk: Desk, year: int, *, cell: str | None, output: Path | None, personal: bool, **options: Any
) -> None:
    """The annual table of a year."""
    from requestflow.exchange.table_files import table_document
    from requestflow.services import year_table

    if cell is not None:
        _cell(desk, year_table.cell(desk.office, year, cell, **options))
        return
    if output is not None:
        _write(desk, year, output, options, personal=personal)
        return
    found = year_table.rollup(desk.office, year, **options)
    if desk.as_json:
        desk.print_json(table_document(found.table, found.identities))
    else:
        screens.annual_table(desk, found.table, found.identities)


def _write(desk: Desk, year: int, path: Path, options: dict[str, Any], *, personal: bool) -> None:
    """The table as a file, with as much around it as its format can hold."""
    from requestflow.exchange import table_writers
    from requestflow.services import table_printing, year_table

    suffix = table_writers.format_of(path)
    found = year_table.rollup(desk.office, year, **options)
    more: dict[str, Any] = {}
    warnings: list[Finding] = []
    if suffix in table_writers.LISTING:
        more["cases"], differing = table_printing.placed_cases(
            desk.office, found.table, options, personal=personal
        )
        warnings += differing
    if suffix in table_writers.CHARTED:
        more["charts"], missing = table_printing.table_charts(desk.office, found.table, desk.words.text)
        warnings += missing

    def sentence(table: "AnnualTable", identity: "Identity") -> str:
        return screens.broken_sentence(desk, table, identity)

    printed = table_printing.printed_table(found, desk.words.text, sentence, **more)
    table_writers.write_printed(path, printed)
    desk.warn(warnings)
    desk.tell(desk.words.text("written", file=path))


def _cell(desk: Desk, found: Any) -> None:
    if not desk.as_json:
        screens.cell(desk, found)
        return
    cases = [
        {
            "number": case.number,
            "received": case.received.isoformat(),
            "kind": case.kind,
            "outcome": case.counted_outcome,
            "concluded": case.concluded.isoformat() if case.concluded else None,
            "subject": case.subject,
        }
        for case in found.cases
    ]
    desk.print_json(
        {"row": found.row, "column": found.column, "figure": found.figure, "applications": cases}
    )


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
