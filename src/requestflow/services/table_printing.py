"""The annual table with everything a file of it holds: the applications behind it, its charts."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from requestflow.domain.forms import TOTAL
from requestflow.domain.identities import Identity, broken
from requestflow.domain.tables import AnnualTable, CellCase
from requestflow.errors import Finding
from requestflow.exchange.printed_table import PlacedCase, PrintedTable, Words
from requestflow.services.aggregation import Aggregate
from requestflow.services.merging import Merged
from requestflow.services.office import Office
from requestflow.services.year_profile import year_profile
from requestflow.services.year_table import Rollup, Wanted, cell, period_of
from requestflow.storage import profiles

Sentence = Callable[[AnnualTable, Identity], str]


def printed_table(
    found: Rollup | Aggregate | Merged, words: Words, sentence: Sentence, **more: Any
) -> PrintedTable:
    """A table with its broken identities in words; `more` are the other fields of the printed table."""
    faults = [sentence(found.table, identity) for identity in broken(found.identities)]
    if not isinstance(found, Merged):  # files that are summed have no days but those of their tables
        more |= {"first": found.period.first, "known_on": found.known_on}
    return PrintedTable(found.table, found.identities, words, faults, **more)


def placed_cases(
    office: Office, table: AnnualTable, wanted: Wanted, *, personal: bool
) -> tuple[list[PlacedCase], list[Finding]]:
    """The applications behind each row of a table, as `--cell` gives them, and rows where they differ.

    Args:
        office: whose.
        table: the table that they have to make.
        wanted: what the table was asked for with; the applications are asked for with the same.
        personal: whether names and contents are to be in it; the catalogue of names is read then.
    """
    places = list(_places(office, table, wanted))
    counted = Counter(code for code, _case in places)
    warnings = []
    for row in table.form.rows:
        stated = table.cell(row.code, TOTAL)
        if stated is not None and counted[row.code] != stated:
            facts = {"row": row.label, "stated": stated, "counted": counted[row.code]}
            warnings.append(Finding("cases_differ", "", facts, warning=True))
    names = _names(office, places) if personal else {}
    outcomes = office.workflow.outcomes
    return [
        PlacedCase(
            number=case.number,
            received=case.received,
            kind=case.kind,
            row=code,
            outcome=known.words.zh if (known := outcomes.get(case.counted_outcome or "")) else "",
            concluded=case.concluded,
            subject=case.subject if personal else None,
            name=names.get(case.number, "") if personal else None,
        )
        for code, case in places
    ] + list(_disputes(office, table, wanted)), warnings


def _disputes(office: Office, table: AnnualTable, wanted: Wanted) -> Iterator[PlacedCase]:
    """The reviews and suits behind table four: block and figure in the place of row and column."""
    days = period_of(office, wanted)
    for block, figures in (table.table4 or {}).items():
        found = cell(office, wanted, f"{block}:{TOTAL}").disputes if any(figures) else ()
        for one in found:
            figure = one.figure(days) or TOTAL
            yield PlacedCase(
                number=one.number, received=one.filed, kind=figure, row=block,
                outcome=table.form.figures.get(figure, ""), concluded=one.closed,
            )  # fmt: skip


def _places(office: Office, table: AnnualTable, wanted: Wanted) -> Iterator[tuple[str, CellCase]]:
    for row in table.form.rows:
        if table.cell(row.code, TOTAL):
            found = cell(office, wanted, f"{row.code}:{TOTAL}")
            yield from ((row.code, case) for case in found.cases)


def _names(office: Office, places: list[tuple[str, CellCase]]) -> dict[str, str]:
    numbers = sorted({case.number for _code, case in places})
    with office.reading() as session:
        return profiles.names(session, numbers)


def table_charts(
    office: Office, table: AnnualTable, words: Words
) -> tuple[dict[str, str], list[Finding]]:
    """The charts of a table's year as SVG; without the extra none, and a warning that says so."""
    from requestflow.documents import charts

    if not charts.available():
        return {}, [Finding("charts_missing", "", {}, warning=True)]
    return charts.svg_charts(year_profile(office, table), words), []
