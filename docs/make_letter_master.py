"""Makes the Word master of letters with the look of GB/T 9704: `notices/styles/letter.docx`.

python docs/make_letter_master.py            writes the master that is shipped
python docs/make_letter_master.py FILE       writes it elsewhere

An office opens the master in Word or WPS and changes fonts, margins, crest; it need not run this script.
"""

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from requestflow.packing import repacked

MASTER = Path(__file__).resolve().parents[1] / "notices" / "styles" / "letter.docx"
BODY, TITLE, HEADING, LATIN, PAGE = "仿宋_GB2312", "方正小标宋简体", "黑体", "Times New Roman", "宋体"
LINE = Pt(28.95)  # 22 lines a page
BODY_SIZE, TITLE_SIZE, PAGE_SIZE = Pt(16), Pt(22), Pt(14)  # 三号, 二号, 四号
SIGN = 15.8  # points: 28 signs a line of 442 points
SEAL_CENTRE = Pt(
    442 - 4 * SIGN - 56
)  # the date ends four signs from the edge, the organ stands centred over it
RED = RGBColor(0xE0, 0x00, 0x00)
MADE = datetime(2026, 1, 1, tzinfo=UTC)

LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
CENTRE, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY

# style: font, size in points, alignment, first-line indent in signs
STYLES = {
    "公文标题": (TITLE, TITLE_SIZE, CENTRE, 0),
    "公文文号": (BODY, BODY_SIZE, CENTRE, 0),
    "公文主送": (BODY, BODY_SIZE, BOTH, 0),
    "公文正文": (BODY, BODY_SIZE, BOTH, 2),
    "公文连段": (BODY, BODY_SIZE, BOTH, 2),
    "公文小标题": (HEADING, BODY_SIZE, BOTH, 2),
    "公文事项": (BODY, BODY_SIZE, BOTH, 2),
    "公文署名": (BODY, BODY_SIZE, LEFT, 0),
    "公文长署名": (BODY, BODY_SIZE, RIGHT, 0),
    "公文日期": (BODY, BODY_SIZE, LEFT, 0),
    "公文附注": (BODY, BODY_SIZE, BOTH, 2),
    "公文红头": (TITLE, Pt(42), CENTRE, 0),
    "公文长红头": (TITLE, Pt(26), CENTRE, 0),
    "公文红头文号": (BODY, BODY_SIZE, CENTRE, 0),
    "公文草稿": (HEADING, BODY_SIZE, RIGHT, 0),
}

# The body: what stands in the master, a paragraph each, with its style. `{%p … %}` lines vanish.
ROWS = (
    ("{%p if look.red_head %}", None),
    ("{%p if look.organ|length > 10 %}", None),
    ("{{ look.organ }}", "公文长红头"),
    ("{%p else %}", None),
    ("{{ look.organ }}", "公文红头"),
    ("{%p endif %}", None),
    ("{{ letter.number }}", "公文红头文号"),
    ("{%p endif %}", None),
    ("{%p for block in letter.blocks %}", None),
    ('{%p if block.role == "title" %}', None),
    ("{{ block.text }}", "公文标题"),
    ('{%p elif block.role == "number" and not look.red_head %}', None),
    ("{{ block.text }}", "公文文号"),
    ('{%p elif block.role == "addressee" %}', None),
    ("{{ block.text }}", "公文主送"),
    ('{%p elif block.role == "heading" %}', None),
    ("{{ block.text }}", "公文小标题"),
    ('{%p elif block.role == "item" %}', None),
    ("{{ block.text }}", "公文事项"),
    ('{%p elif block.role == "signature" and block.text|length > 14 %}', None),
    ("{{ block.text }}", "公文长署名"),
    ('{%p elif block.role == "signature" %}', None),
    ("\t{{ block.text }}", "公文署名"),
    ('{%p elif block.role == "date" %}', None),
    ("\t{{ block.text }}", "公文日期"),
    ('{%p elif block.role == "note" %}', None),
    ("{{ block.text }}", "公文附注"),
    ('{%p elif block.role == "paragraph" and block.kept %}', None),
    ("{{ block.text }}", "公文连段"),
    ('{%p elif block.role == "paragraph" %}', None),
    ("{{ block.text }}", "公文正文"),
    ("{%p endif %}", None),
    ("{%p endfor %}", None),
)

WATERMARK = """
<w:r {w}><w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>
<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>
<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>
<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"
 o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 id="draft-{name}" o:spid="_x0000_s20{code}" type="#_x0000_t136" stroked="f" fillcolor="silver"
 style="position:absolute;margin-left:0;margin-top:0;width:340pt;height:170pt;rotation:315;z-index:-251658752;
mso-position-horizontal:center;mso-position-horizontal-relative:margin;
mso-position-vertical:center;mso-position-vertical-relative:margin">
<v:fill opacity=".45"/>
<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="草稿"/></v:shape>
</w:pict></w:r>
"""


def fonts(style, name):
    """Chinese signs in one font, Latin ones and digits in another."""
    style.font.name = LATIN
    properties = style.element.get_or_add_rPr()
    properties.rFonts.set(qn("w:eastAsia"), name)
    properties.rFonts.set(qn("w:cs"), LATIN)


