"""A table is read to the same figures, whatever file it stands in and however that is written."""

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from requestflow.domain.forms import Form
from requestflow.domain.tables import AnnualTable
from requestflow.errors import FoundProblems, Refused
from requestflow.exchange.table_readers import TableReader, Told
from requestflow.exchange.word_grids import read_word

KINDS = [
    "word page, gbk", "word page, utf-8 declared wrongly", "plain page", "plain page, gb18030",
    "page with a mark", "workbook", "document", "csv of a spreadsheet", "csv, gb18030", "report as text",
]  # fmt: skip
NAMES = [
    "2019_shanghai_shi_bangongting", "2020_pingtan", "2021_pingtan", "2022_pingtan", "2023_hongze_qu",
    "2023_jinhu_xian", "2023_shuyang_fagaiju",
]  # fmt: skip
Published = Callable[[str], AnnualTable]
Made = Callable[..., Path]
Run = Callable[..., Any]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_published_table_is_read_to_its_figures(
    reader: TableReader, published: Published, made: Made, kind: str, name: str
) -> None:
    """Office, year, form and every figure come back; what is not stated stays so."""
    table = published(name)
    found = reader.read(made(table, kind)).table
    assert found is not None
    assert (found.form.code, found.year, found.office) == (table.form.code, table.year, table.office)
    assert found.rows == table.rows
    assert found.table4 == table.table4


def misprinted(dice: random.Random, text: str) -> str:
    """A label as other hands write it: brackets, spaces, numbering, width, and a wrong or missing sign."""
    text = text.translate(
        str.maketrans(dice.choice(["（）", "()", "〔〕"]), dice.choice(["（）", "()"]))
    )
    text = dice.choice(
        [text, text.replace(".", "．"), text.replace(".", "、"), text.replace("1.", "１.")]
    )
    place = dice.randrange(len(text))
    if len(text) > 8:
        text = dice.choice(
            [text, text[:place] + text[place + 1 :], text[:place] + "某" + text[place + 1 :]]
        )
    return dice.choice([text, f" {text}", text[:2] + "\u3000" + text[2:], text + "（件）"])


@pytest.mark.parametrize("seed", range(40))
def test_labels_may_be_misprinted(
    reader: TableReader, published: Published, made: Made, seed: int
) -> None:
    """Misprints in every row do not carry a figure into the row above or below."""
    dice = random.Random(seed)
    table = published(dice.choice(NAMES[1:]))
    kind = dice.choice(KINDS)
    found = reader.read(made(table, kind, lambda label: misprinted(dice, label))).table
    assert found is not None
    assert found.form.code == table.form.code
    assert found.rows == table.rows


def page_of(rows: list[str], heads: str = "") -> bytes:
    return f"<html><body><table>{heads}{''.join(rows)}</table></body></html>".encode()


HEADS = (
    "<tr><td>项目</td><td>自然人</td><td>商业企业</td><td>科研机构</td><td>社会公益组织</td>"
    "<td>法律服务机构</td><td>其他</td><td>总计</td></tr>"
)


@pytest.fixture
def page(reader: TableReader, forms: dict[str, Form], tmp_path: Path) -> Callable[..., Any]:
    """Reads a plain page in which some rows are written as given, the others with zeros."""

    def read(
        *, leave_out: tuple[str, ...] = (), heads: str = HEADS, told: Told | None = None, **given: Any
    ) -> Any:
        rows = []
        for row in forms["2021"].rows:
            if row.code not in leave_out:
                cells = given.get(row.code.replace(".", "_"), ["0"] * 7)
                rows.append(f"<tr><td>{row.label}</td>" + "".join(
                    c if c.startswith("<") else f"<td>{c}</td>" for c in cells) + "</tr>")  # fmt: skip
        path = tmp_path / "page.html"
        path.write_bytes(page_of(rows, heads))
        return reader.read(path, told)

    return read


