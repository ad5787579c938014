"""The layout of the annual tables: rows, columns, groups, in the order they are printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from requestflow.domain.workflow import Words

TOTAL = "total"


class RowKind(StrEnum):
    """What a row of table three counts."""

    NEW = "new"
    CARRIED_IN = "carried_in"
    RESULT = "result"
    CONCLUDED = "concluded"
    CARRIED_OUT = "carried_out"


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; `groups` are the merged cells to its left, outermost first."""

    code: str
    label: str
    kind: RowKind
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A printed column: a kind of applicant, or the total; `group` is the merged head above it."""

    code: str
    label: str
    words: Words
    group: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One official layout of the annual report, and the years it is prescribed for."""

    code: str
    title: str
    note: str
    document: str
    first_year: int
    last_year: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    blocks: Mapping[str, str]
    figures: Mapping[str, str]

    def covers(self, year: int) -> bool:
        """Whether the form is prescribed for that report year (60号: 2019–2020; 30号: from 2021)."""
        return self.first_year <= year <= self.last_year

    @property
    def kinds(self) -> tuple[str, ...]:
        """Codes of the applicant kinds, in printed order."""
        return tuple(column.code for column in self.columns if column.code != TOTAL)

    @property
    def results(self) -> tuple[str, ...]:
        """Codes of the leaf rows whose sum is （七）总计."""
        return tuple(row.code for row in self.rows if row.kind is RowKind.RESULT)

    def row_of(self, kind: RowKind) -> str:
        """Code of the one row of that kind."""
        return next(row.code for row in self.rows if row.kind is kind)

    def codes(self) -> Iterator[str]:
        """Row codes in printed order."""
        return (row.code for row in self.rows)
