"""A letter as a Word file: the look of an official letter, the words untouched, the bytes repeatable."""

import importlib.util
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from requestflow.definitions.shipped import shipped
from requestflow.documents.letter import Block, Letter, Role
from requestflow.documents.letter_docx import Look, letter_docx
from requestflow.errors import NotFound, Refused

ROOT = Path(__file__).parents[2]
MASTER = shipped("notices") / "styles" / "letter.docx"
ORGAN = "示例县发展和改革局"
HOSTILE = [
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{_{ x }_}",
    "{%p if 1 %}",
    "{{ letter.blocks.clear() }}",
    "&<>\"'",
    "</w:t></w:r></w:p><w:p/>",
    "]]>",
    "&amp;#123;",
    "𠮷野家、䶮、喆",
    "🙂申请",
    "买买提·吐尔逊",
    "长" * 1000,
    "C:\\new\\table\\a",
]


def letter(*blocks: tuple[Role, str]) -> Letter:
    return Letter("reply", tuple(Block(role, text) for role, text in blocks))


REPLY = letter(
    (Role.TITLE, "政府信息公开申请答复书"),
    (Role.NUMBER, "示发改公开〔2026〕12号"),
    (Role.ADDRESSEE, "申请人甲："),
    (Role.PARAGRAPH, "你于2026年11月2日提交的申请收悉。"),
    (Role.HEADING, "一、公开内容"),
    (Role.ITEM, "1. 土地征收补偿安置方案。"),
    (Role.PARAGRAPH, "如不服本答复，可以依法申请行政复议。"),
    (Role.SIGNATURE, ORGAN),
    (Role.DATE, "2026年11月24日"),
    (Role.NOTE, "附件：方案"),
)


def read(made: bytes) -> list[tuple[str, str]]:
    """Style and text of every paragraph of a Word file."""
    document = Document(io.BytesIO(made))
    return [(p.style.name, p.text) for p in document.paragraphs]


def test_every_block_is_a_paragraph_in_its_order() -> None:
    """The Word file says what the blocks say, one paragraph each, and nothing else."""
    made = read(letter_docx(REPLY, Look(MASTER)))

    assert [text.strip("\t") for _style, text in made] == [block.text for block in REPLY.blocks]
    assert [style for style, _text in made] == [
        "公文标题", "公文文号", "公文主送", "公文正文", "公文小标题", "公文事项", "公文连段", "公文署名",
        "公文日期", "公文附注",
    ]  # fmt: skip


def test_the_page_is_that_of_an_official_letter() -> None:
    """GB/T 9704: A4, 37, 35, 28 and 26 mm of margin, 22 lines of 28.95 pt."""
    document = Document(io.BytesIO(letter_docx(REPLY, Look(MASTER))))
    section = document.sections[0]

    def in_mm(length: int) -> float:
        return round(length / Mm(1), 1)

    assert (in_mm(section.page_width), in_mm(section.page_height)) == (210, 297)
    assert (in_mm(section.top_margin), in_mm(section.bottom_margin)) == (37, 35)
    assert (in_mm(section.left_margin), in_mm(section.right_margin)) == (28, 26)
    [grid] = section._sectPr.findall(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [("公文标题", "方正小标宋简体", 22), ("公文正文", "仿宋_GB2312", 16), ("公文小标题", "黑体", 16),
     ("公文文号", "仿宋_GB2312", 16), ("公文红头", "方正小标宋简体", 42)],
)  # fmt: skip
def test_fonts_and_sizes_are_those_of_the_standard(style: str, font: str, size: int) -> None:
    """Title in 小标宋 二号, body in 仿宋 三号; the file names the real fonts, whatever this machine has."""
    document = Document(io.BytesIO(letter_docx(REPLY, Look(MASTER))))
    found = document.styles[style]

    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size == Pt(size)


