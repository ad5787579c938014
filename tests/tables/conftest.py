"""Annual tables as other people write them: Word's export, WPS pages, sheets, documents, CSV."""

import csv
import html
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from requestflow.domain.forms import Form
from requestflow.domain.tables import AnnualTable
from requestflow.exchange.table_files import table_document
from requestflow.exchange.table_readers import TableReader

PUBLISHED = Path(__file__).parents[1] / "published" / "data"
NAMES = sorted(path.stem for path in PUBLISHED.glob("*.json"))
HEADS = [
    [
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        None,
        None,
        "申请人情况",
        *[None] * 6,
    ],
    [None, None, None, "自然人", "法人或其他组织", None, None, None, None, "总计"],
    [None, None, None, None, "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", None],
]
HEADS4 = [
    ["行政复议", *[None] * 4, "行政诉讼", *[None] * 9],
    [
        "结果维持",
        "结果纠正",
        "其他结果",
        "尚未审结",
        "总计",
        "未经复议直接起诉",
        *[None] * 4,
        "复议后起诉",
        *[None] * 4,
    ],
    [None] * 5 + ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 2,
]
Rows = list[list[str | None]]
Styled = Callable[[str], str]


def shown(figure: int | None) -> str:
    return "见附件" if figure is None else str(figure)


def grid3(table: AnnualTable, label: Styled = str) -> Rows:
    """Table three as it is printed: merged cells are None."""
    rows: Rows = [list(row) for row in HEADS]
    before: tuple[str, ...] = ()
    for row in table.form.rows:
        left: list[str | None] = [None, None, None]
        for depth, group in enumerate(row.groups):
            if before[: depth + 1] != row.groups[: depth + 1]:
                left[depth] = label(group)
        left[len(row.groups)] = label(row.label)
        before = row.groups
        rows.append([*left, *(shown(figure) for figure in table.rows[row.code])])
    return rows


def grid4(table: AnnualTable) -> Rows:
    """Table four in one row of fifteen."""
    blocks = table.table4 or {}
    return [list(row) for row in HEADS4] + [
        [shown(figure) for block in table.form.blocks for figure in blocks[block]]
    ]


def spans(rows: Rows) -> list[list[tuple[str, int, int]]]:
    """Cells with how far they reach to the right and down, as a page states it."""
    found = []
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        line = []
        for x, cell in enumerate(row):
            if cell is None or (y, x) in taken:
                continue
            wide = 1
            while x + wide < len(row) and row[x + wide] is None and (y, x + wide) not in taken:
                wide += 1
            down = 1
            while y + down < len(rows) and all(rows[y + down][x + n] is None for n in range(wide)):
                down += 1
            taken |= {(y + a, x + b) for a in range(down) for b in range(wide)}
            line.append((cell, wide, down))
        found.append(line)
    return found


STYLE = "mso-style-parent:'';mso-bidi-font-family:宋体;font-size:12.0pt;" * 4


def word_cell(text: str, wide: int, down: int) -> str:
    """A cell as Word exports it: a label cut into nested spans, with styles far longer than the text."""
    middle = len(text) // 2
    first, last = html.escape(text[:middle]), html.escape(text[middle:])
    return (
        f"<td width=92 colspan={wide} rowspan={down} style='{STYLE}'><p class=MsoNormal align=center "
        f"style='{STYLE}'><span\nlang=EN-US style='{STYLE}'><span style='mso-spacerun:yes'>&nbsp;</span>{first}"
        f"<span\nstyle='{STYLE}'>{last}</span></span><span lang=EN-US><o:p></o:p></span></p></td>"
    )


def page_table(rows: Rows, cell: Callable[[str, int, int], str]) -> str:
    lines = "".join("<tr>" + "".join(cell(*one) for one in line) + "</tr>\n" for line in spans(rows))
    return f"<table border=0 cellspacing=0>{lines}</table>"


def title(table: AnnualTable) -> str:
    return f"{table.office}{table.year}年政府信息公开工作年度报告"


def word_page(table: AnnualTable, label: Styled = str) -> str:
    """A page as Word exports it, set into a site's own layout table."""
    three, four = page_table(grid3(table, label), word_cell), page_table(grid4(table), word_cell)
    two = page_table(
        [["第二十条第（一）项", None], ["信息内容", "本年制发件数"], ["规章", "0"]], word_cell
    )
    return (
        f"<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta charset=\"gb2312\">"
        f"<title>{title(table)}_信息公开</title><style>{STYLE}</style></head><body>"
        f"<![if !supportEmptyParas]>&nbsp;<![endif]><table><tr><td>首页 &gt; 年报</td></tr><tr><td>"
        f"<p>{title(table)}</p><p>一、总体情况</p>{two}<p>三、收到和处理政府信息公开申请情况</p>{three}"
        f"<p>四、政府信息公开行政复议、行政诉讼情况</p>{four}</td></tr></table></body></html>"
    )


