"""`report`: six sections whose figures are the tables', and what keeps a report from being handed in."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import html as lxml_html

from requestflow.definitions.shipped import shipped

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("year")
TODAY = "2026-01-12"
GOLDEN = Path(__file__).parents[1] / "golden" / "annual-report-2025.txt"
REGISTER = (
    "收到日期,申请人,申请人类型,申请渠道,内容描述,办理结果,答复日期,延期至",
    "2024-12-20,申请人甲,自然人,互联网,预算,予以公开,2025-01-06,",
    "2025-01-06,申请人乙,自然人,互联网,预算,予以公开,2025-01-20,",
    "2025-02-06,申请人丙,商业企业,邮寄,规划,信息不存在,2025-03-14,2025-03-20",
    "2025-03-06,申请人丁,科研机构,互联网,规划,部分公开,2025-05-20,",
    "2025-12-08,申请人戊,自然人,互联网,环评,,,",
)
PROSE = """\
## （一）主动公开情况
主动公开规范性文件{{ publication.normative_documents.in_force }}件。

## （三）政府信息管理情况
全年新收政府信息公开申请{{ new.total }}件，办结{{ concluded.total }}件。

## platform
平台运行平稳。

## （五）监督保障情况
没有问责。

## 五、存在的主要问题及改进情况
答复不够及时。
"""
FIGURES = """\
year = 2025
[rules]
issued = 0
repealed = 0
in_force = 1
[normative_documents]
issued = 2
repealed = 1
in_force = 7
[licences]
decisions = 310
[penalties]
decisions = 12
[coercive_measures]
decisions = 0
[fees]
amount = 1.25e4
"""


@pytest.fixture
def year(run: Run, once: Run, register_file: Run) -> None:
    """An office with five applications of 2025: one late, one after an extension, one open."""

    def make() -> None:
        result = run("import", register_file(*REGISTER), today=TODAY)
        assert result.status == 0, result.err

    once("five of 2025", make)


@pytest.fixture
def figures(folder: Path) -> Path:
    """Figures of table two where the program looks for them."""
    path = folder / "figures" / "2025.toml"
    path.parent.mkdir()
    path.write_text(FIGURES, encoding="utf-8")
    return path


@pytest.fixture
def prose(tmp_path: Path) -> Callable[..., Path]:
    """A file of the office's own prose."""

    def write(text: str = PROSE, name: str = "prose.md") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def made(done: Run, tmp_path: Path) -> Callable[..., tuple[Path, Any]]:
    """Writes the report of 2025 and gives the file and the JSON document of the command."""

    def call(name: str, *options: object) -> tuple[Path, Any]:
        path = tmp_path / name
        return path, done("report", "2025", "-o", path, *options, "--json", today=TODAY).json

    return call


def paragraphs(path: Path) -> list[str]:
    return [p.text for p in docx.Document(str(path)).paragraphs if p.text]


def codes(document: Any) -> list[str]:
    return [warning["error"] for warning in document["warnings"]]


@pytest.mark.usefixtures("figures")
def test_the_text_of_a_report(made: Run, prose: Run) -> None:
    """The whole text, as it was read and found right; a change of it is meant or a fault."""
    path, _ = made("report.docx", "--prose", prose())

    assert "\n".join(paragraphs(path)) + "\n" == GOLDEN.read_text("utf-8")


@pytest.mark.usefixtures("figures")
def test_a_report_has_six_headings_three_tables_and_its_charts(made: Run, prose: Run) -> None:
    """In Word: six headings as prescribed, tables two, three and four with the figures, the charts."""
    path, document = made("report.docx", "--prose", prose())
    opened = docx.Document(str(path))
    second, third, fourth = opened.tables

    assert [p.text for p in opened.paragraphs if p.style.name == "Heading 1"] == [
        "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
    ]  # fmt: skip
    assert [c.text for c in second.rows[3].cells] == ["行政规范性文件", "2", "1", "7"]
    assert second.rows[13].cells[-1].text == "12500"
    assert [c.text for c in third.rows[3].cells][3:] == ["2", "1", "1", "0", "0", "0", "4"]
    assert len(third.rows) == 28
    assert len(fourth.rows[0].cells) == 15
    assert len(opened.inline_shapes) == 5
    assert codes(document) == ["report_not_closed"]


