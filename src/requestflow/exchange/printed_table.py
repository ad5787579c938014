"""An annual table with all that is printed around it: the one value every format is written from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from requestflow.domain.identities import Identity
from requestflow.domain.signs import printable
from requestflow.domain.tables import AnnualTable, Period
from requestflow.domain.years import period_words, whole
from requestflow.exchange.table_layout import (
    Grid,
    applications_grid,
    broken_places,
    disputes_grid,
)

Words = Callable[..., str]  # the catalogue's texts, by key


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """An application in each row of the table that counts it, or a dispute in its block.

    For a dispute `row` is the block, `kind` the figure, `received` the day of its filing.

    `subject` and `name` are None where personal data are to stay out of the file.
    """

    number: str
    received: date
    kind: str
    row: str
    outcome: str
    concluded: date | None
    subject: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table, what its identities say in words, and the applications behind its figures."""

    table: AnnualTable
    identities: Sequence[Identity]
    words: Words
    faults: Sequence[str] = ()  # broken identities as sentences
    cases: Sequence[PlacedCase] = ()
    charts: Mapping[str, str] = field(default_factory=dict)  # title → SVG
    known_on: date | None = None  # only what had been recorded by then
    extra: Mapping[str, Any] = field(default_factory=dict)  # what its document says besides the table

    @property
    def grids(self) -> list[Grid]:
        """Table three, and table four where the form has one; broken figures marked."""
        broken = broken_places(self.table.form, self.identities)
        third = applications_grid(self.table, broken)
        fourth = disputes_grid(self.table, broken)
        return [self._spoken(grid) for grid in (third, fourth) if grid is not None]

    def _spoken(self, grid: Grid) -> Grid:
        """The grid with a word where no figure is stated: a blank would be read as a nought."""
        unstated = self.words("print_unstated")
        cells = (
            replace(cell, text=unstated) if cell.place and cell.figure is None else cell
            for cell in grid.cells
        )
        return replace(grid, cells=tuple(cells))

    @property
    def title(self) -> str:
        """What stands on top: whose table of which year."""
        period = period_words(self.words, self.period)
        return printable(self.words("print_title", office=self.table.office, period=period))

    @property
    def period(self) -> Period:
        """The days that are counted; those of the year where the table does not say."""
        return self.table.period or whole(self.table.year)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Office, year, form, day and status, each with its name."""
        table = self.table
        status = "print_closed" if table.status == "closed" else "print_draft"
        return [
            (self.words("print_office"), printable(table.office)),
            (self.words("print_year"), str(table.year)),
            (self.words("print_form"), f"{table.form.code} {table.form.document}"),
            *self._days(),
            (self.words("print_status"), self.words(status)),
        ]

    def _days(self) -> list[tuple[str, str]]:
        """The days that are counted, and the day on which it was known where that was asked for."""
        last = self.table.as_of.isoformat() if self.table.as_of else ""
        found = [(self.words("print_as_of"), last)]
        first = self.period.first
        if first != whole(self.table.year).first:
            found = [(self.words("print_period"), f"{first.isoformat()}—{last}")]
        if self.known_on is not None:
            found.append((self.words("print_known_on"), self.known_on.isoformat()))
        return found

    @property
    def heads(self) -> list[str]:
        """Heads of the list of applications."""
        keys = ("number", "received", "column", "column_code", "row_code", "row", "outcome", "concluded")
        personal = ("name", "subject") if self.personal else ()
        return [self.words(f"head_{key}") for key in (*keys, *personal)]

    @property
    def personal(self) -> bool:
        """Whether names and contents are in it."""
        return any(case.name is not None or case.subject is not None for case in self.cases)

    def lines(self) -> list[list[str]]:
        """The list of applications and disputes, a line for each row or block that counts one."""
        form = self.table.form
        labels = {row.code: row.label for row in form.rows} | dict(form.blocks)
        columns = {column.code: column.label for column in form.columns} | dict(form.figures)
        personal = self.personal
        found = []
        for case in self.cases:
            day = case.concluded.isoformat() if case.concluded else ""
            line = [case.number, case.received.isoformat(), columns.get(case.kind, case.kind),
                    case.kind, case.row, labels[case.row], case.outcome, day]  # fmt: skip
            more = [printable(case.name or ""), printable(case.subject or "")] if personal else []
            found.append([*line, *more])
        return found
