"""`rollup -o`: every format holds the same figures, read back by somebody else's reader."""

import csv
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from lxml import html as lxml_html

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("year")
REGISTER = (
    "收到日期,申请人,申请人类型,申请渠道,内容描述,办理结果,答复日期",
    "2024-12-20,申请人甲,自然人,互联网,预算,予以公开,2025-01-06",
    "2025-01-06,申请人乙,自然人,互联网,预算,予以公开,2025-01-20",
    "2025-02-06,=2+5,商业企业,邮寄,=cmd|' /C calc'!A0,信息不存在,2025-02-20",
    "2025-03-06,申请人丁,科研机构,互联网,规划,部分公开,2025-03-20",
    "2025-04-07,申请人戊,法律服务机构,互联网,规划,重复申请,2025-04-21",
    "2025-05-06,申请人己,其他,互联网,<script>alert(1)</script>,属于国家秘密,2025-05-20",
    "2025-06-06,申请人庚,自然人,互联网,环评,other.withdrawn,2025-06-10",
    "2025-12-08,申请人辛,自然人,互联网,环评,,",
)
TODAY = "2026-01-12"
HEAD_ROWS = 3
LABELS = 3


@pytest.fixture
def year(run: Run, once: Run, register_file: Run) -> None:
    """An office with eight applications of 2025."""

    def make() -> None:
        result = run("import", register_file(*REGISTER), today=TODAY)
        assert result.status == 0, result.err

    once("eight of 2025", make)


@pytest.fixture
def written(done: Run, tmp_path: Path) -> Callable[..., Path]:
    """Writes the table of 2025 to a file."""

    def call(name: str, *options: str) -> Path:
        path = tmp_path / name
        done("rollup", "2025", "-o", path, *options, today=TODAY)
        return path

    return call


@pytest.fixture
def document(done: Run) -> Any:
    """The table of 2025 as the JSON document."""
    return done("rollup", "2025", "--json", today=TODAY).json


def figures_of(rows: list[list[str]], document: Any) -> dict[str, list[int]]:
    """Seven figures a row from a printed grid, its three columns of labels passed over."""
    codes = list(document["rows"])
    body = rows[HEAD_ROWS : HEAD_ROWS + len(codes)]
    return {
        code: [int(text) for text in row[LABELS : LABELS + 7]]
        for code, row in zip(codes, body, strict=True)
    }


