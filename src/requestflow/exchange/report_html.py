"""The annual report as a page that stands alone."""

from html import escape

from requestflow.exchange.report_parts import PartKind, PrintedReport, ReportPart
from requestflow.exchange.web_pages import charts_html, grid_html, page

_TAGS = {
    PartKind.TITLE: "h1",
    PartKind.HEADING: "h2",
    PartKind.SUBHEADING: "h3",
    PartKind.PARAGRAPH: "p",
}


def report_html(report: PrintedReport) -> bytes:
    """The page: prose, tables and charts where the text says; a draft is marked on every page."""
    lines = [f'<div class="draft">{escape(report.mark)}</div>'] if report.mark else []
    if report.faults:
        faults = "".join(f"<li>{escape(text)}</li>" for text in report.faults)
        lines.append(f'<ul class="faults">{faults}</ul>')
    lines += [_part(part, report) for part in report.parts]
    return page(report.title, "\n".join(lines), lang="zh-CN")


def _part(part: ReportPart, report: PrintedReport) -> str:
    if part.kind is PartKind.SLOT:
        if part.text == "charts":
            return charts_html(report.svg)
        grid = report.grids.get(part.text)
        return grid_html(grid) if grid else ""
    tag = _TAGS[part.kind]
    text = escape(part.text).replace("\n", "<br>")
    return f"<{tag}>{text}</{tag}>"
