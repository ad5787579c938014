"""A letter as one HTML page with the look of an official letter (GB/T 9704); free fonts stand in."""

import re
from html import escape
from itertools import groupby

from requestflow.documents.letter import Block, Letter, Role

_GAP = re.compile("〔缺：[^〕]*〕")
_TITLE = '"方正小标宋简体", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", "Source Han Serif SC", serif'
_BODY = '"仿宋_GB2312", "仿宋", FangSong, STFangsong, "Noto Serif CJK SC", serif'
_HEADING = '"黑体", SimHei, "Noto Sans CJK SC", sans-serif'
_PAGE = '"宋体", SimSun, "Noto Serif CJK SC", "Source Han Serif SC", serif'
_SIGNED = (Role.SIGNATURE, Role.DATE)
_FOOT = 'content: "— " counter(page) " —"; vertical-align: top;'
_SHORT = 14  # signs of an organ's name that leave four free at the edge
# A4, 37/28/35/26 mm; title 二号 (22 pt), text 三号 (16 pt), 28.95 pt a line
_STYLE = f"""
@page {{ size: A4; margin: 37mm 26mm 35mm 28mm; font: 14pt {_PAGE}; }}
@page :right {{ @bottom-right {{ {_FOOT} padding: 7mm 14pt 0 0; }} }}
@page :left {{ @bottom-left {{ {_FOOT} padding: 7mm 0 0 14pt; }} }}
body {{ margin: 0 auto; max-width: 156mm; font: 16pt/28.95pt {_BODY}; overflow-wrap: anywhere; }}
p, h1 {{ margin: 0; text-align: justify; orphans: 2; widows: 2; }}
.title {{ font: 22pt/32pt {_TITLE}; text-align: center; margin-bottom: 16pt; break-after: avoid; }}
.title span {{ display: inline-block; }}
.number {{ text-align: center; margin-bottom: 16pt; }}
.paragraph, .heading, .item, .note {{ text-indent: 2em; }}
.heading {{ font-family: {_HEADING}; }}
.heading, .kept {{ break-after: avoid; }}
.signed {{ display: table; margin: 58pt 4em 29pt auto; break-before: avoid; break-inside: avoid; }}
.signed p {{ text-align: center; }}
.signed.long {{ margin-right: 2em; }}
.signed ~ .note {{ break-before: avoid; }}
.gap {{ background: #ffe08a; }}
@media screen {{ body {{ padding: 37mm 26mm 35mm 28mm; }} }}
"""


def _marked(text: str, *, draft: bool) -> str:
    """A paragraph's text, escaped; in a draft what is missing is made to stand out."""
    shown = escape(text, quote=True)
    if draft:
        shown = _GAP.sub(r'<mark class="gap">\g<0></mark>', shown)
    return shown


def _title(letter: Letter) -> str:
    """The title, which parts behind the organ's name where it needs two lines, and not in a word."""
    draft = bool(letter.gaps)
    return "".join(
        f"<span>{_marked(part, draft=draft)}</span>" for part in letter.parted_title() if part
    )


def _paragraph(letter: Letter, block: Block, *, kept: bool) -> str:
    if block.role is Role.TITLE:
        return f'<h1 class="title">{_title(letter)}</h1>'
    text = _marked(block.text, draft=bool(letter.gaps))
    return f'<p class="{block.role.value}{" kept" if kept else ""}">{text}</p>'


def _signed(letter: Letter) -> str:
    """The beginning of signature and date, centred on each other, four signs from the edge."""
    long = any(len(block.text) > _SHORT for block in letter.blocks if block.role is Role.SIGNATURE)
    return f'<div class="signed{" long" if long else ""}">'


def as_html(letter: Letter) -> str:
    """The letter as one page that needs nothing else: no script, no picture, no font from elsewhere."""
    kept, lines = letter.kept, []
    for signed, blocks in groupby(enumerate(letter.blocks), lambda pair: pair[1].role in _SIGNED):
        inner = [_paragraph(letter, block, kept=place in kept) for place, block in blocks]
        lines += [_signed(letter), *inner, "</div>"] if signed else inner
    body = "\n".join(lines)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(letter.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