def codes(reading: Any) -> set[str]:
    return {finding.code for finding in reading.findings}


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        (["", "/", "-", "—", "0", "／", "&nbsp;"], (0, 0, 0, 0, 0, 0, 0)),
        (["１２", "1,234", "１，２３４", "3件", "07", "5.0", " 6 "], (12, 1234, 1234, 3, 7, 5, 6)),
        (["见附件", "1O", "-3", "1.5", "#REF!", "12 3", "不详"], (None,) * 7),
        (["<td>1<p>2</p></td>", "<td><span>1</span><span>2</span></td>", "1", "1", "1", "1", "1"],
         (None, 12, 1, 1, 1, 1, 1)),
        (["99999999999999999999", "1", "1", "1", "1", "1", "1"], (None, 1, 1, 1, 1, 1, 1)),
    ],
)  # fmt: skip
def test_what_a_cell_shows(page: Run, written: list[str], figures: tuple[Any, ...]) -> None:
    """Blanks and strokes are none; parted thousands and full-width digits are read; words are not stated."""
    reading = page(partial=written)

    assert reading.table.rows["partial"] == figures
    assert ("figure_unreadable" in codes(reading)) is (None in figures)


DISTORTIONS: dict[str, Callable[[str], str]] = {
    "blanks for zeros": lambda text: text.replace("<br/>0\n", "&nbsp;"),
    "strokes for zeros": lambda text: text.replace("<br/>0\n", "／"),
    "merged down too far": lambda text: text.replace('rowspan="22"', 'rowspan="40"'),
    "merged down too little": lambda text: text.replace('rowspan="8"', 'rowspan="7"', 1),
    "not merged down": lambda text: re.sub(r'rowspan="\d+"', "", text),
    "not merged across": lambda text: re.sub(r'colspan="\d+"', "", text),
    "not merged at all": lambda text: re.sub(r'(row|col)span="\d+"', "", text),
    "heads unreadable": lambda text: re.sub(
        "自然人|商业企业|科研机构|社会公益组织|法律服务机构", "", text
    ),
    "one head misprinted": lambda text: text.replace("社会公益组织", "社会公盖组识"),
    "cells not closed": lambda text: re.sub("</td>|</tr>", "", text),
    "both tables in one": lambda text: text.replace("</table><table border=0 cellspacing=0>", ""),
    "rows numbered in front": lambda text: text.replace("<tr>", "<tr><td>7</td>"),
    "an empty column behind": lambda text: text.replace("</tr>", "<td></td></tr>"),
    "labels without numbers": lambda text: re.sub("[1-8][.](?=[\u4e00-\u9fff])", "", text),
    "heads as heads": lambda text: text.replace("<td", "<th").replace("</td", "</th"),
}


@pytest.mark.parametrize("kind", DISTORTIONS)
@pytest.mark.parametrize("name", ["2022_pingtan", "2023_hongze_qu"])
def test_a_page_may_be_badly_made(
    reader: TableReader, published: Published, made: Made, kind: str, name: str
) -> None:
    """Merged cells lost or wrong, heads gone, columns more: the figures stay in their places."""
    table = published(name)
    path = made(table, "plain page")
    path.write_text(DISTORTIONS[kind](path.read_text("utf-8")), "utf-8")

    found = reader.read(path).table

    assert found is not None
    assert found.rows == table.rows