def spaced(style):
    """A fifth of a point closer: 28 signs a line."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), "-4")
    style.element.get_or_add_rPr().append(spacing)


def in_chinese(document):
    """Without a language, programs set the marks of Japanese or Taiwanese printing."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def lines(style, size):
    """An exact line, taller where the font is."""
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = LINE if size == BODY_SIZE else Pt(round(size.pt * 1.45))
    if size > BODY_SIZE:  # a line higher than the grid would take two of its lines
        free = OxmlElement("w:snapToGrid")
        free.set(qn("w:val"), "0")
        style.element.get_or_add_pPr().insert_element_before(
            free, "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
        )
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.widow_control = True


def make_styles(document):
    normal = document.styles["Normal"]
    fonts(normal, BODY)
    normal.font.size = BODY_SIZE
    spaced(normal)
    lines(normal, BODY_SIZE)
    for name, (font, size, alignment, indent) in STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        fonts(style, font)
        style.font.size = size
        lines(style, size)
        style.paragraph_format.alignment = alignment
        if indent:
            style.paragraph_format.first_line_indent = Pt(indent * SIGN)
            style.element.get_or_add_pPr().ind.set(qn("w:firstLineChars"), str(indent * 100))
    refine(document.styles)


def refine(styles):
    """What single styles have beyond their row of the table."""
    title = styles["公文标题"].paragraph_format
    title.space_before, title.space_after = LINE, LINE
    title.keep_with_next = True
    styles["公文文号"].paragraph_format.space_after = LINE
    for name in ("公文署名", "公文日期"):
        styles[name].paragraph_format.tab_stops.add_tab_stop(SEAL_CENTRE, WD_TAB_ALIGNMENT.CENTER)
    for name in ("公文署名", "公文长署名"):
        styles[name].paragraph_format.space_before = Pt(LINE.pt * 2)  # room for the seal
    for name in ("公文连段", "公文署名", "公文长署名", "公文日期", "公文附注", "公文小标题"):
        styles[name].paragraph_format.keep_with_next = True
    styles["公文长署名"].paragraph_format.right_indent = Pt(2 * SIGN)
    for name in ("公文红头", "公文长红头"):
        styles[name].font.color.rgb = RED
        styles[name].paragraph_format.space_before = Pt(LINE.pt)
        styles[name].paragraph_format.space_after = Pt(LINE.pt)
    rule(styles["公文红头文号"])
    styles["公文红头文号"].paragraph_format.space_after = LINE
    styles["公文日期"].paragraph_format.space_after = LINE
    styles["公文草稿"].font.color.rgb = RED


def rule(style):
    """The red rule under the head."""
    borders = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="8" w:color="E00000"/>'
        "</w:pBdr>"
    )
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def field(paragraph, size):
    """`— 1 —`."""

    def run(text=None, kind=None):
        made = paragraph.add_run(text or "")
        made.font.size, made.font.name = size, PAGE
        made._element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), PAGE)
        if kind:
            char = OxmlElement("w:fldChar")
            char.set(qn("w:fldCharType"), kind)
            made._element.append(char)
        return made

    run("— ")
    run(kind="begin")
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = "PAGE"
    run()._element.append(code)
    run(kind="separate")
    run("1")
    run(kind="end")
    run(" —")


def header(part, name, code):
    """On a draft: a word at the edge, and a grey one across the page."""
    part.is_linked_to_previous = False
    part.paragraphs[0].text = "{%p if look.draft %}"
    mark = part.add_paragraph("草稿", style="公文草稿")
    mark._p.append(parse_xml(WATERMARK.format(w=nsdecls("w"), name=name, code=code)))
    part.add_paragraph("{%p endif %}")
    last = part.add_paragraph()
    last.paragraph_format.line_spacing = Pt(1)


def make_page(document):
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(24)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")  # not linesAndChars: LibreOffice would give each sign two cells
    grid.set(qn("w:linePitch"), "579")
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)
    document.settings.odd_and_even_pages_header_footer = True
    for part, alignment in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        part.is_linked_to_previous = False
        foot = part.paragraphs[0]
        foot.alignment = alignment
        foot.paragraph_format.right_indent = foot.paragraph_format.left_indent = PAGE_SIZE
        field(foot, PAGE_SIZE)
    header(section.header, "odd", 49)
    header(section.even_page_header, "even", 50)


def properties(document):
    core = document.core_properties
    core.title = core.subject = core.author = core.comments = core.keywords = core.last_modified_by = ""
    core.created = core.modified = MADE
    core.revision = 1
    core.language = "zh-CN"


def program(document):
    """The part that names the program a file was made with."""
    for part in document.part.package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part._blob = re.sub(
                b"<Application>[^<]*</Application>", b"<Application>requestflow</Application>", part.blob
            )


def make_master() -> bytes:
    """The master as bytes; the same each time."""
    document = Document()
    make_styles(document)
    in_chinese(document)
    make_page(document)
    for text, style in ROWS:
        document.add_paragraph(text, style=style)
    properties(document)
    program(document)
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else MASTER
    target.write_bytes(make_master())
