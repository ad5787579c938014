"""Figures quoted in prose against the tables, identity 7: who says another number is named."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
_OTHER_YEAR = re.compile(r"上年(?!结转)|去年|同比|[0-9]{4}\s*年")
_GAP = r"[^0-9，。；、：:（()）]{0,18}?"
_NUMBER = r"([0-9][0-9,]*)\s*(?:件|宗|起)"


@dataclass(frozen=True, slots=True)
class Quotation:
    """How a figure of the tables is quoted: the words before it, and what the sentence must speak of."""

    figure: str
    label: str
    words: tuple[str, ...]
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sentence whose figure is not the table's."""

    sentence: str
    label: str
    quoted: int
    stated: int


def sentences(text: str) -> list[str]:
    """The sentences of a text, headings left out."""
    found = (match.group().strip() for match in _SENTENCE.finditer(text))
    return [sentence for sentence in found if sentence and not sentence.startswith("#")]


def disagreements(
    text: str, quotations: Sequence[Quotation], figures: Mapping[str, int | None], *,
    year: int, qualifiers: Sequence[str],
) -> list[Disagreement]:  # fmt: skip
    """Every quoted figure that the tables contradict, identity 7.

    What is said of another year, or of one kind of applicant alone (`qualifiers`), is not the figure
    that is looked for and is passed over: the check names contradictions, it does not prove a text.
    """
    found: list[Disagreement] = []
    for sentence in sentences(text):
        found += _of_sentence(sentence, quotations, figures, year=year, qualifiers=qualifiers)
    return found


def _of_sentence(
    sentence: str, quotations: Sequence[Quotation], figures: Mapping[str, int | None], *,
    year: int, qualifiers: Sequence[str],
) -> Iterator[Disagreement]:  # fmt: skip
    taken: list[tuple[int, int]] = []
    plain = sentence.translate(_WIDE)
    for quotation in quotations:
        stated = figures.get(quotation.figure)
        if stated is None or quotation.needs not in plain:
            continue
        for match in _quotes(quotation).finditer(plain):
            span = match.span(2)
            if span in taken or _elsewhere(plain, match, year, qualifiers):
                continue
            taken.append(span)
            quoted = int(match.group(2).replace(",", ""))
            if quoted != stated:
                yield Disagreement(sentence, quotation.label, quoted, stated)


def _quotes(quotation: Quotation) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(quotation.words, key=len, reverse=True))
    return re.compile(f"(?<![不未])(?:{words})({_GAP}){_NUMBER}")


def _elsewhere(sentence: str, match: re.Match[str], year: int, qualifiers: Sequence[str]) -> bool:
    """Whether the number speaks of another year or of a part."""
    clause = re.split("[，,；：]", sentence[: match.start()])[-1]
    before = clause + match.group(1)
    other = [found for found in _OTHER_YEAR.findall(before) if not found.startswith(str(year))]
    return bool(other) or any(word in before for word in qualifiers)