def from_xlsx(path: Path) -> Iterator[list[list[str]]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [
        ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
    ]
    third = next(i for i, row in enumerate(rows) if row[0].startswith("三、收到"))
    fourth = next(i for i, row in enumerate(rows) if row[0].startswith("四、政府"))
    yield rows[third + 1 : fourth]
    yield rows[fourth + 1 : fourth + 5]


def from_docx(path: Path) -> Iterator[list[list[str]]]:
    for table in docx.Document(str(path)).tables:
        yield [[cell.text for cell in row.cells] for row in table.rows]


def from_html(path: Path) -> Iterator[list[list[str]]]:
    tree = lxml_html.fromstring(path.read_bytes())
    for table in tree.xpath("//table[not(ancestor::dialog)]"):
        rows = []
        for tr in table.xpath(".//tr"):
            row = [cell.text_content() for cell in tr.xpath("./td[not(contains(@class,'note'))]")]
            rows.append([""] * LABELS + row if len(row) == 7 else row)
        yield rows


def from_csv(path: Path) -> Iterator[list[list[str]]]:
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    third = next(i for i, row in enumerate(rows) if row and row[0].startswith("三、收到"))
    fourth = next(i for i, row in enumerate(rows) if row and row[0].startswith("四、政府"))
    yield rows[third + 1 : fourth - 1]
    yield rows[fourth + 1 :]


READERS = {".xlsx": from_xlsx, ".docx": from_docx, ".html": from_html, ".csv": from_csv}


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("suffix", READERS)
def test_every_format_holds_the_figures_of_the_table(
    written: Run, done: Run, suffix: str, form: str
) -> None:
    """Read back by an independent reader, tables three and four are those of the JSON document."""
    document = done("rollup", "2025", "--form", form, "--json", today=TODAY).json
    third, fourth = list(READERS[suffix](written(f"table{suffix}", "--form", form)))[:2]

    assert figures_of(third, document) == document["rows"]
    last = [int(text) for text in fourth[-1]]
    assert last == [figure for block in document["table4"].values() for figure in block]


def test_a_json_file_is_what_check_reads(written: Run, done: Run, document: Any) -> None:
    """The JSON file is the document itself, and its identities hold."""
    path = written("table.json")

    assert json.loads(path.read_text("utf-8")) == document
    assert done("check", path, "--json").json[0]["holds"] is True


def test_a_filter_on_the_second_sheet_gives_each_figure_back(written: Run, document: Any) -> None:
    """The applications of a workbook, filtered by row and column, are as many as the figure says."""
    sheet = openpyxl.load_workbook(written("table.xlsx")).worksheets[1]
    heads, *lines = list(sheet.iter_rows(values_only=True))
    kind, row = heads.index("列"), heads.index("行代码")
    printed = openpyxl.load_workbook(written("table.xlsx")).worksheets[0]
    shown = {str(c.value).replace("\n", "") for cells in printed.iter_rows() for c in cells}
    labels = {line[heads.index("列代码")]: line[kind] for line in lines}

    assert sheet.auto_filter.ref == f"A1:H{sheet.max_row}"
    assert "总计" in str(sheet["J1"].value)
    assert set(labels.values()) <= shown
    for code, figures in document["rows"].items():
        of_row = [line for line in lines if line[row] == code]
        counted = [
            sum(line[kind] == labels.get(column) for line in of_row)
            for column in document["columns"][:-1]
        ]
        assert [*counted, len(of_row)] == figures, code


def test_table_four_is_drilled_into_as_table_three_is(done: Run, written: Run) -> None:
    """A review stands on the second sheet by its number, and its figure on the page can be pressed."""
    done("dispute", "open", "2025-0001", "--kind", "review", "--filed", "2025-03-01", today=TODAY)
    done("dispute", "close", "D2025-001", "--result", "corrected", "--on", "2025-04-02", today=TODAY)

    sheet = openpyxl.load_workbook(written("table.xlsx")).worksheets[1]
    page = written("table.html").read_text("utf-8")

    [line] = [row[:8] for row in sheet.iter_rows(values_only=True) if row[0] == "D2025-001"]
    assert line == ("D2025-001", "2025-03-01", "结果纠正", "corrected", "review", "行政复议", "结果纠正",
                    "2025-04-02")  # fmt: skip
    assert 'data-row="review" data-column="corrected"' in page
    assert 'data-row="review" data-column="total"' in page


def test_figures_are_numbers_and_nothing_is_a_formula(written: Run) -> None:
    """A workbook's figures can be added up; what came from outside is text, whatever it looks like."""
    book = openpyxl.load_workbook(written("table.xlsx", "--personal"))

    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert "=2+5" in [cell.value for cell in cells]
    assert (
        len([cell for cell in cells if cell.data_type == "n" and cell.value is not None]) == 25 * 7 + 15
    )


def test_a_workbook_prints_one_page_wide(written: Run) -> None:
    """Both sheets are landscape and as wide as the paper; the list repeats its heads on each page."""
    tables, cases = openpyxl.load_workbook(written("table.xlsx")).worksheets

    for sheet in (tables, cases):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what is meant where nothing is said
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert cases.print_title_rows == "$1:$1"
    assert str(cases.print_area).endswith(f"$A$1:$H${cases.max_row}")


def test_the_same_table_gives_the_same_workbook(written: Run) -> None:
    """Nothing of the moment is in a file: the same figures, the same bytes."""
    for name in ("table.xlsx", "table.docx", "table.html"):
        assert written(name).read_bytes() == written(f"again-{name}").read_bytes()


def test_rows_of_a_workbook_are_high_enough(written: Run) -> None:
    """Readers do not make rows higher for long labels: heights are set."""
    sheet = openpyxl.load_workbook(written("table.xlsx")).worksheets[0]
    long = next(r for r in range(1, sheet.max_row + 1) if "不再处理" in str(sheet.cell(r, 3).value))

    assert sheet.row_dimensions[long].height >= 30


@pytest.mark.parametrize("name", ["table.xlsx", "table.html", "table.csv"])
def test_no_name_and_no_content_leaves_without_being_asked_for(written: Run, name: str) -> None:
    """Names and what was asked for stay out of a file, unless `--personal` is written."""
    path = written(name)
    if name.endswith("xlsx"):
        book = openpyxl.load_workbook(path)
        text = str([row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)])
    else:
        text = path.read_bytes().decode("utf-8", errors="replace")

    assert "申请人乙" not in text
    assert "环评" not in text


