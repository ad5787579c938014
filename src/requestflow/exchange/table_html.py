"""The annual table as a page: press a figure, by mouse or by key, and see the applications behind it."""

from html import escape

from requestflow.domain.forms import TOTAL
from requestflow.exchange.printed_table import PrintedTable
from requestflow.exchange.web_pages import charts_html, data_block, grid_html, page


def html_bytes(printed: PrintedTable) -> bytes:
    """The page: facts, tables three and four, broken identities, charts, and the applications."""
    third, *others = printed.grids
    facts = "　".join(f"{name}：{value}" for name, value in printed.facts)
    buttons = _buttons(printed)
    parts = [
        f"<h1>{escape(printed.title)}</h1>",
        f'<p class="facts">{escape(facts)}</p>',
        f"<h2>{escape(third.title)}</h2>",
        f'<p class="hint">{escape(printed.words("print_press"))}</p>' if buttons else "",
        grid_html(third, buttons),
    ]
    for grid in others:
        parts += [f"<h2>{escape(grid.title)}</h2>", grid_html(grid, buttons)]
    parts += [faults_html(printed), charts_html(printed.charts)]
    if buttons:
        parts += [_dialog(printed), data_block("cases", _cases(printed))]
    body = "\n".join(part for part in parts if part)
    return page(printed.title, body, lang="zh-CN", script="table_page.js" if buttons else "")


def faults_html(printed: PrintedTable) -> str:
    """The identities that do not hold, in words; nothing where all hold."""
    if not printed.faults:
        return ""
    lines = "".join(f"<li>{escape(text)}</li>" for text in printed.faults)
    return f'<ul class="faults"><li>{escape(printed.words("print_faults"))}</li>{lines}</ul>'


def _buttons(printed: PrintedTable) -> dict[tuple[str, str], str]:
    """The figures that have applications or disputes behind them, with their names."""
    form = printed.table.form
    shown = {(case.row, case.kind) for case in printed.cases}
    shown |= {(case.row, TOTAL) for case in printed.cases}
    named = [(row.code, row.label, column.code, column.label)
             for row in form.rows for column in form.columns]  # fmt: skip
    named += [
        (block, label, figure, head)
        for block, label in form.blocks.items()
        for figure, head in form.figures.items()
    ]
    return {
        (row, column): f"{label}：{head}" for row, label, column, head in named if (row, column) in shown
    }


def _dialog(printed: PrintedTable) -> str:
    keys = ["head_number", "head_received", "head_column", "head_outcome", "head_concluded"]
    personal = ["head_name", "head_subject"] if printed.personal else []
    heads = "".join(f"<th>{escape(printed.words(key))}</th>" for key in (*keys, *personal))
    close = escape(printed.words("print_close"))
    return (
        '<dialog aria-labelledby="cell"><header><h2 id="cell"></h2>'
        f'<button type="button">{close}</button></header>'
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody></tbody></table></div>'
        "</dialog>"
    )


def _cases(printed: PrintedTable) -> dict[str, list[list[str]]]:
    """The applications of each row: column first, then what is shown."""
    found: dict[str, list[list[str]]] = {}
    for case, line in zip(printed.cases, printed.lines(), strict=True):
        number, received, kind, _code, _row, _label, *rest = line
        found.setdefault(case.row, []).append([case.kind, number, received, kind, *rest])
    return found
