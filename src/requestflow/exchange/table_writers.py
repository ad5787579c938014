"""The annual table into a file of the format that its name asks for."""

from collections.abc import Callable, Mapping
from pathlib import Path

from requestflow.errors import WrongUsage
from requestflow.exchange.printed_table import PrintedTable
from requestflow.exchange.table_csv import csv_bytes
from requestflow.exchange.table_docx import docx_bytes
from requestflow.exchange.table_files import table_text
from requestflow.exchange.table_html import html_bytes
from requestflow.exchange.table_xlsx import xlsx_bytes
from requestflow.files import write_over


def _json_bytes(printed: PrintedTable) -> bytes:
    """The document that `check` and `merge` read."""
    return (table_text(printed.table, list(printed.identities), printed.extra) + "\n").encode()


_WRITERS: Mapping[str, Callable[[PrintedTable], bytes]] = {
    ".xlsx": xlsx_bytes,
    ".docx": docx_bytes,
    ".html": html_bytes,
    ".csv": csv_bytes,
    ".json": _json_bytes,
}
LISTING = frozenset({".xlsx", ".html"})  # formats that name the applications behind the figures
CHARTED = frozenset({".html"})


def format_of(path: Path) -> str:
    """The format that a file name asks for, asked before any work is done.

    Raises:
        WrongUsage: `unknown_file_format`, naming those there are.
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise WrongUsage("unknown_file_format", file=path.name, formats=list(_WRITERS))
    return suffix


def write_printed(path: Path, printed: PrintedTable, *, personal: bool = False) -> None:
    """Writes a table in the format of the file's name, whole or not at all.

    Args:
        path: the file.
        printed: what it is to hold.
        personal: whether it names applicants; then the file is its owner's alone.

    Raises:
        WrongUsage: a file name of another format.
        Refused: the place cannot be written.
    """
    write_over(path, _WRITERS[format_of(path)](printed), personal=personal)