def test_a_page_runs_no_script_of_a_stranger(written: Run) -> None:
    """A page allows its one script by digest; what came from outside stays text."""
    path = written("table.html", "--personal")
    tree = lxml_html.fromstring(path.read_bytes())
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]

    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert len(tree.xpath("//script[not(@type)]")) == 1
    assert "alert(1)" in tree.xpath("string(//script[@id='cases'])")
    assert not tree.xpath("//@src | //link/@href")


def test_a_page_has_the_charts_of_the_year(written: Run) -> None:
    """Charts stand in the page as SVG whose text is text."""
    tree = lxml_html.fromstring(written("table.html").read_bytes())
    titles = tree.xpath("//figure/@aria-label")

    assert titles[:4] == [
        "2025年各月新收和办结申请（件）", "2025年办理结果（件）",
        "2025年从收到申请到作出决定的时间（件）", "2025年新收申请的申请人（件）",
    ]  # fmt: skip
    assert "予以公开" in "".join(tree.xpath("//figure[2]//*[local-name()='text']/text()"))


def test_a_table_says_whose_it_is_and_how_it_stands(written: Run) -> None:
    """Office, year, form, day and status are on top of a table."""
    text = "\n".join(p.text for p in docx.Document(str(written("table.docx"))).paragraphs)

    assert "示例县发展和改革局2025年政府信息公开申请统计表" in text
    assert "统计截至：2025-12-31" in text
    assert "草稿" in text


def test_a_part_of_a_year_says_which(written: Run) -> None:
    """A table of some months names its days, and what it knew when: nobody takes it for the year's."""
    path = written("part.docx", "--from", "2025-02-01", "--to", "2025-06-30", "--known-on", TODAY)
    text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)

    assert "统计期间：2025-02-01—2025-06-30" in text
    assert f"按当日的记录：{TODAY}" in text


PERIODS = {
    "a quarter": ("2025-04-01", "2025-06-30", "2025年第二季度", "2025, second quarter"),
    "a half": ("2025-01-01", "2025-06-30", "2025年上半年", "2025, first half"),
    "a month": ("2025-02-01", "2025-02-28", "2025年2月", "2025, month 2"),
    "days": ("2025-01-06", "2025-03-20", "2025年1月6日至3月20日", "2025, 1/6 to 3/20"),
}


def title_of(path: Path) -> str:
    if path.suffix == ".docx":
        return docx.Document(str(path)).paragraphs[0].text
    if path.suffix == ".xlsx":
        return str(openpyxl.load_workbook(path).worksheets[0]["A1"].value)
    if path.suffix == ".html":
        return str(lxml_html.fromstring(path.read_bytes()).findtext(".//h1"))
    return path.read_text("utf-8-sig").splitlines()[0]


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("kind", PERIODS)
def test_a_title_names_the_period_and_not_the_year(
    written: Run, done: Run, suffix: str, kind: str
) -> None:
    """A quarter, a half, a month or any days; and what is written so is read as its office's."""
    first, last, name, _english = PERIODS[kind]
    path = written(f"table{suffix}", "--from", first, "--to", last)

    assert title_of(path) == f"示例县发展和改革局{name}政府信息公开申请统计表"
    found = done("check", path, "--json").json[0]
    assert (found["office"], found["year"], found["holds"]) == ("示例县发展和改革局", 2025, True)


@pytest.mark.parametrize("kind", PERIODS)
def test_the_screen_and_the_other_language_name_the_period_too(
    done: Run, tmp_path: Path, kind: str
) -> None:
    """The first line of the screen; a file in English, which is read all the same."""
    first, last, name, english = PERIODS[kind]
    days = ["rollup", "2025", "--from", first, "--to", last]
    path = tmp_path / "t.docx"
    done("--lang", "en", *days, "-o", path, today=TODAY)

    assert name in done(*days, today=TODAY).out.splitlines()[0]
    assert title_of(path).endswith(f"information, {english}")
    assert done("check", path, "--json").json[0]["year"] == 2025