@pytest.mark.usefixtures("figures")
def test_a_page_says_the_same_as_the_document(made: Run, prose: Run) -> None:
    """Both formats come from one text: headings, prose and figures are the same."""
    word, _ = made("report.docx", "--prose", prose())
    page, _ = made("report.html", "--prose", prose())
    tree = lxml_html.fromstring(page.read_bytes())
    texts = [e.text_content() for e in tree.xpath("//h1|//h2|//h3|//p")]

    assert [t.replace("\n", "") for t in paragraphs(word)] == texts
    assert tree.xpath("count(//table)") == 3
    assert tree.xpath("count(//figure)") == 5
    assert not tree.xpath("//script")


def test_a_report_that_is_not_all_written_is_a_draft(made: Run, prose: Run, figures: Path) -> None:
    """Nobody signs gaps: the mark stands until every part is written, or the clerk says without."""
    assert figures.exists()
    results = [made("r.html", *options) for options in ((), ("--prose", prose()), ("--without-prose",))]

    assert [document["draft"] for _path, document in results] == [True, False, False]
    assert 'class="draft"' in made("r.html")[0].read_text("utf-8")
    assert 'class="draft"' not in made("r.html", "--without-prose")[0].read_text("utf-8")


def test_a_report_without_files_says_what_is_still_to_be_written(made: Run) -> None:
    """Table two stays empty and the office's own parts are named; nothing is made up."""
    path, document = made("report.docx")

    assert codes(document) == ["figures_not_given", "report_gaps", "report_not_closed"]
    assert "〔待填写：五、存在的主要问题及改进情况〕" in paragraphs(path)
    assert {c.text for c in docx.Document(str(path)).tables[0].rows[2].cells} == {"规章", ""}


@pytest.mark.parametrize(
    ("sentence", "label", "quoted", "stated"),
    [
        ("本年新收政府信息公开申请5件。", "一、本年新收", 5, 4),
        ("全年新收到申请 4 件，上年结转申请1件，共办结6件。", "三（七）总计", 6, 4),
        ("对全部申请中的9件予以公开，予以公开3件。", "（一）予以公开", 3, 2),
        ("全年发生行政复议1件。", "行政复议", 1, 0),
        ("结转下年度继续办理的申请2件。", "四、结转下年度继续办理", 2, 1),
        ("不予公开99件。", "（三）不予公开", 99, 0),
        ("新收申请4件，其中自然人99件。", "自然人", 99, 2),
        ("行政复议结果纠正9件。", "行政复议：结果纠正", 9, 0),
        ("延期答复9件。", "延长答复期限", 9, 1),
    ],
)
def test_prose_that_contradicts_the_tables_is_refused(
    refused: Run,
    prose: Run,
    sentence: str,
    label: str,
    quoted: int,
    stated: int,
) -> None:
    """Identity 7: each sentence whose figure is not the table's is named, and no report is written."""
    file = prose(f"## 五、存在的主要问题及改进情况\n{sentence}\n")
    path = file.with_name("report.docx")
    error = refused("report", "2025", "-o", path, "--prose", file, today=TODAY)

    assert error["error"] == "report_refused"
    assert [f["message"] for f in error["findings"]] == [
        f"“{sentence}”：{label}写的是 {quoted} 件，表中为 {stated} 件。"
    ]
    assert not path.exists()


def test_a_draft_is_made_all_the_same_and_marked_on_every_page(made: Run, prose: Run) -> None:
    """With `--draft` a contradiction is a warning, and the header of every page says 草稿."""
    text = "## 五、存在的主要问题及改进情况\n本年新收申请99件。\n"
    path, document = made("report.docx", "--prose", prose(text), "--draft")
    page, _ = made("report.html", "--prose", prose(text), "--draft")

    assert "prose_disagrees" in codes(document)
    assert docx.Document(str(path)).sections[0].header.paragraphs[0].text == "草稿"
    assert lxml_html.fromstring(page.read_bytes()).xpath("string(//div[@class='draft'])") == "草稿"


