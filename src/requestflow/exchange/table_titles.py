"""Year and office from a report's title: `某局2023年政府信息公开工作年度报告`."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_WRITTEN_YEAR = re.compile(r"二[〇零○]{1}[一二三四五六七八九〇零○]{2}(?=年)")
_NAME = r"[\w()·、]{0,50}?"
_TITLE = re.compile(
    rf"(?P<before>{_NAME})(?P<year>20\d\d)年?度?(?P<after>{_NAME})(?:政府)?信息公开"
    r"(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:报告|年报)"
)
_LONGEST_TITLE = 90
_TAIL = 30
_PREFIX = re.compile(r"^(?:关于|附件\d*[::]?|标题[::]?|名称[::]?)")


@dataclass(frozen=True, slots=True)
class Title:
    """What a title states; nothing is what it does not."""

    year: int | None = None
    office: str = ""


def _plain(line: str) -> str:
    text = re.sub(r"[\s《》“”\"]+", "", unicodedata.normalize("NFKC", line))
    text = _WRITTEN_YEAR.sub(lambda found: found[0].translate(_CHINESE), text)
    return _PREFIX.sub("", text)


def _office(found: re.Match[str]) -> str:
    name = (found["before"] or found["after"]).strip("、·")
    return name.replace("(", "（").replace(")", "）")


def stated_in(texts: Sequence[str]) -> Title:
    """Year and office of the first line that is a report's title; sentences of the report are none."""
    year: int | None = None
    for text in texts:
        if len(text) > _LONGEST_TITLE:
            continue
        line = _plain(text)
        found = _TITLE.match(line)
        if found is None or len(line) - found.end() > _TAIL:
            continue
        if year is None:
            year = int(found["year"])
        if int(found["year"]) == year and _office(found):
            return Title(year, _office(found))
    return Title(year)
