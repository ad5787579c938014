"""Figures quoted in prose against the tables, identity 7: who says another number is named.

A number of 件 is judged by the nearest words before it, in the sense of what its paragraph speaks of;
a number that no rule judges is given back too, so that nobody takes silence for a proof.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

WIDE = str.maketrans("０１２３４５６７８９", "0123456789")  # full-width figures, as they are typed
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
_OTHER_YEAR = re.compile(r"上一?年(?!度?结转)|去年|同比|[0-9]{4}\s*年")
_BREAK = re.compile("[，,。；、：:（()）0-9]")
_CLAUSE = re.compile("[，,；：。]")
_REACH = 18  # signs between the words and their number
_JOINED = re.compile("(?:以及|和|及|与|或|、)(?:其他)?$")  # words of one subject
_FROM = re.compile("[由从]")  # what follows is where a change began
_PARTS_BEGIN = re.compile("其中|包括|[（(]")
_PARTS_END = re.compile("[。；！？]|[）)]")
_MEMBER = (
    "[，,、（(：:]*(?:其中|包括)?[：:，,]*(?:属于|因|涉及|为|是|由|来自)?(?:{})"
    "(?:提出|提交|的|政府|信息|公开|申请)*"
)
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

    `also` are other figures that may be meant by the same words; `+` adds figures up. With `alone`
    the words are enough where the text names no matter at all.
    """

    figure: str
    label: str
    words: tuple[str, ...]
    needs: str = ""
    also: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A part of a figure named just before, as `…57件，其中自然人38件`.

    Either some columns of the figure's row, whatever row that is, or a figure of its own that is a part
    of the figure `of`.
    """

    label: str
    words: tuple[str, ...]
    columns: tuple[str, ...] = ()
    figure: str = ""
    of: str = ""

    def meant(self, whole: str) -> str | None:
        """The figure that this part of a whole is; None where it is no part of it."""
        if self.figure:
            return self.figure if whole == self.of else None
        rows = [one.strip().removesuffix(".total") for one in whole.split("+")]
        if not all(one.strip().endswith(".total") for one in whole.split("+")):
            return None
        return " + ".join(f"{row}.{column}" for row in rows for column in self.columns)


@dataclass(frozen=True, slots=True)
class QuotationRules:
    """All quotations; words that make a number that of a part; words that name another matter."""

    quotations: tuple[Quotation, ...]
    members: tuple[Member, ...] = ()
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
        for match, found in _read(_Line(line, heading, rules, figures, year)):
            if found is None:
                unjudged.append(_clause(line, match.start()).lstrip() + match.group())
            elif found.stated:
                wrong.append(_disagreement(text, line, match, found))
    return Judgement(tuple(wrong), tuple(unjudged))


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph with all that its numbers are judged by."""

    text: str
    heading: str
    rules: QuotationRules
    figures: Mapping[str, int | None]
    year: int


@dataclass(frozen=True, slots=True)
class _Found:
    """What a number quotes: its label, the figures it can be; if it is none, what these are."""

    label: str
    meant: tuple[str, ...]
    stated: tuple[int, ...]


def _read(line: _Line) -> Iterator[tuple[re.Match[str], _Found | None]]:
    """Every number of a paragraph with what it quotes; None where no rule judges it."""
    whole: tuple[str, ...] = ()  # what the number before is a number of
    inside = False  # whether its parts are being told
    end = 0
    for match in _NUMBER.finditer(line.text):
        between = line.text[end : match.start()]
        if _PARTS_END.search(between):
            whole, inside = (), False
        inside = bool(whole) and (inside or bool(_PARTS_BEGIN.search(between)))
        part = _part(line, match, between, whole) if inside else None
        found = part or _judge(line, match)
        if part is None:
            whole, inside = (found.meant if found else ()), False
        end = match.end()
        yield match, found


def _part(line: _Line, match: re.Match[str], between: str, whole: tuple[str, ...]) -> _Found | None:
    """A part of the figure named before, where nothing but the part's own words stands between."""
    for member in line.rules.members:
        if re.fullmatch(_MEMBER.format("|".join(map(re.escape, member.words))), between):
            meant = [figure for one in whole if (figure := member.meant(one))]
            return _compared(member.label, meant, match, line.figures)
    return None


def _compared(
    label: str, meant: Sequence[str], match: re.Match[str], figures: Mapping[str, int | None]
) -> _Found | None:
    """A number held against the figures that may be meant; where it is some, only those are."""
    known = {one: figure for one in meant if (figure := _figure(one, figures)) is not None}
    if not known:
        return None
    fitting = tuple(one for one in known if known[one] == number_of(match["number"]))
    return _Found(label, fitting or tuple(known), () if fitting else tuple(known.values()))