def test_a_report_of_a_broken_table_is_refused(
    refused: Run, made: Run, sql: Run, tmp_path: Path
) -> None:
    """A table whose identities do not hold makes no report, only a marked draft."""
    sql("UPDATE applications SET kind = 'martian' WHERE number = '2025-0002'")
    error = refused("report", "2025", "-o", tmp_path / "report.docx", today=TODAY)

    assert {f["error"] for f in error["findings"]} == {"identity_broken"}
    assert "identity_broken" in codes(made("report.html", "--draft")[1])


def test_carry_over_is_held_against_last_years_table(
    refused: Run, made: Run, done: Run, tmp_path: Path
) -> None:
    """Identity 4 with `--previous`: what was carried in is what last year's table carried out."""
    last = tmp_path / "2024.json"
    done("rollup", "2024", "-o", last, today=TODAY)
    path, document = made("report.docx", "--previous", last)
    assert "identity_broken" not in codes(document)
    assert any("与上年相比，新收申请增加3件" in text for text in paragraphs(path))

    text = last.read_text("utf-8")
    last.write_text(text.replace('"carried_out": [\n      1,', '"carried_out": [\n      3,'), "utf-8")
    assert last.read_text("utf-8") != text
    error = refused("report", "2025", "-o", path, "--previous", last, today=TODAY)
    assert "勾稽关系（4）" in error["findings"][0]["message"]


def test_fees_of_the_year_stand_in_section_six(
    registered: Run, moved: Run, done: Run, tmp_path: Path
) -> None:
    """Section six says what was paid in the year, 30号: a corrected amount as corrected."""
    number = registered(received="2026-09-01", today="2026-11-24")
    moved(number, "accept@2026-09-01", "charge_fee@2026-09-10 --set amount=300 --set basis=items")
    moved(number, "receive_payment@2026-09-15 --set amount=300")
    done("amend", number, "--entry", "4", "--set", "amount=200", "--reason", "误记")
    path = tmp_path / "report.docx"
    done("report", "2026", "-o", path)

    assert (
        paragraphs(path)[-1]
        == "本年度依照《政府信息公开信息处理费管理办法》向1件申请收取信息处理费，共计200元。"
    )


SECTION_SIX = "本年度依照《政府信息公开信息处理费管理办法》向1件申请收取信息处理费，共计{}元。"


def test_a_payment_without_an_amount_is_what_was_charged(
    registered: Run, moved: Run, done: Run, tmp_path: Path
) -> None:
    """150 pages are 1,700 yuan (109号): who records the payment does not have to type them again."""
    number = registered(received="2026-09-01", today="2026-11-24")
    moved(number, "accept@2026-09-01", "charge_fee@2026-09-10 --set pages=150",
          "receive_payment@2026-09-15")  # fmt: skip
    path = tmp_path / "report.docx"
    assert "fee_amount_unknown" not in codes(done("report", "2026", "-o", path, "--json").json)
    assert paragraphs(path)[-1] == SECTION_SIX.format(1700)

    done("amend", number, "--entry", "3", "--set", "pages=100", "--set", "amount=700",
         "--reason", "误记")  # fmt: skip
    done("report", "2026", "-o", path)
    assert paragraphs(path)[-1] == SECTION_SIX.format(700)


def test_a_payment_of_which_nobody_knows_the_amount_is_named(
    registered: Run, moved: Run, done: Run, tmp_path: Path
) -> None:
    """Neither counted nor stated: section six cannot hold it, and the report says so by number."""
    number = registered(received="2026-09-01", today="2026-11-24")
    moved(number, "accept@2026-09-01", "charge_fee@2026-09-10", "receive_payment@2026-09-15")
    document = done("report", "2026", "-o", tmp_path / "report.docx", "--json").json

    said = [one for one in document["warnings"] if one["error"] == "fee_amount_unknown"]
    assert number in said[0]["message"]


