"""The annual report as a Word document in the look of an official one (GB/T 9704)."""

from io import BytesIO
from typing import Any

from requestflow.exchange.report_parts import PartKind, PrintedReport, ReportPart
from requestflow.exchange.table_docx import widths
from requestflow.exchange.table_layout import Grid
from requestflow.exchange.word_tables import (
    BODY_FONT,
    HEADING_FONT,
    MOST_OF_A_TITLE,
    SECOND_FONT,
    TITLE_FONT,
    add_grid,
    document_bytes,
    new_document,
    styled,
)

_ACROSS = 156.0  # millimetres of the type area
_LABELS = (12.0, 14.0, 42.0)
_ALONE = (60.0,)  # the one column of labels of table two
_LINE = 28.0  # points
_POINTS = 16.0  # 三号
_CHART = 100.0  # millimetres: three to a page, and table two behind them on the next


def report_docx(report: PrintedReport) -> bytes:
    """The document: title, six headings, prose, tables and charts where the text says."""
    document = new_document(landscape=False)
    document.core_properties.title = report.title[:MOST_OF_A_TITLE]
    _pages(document, report)
    for text in report.faults:
        _paragraph(document, ReportPart(PartKind.PARAGRAPH, text))
    for part in report.parts:
        if part.kind is PartKind.SLOT:
            _slot(document, part.text, report)
        else:
            _paragraph(document, part)
    return document_bytes(document)


_LOOKS = {
    PartKind.TITLE: (TITLE_FONT, 22.0),
    PartKind.HEADING: (HEADING_FONT, _POINTS),
    PartKind.SUBHEADING: (SECOND_FONT, _POINTS),
    PartKind.PARAGRAPH: (BODY_FONT, _POINTS),
}


def _paragraph(document: Any, part: ReportPart) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    font, points = _LOOKS[part.kind]
    levels = {PartKind.HEADING: "Heading 1", PartKind.SUBHEADING: "Heading 2"}
    paragraph = document.add_paragraph(style=levels.get(part.kind))
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(0)
    form.line_spacing = Pt(_LINE + (6 if part.kind is PartKind.TITLE else 0))
    if part.kind is PartKind.TITLE:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form.space_after = Pt(_LINE)
    else:
        form.first_line_indent = Pt(2 * points)
        form.keep_with_next = part.kind is not PartKind.PARAGRAPH
    run = styled(paragraph.add_run(part.text), font, points)
    run.font.color.rgb = RGBColor(0, 0, 0)
    run.font.italic = False


def _slot(document: Any, name: str, report: PrintedReport) -> None:
    if name == "charts":
        _charts(document, report)
        return
    grid = report.grids.get(name)
    if grid is None:
        return
    add_grid(document, grid, points=_points(grid), widths=_widths(grid))
    document.add_paragraph().paragraph_format.space_after = 0


def _points(grid: Grid) -> float:
    return 7.5 if grid.labels == 0 else 8.5 if grid.labels > 1 else 10.5


def _widths(grid: Grid) -> tuple[float, ...]:
    return widths(grid, _ACROSS, _ALONE if grid.labels == 1 else _LABELS)


def _charts(document: Any, report: PrintedReport) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    for title, picture in report.png.items():
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(4)
        paragraph.paragraph_format.space_after = Pt(4)
        shape = paragraph.add_run().add_picture(BytesIO(picture), width=Mm(_CHART))
        shape._inline.docPr.set("descr", title)  # noqa: SLF001  what a screen reader says; no public way


def _pages(document: Any, report: PrintedReport) -> None:
    """The number of each page as official documents have it, and the mark of a draft on top."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section = document.sections[0]
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styled(foot.add_run("— "), "宋体", 14)
    _page_number(styled(foot.add_run(), "宋体", 14))
    styled(foot.add_run(" —"), "宋体", 14)
    if report.mark:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        styled(head.add_run(report.mark), HEADING_FONT, 16, bold=True)


def _page_number(run: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)  # noqa: SLF001  no public way
