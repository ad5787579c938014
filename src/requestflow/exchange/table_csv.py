"""The annual table as CSV, for programs that know nothing better; with a mark so that Excel reads it."""

import csv
from io import StringIO

from requestflow.exchange.printed_table import PrintedTable
from requestflow.exchange.table_layout import flat

_STEERING = "=+-@\t\r"  # how a text begins that a spreadsheet would work out


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(tuple(_STEERING)) else text


def csv_bytes(printed: PrintedTable) -> bytes:
    """Title and facts, then each table as it is printed: a merged cell stands where it begins."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(printed.title)])
    writer.writerows([[harmless(name), harmless(value)] for name, value in printed.facts])
    for grid in printed.grids:
        writer.writerow([])
        writer.writerow([grid.title])
        for row in flat(grid):
            writer.writerow([harmless(cell.text) if cell else "" for cell in row])
    for text in (*([printed.words("print_faults")] if printed.faults else []), *printed.faults):
        writer.writerow([harmless(text)])
    return buffer.getvalue().encode("utf-8-sig")
