"""A letter as one HTML page with the look of an official letter (GB/T 9704); free fonts stand in."""

import re
from html import escape

from requestflow.documents.letter import Letter, Role

_GAP = re.compile("〔缺：[^〕]*〕")
_TITLE = '"方正小标宋简体", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", "Source Han Serif SC", serif'
_BODY = '"仿宋_GB2312", "仿宋", FangSong, STFangsong, "Noto Serif CJK SC", serif'
_HEADING = '"黑体", SimHei, "Noto Sans CJK SC", sans-serif'
# A4, 37/28/35/26 mm; title 二号 (22 pt), text 三号 (16 pt), 28.95 pt a line
_STYLE = f"""
@page {{ size: A4; margin: 37mm 26mm 35mm 28mm; }}
body {{ margin: 0 auto; max-width: 156mm; font: 16pt/28.95pt {_BODY}; overflow-wrap: anywhere; }}
p, h1 {{ margin: 0; text-align: justify; }}
.title {{ font: 22pt/32pt {_TITLE}; text-align: center; margin-bottom: 16pt; }}
.number {{ text-align: center; margin-bottom: 16pt; }}
.paragraph, .heading, .item, .note {{ text-indent: 2em; }}
.heading {{ font-family: {_HEADING}; }}
.signature {{ text-align: right; padding-right: 2em; margin-top: 29pt; break-inside: avoid; }}
.date {{ text-align: right; padding-right: 4em; margin-bottom: 29pt; break-before: avoid; }}
.gap {{ background: #ffe08a; }}
@media screen {{ body {{ padding: 37mm 26mm 35mm 28mm; }} }}
"""


def _marked(text: str, *, draft: bool) -> str:
    """A paragraph's text, escaped; in a draft what is missing is made to stand out."""
    shown = escape(text, quote=True)
    if draft:
        shown = _GAP.sub(r'<mark class="gap">\g<0></mark>', shown)
    return shown


def as_html(letter: Letter) -> str:
    """The letter as one page that needs nothing else: no script, no picture, no font from elsewhere."""
    lines = []
    for block in letter.blocks:
        tag = "h1" if block.role is Role.TITLE else "p"
        text = _marked(block.text, draft=bool(letter.gaps))
        lines.append(f'<{tag} class="{block.role.value}">{text}</{tag}>')
    body = "\n".join(lines)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(letter.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
