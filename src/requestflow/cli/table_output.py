"""An annual table as a file of the format that its name asks for, or as a document on the screen."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from requestflow.cli import annual_screens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requestflow.cli.desk import Desk
    from requestflow.domain.identities import Identity
    from requestflow.domain.tables import AnnualTable


def check_format(path: Path | None) -> None:
    """Refuses a format that there is not, before any work is done.

    Raises:
        WrongUsage: `unknown_file_format`.
    """
    if path is not None:
        from requestflow.exchange.table_writers import format_of

        format_of(path)


def write(desk: "Desk", found: Any, path: Path, *, personal: bool = False, **more: Any) -> None:
    """Writes a table (a rollup, a sum, a merge), and says where; `more` is what is printed beside it."""
    from requestflow.exchange.table_writers import write_printed
    from requestflow.services.table_printing import printed_table

    def sentence(table: "AnnualTable", identity: "Identity") -> str:
        return annual_screens.broken_sentence(desk, table, identity)

    printed = printed_table(found, desk.words.text, sentence, **more)
    write_printed(path, printed, personal=personal)
    desk.tell(desk.words.text("written", file=path))


def print_document(desk: "Desk", found: Any, extra: "Mapping[str, Any] | None" = None) -> None:
    """The JSON document of a table on standard output."""
    from requestflow.exchange.table_files import table_document

    desk.print_json(table_document(found.table, found.identities, extra))