def test_other_words_for_the_same_are_known(
    reader: TableReader, published: Published, made: Made
) -> None:
    """其它 is 其他, 合计 is 总计, in rows and in heads."""
    table = published("2022_pingtan")
    path = made(table, "plain page")
    text = path.read_text("utf-8").replace("其他", "其它").replace("总计", "合　计")
    path.write_text(text, "utf-8")

    found = reader.read(path).table

    assert found is not None
    assert found.rows == table.rows


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        (["5", "1", "2", "0", "0", "4"], (5, 1, 2, 0, 0, 4, None)),
        (["5", "1", "0", "0", "0", "6"], (None, None, None, None, None, None, 6)),
        (["5", "1", "0", "0", "0", "8"], (None,) * 7),
        (["5", "1", "x", "0", "0", "4"], (None,) * 7),
        (["0", "0", "0", "0", "0", "0"], (0, 0, 0, 0, 0, 0, None)),
        (["<td colspan=2>3</td>", "1", "0", "0", "0", "4"], (3, None, 1, 0, 0, 0, 4)),
        ([], (None,) * 7),
    ],
)
def test_a_cell_that_is_missing_is_not_stated(
    page: Run, written: list[str], figures: tuple[Any, ...]
) -> None:
    """Missing or merged away is not nought; where the last is the total, any of the rest may be missing."""
    reading = page(partial=written)

    assert reading.table.rows["partial"] == figures
    assert codes(reading) & {"cells_missing", "row_not_found"}


def test_a_missing_row_is_not_taken_from_its_neighbour(page: Run) -> None:
    """Without the row 一, whose label is near that of 二, the figures of 二 stay where they are."""
    seven = ["7", "0", "0", "0", "0", "0", "7"]
    for gone, kept in (("new", "carried_in"), ("carried_in", "new"), ("withheld.internal_affairs",
                       "withheld.process_information"), ("disclosed", "partial")):  # fmt: skip
        reading = page(leave_out=(gone,), **{kept.replace(".", "_"): seven})
        assert reading.table.rows[gone] == (None,) * 7
        assert reading.table.rows[kept] == (7, 0, 0, 0, 0, 0, 7)
        assert "row_not_found" in codes(reading)


def test_columns_go_by_their_heads(page: Run) -> None:
    """A table with the total in front and a remark behind is read by its heads, not by order."""
    heads = (
        "<tr><td>项目</td><td>总计</td><td>自然人</td><td>商业企业</td><td>科研机构</td><td>社会公益组织</td>"
        "<td>法律服务机构</td><td>其他</td><td>备注</td></tr>"
    )
    written = ["21", "1", "2", "3", "4", "5", "6", "无误"]
    cells = {row.replace(".", "_"): written for row in page().table.rows}

    reading = page(heads=heads, **cells)

    assert set(reading.table.rows.values()) == {(1, 2, 3, 4, 5, 6, 21)}


def test_a_column_without_a_head_is_not_stated(page: Run) -> None:
    """Where the total has no column, totals are not stated, and nothing slides into their place."""
    heads = HEADS.replace("<td>总计</td>", "")
    written = ["1", "2", "3", "4", "5", "6"]
    cells = {row.replace(".", "_"): written for row in page().table.rows}

    reading = page(heads=heads, **cells)

    assert set(reading.table.rows.values()) == {(1, 2, 3, 4, 5, 6, None)}


def test_what_no_title_states_may_be_told(page: Run) -> None:
    """Year and office come from the title; without one they are findings, or told by option."""
    assert codes(page()) >= {"report_year_not_found", "report_office_not_found"}

    told = page(told=Told(2024, "2021", "某局"))

    assert (told.table.year, told.table.office) == (2024, "某局")
    assert not codes(told) & {"report_year_not_found", "report_office_not_found"}


