"""How a letter names a law: Chinese numerals, 条, 款 and 项; a law once for all its articles."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from requestflow.domain.workflow import Basis, Grade, Source, Words

_ARTICLE = re.compile(r"([1-9][0-9]{0,2}(\([1-9][0-9]?\)){0,2})?")
_DIGITS = "零一二三四五六七八九"
_HUNDRED, _TEN = 100, 10


def numeral(number: int) -> str:
    """A number from 1 to 999 in Chinese: 36 is 三十六."""
    hundreds, rest = divmod(number, _HUNDRED)
    tens, ones = divmod(rest, _TEN)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _articles(bases: Iterable[Basis]) -> str:
    """Articles of one law; 款 and 项 of the same article follow it: 第三十六条第二项、第三项."""
    parts: list[str] = []
    before = ""
    for text in dict.fromkeys(basis.article for basis in bases if basis.article):
        head, mark, rest = text.partition("条")
        parts.append(rest if rest and head + mark == before else text)
        before = head + mark
    return "、".join(parts)


def cited(bases: Iterable[Basis]) -> str:
    """Articles as a letter cites them: 《…条例》第三十六条第三项、第十四条和《…法》第二十条."""
    grouped = groupby(bases, key=lambda basis: basis.law or basis.words.zh)
    return "和".join(law + _articles(group) for law, group in grouped)


def basis_of(cite: str, sources: Mapping[str, Source], grade: Grade = Grade.TEXT) -> Basis | None:
    """What a citation such as `条例33(3)` means: a source, then article, 款 and 项.

    None where it begins with no known source, or goes on with something that is no article.
    """
    for name, source in sorted(sources.items(), key=lambda item: -len(item[0])):
        rest = cite.removeprefix(name)
        if cite.startswith(name) and _ARTICLE.fullmatch(rest):
            return _basis(cite, source, [int(part) for part in re.findall("[0-9]+", rest)], grade)
    return None


def _basis(cite: str, source: Source, numbers: list[int], grade: Grade) -> Basis:
    if not numbers:
        return Basis(cite, source.words, grade, source.formal)
    article, brackets = numbers[0], numbers[1:]
    deep = len(brackets) > 1 or article in source.paragraphs
    named = list(zip(numbers, ["条", *(["款", "项"] if deep else ["项"])], strict=False))
    zh = source.words.zh + "".join(f"第{number}{mark}" for number, mark in named)
    en = f"{source.words.en}, art. {article}" + "".join(f"({number})" for number in brackets)
    formal = "".join(f"第{numeral(number)}{mark}" for number, mark in named)
    return Basis(cite, Words(zh, en), grade, source.formal, formal)
