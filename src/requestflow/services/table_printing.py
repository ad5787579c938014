"""The annual table with everything a file of it holds: the applications behind it, its charts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from requestflow.domain.aggregates import figure_of
from requestflow.domain.disputes import Dispute
from requestflow.domain.forms import TOTAL
from requestflow.domain.identities import Identity, broken
from requestflow.domain.tables import AnnualTable, CellCase, Period
from requestflow.errors import Finding
from requestflow.exchange.printed_table import PlacedCase, PrintedTable, Words
from requestflow.services.aggregation import Aggregate
from requestflow.services.figure_cases import Cell, behind, unproven
from requestflow.services.merging import Merged
from requestflow.services.office import Office
from requestflow.services.year_profile import table_profile, year_profile
from requestflow.services.year_table import Rollup, Wanted, period_of
from requestflow.storage import profiles

Sentence = Callable[[AnnualTable, Identity], str]


def printed_table(
    found: Rollup | Aggregate | Merged, words: Words, sentence: Sentence, **more: Any
) -> PrintedTable:
    """A table with its broken identities in words; `more` are the other fields of the printed table."""
    faults = [sentence(found.table, identity) for identity in broken(found.identities)]
    if not isinstance(found, Merged):  # files that are summed do not say when their figures were known
        more |= {"known_on": found.known_on}
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
    days = period_of(office, wanted)
    with office.reading() as session:
        source = behind(office, session, wanted)
        rows = [source.applications(row.code, TOTAL) for row in table.form.rows]
        blocks = [source.disputes(block, TOTAL) for block in table.table4 or ()]
        numbers = sorted({case.number for row in rows for case in row.cases}) if personal else []
        names = profiles.names(session, numbers) if personal else {}
    found = [
        _case(office, row.row, case, names, personal=personal) for row in rows for case in row.cases
    ]
    found += [_dispute(table, block.row, one, days) for block in blocks for one in block.disputes]
    return found, list(_differing(table, [*rows, *blocks], wanted))


def _differing(table: AnnualTable, found: Sequence[Cell], wanted: Wanted) -> Iterator[Finding]:
    labels = {row.code: row.label for row in table.form.rows} | dict(table.form.blocks)
    for one in found:
        stated = replace(one, figure=figure_of(table, one.row, TOTAL))
        finding = unproven(stated, labels[one.row], wanted.version)
        if finding is not None:
            yield finding


def _case(
    office: Office, row: str, case: CellCase, names: Mapping[str, str], *, personal: bool
) -> PlacedCase:
    known = office.workflow.outcomes.get(case.counted_outcome or "")
    return PlacedCase(
        number=case.number,
        received=case.received,
        kind=case.kind,
        row=row,
        outcome=known.words.zh if known else "",
        concluded=case.concluded,
        subject=case.subject if personal else None,
        name=names.get(case.number, "") if personal else None,
    )


def _dispute(table: AnnualTable, block: str, one: Dispute, days: Period) -> PlacedCase:
    """A review or suit behind table four: block and figure in the place of row and column."""
    figure = one.figure(days) or TOTAL
    return PlacedCase(
        number=one.number, received=one.filed, kind=figure, row=block,
        outcome=table.form.figures.get(figure, ""), concluded=one.closed,
    )  # fmt: skip


def table_charts(
    office: Office, found: Rollup, wanted: Wanted, words: Words
) -> tuple[dict[str, str], list[Finding]]:
    """The charts of a table's days as SVG; without the extra none, and a warning that says so.

    Of a table that is not what the rows say now (the books of a day, a close that was opened again)
    only its own figures are drawn.
    """
    from requestflow.documents import charts

    if not charts.available():
        return {}, [Finding("charts_missing", "", {}, warning=True)]
    table = found.table
    earlier = wanted.version is not None and table.status != "closed"
    if found.known_on is not None or earlier:
        profile = table_profile(table, found.period)
    else:
        profile = year_profile(office, table, found.period)
    return charts.svg_charts(profile, words), []