@pytest.mark.parametrize(
    ("title", "year", "office"),
    [
        ("洛阳市民族宗教事务局 2020 年政府信息公开工作年度报告", 2020, "洛阳市民族宗教事务局"),
        ("2023年淮安市洪泽区人民政府政府信息公开工作年度报告", 2023, "淮安市洪泽区人民政府"),
        ("某区2024年度政府信息公开年报", 2024, "某区"),
        ("某镇二〇二一年政府信息公开工作年度报告", 2021, "某镇"),
        ("《某县水利局2022年政府信息公开工作情况报告》", 2022, "某县水利局"),
        ("2022年政府信息公开工作年度报告", 2022, ""),
        ("某局关于2022年政府信息公开工作年度报告", 2022, "某局"),
        ("（2022年度）某局政府信息公开工作年度报告", 2022, "某局"),
        ("某局2022年政府信息公开申请统计表", 2022, "某局"),
        ("Some Office: requests for government information, 2022", 2022, "Some Office"),
    ],
)
def test_year_and_office_stand_in_the_title(
    reader: TableReader, published: Published, made: Made, title: str, year: int, office: str
) -> None:
    """Titles come in many orders; none of them makes a sentence of the report a title."""
    path = made(published("2022_pingtan"), "plain page")
    old = "平潭综合实验区管委会（全区汇总）2022年政府信息公开工作年度报告"
    text = path.read_text("utf-8").replace(old, title)
    path.write_text(
        text.replace("<h1>", "<p>现将某厅2019年政府信息公开工作年度报告中的有关问题说明如下：</p><h1>"),
        "utf-8",
    )

    found = reader.read(path).table

    assert found is not None
    assert (found.year, found.office) == (year, office)


def test_a_sheet_may_name_office_and_year_in_rows_of_their_own(
    reader: TableReader, published: Published, made: Made
) -> None:
    """Name and value side by side above the table serve as well as a title."""
    table = published("2022_pingtan")
    path = made(table, "csv of a spreadsheet")
    lines = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join(["填报单位：,某局", "年度,2022", *lines[1:]]), "utf-8-sig")

    found = reader.read(path).table

    assert found is not None
    assert (found.office, found.year, found.rows) == ("某局", 2022, table.rows)


def test_a_whole_report_as_text_is_read(reader: TableReader) -> None:
    """Luoyang's report of 2020, as published: all zeros, and blanks that are zeros too."""
    found = reader.read(Path(__file__).parents[1] / "published" / "data" / "luoyang-2020.txt").table

    assert found is not None
    assert (found.office, found.year, found.form.code) == ("洛阳市民族宗教事务局", 2020, "2019")
    assert set(found.rows.values()) == {(0,) * 7}
    assert found.table4 == dict.fromkeys(("review", "suit_direct", "suit_after_review"), (0,) * 5)


def test_a_table_cut_by_a_page_break_is_put_together(
    reader: TableReader, published: Published, made: Made
) -> None:
    """Word cuts long tables in two: the second part goes by the heads of the first."""
    table = published("2022_pingtan")
    path = made(table, "plain page")
    text = path.read_text("utf-8")
    rows = text.split("<tr>")
    cut = next(n for n, row in enumerate(rows) if "没有现成信息" in row)
    text = "<tr>".join(rows[:cut]) + "</table><p>— 5 —</p><table><tr>" + "<tr>".join(rows[cut:])
    path.write_text(text, "utf-8")

    found = reader.read(path).table

    assert found is not None
    assert found.rows == table.rows


def test_table_four_may_stand_on_its_side(reader: TableReader, page: Run, tmp_path: Path) -> None:
    """A row for each block instead of one of fifteen is read as well."""
    page()
    heads = "".join(
        f"<td>{h}</td>" for h in ("", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    )
    rows = "".join(
        f"<tr><td>{name}</td>" + "".join(f"<td>{n}</td>" for n in figures) + "</tr>"
        for name, figures in (("行政复议", (1, 2, 3, 4, 10)), ("未经复议直接起诉", (0, 0, 1, 0, 1)),
                              ("复议后起诉", ("", "/", "", 2, 2)))
    )  # fmt: skip
    path = tmp_path / "page.html"
    path.write_bytes(
        path.read_bytes().replace(b"</body>", f"<table><tr>{heads}</tr>{rows}</table></body>".encode())
    )

    found = reader.read(path).table

    assert found is not None
    assert found.table4 == {
        "review": (1, 2, 3, 4, 10), "suit_direct": (0, 0, 1, 0, 1), "suit_after_review": (0, 0, 0, 2, 2),
    }  # fmt: skip


def test_a_formula_nobody_worked_out_is_not_a_zero(
    reader: TableReader, published: Published, made: Made
) -> None:
    """A sheet written by a program may hold formulas without values: those are not stated."""
    path = made(published("2022_pingtan"), "workbook")
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    row = next(r for r in page.iter_rows() if r[0].value and "本年新收" in str(r[0].value))
    row[9].value = f"=SUM(D{row[9].row}:I{row[9].row})"
    book.save(path)

    reading = reader.read(path)

    assert reading.table is not None
    assert reading.table.cell("new", "total") is None
    assert reading.table.cell("new", "natural_person") is not None


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["workbook", "document"])
@pytest.mark.parametrize("left", [0.1, 0.5, 0.95])
def test_a_document_that_breaks_off_is_refused_by_name(
    refused: Run, published: Published, made: Made, kind: str, left: float
) -> None:
    """A download that was cut off is named, with what to do."""
    path = made(published("2022_pingtan"), kind)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * left)])

    error = refused("check", path)

    assert error["error"] == "document_damaged"
    assert path.name in error["message"]