def test_fees_are_counted_by_whatever_step_the_workflow_takes_them(
    registered: Run, moved: Run, done: Run, folder: Path, tmp_path: Path
) -> None:
    """The step is the workflow file's: a renamed one is counted all the same."""
    law = (shipped("workflows") / "disclosure.yaml").read_text("utf-8")
    own = folder / "own.yaml"
    own.write_text(law.replace("receive_payment", "fee_in"), "utf-8")
    settings = folder / "config.toml"
    text = settings.read_text("utf-8")
    assert 'file = "disclosure"' in text
    settings.write_text(text.replace('file = "disclosure"', 'file = "own.yaml"'), "utf-8")
    number = registered(received="2026-09-01", today="2026-11-24")
    moved(number, "accept@2026-09-01", "charge_fee@2026-09-10 --set pages=100", "fee_in@2026-09-15")
    path = tmp_path / "report.docx"
    done("report", "2026", "-o", path)

    assert paragraphs(path)[-1] == SECTION_SIX.format(700)


def test_figures_that_are_all_nought_are_worth_a_warning(made: Run, figures: Path) -> None:
    """Noughts that nobody meant are published easily: a file of nothing else is named."""
    import re

    figures.write_text(re.sub(r"= (?!2025)\S+", "= 0", FIGURES), "utf-8")

    assert "figures_all_zero" in codes(made("report.html")[1])


def test_a_template_of_figures_is_written_once(done: Run, refused: Run, folder: Path) -> None:
    """The empty file has every row and column of the year's form, can be read, and is not overwritten."""
    for year, rows in (("2025", 6), ("2020", 8)):
        path = folder / "figures of mine" / f"{year}.toml"
        done("report", year, "--figures-template", path)
        text = path.read_text("utf-8")
        assert text.count("[") == rows
        assert all(line.startswith(("#", "[", "year =")) for line in text.splitlines() if line)
        done("report", year, "-o", folder / "r.html", "--figures", path, today=TODAY)

    assert refused("report", "2025", "--figures-template", path)["error"] == "file_exists"


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("in_force = 7", "in_force = -7"), "figure_not_count", 9),
        (("in_force = 7", "in_force = 7.5"), "figure_not_count", 9),
        (("amount = 1.25e4", "amount = 12.1234567"), "figure_not_money", 17),
        (("amount = 1.25e4", "amount = nan"), "figure_not_money", 17),
        (("decisions = 310", "decision = 310"), "figures_column_unknown", 11),
        (("decisions = 310", "decisions =   # 待统计"), "figure_left_empty", 11),
        (("[licences]", "[license]"), "figures_row_unknown", 10),
        (("year = 2025", "year = 2024"), "figures_of_another_year", 1),
    ],
)
def test_figures_that_cannot_be_are_named_with_their_line(
    refused: Run,
    figures: Path,
    tmp_path: Path,
    change: tuple[str, str],
    code: str,
    line: int,
) -> None:
    """Whole numbers, none below zero; money with at most six decimals; no other row, column or year."""
    figures.write_text(FIGURES.replace(*change), encoding="utf-8")
    error = refused("report", "2025", "-o", tmp_path / "r.docx", today=TODAY)

    assert error["error"] == "figures_broken"
    assert (code, f"2025.toml:{line}") in [(f["error"], f["where"]) for f in error["findings"]]