def test_a_line_and_an_indent_are_those_of_the_standard() -> None:
    """A body line is exactly 28.95 pt, its first line indented by two signs."""
    document = Document(io.BytesIO(letter_docx(REPLY, Look(MASTER))))
    body = document.styles["公文正文"]

    assert abs(body.paragraph_format.line_spacing.pt - 28.95) < 0.1
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_page_numbers_stand_between_dashes() -> None:
    """`— 1 —` in 四号, at the right on odd pages and at the left on even ones."""
    section = Document(io.BytesIO(letter_docx(REPLY, Look(MASTER)))).sections[0]

    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[0].text == "— 1 —"
        assert footer.paragraphs[0].runs[0].font.size == Pt(14)
        assert "PAGE" in footer._element.xml
    assert section.footer.paragraphs[0].alignment != section.even_page_footer.paragraphs[0].alignment


def test_a_red_head_takes_the_number_to_itself() -> None:
    """With a red head the organ and the number stand above the rule, and the number not again below."""
    made = read(letter_docx(REPLY, Look(MASTER, ORGAN, red_head=True)))

    assert made[:3] == [
        ("公文红头", ORGAN),
        ("公文红头文号", "示发改公开〔2026〕12号"),
        ("公文标题", "政府信息公开申请答复书"),
    ]
    assert "公文文号" not in [style for style, _text in made]


@pytest.mark.parametrize(
    ("title", "lines"),
    [(f"{ORGAN}政府信息公开申请答复书", 1), (f"{ORGAN}政府信息公开申请补正告知书", 2),
     ("关于一件申请的一份名称很长很长很长很长很长的答复书", 1), (ORGAN, 1)],
)  # fmt: skip
def test_a_title_of_two_lines_is_parted_behind_the_organ(title: str, lines: int) -> None:
    """A title that needs two lines breaks where its sense does; no sign is added or lost."""
    made = read(letter_docx(letter((Role.TITLE, title), (Role.SIGNATURE, ORGAN)), Look(MASTER, ORGAN)))

    assert made[0][1].replace("\n", "") == title
    assert made[0][1].split("\n")[0] == (ORGAN if lines == 2 else title)


def styles_of(*texts: str) -> list[str]:
    """The styles of the paragraphs of a letter whose body these texts are."""
    told = letter(
        *((Role.PARAGRAPH, text) for text in texts),
        (Role.SIGNATURE, ORGAN), (Role.DATE, "2026年11月24日"), (Role.NOTE, "联系地址：示例路1号"),
    )  # fmt: skip
    return [style for style, _text in read(letter_docx(told, Look(MASTER)))][: len(texts)]


def test_a_seal_never_stands_on_a_page_with_hardly_any_text() -> None:
    """GB/T 9704: the last paragraph stays with the signature, and where it is one line the one before too."""
    long = "本机关依法作出答复。" * 8
    assert styles_of(long, long, long) == ["公文正文", "公文正文", "公文连段"]
    assert styles_of(long, long, "特此告知。") == ["公文正文", "公文连段", "公文连段"]


def test_a_lead_in_stays_with_what_it_leads_to() -> None:
    """理由如下： is not the last line of a page."""
    long = "本机关依法作出答复。" * 8
    assert styles_of("理由如下：", long, long) == ["公文连段", "公文正文", "公文连段"]


def test_signature_date_and_address_stay_on_one_page() -> None:
    """Nothing of the foot of a letter stands alone on the next page."""
    styles = Document(MASTER).styles
    for name in ("公文连段", "公文署名", "公文长署名", "公文日期", "公文附注"):
        assert styles[name].paragraph_format.keep_with_next, name


def test_a_long_organ_name_is_set_smaller_in_the_head() -> None:
    """A name that would not fit the line in the largest size takes the smaller head."""
    made = read(letter_docx(REPLY, Look(MASTER, "示例自治县人民政府政务服务管理办公室", red_head=True)))

    assert made[0][0] == "公文长红头"


