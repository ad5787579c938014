"""Year, days and office from a report's title: `某局2023年政府信息公开工作年度报告`.

A title that names no part of the year is that of the whole of it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from requestflow.domain.tables import Period
from requestflow.exchange.title_periods import period_in

_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_WRITTEN_YEAR = re.compile(r"二[〇零○]{1}[一二三四五六七八九〇零○]{2}(?=年)")
_NAME = r"[\w()·、]{0,50}?"
_TITLE = re.compile(
    rf"(?P<before>{_NAME})(?P<year>20\d\d)年?度?(?P<after>{_NAME})(?:政府)?信息公开"
    r"(?:申请|工作|情况|年度|统计|的)*(?:报告|年报|表)"
)
_ENGLISH_TITLE = re.compile(
    r"(?P<before>.{1,120}): requests for government information, "
    r"(?P<year>20\d\d)(?:, (?P<part>[\w/ ]{1,40}))?(?P<after>)"
)
_OFFICE_NAMES = frozenset(
    {"单位", "机关", "行政机关", "单位名称", "机关名称", "填报单位", "报告单位", "office"}
)
_YEAR_NAMES = frozenset({"年度", "报告年度", "统计年度", "year"})
_LONGEST_TITLE = 90
_TAIL = 30
_PREFIX = re.compile(r"^(?:关于|附件\d*[::]?|标题[::]?|名称[::]?)")


@dataclass(frozen=True, slots=True)
class Title:
    """What a title states; nothing is what it does not."""

    year: int | None = None
    office: str = ""
    days: Period | None = None


def _plain(line: str) -> str:
    text = re.sub(r"[\s《》“”\"]+", "", unicodedata.normalize("NFKC", line))
    text = _WRITTEN_YEAR.sub(lambda found: found[0].translate(_CHINESE), text)
    return _PREFIX.sub("", text)


def _days(found: re.Match[str]) -> tuple[Period | None, str]:
    """The part of the year that a title names, None for the whole of it; and what stands behind."""
    year = int(found["year"])
    if found.re is _ENGLISH_TITLE:
        return period_in(year, found["part"] or "")[0], ""
    return period_in(year, found["after"])


def _office(found: re.Match[str]) -> str:
    after = _days(found)[1]
    name = (found["before"].strip("(、·") or after.lstrip(")、·")).removesuffix("关于")
    return name.replace("(", "（").replace(")", "）")


def _found(text: str) -> re.Match[str] | None:
    """The title that a line is: all of it, but for a site's own name behind."""
    english = _ENGLISH_TITLE.fullmatch(text.strip())
    if english is not None:
        return english
    line = _plain(text)
    found = _TITLE.match(line) if len(text) <= _LONGEST_TITLE else None
    return found if found is not None and len(line) - found.end() <= _TAIL else None


def _pairs(rows: Iterable[Sequence[str | None]]) -> Iterator[tuple[str, str]]:
    """Rows of a name and a value, as sheets state them above their tables."""
    for row in rows:
        texts = [cell for cell in row if cell]
        if len(texts) == 2:  # noqa: PLR2004  a name and its value
            yield _plain(texts[0]).casefold().rstrip(":"), texts[1]


def stated_in(texts: Sequence[str], rows: Iterable[Sequence[str | None]] = ()) -> Title:
    """Year and office of the first line that is a report's title, else of rows that name them.

    Sentences of the report that speak of another year or office are no titles.
    """
    year: int | None = None
    office = ""
    days: Period | None = None
    for found in filter(None, map(_found, texts)):
        if year is None:
            year, days = int(found["year"]), _days(found)[0]
        if int(found["year"]) == year and _office(found):
            office = _office(found)
            break
    if year is None or not office:
        for name, value in _pairs(rows):
            if name in _OFFICE_NAMES:
                office = office or value
            if name in _YEAR_NAMES and re.fullmatch(r"20\d\d年?", value):
                year = year or int(value[:4])
    return Title(year, office, days)
