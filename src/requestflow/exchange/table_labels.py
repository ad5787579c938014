"""How near a written label is to each of a form, whatever its brackets, numbering, misprints."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from requestflow.domain.forms import Column, Form, Row
from requestflow.domain.labels import plain

NEAR = 0.6  # below it two labels have nothing to do with one another
_LONGEST = 90
_LONG_HEAD = 3
_NOTHING = re.compile(r"[/\\|〇○无—–\-－―─‐‑−_.。·]*")
_DIGITS = re.compile(r"\d{1,9}")
_THOUSANDS = re.compile(r"\d{1,3}([, ]\d{3})+")
_WHOLE = re.compile(r"(\d{1,9})\.0+")
_UNIT = re.compile(r"[件宗条个份]$")


@lru_cache(maxsize=8192)
def figure(text: str) -> int | None:
    """The figure that a cell shows: blank, a stroke or a dash is none at all, which is 0.

    Full-width digits, parted thousands and a counting word behind it are read; whatever else stands
    there is None: not stated, never guessed.
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    shown = _UNIT.sub("", shown).strip()
    if _NOTHING.fullmatch(shown):
        return 0
    if _DIGITS.fullmatch(shown) and shown.isascii():
        return int(shown)
    if _THOUSANDS.fullmatch(shown) and len(shown) <= 11:  # noqa: PLR2004  nine digits, two commas
        return int(re.sub(r"[, ]", "", shown))
    whole = _WHOLE.fullmatch(shown)
    return int(whole[1]) if whole else None


def is_label(text: str) -> bool:
    """Whether a cell holds words: neither a figure nor what stands for none."""
    return figure(text) is None


def _usual(text: str) -> str:
    """A label in plain form, with the words of the form for those that mean the same."""
    return plain(text).replace("其它", "其他").replace("合计", "总计")


def _ratio(one: str, other: str) -> float:
    from rapidfuzz.fuzz import ratio

    return ratio(one, other) / 100


def _spellings(row: Row) -> Iterator[str]:
    """The ways to print a row: alone, with its note, with the merged cells to its left."""
    whole = "".join(row.groups)
    yield from (row.label, row.label + "/")  # the stroke keeps a note in brackets from being dropped
    if row.groups:
        yield row.groups[-1] + row.label
        yield whole + row.label


class Labels:
    """The labels of one form, ready to be compared with what a file has written."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._rows = [sorted({plain(text) for text in _spellings(row)}) for row in form.rows]
        groups = {group for row in form.rows for group in row.groups}
        self._groups = sorted({plain(group) for group in groups})
        self.nearness = lru_cache(maxsize=8192)(self._nearness)
        self.column = lru_cache(maxsize=1024)(self._column)

    def _nearness(self, text: str) -> tuple[float, ...]:
        """How near a text is to each row, 1 the same; nought where a merged cell's name is nearer."""
        label = _usual(text)
        if not label or len(label) > _LONGEST:
            return (0.0,) * len(self._rows)
        found = [max(_ratio(label, spelling) for spelling in row) for row in self._rows]
        if max(found) < 1 and max((_ratio(label, group) for group in self._groups), default=0) > max(
            found
        ):
            return (0.0,) * len(self._rows)
        return tuple(near if near >= NEAR else 0.0 for near in found)

    def best(self, text: str) -> float:
        """The nearness to the nearest row."""
        return max(self.nearness(text))

    def _column(self, text: str) -> str | None:
        """The column that a head means; long heads may be misprinted, short ones may not."""
        head = _usual(text)
        for column in self.form.columns:
            if head == plain(column.label):
                return column.code
        near = [(self._head(head, column), column.code) for column in self.form.columns]
        score, code = max(near)
        return code if score >= NEAR and len(head) >= _LONG_HEAD else None

    @staticmethod
    def _head(head: str, column: Column) -> float:
        label = plain(column.label)
        return _ratio(head, label) if len(label) >= _LONG_HEAD else 0.0
