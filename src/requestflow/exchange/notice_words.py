"""The words of a holiday notice: names of holidays, figures, and a text without its blanks."""

import re
import unicodedata
from array import array
from dataclasses import dataclass

COUNT = "一二三四五六七八九十"
WEEK = "一二三四五六日"
N = rf"[0-9]{{1,3}}|[{COUNT}]"
NUMERAL = rf"[{COUNT}]{{1,3}}"
TO = "(?:至|到|[-—–―~]+)"
PLAIN_DAY = "(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,3}[日号]"

KNOWN = {
    "元旦": "元旦节?|新年",
    "春节": "春节",
    "清明节": "清明节?",
    "劳动节": '(?:[“”"]?五一[“”"]?)?(?:国际)?劳动节|[“”"]?五一[“”"]?节?',
    "端午节": "端午节?",
    "中秋节": "中秋节?",
    "国庆节": '国庆节?|[“”"]?十一[“”"]',
}
HOLIDAY = "(?:" + "|".join(KNOWN.values()) + ")"
HOLIDAYS = f"{HOLIDAY}(?:[、和与及]{HOLIDAY})*"
_NAMES = [(name, re.compile(pattern)) for name, pattern in KNOWN.items()]

_PAGE_NUMBER = re.compile(r"\s*[-—–]+\s*[0-9]+\s*[-—–]+\s*")
LINE_END = re.compile(r"\r\n|\r|\n")


def canonical_name(name: str) -> str:
    """A holiday's name as the year files write it; names that are not known stay as they are."""
    if not re.fullmatch(HOLIDAYS, name):
        return name.strip("“”\"'")
    return "、".join(known_names(name))


def known_names(text: str) -> list[str]:
    """The known holidays that a text names, in its order."""
    parts = re.findall(HOLIDAY, text)
    return [next(name for name, known in _NAMES if known.fullmatch(part)) for part in parts]


def in_figures(written: str) -> int:
    """A number that is written in figures or as one Chinese numeral."""
    return int(written) if written.isdecimal() else COUNT.index(written) + 1


@dataclass(frozen=True, slots=True)
class Script:
    """A text without its blanks and in half-width signs; it knows on which line each sign stood."""

    text: str
    lines: "array[int]"

    def line(self, index: int) -> int:
        """The line on which a sign stood."""
        return self.lines[index] if index < len(self.lines) else 1


def script_of(text: str) -> Script:
    """The text as it is read: blanks, line ends, page numbers and invisible signs are gone."""
    signs = []
    lines = array("l")
    for number, line in enumerate(LINE_END.split(text), 1):
        if _PAGE_NUMBER.fullmatch(line):
            continue
        for sign in line:
            plain = unicodedata.normalize("NFKC", sign)
            if unicodedata.category(plain[0])[0] not in "ZC":
                signs.append(plain if len(plain) == 1 else sign)
                lines.append(number)
    return Script("".join(signs), lines)
