"""A table over many offices of one database: the office itself, its departments, the next level."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from requestflow.domain.aggregates import figure_of, place_in, total
from requestflow.domain.disputes import Dispute
from requestflow.domain.forms import Form
from requestflow.domain.identities import Identity, check
from requestflow.domain.tables import AnnualTable, CellCase, Figure, Period, summed
from requestflow.services import office_tree, year_table
from requestflow.services.figure_cases import cell_in
from requestflow.services.office import Office
from requestflow.services.office_tree import Node
from requestflow.services.year_table import Wanted
from requestflow.storage import office_store
from requestflow.storage.database import Session


@dataclass(frozen=True, slots=True)
class Unit:
    """One office's own table in a sum; `missing` where it has recorded nothing at all."""

    office: str
    table: AnnualTable
    missing: bool


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The sum, its identities, the units it is made of, and who reports elsewhere."""

    table: AnnualTable
    identities: list[Identity]
    period: Period
    units: list[Unit]
    left_out: list[str]
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class OfficeShare:
    """What an office below gave to a figure, all that stands below it included; None: not stated."""

    office: str
    figure: Figure
    status: str


@dataclass(frozen=True, slots=True)
class SharedCell:
    """A figure of a sum: what each office below gave, and the office's own cases."""

    row: str
    column: str
    figure: Figure
    children: list[OfficeShare]
    cases: list[CellCase]
    disputes: list[Dispute]


def _local(node: Node) -> Iterator[Node]:
    """The offices whose tables are summed: none that is led from above, nor what stands below it."""
    yield node
    for child in node.children:
        if not child.row.vertical:
            yield from _local(child)


def _left_out(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.row.vertical:
            yield from (below.row.name for below in child.all())
        else:
            yield from _left_out(child)


def _unit(office: Office, session: Session, node: Node, wanted: Wanted) -> Unit:
    there = office_store.at(session, node.row.id)
    table = replace(year_table.table_in(office, there, wanted), office=node.row.name)
    return Unit(node.row.name, table, missing=node.row.entries == 0)


def _sum(office: Office, name: str, units: list[Unit], wanted: Wanted, layout: Form) -> AnnualTable:
    tables = [unit.table for unit in units]
    period = year_table.period_of(office, wanted)
    return total(tables, name, wanted.year, layout, period=period)


def aggregate(office: Office, name: str, wanted: Wanted) -> Aggregate:
    """The sum over an office and all below it: closed years as frozen, open ones counted now.

    Raises:
        NotFound: no such office in the database.
        WrongUsage, Refused: as for a single office's table.
    """
    layout = office.form_for(wanted.year, wanted.form)
    period = year_table.period_of(office, wanted)
    with office.reading() as session:
        top = office_tree.find_on(session, name, period.last)
        units = [_unit(office, session, node, wanted) for node in _local(top)]
    table = _sum(office, name, units, wanted, layout)
    return Aggregate(table, check(table), period, units, list(_left_out(top)), wanted.known_on)


def shared_cell(office: Office, name: str, wanted: Wanted, place: str) -> SharedCell:
    """What each office directly below gave to a figure, and the cases of the office itself.

    A figure that one of them does not state is not stated in the sum.

    Raises:
        NotFound, WrongUsage, Refused: as for `aggregate`; no such row or column.
    """
    layout = office.form_for(wanted.year, wanted.form)
    row, column = place_in(layout, place)
    with office.reading() as session:
        top = office_tree.find_on(session, name, year_table.period_of(office, wanted).last)
        own = cell_in(office, office_store.at(session, top.row.id), wanted, place)
        shares = []
        for child in (one for one in top.children if not one.row.vertical):
            units = [_unit(office, session, node, wanted) for node in _local(child)]
            table = _sum(office, child.row.name, units, wanted, layout)
            shares.append(OfficeShare(child.row.name, figure_of(table, row, column), table.status))
        mine = figure_of(_unit(office, session, top, wanted).table, row, column)
    figure = summed([mine, *(share.figure for share in shares)])
    return SharedCell(row, column, figure, shares, list(own.cases), list(own.disputes))
