"""The annual table as a Word document, landscape, in the official layout."""

from requestflow.exchange.printed_table import PrintedTable
from requestflow.exchange.table_layout import Grid
from requestflow.exchange.word_tables import (
    BODY_FONT,
    HEADING_FONT,
    MOST_OF_A_TITLE,
    TITLE_FONT,
    add_grid,
    document_bytes,
    new_document,
    styled,
)

_WIDTH = 264.0  # millimetres between the margins of a landscape page
_LABELS = (24.0, 26.0, 88.0)


def widths(grid: Grid, across: float, labels: tuple[float, ...] = _LABELS) -> tuple[float, ...]:
    """Widths of a grid's columns: labels as they need, figures sharing what is left evenly."""
    columns = grid.size[1]
    if not grid.labels:
        return (across / columns,) * columns
    taken = labels[-grid.labels :] if grid.labels <= len(labels) else labels
    each = (across - sum(taken)) / (columns - len(taken))
    return (*taken, *((each,) * (columns - len(taken))))


def docx_bytes(printed: PrintedTable) -> bytes:
    """The document: title, facts, tables three and four, and the identities that do not hold."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    document = new_document(landscape=True)
    document.core_properties.title = printed.title[:MOST_OF_A_TITLE]
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(2)
    styled(title.add_run(printed.title), TITLE_FONT, 18)
    line = "　".join(f"{name}：{value}" for name, value in printed.facts[2:])
    facts = document.add_paragraph()
    facts.alignment = WD_ALIGN_PARAGRAPH.CENTER
    facts.paragraph_format.space_after = Pt(2)
    styled(facts.add_run(line), BODY_FONT, 10.5)
    for grid in printed.grids:
        heading = document.add_paragraph()
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_after = Pt(2)
        styled(heading.add_run(grid.title), HEADING_FONT, 12)
        add_grid(document, grid, points=9, widths=widths(grid, _WIDTH))
    for text in (*([printed.words("print_faults")] if printed.faults else []), *printed.faults):
        styled(document.add_paragraph().add_run(text), BODY_FONT, 10.5)
    return document_bytes(document)
