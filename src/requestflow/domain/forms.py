"""The layout of the annual tables: rows, columns, groups, in the order they are printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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


class FigureKind(StrEnum):
    """What a figure of table two may be."""

    COUNT = "count"  # a whole number, none below zero
    CHANGE = "change"  # a whole number, more or fewer
    MONEY = "money"  # ten thousand yuan, with decimals


@dataclass(frozen=True, slots=True)
class PublicationColumn:
    """A column of table two."""

    code: str
    label: str
    kind: FigureKind = FigureKind.COUNT


@dataclass(frozen=True, slots=True)
class Balance:
    """What a figure must amount to: figures of last year, and those of this year added or taken off."""

    figure: str
    last_year: tuple[str, ...]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicationPart:
    """One part of table two: an item of art. 20, its columns and its rows (code and label)."""

    article: str
    head: str
    columns: tuple[PublicationColumn, ...]
    rows: Mapping[str, str]
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicationForm:
    """The layout of table two, 主动公开政府信息情况: figures that an office keeps itself."""

    title: str = ""
    parts: tuple[PublicationPart, ...] = ()


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
    applicants: str = ""  # the merged head above all columns of table three
    title4: str = ""
    publication: PublicationForm = field(default_factory=PublicationForm)

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
