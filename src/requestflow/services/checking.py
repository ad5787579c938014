"""`check`: the identities of any table, ours or published."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from requestflow.domain.identities import Identity, broken, check
from requestflow.domain.tables import AnnualTable
from requestflow.errors import Refused
from requestflow.exchange.table_files import read_table
from requestflow.services.office import RuleBook


@dataclass(frozen=True, slots=True)
class Checked:
    """A table, its identities, and which of them do not hold."""

    file: str
    table: AnnualTable
    identities: list[Identity]

    @property
    def broken(self) -> list[Identity]:
        """Those that do not hold."""
        return broken(self.identities)


def check_files(book: RuleBook, files: Sequence[Path], against: Path | None = None) -> list[Checked]:
    """The verdict on each file, in the order given.

    Args:
        book: the forms that a table may have.
        files: tables to check.
        against: last year's table of the same office, for the carry-over (identity 4).

    Raises:
        NotFound, Refused, FoundProblems: a file that is no table.
    """
    last_year = read_table(against, book.forms) if against else None
    checked = []
    for path in files:
        table = read_table(path, book.forms)
        if last_year is not None and last_year.year != table.year - 1:
            raise Refused("not_last_year", file=path.name, year=table.year, other=last_year.year)
        checked.append(Checked(str(path), table, check(table, last_year)))
    return checked
