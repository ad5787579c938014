"""The annual table as a workbook: the official layout, and the applications behind it, filterable.

Figures are numbers, everything else is text and nothing a formula. The same table gives the same bytes.
"""

from datetime import datetime
from io import BytesIO
from typing import Any

from requestflow.exchange.printed_table import PrintedTable
from requestflow.exchange.table_layout import CellKind, Grid, GridCell, by_row

_WIDTHS = (7, 11, 36, 8, 9, 9, 11, 11, 8, 8)  # characters; table four takes what there is
_LINE = 15  # points
_MADE = datetime(2020, 1, 1)  # noqa: DTZ001  no moment: the file says nothing of when it was written
_FONT = "宋体"
_MOST_LINES = 12


def xlsx_bytes(printed: PrintedTable) -> bytes:
    """The workbook: a sheet with tables three and four, and a sheet of applications with a filter."""
    import xlsxwriter  # type: ignore[import-untyped]

    buffer = BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False}  # fmt: skip
    book = xlsxwriter.Workbook(buffer, safe)
    book.set_properties({"title": printed.title, "created": _MADE})
    _tables(book, printed)
    _cases(book, printed)
    book.close()
    return buffer.getvalue()


class _Looks:
    """The few looks of cells, made once for a workbook."""

    def __init__(self, book: Any) -> None:
        framed = {"font_name": _FONT, "font_size": 10, "border": 1, "text_wrap": True,
                  "align": "center", "valign": "vcenter"}  # fmt: skip
        self.title = book.add_format({"font_name": _FONT, "font_size": 16, "bold": True,
                                      "align": "center"})  # fmt: skip
        self.heading = book.add_format({"font_name": _FONT, "font_size": 12, "bold": True})
        self.plain = book.add_format({"font_name": _FONT, "font_size": 10})
        self.text = book.add_format({**framed, "align": "left", "num_format": "@"})
        self.kinds = {
            CellKind.NOTE: book.add_format(framed),
            CellKind.HEAD: book.add_format({**framed, "bold": True}),
            CellKind.LABEL: book.add_format({**framed, "align": "left"}),
            CellKind.FIGURE: book.add_format({**framed, "num_format": "0"}),
        }
        self.broken = book.add_format({**framed, "bold": True, "bg_color": "#D9D9D9",
                                       "num_format": '0" ✗"'})  # fmt: skip

    def of(self, cell: GridCell) -> Any:
        """The look of a cell."""
        return self.broken if cell.broken else self.kinds[cell.kind]


def _tables(book: Any, printed: PrintedTable) -> None:
    looks = _Looks(book)
    sheet = book.add_worksheet(printed.words("print_sheet"))
    sheet.hide_gridlines(2)
    _paper(sheet)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, len(_WIDTHS) - 1, "", looks.title)
    sheet.write_string(0, 0, printed.title, looks.title)
    sheet.set_row(0, 26)
    line = "　".join(f"{name}：{value}" for name, value in printed.facts)
    sheet.write_string(1, 0, line, looks.plain)
    top = 3
    for grid in printed.grids:
        sheet.write_string(top, 0, grid.title, looks.heading)
        top = _grid(sheet, grid, top + 1, looks) + 1
    for text in (*([printed.words("print_faults")] if printed.faults else []), *printed.faults):
        sheet.write_string(top, 0, text, looks.plain)
        top += 1


def _paper(sheet: Any) -> None:
    """A4, landscape, one page wide and as many high as it takes."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _grid(sheet: Any, grid: Grid, top: int, looks: _Looks) -> int:
    """Writes a grid and gives the row after it."""
    for row, cells in enumerate(by_row(grid)):
        sheet.set_row(top + row, _LINE * max([1, *(_lines(cell) for cell in cells)]) + 4)
        for cell in cells:
            _cell(sheet, cell, top + row, looks)
    return top + grid.size[0]


def _cell(sheet: Any, cell: GridCell, row: int, looks: _Looks) -> None:
    look = looks.of(cell)
    if cell.rowspan > 1 or cell.colspan > 1:
        last_row, last_col = row + cell.rowspan - 1, cell.col + cell.colspan - 1
        sheet.merge_range(row, cell.col, last_row, last_col, "", look)
    if cell.figure is not None:
        sheet.write_number(row, cell.col, float(cell.figure), look)
    else:
        sheet.write_string(row, cell.col, cell.text, look)


def _lines(cell: GridCell) -> int:
    """How many lines a text needs in its cell's width; readers do not make rows higher by themselves."""
    if cell.rowspan > 1:
        return 1
    width = sum(_WIDTHS[min(col, len(_WIDTHS) - 1)] for col in range(cell.col, cell.col + cell.colspan))
    return min(-(-2 * len(cell.text) // width), _MOST_LINES)


def _cases(book: Any, printed: PrintedTable) -> None:
    looks = _Looks(book)
    sheet = book.add_worksheet(printed.words("print_cases"))
    lines = printed.lines()
    _paper(sheet)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, len(lines), len(printed.heads) - 1)  # without the word on how to filter
    for column, head in enumerate(printed.heads):
        sheet.write_string(0, column, head, looks.kinds[CellKind.HEAD])
        sheet.set_column(column, column, 40 if head == printed.words("head_row") else 16)
    aside = len(printed.heads) + 1
    sheet.write_string(0, aside, printed.words("print_filter"), looks.text)
    sheet.set_column(aside, aside, 60)
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text, looks.text)
    sheet.autofilter(0, 0, len(lines), len(printed.heads) - 1)
    sheet.freeze_panes(1, 1)