def test_figures_are_held_against_last_years_file(
    refused: Run, made: Run, figures: Path, tmp_path: Path
) -> None:
    """In force = last year's + issued − repealed; last year's file lies beside."""
    before = FIGURES.replace("2025", "2024").replace("in_force = 7", "in_force = 5")
    figures.with_name("2024.toml").write_text(before, encoding="utf-8")
    error = refused("report", "2025", "-o", tmp_path / "r.docx", today=TODAY)
    assert [(f["error"], f["where"]) for f in error["findings"]] == [
        ("figure_unbalanced", "2025.toml:9")
    ]
    assert "应为 6" in error["findings"][0]["message"]

    figures.with_name("2024.toml").write_text(
        before.replace("in_force = 5", "in_force = 6"), encoding="utf-8"
    )
    assert "figure_unbalanced" not in codes(made("r.docx")[1])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ new.totall }}", "new.totall”这个名称；相近或可用的有：new.total"),
        ("甲\n{{ answers.bogus }}", "“answers.bogus”"),
        ("{{ nobody }}", "nobody"),
        ("{{ office.__class__.__mro__ }}", "__class__"),
        ("{% for %}", "Expected an expression"),
        ("{{ 1 // 0 }}", "zero"),
        ("{{ 'x' * 10 ** 10 }}", "mul"),
        ("{{ '%99999999999s' % 1 }}", "mod"),
        ("{{ office.format(1) }}", "call"),
        ("{% for n in range(10 ** 9) %}{% endfor %}", "call"),
        ("{{ office | center(1000000000) }}", "center"),
        ("{% macro again() %}{{ office }}{% endmacro %}", "macro"),
        ("{% set words %}{{ office }}{% endset %}", "assignblock"),
    ],
)
def test_a_placeholder_that_cannot_be_filled_is_named(
    refused: Run, prose: Run, tmp_path: Path, text: str, problem: str
) -> None:
    """A name that there is not, or a reach out of the sandbox, is refused with its part of the prose."""
    file = prose(f"## 五、存在的主要问题及改进情况\n{text}\n")
    error = refused("report", "2025", "-o", tmp_path / "r.docx", "--prose", file, today=TODAY)

    assert error["error"] == "report_text_broken"
    assert error["findings"][0]["where"].startswith("prose.md[problems]")
    assert problem in " ".join(f["message"] for f in error["findings"])


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("p.md", "## 七、其他\n正文\n", "prose_part_unknown"),
        ("p.md", "没有标题的正文\n", "prose_part_unknown"),
        ("p.md", "## problems\n一\n## 五、存在的主要问题及改进情况\n二\n", "prose_part_twice"),
        ("p.toml", "nothing = '正文'\n", "prose_part_unknown"),
        ("p.toml", "problems = \n", "not_toml"),
    ],
)
def test_prose_for_no_part_of_the_report_is_named(
    refused: Run, prose: Run, tmp_path: Path, name: str, text: str, code: str
) -> None:
    """A heading that is no part of the report is refused, with those there are."""
    error = refused(
        "report", "2025", "-o", tmp_path / "r.docx", "--prose", prose(text, name), today=TODAY
    )

    assert error["error"] == "prose_broken"
    assert [f["error"] for f in error["findings"]] == [code]


def test_figures_that_nobody_compared_are_listed_once(made: Run, prose: Run) -> None:
    """A number typed into any section that no rule judges is named; a placeholder's is not."""
    file = prose("## （二）依申请公开情况\n其中自然人3件，新收申请{{ new.total }}件，人大建议 9 件。\n"
                 "## 五、存在的主要问题及改进情况\n办理提案7件。\n## 六、其他需要报告的事项\n热线8件。\n")  # fmt: skip
    document = made("report.html", "--prose", file)[1]

    [warning] = [w for w in document["warnings"] if w["error"] == "prose_not_judged"]
    assert "其中自然人3件、人大建议 9 件、办理提案7件、热线8件" in warning["message"]
    assert "新收" not in warning["message"]