DAMAGED = {
    "no.xlsx": (b"this is no workbook", "document_damaged"),
    "no.docx": (zipped({"a.txt": b"x"}), "document_damaged"),
    "no2.docx": (zipped({"word/document.xml": b"<w:document"}), "document_damaged"),
    "no2.xlsx": (zipped({"xl/workbook.xml": b"<workbook"}), "document_damaged"),
    "bomb.docx": (zipped({"word/document.xml": b"0" * 300_000_000}), "file_too_large"),
    "far.xlsx": (
        zipped({"xl/worksheets/sheet1.xml": b'<c r="A1"/><c r="XFD1048576"/>'}), "file_too_large",
    ),
    "old.docx": (b"\xd0\xcf\x11\xe0" + b"0" * 600, "document_damaged"),
    "no.csv": (b"\x00\x01\x02\xff\xfe\xfd", "table_file_not_text"),
    "no.txt": (bytes(range(256)), "table_file_not_text"),
    "cut.csv": ("三、收到和处理政府信息公开申请情况".encode()[:-1], "document_damaged"),
    "mixed.csv": ("收到和处理政府信息公开申请".encode() + b"\xff,1", "table_file_not_text"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_what_cannot_be_read_is_refused_by_name(refused: Run, tmp_path: Path, name: str) -> None:
    """Whatever a file holds, the answer is a sentence that names it."""
    data, code = DAMAGED[name]
    (tmp_path / name).write_bytes(data)

    error = refused("check", tmp_path / name)

    assert (error["error"], name in error["message"]) == (code, True)


def document_with(span: str, before: str) -> bytes:
    """A Word table of two cells, the first spanning so many columns, so many left out before it."""
    paper, packed = docx.Document(), io.BytesIO()
    row = paper.add_table(1, 2).rows[0]._tr
    row.tc_lst[0].get_or_add_tcPr().get_or_add_gridSpan().set(qn("w:val"), span)
    left_out = OxmlElement("w:gridBefore")
    left_out.set(qn("w:val"), before)
    row.get_or_add_trPr().append(left_out)
    paper.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize(("span", "before"), [("5000000", "0"), ("2", "5000000")])
def test_a_span_beyond_every_table_fills_no_memory(span: str, before: str) -> None:
    """A cell that says it spans millions of columns is held to what a table can have."""
    (grid,) = read_word("r.docx", document_with(span, before)).grids
    assert len(grid.rows[0]) < 130


def test_a_span_that_is_no_number_is_a_damage() -> None:
    """What Word would not open is no reason to fall over."""
    with pytest.raises(Refused) as caught:
        read_word("r.docx", document_with("many", "0"))
    assert caught.value.code == "document_damaged"


WITHOUT = {
    "empty.html": b"",
    "text.html": "<html><body><p>一段话</p></body></html>".encode(),
    "other.html": "<table><tr><td>姓名</td><td>电话</td><td></td><td></td></tr></table>".encode(),
    "deep.html": b"<div>" * 5000 + b"<table>" * 5000,
    "wrong.csv": "甲,乙,丙\n1,2,3\n4,5,6\n".encode(),
    "empty.csv": b"",
    "prose.txt": "一、总体情况\n没有表。".encode(),
}


@pytest.mark.parametrize("name", WITHOUT)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_without_a_table_is_not_assessable(
    run: Run, tmp_path: Path, name: str, lang: str
) -> None:
    """A page without table three is neither right nor wrong, and that is what is said of it."""
    (tmp_path / name).write_bytes(WITHOUT[name])

    result = run("--lang", lang, "check", tmp_path / name, "--json")

    [one] = result.json
    assert (one["verdict"], one["holds"], one["broken"], one["form"]) == (
        "not_assessable",
        None,
        [],
        None,
    )
    assert [f["error"] for f in one["findings"]] == ["table3_not_found"]
    assert name in result.err
    assert name in run("--lang", lang, "check", tmp_path / name).out


def test_nothing_outside_a_file_is_read(
    reader: TableReader, published: Published, made: Made, tmp_path: Path
) -> None:
    """Entities and references to other files stay what they are: text that is not there."""
    secret = tmp_path / "secret.txt"
    secret.write_text("12345")
    path = made(published("2022_pingtan"), "document")
    parts = {i.filename: zipfile.ZipFile(path).read(i) for i in zipfile.ZipFile(path).infolist()}
    text = parts["word/document.xml"].decode()
    entity = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    head, rest = text.split("?>", 1)
    parts["word/document.xml"] = f"{head}?>{entity}{rest.replace('平潭', '&x;', 1)}".encode()
    path.write_bytes(zipped(parts))

    found = reader.read(path).table

    assert found is not None
    assert "12345" not in found.office
    assert found.rows == published("2022_pingtan").rows


def test_a_page_saved_under_another_suffix_is_read_as_what_it_is(
    reader: TableReader, published: Published, made: Made
) -> None:
    """Sites hand out pages as .xls and workbooks as .docx: what a file holds decides."""
    table = published("2022_pingtan")
    for kind, suffix in (
        ("plain page", ".xls"),
        ("csv of a spreadsheet", ".xls"),
        ("csv, gb18030", ".xls"),
        ("workbook", ".docx"),
        ("document", ".xlsx"),
        ("plain page", ".csv"),
    ):
        path = made(table, kind)
        found = reader.read(path.rename(path.with_suffix(suffix))).table
        assert found is not None
        assert found.rows == table.rows


def test_two_tables_in_one_file_are_noticed(
    reader: TableReader, published: Published, made: Made
) -> None:
    """A page that holds last year's table too is read once, and that is said."""
    path = made(published("2022_pingtan"), "plain page")
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("</body>", text[text.index("<table") : text.index("</body>")] + "</body>"), "utf-8"
    )

    assert "several_tables" in codes(reader.read(path))


def test_a_list_of_cases_is_no_second_table(
    reader: TableReader, published: Published, made: Made
) -> None:
    """A workbook of ours lists the cases behind the figures by row: that is a list, not a table three."""
    table = published("2022_pingtan")
    path = made(table, "workbook")
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("申请清单")
    for row in table.form.rows:
        for number in range(6):
            sheet.append([row.label, f"2022-{number:04}", "自然人", "2022-01-05", "", "", "", "", ""])
    book.save(path)

    assert "several_tables" not in codes(reader.read(path))


def test_an_aggregate_of_another_shape_is_refused(
    reader: TableReader, published: Published, saved: Run
) -> None:
    """Sources that are no list, or go deeper than governments do, are faults with their place."""
    document = json.loads(saved(published("2022_pingtan")).read_text("utf-8"))
    for sources in ("x", [7], [{"form": "2021"}]):
        path = saved(published("2022_pingtan"))
        path.write_text(json.dumps(document | {"sources": sources}), "utf-8")
        with pytest.raises(FoundProblems):
            reader.read(path)
