"""The empty register: a workbook with the heads, and lists to choose from in its cells."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from requestflow.errors import WrongUsage
from requestflow.exchange.register_heads import DATE_FIELDS, FIELDS, FIGURE_FIELDS
from requestflow.exchange.register_tables import column_letters
from requestflow.files import write_first

_LAST_ROW = 1_048_575


def write_template(
    path: Path, *, kinds: Sequence[str], outcomes: Sequence[str], channels: Sequence[str]
) -> None:
    """Write an empty register with the Chinese heads; the three lists are offered in its cells.

    Raises:
        WrongUsage: the file is not to be an .xlsx file.
        Refused: the file exists already, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise WrongUsage("unknown_file_format", file=str(path), formats=".xlsx")
    write_first(path, _template({"kind": kinds, "outcome": outcomes, "channel": channels}))


def _template(offered: Mapping[str, Sequence[str]]) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    contents = io.BytesIO()
    with xlsxwriter.Workbook(contents, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # same in, same out
        sheet = book.add_worksheet("登记表")
        lists = book.add_worksheet("选项")
        bold = book.add_format({"bold": True, "num_format": "@"})
        plain = book.add_format()
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, (field, head) in enumerate(FIELDS.items()):
            style = day if field in DATE_FIELDS else text if field in FIGURE_FIELDS else plain
            sheet.set_column(column, column, 20, style)
            sheet.write_string(0, column, head, bold)
        for column, (field, labels) in enumerate(offered.items()):
            _offer(sheet, lists, column, field, labels, bold)
        sheet.freeze_panes(1, 0)
    return contents.getvalue()


def _offer(sheet: Any, lists: Any, column: int, field: str, labels: Sequence[str], bold: Any) -> None:
    """A list to choose from; it stands on its own sheet, because a rule holds few characters."""
    lists.set_column(column, column, 40)
    lists.write_string(0, column, FIELDS[field], bold)
    for row, label in enumerate(labels, 1):
        lists.write_string(row, column, label)
    if labels:
        letter = column_letters(column)
        target = list(FIELDS).index(field)
        source = f"='选项'!${letter}$2:${letter}${len(labels) + 1}"
        rule = {"validate": "list", "source": source, "error_title": FIELDS[field]}
        sheet.data_validation(1, target, _LAST_ROW, target, rule)