@pytest.mark.parametrize("draft", [True, False])
def test_only_a_draft_is_marked_as_one(draft: bool) -> None:
    """A draft says so at the head of each page and across it; a letter does not."""
    section = Document(io.BytesIO(letter_docx(REPLY, Look(MASTER, draft=draft)))).sections[0]

    for header in (section.header, section.even_page_header):
        assert ("草稿" in header._element.xml) is draft
        assert "{%" not in header._element.xml


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_a_text_stays_the_text_it_is(text: str) -> None:
    """No sign of a text is read as a tag, a field or markup in any role; rare signs come through."""
    made = read(letter_docx(letter(*((role, text) for role in Role)), Look(MASTER, text, red_head=True)))

    assert {found.strip("\t") for _style, found in made} == {text}
    assert len(made) == len(Role) + 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x07c", "abc"),
        ("一\n二\r\n三", "一 二 三"),
        ("a\tb", "a b"),
        ("\u202e倒", "倒"),
        ("", ""),
    ],
)
def test_what_a_file_cannot_hold_is_left_out(text: str, shown: str) -> None:
    """Control characters and turns of the reading direction vanish, line breaks become a space."""
    made = read(letter_docx(letter((Role.PARAGRAPH, text)), Look(MASTER, "\x00局", red_head=True)))

    assert made[-1][1] == shown
    assert made[0][1] == "局"


def test_the_same_letter_gives_the_same_bytes() -> None:
    """Neither the moment nor a counter is in the file: printed twice it is the same to the byte."""
    first, again = (letter_docx(REPLY, Look(MASTER, ORGAN, red_head=True)) for _ in range(2))

    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {part.date_time[0] for part in packed.infolist()} == {1980}


def test_a_letter_of_many_paragraphs_is_whole() -> None:
    """A thousand paragraphs come out, each once."""
    blocks = [(Role.PARAGRAPH, f"第{place}段") for place in range(1000)]

    made = read(letter_docx(letter(*blocks), Look(MASTER)))

    assert [text for _style, text in made] == [text for _role, text in blocks]