def test_charts_that_cannot_be_drawn_are_left_out_and_said(
    made: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No Chinese font on the machine: no charts in Word, and the fonts are named; a page has them still."""
    from matplotlib.font_manager import fontManager

    western = [font for font in fontManager.ttflist if font.name == "DejaVu Sans"]
    assert western, "matplotlib brings this font itself"
    monkeypatch.setattr(fontManager, "ttflist", western)
    word, document = made("report.docx")
    page, _ = made("report.html")

    assert "chart_fonts_missing" in codes(document)
    assert "Noto Sans CJK SC" in " ".join(w["message"] for w in document["warnings"])
    assert len(docx.Document(str(word)).inline_shapes) == 0
    assert lxml_html.fromstring(page.read_bytes()).xpath("count(//figure)") == 5


def test_without_the_extra_there_are_no_charts(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is written without matplotlib too, and says what is missing."""
    monkeypatch.setattr("requestflow.documents.charts.find_spec", lambda _name: None)
    _, document = made("report.html")

    assert "charts_missing" in codes(document)


def test_signs_that_no_document_can_hold_do_no_harm(made: Run, prose: Run) -> None:
    """Control signs in a text, copied from who knows where, break neither format."""
    file = prose("## 五、存在的主要问题及改进情况\n甲\x07乙\x0b丙\x00丁<b>&amp;\n")
    word, page = made("report.docx", "--prose", file)[0], made("report.html", "--prose", file)[0]
    tree = lxml_html.fromstring(page.read_bytes())

    assert any("丁<b>&amp;" in text for text in paragraphs(word))
    assert any("丁<b>&amp;" in p.text_content() for p in tree.xpath("//p"))


def test_prose_may_be_toml(made: Run, prose: Run) -> None:
    """A TOML file has a key for each part; the overview replaces the whole of section one."""
    file = prose("overview = '本年新收申请{{ new.total }}件。'\nproblems = '无'\n", "prose.toml")
    texts = paragraphs(made("report.docx", "--prose", file)[0])

    assert texts[texts.index("一、总体情况") + 1 : texts.index("二、主动公开政府信息情况")] == [
        "本年新收申请4件。"
    ]


def test_what_is_worth_a_look_is_said(made: Run, prose: Run, folder: Path) -> None:
    """Too much 其他处理 (60号), and a section one that is too long (30号), by the office's own limits."""
    config = folder / "config.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("overview_characters = 1000", "overview_characters = 20"), "utf-8")
    document = made("report.html", "--prose", prose("## 一、总体情况\n" + "一二三四五" * 5 + "\n"))[1]

    assert "overview_too_long" in codes(document)
    assert "25 字，超过 20 字" in " ".join(w["message"] for w in document["warnings"])


def test_other_results_beyond_their_share_are_worth_a_warning(
    done: Run, register_file: Run, tmp_path: Path
) -> None:
    """60号 keeps 其他处理 for rare cases: beyond a tenth the report says so."""
    rows = [
        REGISTER[0],
        *(f"2025-03-0{n},甲,自然人,互联网,预算,other.other,2025-03-20," for n in (3, 4)),
    ]
    done("import", register_file(*rows), today=TODAY)
    document = done("report", "2025", "-o", tmp_path / "r.html", "--json", today=TODAY).json

    assert "其他处理”占办结数的 33%" in " ".join(w["message"] for w in document["warnings"])


def test_a_form_can_be_chosen(made: Run) -> None:
    """The 2019 form has its own table two and rows."""
    tables = docx.Document(str(made("report.docx", "--form", "2019")[0])).tables

    assert tables[0].rows[1].cells[1].text == "本年新制作数量"
    assert len(tables[1].rows) == 26


def test_an_office_may_have_its_own_text(made: Run, folder: Path) -> None:
    """A template in the office's own `notices/` takes the place of the shipped one."""
    own = folder / "notices" / "annual_report.md.j2"
    own.parent.mkdir()
    own.write_text("# {{ office }}\n## {{ titles.overview }}\n新收{{ new.total }}件\n", "utf-8")

    assert paragraphs(made("report.docx")[0]) == ["示例县发展和改革局", "一、总体情况", "新收4件"]


@pytest.mark.parametrize("name", ["report.pdf", "report.xlsx", "report"])
def test_a_report_is_a_document_or_a_page(refused: Run, tmp_path: Path, name: str) -> None:
    """Another format is refused by name."""
    error = refused("report", "2025", "-o", tmp_path / name, today=TODAY, status=2)

    assert error["error"] == "unknown_file_format"


def test_a_report_needs_a_file(refused: Run) -> None:
    """A report is written to a file."""
    assert refused("report", "2025", today=TODAY, status=2)["error"] == "missing_parameter"


def test_equal_reports_are_equal_files(made: Run) -> None:
    """The same year gives the same bytes."""
    first, _ = made("a.docx")
    second, _ = made("b.docx")

    assert first.read_bytes() == second.read_bytes()
    assert {info.date_time for info in zipfile.ZipFile(first).infolist()} == {(1980, 1, 1, 0, 0, 0)}
