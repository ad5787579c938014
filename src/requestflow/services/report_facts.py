"""The names that the annual report's text can use, with their figures: plain values, nothing else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from requestflow.domain.answer_times import Timeliness
from requestflow.domain.forms import TOTAL, RowKind
from requestflow.domain.profile import outcome_groups
from requestflow.domain.publication import Publication
from requestflow.domain.tables import AnnualTable, Figure
from requestflow.services.fee_income import FeeIncome


def table_facts(table: AnnualTable) -> dict[str, Any]:
    """Figures by name: `new.total`, `withheld.third_party.natural_person`, `review.total`.

    A name before the dot of several rows is their sum.
    """
    columns = [column.code for column in table.form.columns]
    found: dict[str, Any] = {}
    for row in table.form.rows:
        figures = dict(zip(columns, table.rows[row.code], strict=True))
        group, _, name = row.code.partition(".")
        if not name:
            found[group] = figures
            continue
        of_group = found.setdefault(group, {})
        of_group[name] = figures
        for column, figure in figures.items():
            of_group[column] = _plus(of_group.get(column, 0), figure)
    return found | _disputes(table)


def _plus(left: Figure, right: Figure) -> Figure:
    return None if left is None or right is None else left + right


def _disputes(table: AnnualTable) -> dict[str, Any]:
    names = list(table.form.figures)
    blocks = {
        block: dict(zip(names, figures, strict=True)) for block, figures in (table.table4 or {}).items()
    }
    suits: dict[str, Figure] = {}
    for name in names:
        total: Figure = 0
        for block, figures in blocks.items():
            total = _plus(total, figures[name]) if block.startswith("suit") else total
        suits[name] = total
    return {**blocks, "suits": suits} if blocks else {}


def flat_figures(facts: Mapping[str, Any], prefix: str = "") -> dict[str, int | None]:
    """The same figures by their whole names, for comparing them with what a text quotes."""
    found: dict[str, int | None] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping):
            found |= flat_figures(value, f"{prefix}{name}.")
        elif value is None or isinstance(value, int):
            found[prefix + name] = value
    return found


def publication_facts(publication: Publication | None) -> dict[str, dict[str, Any]]:
    """Figures of table two by row and column; those not stated are left out."""
    found: dict[str, dict[str, Any]] = {}
    for (row, column), figure in (publication.figures if publication else {}).items():
        found.setdefault(row, {})[column] = figure
    return found


def report_facts(
    table: AnnualTable, previous: AnnualTable | None, publication: Publication | None,
    *, answers: Timeliness, fees: FeeIncome,
) -> dict[str, Any]:  # fmt: skip
    """Everything that the text can name."""
    last = table.as_of or date(table.year, 12, 31)
    return {
        **table_facts(table),
        "office": table.office,
        "year": table.year,
        "document": table.form.document,
        "as_of": f"{last.year}年{last.month}月{last.day}日",
        "results": list(outcome_groups(table).items()),
        "answers": {
            name: getattr(answers, name)
            for name in ("cases", "on_time", "late", "extended", "open", "overdue", "ended")
        },
        "fees": {"yuan": fees.yuan, "cases": fees.cases},
        "publication": publication_facts(publication),
        "previous": table_facts(previous) if previous else None,
    }


def other_share(table: AnnualTable) -> float | None:
    """其他处理 among all results of the year, as a fraction; None where nothing was concluded."""
    concluded = table.cell(table.form.row_of(RowKind.CONCLUDED), TOTAL)
    other = table_facts(table).get("other", {}).get(TOTAL)
    return other / concluded if concluded and other is not None else None
