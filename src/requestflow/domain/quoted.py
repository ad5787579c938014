"""Figures quoted in prose against the tables, identity 7: who says another number is named.

A number of 件 is judged by the nearest words before it, in the sense of what its paragraph speaks of;
a number that no rule judges is given back too, so that nobody takes silence for a proof.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDE = str.maketrans("０１２３４５６７８９", "0123456789")  # full-width figures, as they are typed
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
_OTHER_YEAR = re.compile(r"上一?年(?!度?结转)|去年|同比|[0-9]{4}\s*年")
_BREAK = re.compile("[，,。；、：:（()）0-9]")
_CLAUSE = re.compile("[，,；：。]")
_REACH = 18  # signs between the words and their number
_NOT = ("不", "未", "不予", "没有", "无")
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_CHINESE = "".join((*_DIGITS, *_UNITS))
_NUMBER = re.compile(
    rf"(?P<number>[0-9][0-9,]*|(?<![每任这那同第哪某{_CHINESE}])[{_CHINESE}]+)\s*(?:件|宗|起)(?!事|套)"
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """How a figure of the tables is quoted: the words before it, and what the text must speak of.

    `also` are other figures that may be meant by the same words; `+` adds figures up.
    """

    figure: str
    label: str
    words: tuple[str, ...]
    needs: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotationRules:
    """All quotations; words that make a number that of a part; words that name another matter."""

    quotations: tuple[Quotation, ...]
    parts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sentence whose figure is not the table's."""

    sentence: str
    label: str
    quoted: int
    stated: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """The figures that the tables contradict, and the clauses whose figure nothing was said of."""

    disagreements: tuple[Disagreement, ...]
    unjudged: tuple[str, ...]


def number_of(text: str) -> int:
    """A number in figures or in Chinese: `1,300`, `一百七十`, `一七〇`."""
    if text[0].isdigit() and text.isascii():
        return int(text.replace(",", ""))
    if not any(sign in _UNITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    whole, part, digit = 0, 0, 0
    for sign in text:
        unit = _UNITS.get(sign)
        if unit is None:
            digit = _DIGITS[sign]
        elif unit == _UNITS["万"]:
            whole, part, digit = (part + digit) * unit, 0, 0
        else:
            part, digit = part + (digit or 1) * unit, 0
    return whole + part + digit


def sentences(text: str) -> list[str]:
    """The sentences of a text, headings left out."""
    found = (match.group().strip() for match in _SENTENCE.finditer(text))
    return [sentence for sentence in found if sentence and not sentence.startswith("#")]


def judged(
    text: str, rules: QuotationRules, figures: Mapping[str, int | None], *, year: int
) -> Judgement:
    """Every quoted figure that the tables contradict (identity 7), and every one that was not judged.

    A line is a paragraph. What it speaks of is the matter named last before the number, else the one
    that the heading names. What is said of another year, of another matter, or of a part of the cases
    alone is not the figure that is looked for: the check names contradictions, it does not prove a text.
    """
    wrong: list[Disagreement] = []
    unjudged: list[str] = []
    heading = ""
    for line in text.translate(WIDE).splitlines():
        if line.startswith("#"):
            heading = line
            continue
        for match in _NUMBER.finditer(line):
            found = _judge(line, match, heading, rules, figures, year)
            if found is None:
                unjudged.append(_clause(line, match.start()).lstrip() + match.group())
            elif found[1]:
                wrong.append(_disagreement(text, line, match, found[0], found[1]))
    return Judgement(tuple(wrong), tuple(unjudged))


def _judge(
    line: str, match: re.Match[str], heading: str, rules: QuotationRules,
    figures: Mapping[str, int | None], year: int,
) -> tuple[Quotation, tuple[int, ...]] | None:  # fmt: skip
    """The quotation that a number is, and the figures it should have been; None: no rule judges it."""
    chosen = _nearest(line[: match.start()], rules.quotations)
    if chosen is None or _elsewhere(line, match, year, rules.parts):
        return None
    if chosen.needs and chosen.needs != _matter(line, match, heading, rules):
        return None
    meant = [_figure(name, figures) for name in (chosen.figure, *chosen.also)]
    known = tuple(figure for figure in meant if figure is not None)
    if not known:
        return None
    return chosen, () if number_of(match["number"]) in known else known


def _disagreement(
    text: str, line: str, match: re.Match[str], quotation: Quotation, known: tuple[int, ...]
) -> Disagreement:
    spans = [m for m in _SENTENCE.finditer(line) if m.start() <= match.start() < m.end()]
    sentence = spans[0].group().strip()
    original = next((s for s in sentences(text) if s.translate(WIDE) == sentence), sentence)
    return Disagreement(original, quotation.label, number_of(match["number"]), known[0])


def _figure(name: str, figures: Mapping[str, int | None]) -> int | None:
    """A figure by its name, or a sum of several."""
    values = [figures.get(one.strip()) for one in name.split("+")]
    stated = [value for value in values if value is not None]
    return sum(stated) if len(stated) == len(values) else None


def _nearest(before: str, quotations: Sequence[Quotation]) -> Quotation | None:
    """The quotation whose words stand nearest before a number, of those the longest."""
    near = _BREAK.split(before)[-1]
    found: list[tuple[int, int, Quotation | None]] = []
    for quotation in quotations:
        for word in quotation.words:
            at = near.rfind(word)
            if at >= 0 and len(near) - at - len(word) <= _REACH:
                denied = near[:at].endswith(_NOT)
                found.append((at + len(word), len(word), None if denied else quotation))
    return max(found, key=lambda one: one[:2], default=(0, 0, None))[2]


def _matter(line: str, match: re.Match[str], heading: str, rules: QuotationRules) -> str:
    """What a number of a paragraph is a number of: the matter named last, else first after it."""
    needed = {quotation.needs for quotation in rules.quotations if quotation.needs}
    words = sorted({*needed, *rules.others}, key=len, reverse=True)
    pattern = re.compile("|".join(f"{re.escape(word)}(?!人)" for word in words))
    before = pattern.findall(line[: match.start()])
    if before:
        return str(before[-1])
    after = pattern.findall(re.split("[。；！？]", line[match.end() :])[0])
    return next(iter([*map(str, after[:1]), *(word for word in needed if word in heading)]), "")


def _clause(line: str, end: int) -> str:
    return _CLAUSE.split(line[:end])[-1]


def _elsewhere(line: str, match: re.Match[str], year: int, parts: Sequence[str]) -> bool:
    """Whether the number speaks of another year or of a part."""
    before = _clause(line, match.start())
    other = [found for found in _OTHER_YEAR.findall(before) if not found.startswith(str(year))]
    return bool(other) or any(word in before for word in parts)