def _judge(line: _Line, match: re.Match[str]) -> _Found | None:
    """What a number quotes by the words before it; None: no rule judges it."""
    rules = line.rules
    before = line.text[: match.start()]
    subjects = _subjects(before, rules.quotations)
    if not subjects:
        return None
    chosen, word, _at = subjects[0]
    if _elsewhere(line.text, match, line.year, rules.parts, said=word):
        return None
    matter = _matter(line.text, match, line.heading, rules)
    if chosen.needs and chosen.needs != matter and not (chosen.alone and not matter):
        return None
    meant = [chosen.figure, *chosen.also]
    label = chosen.label
    if len(subjects) > 1:  # several under one number: their sum, or each of them
        each = [one.figure for one, _word, _at in subjects]
        meant = [" + ".join(each), *each, *meant]
        label = "＋".join(one.label for one, _word, _at in reversed(subjects))
    return _compared(label, meant, match, line.figures)


def _subjects(before: str, quotations: Sequence[Quotation]) -> list[tuple[Quotation, str, int]]:
    """The quotations that a number is said of, the nearest first; none where one is not known."""
    nearest = _nearest(before, quotations)
    if nearest is None:
        return []
    found = [nearest]
    while joined := _JOINED.search(before[: found[-1][2]]):
        ahead = before[: joined.start()]
        if ahead.endswith(("件", "宗", "起")):  # an item of a list with a number of its own
            break
        word = max(
            ((word, one) for one in quotations for word in one.words if ahead.endswith(word)),
            key=lambda pair: len(pair[0]), default=None,
        )  # fmt: skip
        if word is None:
            return []
        found.append((word[1], word[0], len(ahead) - len(word[0])))
    return found


def _disagreement(text: str, line: str, match: re.Match[str], found: _Found) -> Disagreement:
    spans = [m for m in _SENTENCE.finditer(line) if m.start() <= match.start() < m.end()]
    sentence = spans[0].group().strip()
    original = next((s for s in sentences(text) if s.translate(WIDE) == sentence), sentence)
    return Disagreement(original, found.label, number_of(match["number"]), found.stated[0])


def _figure(name: str, figures: Mapping[str, int | None]) -> int | None:
    """A figure by its name, or a sum of several."""
    values = [figures.get(one.strip()) for one in name.split("+")]
    stated = [value for value in values if value is not None]
    return sum(stated) if len(stated) == len(values) else None


def _nearest(before: str, quotations: Sequence[Quotation]) -> tuple[Quotation, str, int] | None:
    """The quotation whose words stand nearest before a number, of those the longest; word and place."""
    near = _BREAK.split(before)[-1]
    found: list[tuple[int, int, Quotation | None]] = []
    for quotation in quotations:
        for word in quotation.words:
            at = near.rfind(word)
            rest = near[at + len(word) :]
            if at >= 0 and len(rest) <= _REACH:
                denied = near[:at].endswith(_NOT) or _FROM.search(rest)
                found.append((at + len(word), len(word), None if denied else quotation))
    end, length, chosen = max(found, key=lambda one: one[:2], default=(0, 0, None))
    if chosen is None:
        return None
    at = len(before) - len(near) + end - length
    return chosen, near[end - length : end], at


def _matter(line: str, match: re.Match[str], heading: str, rules: QuotationRules) -> str:
    """What a number of a paragraph is a number of: the matter named last, else first after it."""
    needed = {quotation.needs for quotation in rules.quotations if quotation.needs}
    words = sorted({*needed, *rules.others}, key=len, reverse=True)
    pattern = re.compile("|".join(f"{re.escape(word)}(?!人)" for word in words))
    before = pattern.findall(line[: match.start()])
    if before:
        return str(before[-1])
    after = pattern.findall(re.split("[。；！？]", line[match.end() :])[0])
    return next(iter([*map(str, after[:1]), *map(str, pattern.findall(heading))]), "")


def _clause(line: str, end: int) -> str:
    return _CLAUSE.split(line[:end])[-1]


def _elsewhere(
    line: str, match: re.Match[str], year: int, parts: Sequence[str], *, said: str = ""
) -> bool:
    """Whether the number speaks of another year or of a part; `said`: the quotation's own words."""
    before = _clause(line, match.start()).replace(said, "")
    other = [found for found in _OTHER_YEAR.findall(before) if not found.startswith(str(year))]
    return bool(other) or any(word in before for word in parts)