def test_charts_of_a_period_show_its_days(written: Run) -> None:
    """A quarter's charts are the quarter's: its months, its name, and no comparison of whole years."""
    page = lxml_html.fromstring(
        written("t.html", "--from", "2025-04-01", "--to", "2025-06-30").read_bytes()
    )
    titles = page.xpath("//figure/@aria-label")
    known = lxml_html.fromstring(written("u.html", "--known-on", TODAY).read_bytes())

    assert titles
    assert all(title.startswith("2025年第二季度") for title in titles)
    assert len(known.xpath("//figure")) == 2  # results and applicants: what the table itself says


def test_a_table_in_a_form_of_no_year_says_so(done: Run) -> None:
    """Before the first form: which one is used, and that nothing is recorded of so early a year."""
    early = done("rollup", "1990", "--json", today=TODAY)
    told = done("rollup", "1990", "--form", "2021", "--json", today=TODAY)
    now = done("rollup", "2025", "--json", today=TODAY)

    assert early.json["form"] == "2019"
    assert "1990 年度没有适用的格式" in early.err
    assert "国办公开办函〔2019〕60号" in early.err
    assert "2024-12-20" in early.err
    assert "没有适用的格式" not in told.err
    assert now.err == ""


@pytest.fixture
def broken(year: None, sql: Run) -> None:
    """A case whose kind of applicant no form knows, written past the program."""
    sql("UPDATE applications SET kind = 'martian' WHERE number = '2025-0003'")


@pytest.mark.usefixtures("broken")
def test_a_broken_identity_is_marked_where_it_stands(written: Run) -> None:
    """The figures of an identity that does not hold are marked, and the identity is said in words."""
    tree = lxml_html.fromstring(written("table.html").read_bytes())
    marked = openpyxl.load_workbook(written("table.xlsx")).worksheets[0]

    assert tree.xpath("count(//td[contains(@class,'broken')])") > 0
    assert "勾稽关系（3）“一、本年新收政府信息公开申请数量”行" in tree.xpath(
        "string(//ul[@class='faults'])"
    )
    assert any("✗" in str(cell.number_format) for row in marked.iter_rows() for cell in row)


@pytest.mark.parametrize("name", ["table.pdf", "table", "table.xls"])
def test_a_format_that_is_not_known_is_named(refused: Run, tmp_path: Path, name: str) -> None:
    """A file name of another format is refused before anything is counted, with those there are."""
    error = refused("rollup", "2025", "-o", tmp_path / name, today=TODAY, status=2)

    assert error["error"] == "unknown_file_format"
    assert ".xlsx、.docx、.html、.csv、.json" in error["hint"]


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_table_that_names_applicants_is_for_its_owner_alone(written: Callable[..., Path]) -> None:
    """With `--personal` nobody else may read the file; a table of figures is for whom the system says."""
    before = os.umask(0o022)
    try:
        figures, named = written("figures.xlsx"), written("named.xlsx", "--personal")
    finally:
        os.umask(before)

    assert stat.S_IMODE(figures.stat().st_mode) == 0o644
    assert stat.S_IMODE(named.stat().st_mode) == 0o600


@pytest.mark.parametrize("suffix", [*READERS, ".json"])
def test_a_place_that_cannot_be_written_is_named(refused: Run, tmp_path: Path, suffix: str) -> None:
    """Where there is no folder, or a folder in the file's place, nothing is left behind."""
    taken = tmp_path / f"taken{suffix}"
    taken.mkdir()
    for path in (tmp_path / "none" / f"table{suffix}", taken):
        error = refused("rollup", "2025", "-o", path, today=TODAY)
        assert error["error"] == "file_unwritable"
        assert path.name in error["message"]
    assert [path.name for path in tmp_path.glob("*part*")] == []
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_a_file_that_is_there_is_replaced_whole(written: Run, document: Any) -> None:
    """A second table takes the place of the first; a shorter one leaves no rest of it."""
    path = written("table.json")
    path.write_text("x" * 100_000)

    assert json.loads(written("table.json").read_text("utf-8")) == document
