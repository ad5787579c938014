"""The year: its table, and the cases behind each figure."""

from pathlib import Path
from typing import Any

import click

from requestflow.cli import screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import DAY, FILE, Whole, command

_YEAR = Whole(1990, 2100)


@command(
    click.argument("year", type=_YEAR),
    click.option("--form", metavar="2019|2021"),
    click.option("--as-of", type=DAY),
    click.option("--cell", metavar="ROW:COLUMN"),
    click.option("-o", "output", type=FILE, metavar="FILE.json"),
)
def rollup(desk: Desk, year: int, *, cell: str | None, output: Path | None, **options: Any) -> None:
    """The annual table of a year."""
    from requestflow.exchange.table_files import table_document, write_table
    from requestflow.services import year_table

    if cell is not None:
        _cell(desk, year_table.cell(desk.office, year, cell, **options))
        return
    found = year_table.rollup(desk.office, year, **options)
    if output is not None:
        write_table(output, found.table, found.identities)
        desk.tell(desk.words.text("written", file=output))
    elif desk.as_json:
        desk.print_json(table_document(found.table, found.identities))
    else:
        screens.annual_table(desk, found.table, found.identities)


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