def plain_page(table: AnnualTable, label: Styled = str) -> str:
    """A page as an editor on a site writes it: bare cells, line breaks inside them."""

    def cell(text: str, wide: int, down: int) -> str:
        return f'<td colspan="{wide}" rowspan="{down}"><br/>{html.escape(text)}\n</td>'

    return (
        f"<!DOCTYPE html><html><head><title>{title(table)}</title></head><body><h1>{title(table)}</h1>"
        f"{page_table(grid3(table, label), cell)}{page_table(grid4(table), cell)}</body></html>"
    )


def sheet(table: AnnualTable, label: Styled = str) -> bytes:
    """A workbook with the two tables on two sheets, figures as numbers, merged cells merged."""
    book = openpyxl.Workbook()
    for number, rows in enumerate((grid3(table, label), grid4(table))):
        page = book.active if number == 0 else book.create_sheet("表四")
        page.append([title(table)])
        for row in rows:
            page.append([int(c) if c is not None and c.isdigit() else c for c in row])
        for y, line in enumerate(spans(rows)):
            x = 0
            for _text, wide, down in line:
                while rows[y][x] is None:
                    x += 1
                if wide > 1 or down > 1:
                    page.merge_cells(start_row=y + 2, start_column=x + 1, end_row=y + 1 + down,
                                     end_column=x + wide)  # fmt: skip
                x += wide
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def document(table: AnnualTable, label: Styled = str) -> bytes:
    """A Word document with merged cells, as an office sends it in."""
    paper = docx.Document()
    paper.add_heading(title(table), 0)
    for rows in (grid3(table, label), grid4(table)):
        grid = paper.add_table(len(rows), len(rows[0]))
        places = [list(line.cells) for line in grid.rows]
        for y, line in enumerate(spans(rows)):
            x = 0
            for text, wide, down in line:
                while rows[y][x] is None:
                    x += 1
                cell = places[y][x]
                if wide > 1 or down > 1:
                    cell = cell.merge(places[y + down - 1][x + wide - 1])
                cell.text = text
                x += wide
        paper.add_paragraph("")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def comma_file(table: AnnualTable, label: Styled = str) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([title(table)])
    for rows in (grid3(table, label), [[]], grid4(table)):
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue()


def tabbed(table: AnnualTable, label: Styled = str) -> str:
    parts = [title(table)]
    for rows in (grid3(table, label), grid4(table)):
        parts.append("三、收到和处理政府信息公开申请情况")
        parts += ["\t".join("" if cell is None else cell for cell in row) for row in rows]
    return "\n\n".join(parts[:2]) + "\n" + "\n".join(parts[2:])


MAKERS: Mapping[str, tuple[str, Callable[..., str | bytes], str]] = {
    "word page, gbk": (".html", word_page, "gbk"),
    "word page, utf-8 declared wrongly": (".htm", word_page, "utf-8"),
    "plain page": (".html", plain_page, "utf-8"),
    "plain page, gb18030": (".html", plain_page, "gb18030"),
    "page with a mark": (".html", plain_page, "utf-16"),
    "workbook": (".xlsx", sheet, ""),
    "document": (".docx", document, ""),
    "csv of a spreadsheet": (".csv", comma_file, "utf-8-sig"),
    "csv, gb18030": (".csv", comma_file, "gb18030"),
    "report as text": (".txt", tabbed, "utf-8"),
}


@pytest.fixture
def reader(forms: Mapping[str, Form]) -> TableReader:
    """A reader of tables of the shipped forms."""
    return TableReader(forms)


@pytest.fixture
def published(reader: TableReader) -> Callable[[str], AnnualTable]:
    """A published table by the name of its file."""

    def read(name: str) -> AnnualTable:
        table = reader.read(PUBLISHED / f"{name}.json").table
        assert table is not None
        return table

    return read


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    """Writes a table to a file of one of the kinds, its labels changed on the way if wished."""

    def write(table: AnnualTable, kind: str, label: Styled = str, name: str = "report") -> Path:
        suffix, make, encoding = MAKERS[kind]
        content = make(table, label)
        path = tmp_path / f"{name}{suffix}"
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Writes a table's JSON document to a file."""

    def write(table: AnnualTable, name: str = "table.json", folder: Path | None = None) -> Path:
        path = (folder or tmp_path) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        document: dict[str, Any] = table_document(table, [])
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        return path

    return write


@pytest.fixture
def refused(run: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a command line that has to be refused: the reason on stderr, nothing on stdout."""

    def call(*args: object, status: int = 1) -> Any:
        result = run(*args, "--json")
        assert (result.status, result.out) == (status, ""), result
        assert "Traceback" not in result.err
        return result.error

    return call
