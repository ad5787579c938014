"""Tables and paragraphs of a Word document, set as official documents are."""

from io import BytesIO
from typing import Any

from requestflow.exchange.table_layout import CellKind, Grid, GridCell
from requestflow.packing import repacked

TITLE_FONT = "方正小标宋简体"
HEADING_FONT = "黑体"
SECOND_FONT = "楷体_GB2312"
BODY_FONT = "仿宋_GB2312"
TABLE_FONT = "宋体"
_LATIN = "Times New Roman"
MOST_OF_A_TITLE = 255  # signs, in the properties of a document
_CELL = "Cell"
_ON_A_PAGE = 32  # rows


def styled(run: Any, font: str, points: float, *, bold: bool = False) -> Any:
    """Sets a run's fonts: the named one for Chinese, Times New Roman for figures and Latin letters."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.name = _LATIN
    run.font.size = Pt(points)
    run.font.bold = bold
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def new_document(*, landscape: bool) -> Any:
    """An empty A4 document with the margins of an official one (GB/T 9704), narrower when landscape."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    margins = (Mm(37), Mm(35), Mm(28), Mm(26))
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        margins = (Mm(15), Mm(12), Mm(15), Mm(15))
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = margins
    styled(document.styles["Normal"], BODY_FONT, 16)
    cell = document.styles.add_style(_CELL, WD_STYLE_TYPE.PARAGRAPH)
    styled(cell, TABLE_FONT, 9)  # an empty cell is as high as its paragraph mark
    cell.paragraph_format.space_after = Pt(0)
    cell.paragraph_format.line_spacing = 1.0
    return document


def add_grid(document: Any, grid: Grid, *, points: float, widths: tuple[float, ...]) -> Any:
    """Adds a printed table: merged as its cells say, its head repeated on each page.

    Args:
        document: where to add it.
        grid: what to print.
        points: size of the letters.
        widths: of the columns, in millimetres.
    """
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    rows, columns = grid.size
    table = document.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _tight(table)
    cells = [list(row.cells) for row in table.rows]  # looking each up anew is quadratic
    for row in cells:
        for cell, width in zip(row, widths, strict=True):
            cell.width = Mm(width)
    for printed in grid.cells:
        target = cells[printed.row][printed.col]
        if printed.rowspan > 1 or printed.colspan > 1:
            last = cells[printed.row + printed.rowspan - 1][printed.col + printed.colspan - 1]
            target = target.merge(last)
        _fill(target, printed, points)
    for index, row in enumerate(table.rows):
        _row_rules(row, repeated=index < grid.heads)
    if rows <= _ON_A_PAGE:
        _together(cells)
    return table


def _together(cells: list[list[Any]]) -> None:
    """Keeps a table that fits on a page on one page, and with it the heading above."""
    for row in cells[:-1]:
        for cell in row:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _fill(target: Any, printed: GridCell, points: float) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    target.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = target.paragraphs[0]
    paragraph.style = _CELL
    left = printed.kind is CellKind.LABEL
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    bold = printed.broken or printed.kind is CellKind.HEAD
    styled(paragraph.add_run(printed.text), TABLE_FONT, points, bold=bold)
    if printed.broken:
        _shade(target)


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _shade(cell: Any) -> None:
    """A broken figure stands out on paper too: grey behind bold."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001  no public way
    properties.append(_element("w:shd", val="clear", color="auto", fill="D9D9D9"))


def _tight(table: Any) -> None:
    """Small margins in the cells: ten columns have to fit on a page."""
    margins = _element("w:tblCellMar")
    for side, width in (("top", "12"), ("left", "40"), ("bottom", "12"), ("right", "40")):
        margins.append(_element(f"w:{side}", w=width, type="dxa"))
    table._tbl.tblPr.append(margins)  # noqa: SLF001  no public way


def _row_rules(row: Any, *, repeated: bool) -> None:
    """A row is not torn between pages; one of the head stands on top of each."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  no public way
    properties.append(_element("w:cantSplit"))
    if repeated:
        properties.append(_element("w:tblHeader"))


def document_bytes(document: Any) -> bytes:
    """The file; equal documents are equal files."""
    written = BytesIO()
    document.save(written)
    return repacked(written.getvalue())
