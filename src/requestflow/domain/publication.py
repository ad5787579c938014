"""Table two, 主动公开政府信息情况: an office's own figures, and what they must amount to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from requestflow.domain.forms import Balance, PublicationForm, PublicationPart

Stated = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Publication:
    """The figures of table two of a year, by row and column; None where one is not stated."""

    year: int
    form: PublicationForm
    figures: Mapping[tuple[str, str], Stated]


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A figure that is not what last year's figures and this year's changes make it (a reading)."""

    row: str
    column: str
    stated: int | Decimal
    expected: int | Decimal


def _sum(publication: Publication, row: str, columns: tuple[str, ...]) -> int | Decimal | None:
    total: int | Decimal = 0
    for column in columns:
        figure = publication.figures.get((row, column))
        if figure is None:
            return None
        total += figure
    return total


def _expected(this: Publication, last: Publication, row: str, rule: Balance) -> int | Decimal | None:
    before = _sum(last, row, rule.last_year)
    plus = _sum(this, row, rule.plus)
    minus = _sum(this, row, rule.minus)
    if before is None or plus is None or minus is None:
        return None
    return before + plus - minus


def _of_part(this: Publication, last: Publication, part: PublicationPart) -> Iterator[Imbalance]:
    for rule in part.balances:
        for row in part.rows:
            stated = this.figures.get((row, rule.figure))
            expected = _expected(this, last, row, rule)
            if stated is not None and expected is not None and stated != expected:
                yield Imbalance(row, rule.figure, stated, expected)


def imbalances(this: Publication, last: Publication) -> list[Imbalance]:
    """The figures that disagree with last year's; nothing is judged where one is not stated.

    Two years of different forms have no balance in common.
    """
    if this.form != last.form:
        return []
    return [fault for part in this.form.parts for fault in _of_part(this, last, part)]