@pytest.fixture(scope="module")
def make_master() -> ModuleType:
    """`docs/make_letter_master.py` as a module."""
    path = ROOT / "docs" / "make_letter_master.py"
    spec = importlib.util.spec_from_file_location("make_letter_master", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parts(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as source:
        return {name: source.read(name) for name in source.namelist()}


def test_the_shipped_master_is_what_its_script_makes(make_master: ModuleType) -> None:
    """The master in the repository and its recipe do not differ in any part."""
    assert parts(MASTER.read_bytes()) == parts(make_master.make_master())


def test_an_offices_own_master_is_used(tmp_path: Path) -> None:
    """What an office changes in Word, a font or a line of its own, is in its letters."""
    document = Document(MASTER)
    document.styles["公文正文"].font.size = Pt(15)
    document.paragraphs[0].insert_paragraph_before("本单位的抬头：{{ letter.title }}")
    document.save(tmp_path / "letter.docx")

    made = Document(io.BytesIO(letter_docx(REPLY, Look(tmp_path / "letter.docx"))))

    assert made.paragraphs[0].text == "本单位的抬头：政府信息公开申请答复书"
    assert made.styles["公文正文"].font.size == Pt(15)


@pytest.mark.parametrize(
    "tag",
    ["{{ nosuch }}", "{{ letter.", "{% endfor %}", "{{ look.organ | trim(3) }}",
     "{% if look.organ > 3 %}x{% endif %}"],
)  # fmt: skip
def test_a_fault_in_a_master_is_refused(tmp_path: Path, tag: str) -> None:
    """A tag that names nothing, is cut short or makes no sense is refused, and names the file."""
    document = Document(MASTER)
    document.paragraphs[0].insert_paragraph_before(tag)
    document.save(tmp_path / "letter.docx")

    with pytest.raises(Refused) as refusal:
        letter_docx(REPLY, Look(tmp_path / "letter.docx"))

    assert refusal.value.code == "master_broken"
    assert "letter.docx" in str(refusal.value.facts["file"])


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    """A master that somebody has changed."""
    document = Document(MASTER)
    change(document)
    document.save(path / "letter.docx")
    return path / "letter.docx"


@pytest.mark.parametrize(
    "tag",
    [
        "{{ letter.nosuch }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ letter.__class__ }}",
        "{{ letter.blocks.clear() }}",
        "{{ letter['title'] }}",
        "{{ letter.title|attr('upper') }}",
        "{{ x() }}",
        "{% include '/etc/passwd' %}",
        "{% import 'a' as b %}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% for i in range(99999999) %}x{% endfor %}",
        "{% for i in letter.title %}x{% endfor %}",
        "{% for a in letter.blocks %}{% for b in letter.blocks %}x{% endfor %}{% endfor %}",
        "{% for a in letter.blocks recursive %}x{% endfor %}",
    ],
)
def test_a_master_that_reaches_too_far_is_refused_unrun(tmp_path: Path, tag: str) -> None:
    """Attributes, calls, files and loops that do not end: refused before anything of them runs."""
    for part in ("body", "header"):

        def change(document: Any, part: str = part) -> None:
            where = document if part == "body" else document.sections[0].header
            where.add_paragraph(tag)

        with pytest.raises(Refused) as refusal:
            letter_docx(REPLY, Look(changed(tmp_path, change)))
        assert refusal.value.code == "master_forbids"
        assert "letter.docx" in str(refusal.value.facts["file"])


def without(style: str) -> Callable[[Any], None]:
    """Takes the paragraphs of a style out of a master."""

    def change(document: Any) -> None:
        for paragraph in document.paragraphs:
            if paragraph.style.name == style:
                paragraph.text = ""

    return change


@pytest.mark.parametrize(
    ("style", "role"),
    [("公文标题", "标题"), ("公文文号", "文号"), ("公文主送", "主送"), ("公文正文", "正文"),
     ("公文事项", "事项"), ("公文署名", "署名"), ("公文日期", "日期"), ("公文附注", "附注")],
)  # fmt: skip
def test_a_master_that_leaves_something_out_makes_no_letter(
    tmp_path: Path, style: str, role: str
) -> None:
    """A letter without its date or its reasons is none: refused, and what is missing is named."""
    with pytest.raises(Refused) as refusal:
        letter_docx(REPLY, Look(changed(tmp_path, without(style))))

    assert refusal.value.code == "master_lacks"
    assert [words.zh for words in refusal.value.facts["roles"]] == [role]


def test_a_letter_without_that_paragraph_is_not_refused(tmp_path: Path) -> None:
    """A master that writes no items is no hindrance to a letter without any."""
    told = letter((Role.TITLE, "回执"), (Role.PARAGRAPH, "正文。"))
    assert letter_docx(told, Look(changed(tmp_path, without("公文事项"))))


@pytest.mark.parametrize("content", [b"", b"no Word file", b"PK\x03\x04"])
def test_a_master_that_is_no_word_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """Anything else under the master's name is refused, and so is none."""
    (tmp_path / "letter.docx").write_bytes(content)

    with pytest.raises(Refused) as refusal:
        letter_docx(REPLY, Look(tmp_path / "letter.docx"))
    with pytest.raises(NotFound):
        letter_docx(REPLY, Look(tmp_path / "nowhere.docx"))

    assert refusal.value.code == "master_broken"


def test_under_a_red_head_the_title_goes_without_the_organ() -> None:
    """The red head bears the organ's name; the title does not say it again."""
    told = letter(
        (Role.TITLE, f"{ORGAN}政府信息公开申请答复书"),
        (Role.PARAGRAPH, "正文。"),
        (Role.SIGNATURE, ORGAN),
    )

    red = read(letter_docx(told, Look(MASTER, ORGAN, red_head=True)))
    without = read(letter_docx(told, Look(MASTER, ORGAN)))

    assert ("公文标题", "政府信息公开申请答复书") in red
    assert without[0][1].replace("\n", "") == f"{ORGAN}政府信息公开申请答复书"


def test_a_file_is_dated_as_its_letter() -> None:
    """What the file says of itself is the letter's day and this program, no other."""
    made = letter_docx(letter((Role.PARAGRAPH, "正文。"), (Role.DATE, "2026年11月20日")), Look(MASTER))
    document = Document(io.BytesIO(made))

    assert document.core_properties.created.date().isoformat() == "2026-11-20"
    with zipfile.ZipFile(io.BytesIO(made)) as parts_of:
        assert b"<Application>requestflow<" in parts_of.read("docProps/app.xml")
