"""The year's table, or any period's: counted from the rows, out of the books of a day, or as frozen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from requestflow.domain.disputes import blocks
from requestflow.domain.forms import Form
from requestflow.domain.identities import Identity, broken, check
from requestflow.domain.rollup import report_period
from requestflow.domain.tables import AnnualTable, Period, tabulate
from requestflow.domain.years import Change, Counted, figures_changed, frozen_digest, part, read, whole
from requestflow.errors import Finding, NotFound, Refused, WrongUsage
from requestflow.services.office import Office
from requestflow.services.year_doubts import refresh_doubts
from requestflow.storage import dispute_store, figures, registry, year_store
from requestflow.storage.database import Session

_KNOWABLE = range(1990, 2101)  # the years that a calendar can know


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which table is asked for.

    Args:
        year: the report year.
        form: the layout, where not the one prescribed for the year.
        as_of: a day up to which is counted, by what the history says now.
        first: the first day of the period, 1 January where not given.
        last: the last day of the period, 31 December (or today) where not given.
        known_on: only what had been recorded by the end of this day.
        version: the table that this close of the year froze, in force or not.
    """

    year: int
    form: str | None = None
    as_of: date | None = None
    first: date | None = None
    last: date | None = None
    known_on: date | None = None
    version: int | None = None

    @property
    def in_part(self) -> bool:
        """Whether less than the whole year is asked for."""
        return any((self.as_of, self.first, self.last, self.known_on))


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table, its identities, the days it covers; `changes` where a closed year was recounted.

    `warnings`: what is owed before lateness in that year can be judged; none of what was frozen.
    """

    table: AnnualTable
    identities: list[Identity]
    period: Period
    known_on: date | None = None
    changes: tuple[Change, ...] | None = None
    warnings: tuple[Finding, ...] = ()  # what its reader has to know


def _check_days(wanted: Wanted, today: date) -> None:
    if wanted.year not in _KNOWABLE:
        raise WrongUsage("bad_year", year=wanted.year)
    if wanted.as_of is not None and wanted.as_of.year != wanted.year:
        raise WrongUsage("as_of_outside_year", as_of=wanted.as_of, year=wanted.year)
    if wanted.as_of is not None and wanted.last is not None:
        raise WrongUsage("as_of_and_to")
    for day in (wanted.as_of, wanted.last, wanted.known_on):
        if day is not None and day > today:
            raise Refused("day_in_future", day=day, today=today)
    if wanted.version is not None and wanted.in_part:
        raise WrongUsage("version_alone")
    if wanted.year > today.year:
        raise Refused("year_in_future", year=wanted.year, today=today)


def period_of(office: Office, wanted: Wanted) -> Period:
    """The days that a table covers.

    Raises:
        WrongUsage: days outside the year, or in the wrong order.
        Refused: a year or day in the future.
    """
    today = office.today()
    _check_days(wanted, today)
    days = report_period(wanted.year, today if wanted.year == today.year else None)
    for day in (wanted.first, wanted.last):
        if day is not None and day.year != wanted.year:
            raise WrongUsage("period_outside_year", day=day, year=wanted.year)
    first = wanted.first or days.first
    last = wanted.last or wanted.as_of or days.last
    if first > last:
        raise WrongUsage("period_reversed", first=first, last=last)
    return Period(first, last)


def drafted(office: Office, session: Session, layout: Form, year: int, period: Period) -> AnnualTable:
    """The table of a period, counted now from the rows."""
    return AnnualTable(
        office=office.name,
        year=year,
        form=layout,
        rows=tabulate(figures.count(session, period), layout, office.workflow),
        table4=blocks(dispute_store.every(session), period, layout),
        as_of=period.last,
        first=period.first,
    )


def frozen_counting(version: year_store.Version) -> Counted:
    """What a close froze.

    Raises:
        Refused: `frozen_table_changed`, `record_unreadable`: it was changed past the program.
    """
    if frozen_digest(version.text) != version.digest:
        raise Refused("frozen_table_changed", year=version.year, version=version.version)
    try:
        return read(version.document)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise Refused("record_unreadable", number=str(version.year), problem=repr(error)) from error


def frozen(version: year_store.Version, office: str, form: Form) -> AnnualTable | None:
    """The table as a close has frozen it; None in a form that was not in use then."""
    counted = frozen_counting(version)
    rows = counted.tables.get(form.code, {})
    if not set(rows) >= set(form.codes()):
        return None
    return AnnualTable(
        office=office,
        year=version.year,
        form=form,
        rows={code: rows[code] for code in form.codes()},
        table4={block: counted.table4[block] for block in form.blocks},
        as_of=whole(version.year).last,
        status="closed",
    )


def counted_year(office: Office, session: Session, year: int) -> Counted:
    """A whole year as it counts now: tables in every form, table four, and what stands behind them."""
    period = whole(year)
    counts = figures.count(session, period)
    disputes = dispute_store.every(session)
    parts = {case.number: part(case, period) for case in figures.members(session, period)}
    stands = {one.number: one.figure(period) for one in disputes}
    return Counted(
        tables={code: tabulate(counts, form, office.workflow) for code, form in office.forms.items()},
        table4=blocks(disputes, period, office.form_for(year)),
        cases={number: found for number, found in parts.items() if found is not None},
        disputes={one.number: (one.kind, figure) for one in disputes if (figure := stands[one.number])},
    )


def broken_identities(table: AnnualTable, identities: Sequence[Identity]) -> Iterator[Finding]:
    """The identities of a table that do not hold, each with the row and the column as printed."""
    form = table.form
    rows = {row.code: row.label for row in form.rows}
    columns = {column.code: column.label for column in form.columns}
    labels = rows | dict(form.blocks) | columns
    for one in broken(identities):
        places = [labels.get(code, code) for code in (one.row, one.column) if code]
        facts = {"name": one.name, "place": " ".join(places), "left": one.left, "right": one.right}
        yield Finding("identity_broken", str(table.year), facts)


def last_years(office: Office, session: Session, year: int, form: Form) -> AnnualTable | None:
    """The table of the year before, where it is closed: what its carry-over is compared with."""
    version = year_store.in_force(session, year - 1)
    return frozen(version, office.name, form) if version else None


def _recorded(office: Office, session: Session, wanted: Wanted, layout: Form) -> AnnualTable:
    """The table out of what had been recorded by a day."""
    from requestflow.domain.rollup import rollup as counted_one_by_one
    from requestflow.services.hindsight import books_on

    books = books_on(office, session, wanted.known_on or office.today())
    return counted_one_by_one(
        books.cases,
        books.disputes,
        office=office.name,
        period=period_of(office, wanted),
        form=layout,
        workflow=office.workflow,
    )


def table_of_version(
    office: Office, session: Session, wanted: Wanted, layout: Form
) -> tuple[year_store.Version, AnnualTable]:
    """A close, and the table that it froze, whether it is in force or was reopened since.

    Raises:
        NotFound: `no_such_version`: none of that number, or it knew no such form.
    """
    closes = {one.version: one for one in year_store.versions(session, wanted.year)}
    version = closes.get(wanted.version or 0)
    found = frozen(version, office.name, layout) if version else None
    if version is None or found is None:
        raise NotFound("no_such_version", year=wanted.year, version=wanted.version, known=list(closes))
    return version, found if version.in_force else replace(found, status="draft")


def table_in(office: Office, session: Session, wanted: Wanted) -> AnnualTable:
    """The table that is asked for: frozen where the year is closed, else counted.

    Raises:
        WrongUsage, Refused: as for `rollup`.
    """
    period = period_of(office, wanted)
    layout = office.form_for(wanted.year, wanted.form)
    if wanted.known_on is not None:
        return _recorded(office, session, wanted, layout)
    if wanted.version is not None:
        return table_of_version(office, session, wanted, layout)[1]
    version = year_store.in_force(session, wanted.year) if period == whole(wanted.year) else None
    found = frozen(version, office.name, layout) if version else None
    return found or drafted(office, session, layout, wanted.year, period)


def rollup(office: Office, wanted: Wanted, *, recount: bool = False) -> Rollup:
    """The annual table of a year or of a part of it, with its identities judged.

    A closed year shows what was frozen; with `recount` it is counted again, and what differs is named.

    Args:
        office: whose.
        wanted: year, form and days.
        recount: count a closed year anew.

    Raises:
        WrongUsage: an unknown form, days outside the year.
        Refused: a year or day in the future.
    """
    period = period_of(office, wanted)
    layout = office.form_for(wanted.year, wanted.form)
    changes = None
    with office.reading() as session:
        table = table_in(office, session, wanted)
        if recount and table.status == "closed":
            changes = tuple(recounted(office, session, wanted.year, layout))
            table = drafted(office, session, layout, wanted.year, period)
        compared = wanted.known_on is None and period.first == whole(wanted.year).first
        before = last_years(office, session, wanted.year, layout) if compared else None
        warnings = list(_notes(office, session, wanted, layout))
    if table.status != "closed":
        warnings += refresh_doubts(office)
    return Rollup(table, check(table, before), period, wanted.known_on, changes, tuple(warnings))


def _notes(office: Office, session: Session, wanted: Wanted, layout: Form) -> Iterator[Finding]:
    """What is to be said of a year that no form was made for, or of which the office knows nothing."""
    if wanted.form is None and not layout.covers(wanted.year):
        facts = {"year": wanted.year, "form": layout.code, "document": layout.document,
                 "first": min(form.first_year for form in office.forms.values())}  # fmt: skip
        yield Finding("form_of_no_year", "", facts, warning=True)
    first, last = registry.first_received(session), period_of(office, wanted).last
    if first is not None and first > last:
        yield Finding("before_the_first", "", {"first": first, "last": last}, warning=True)


def recounted(office: Office, session: Session, year: int, form: Form) -> list[Change]:
    """The figures in which a closed year, counted now, differs from what was frozen."""
    version = year_store.in_force(session, year)
    if version is None:
        return []
    now = counted_year(office, session, year)
    return figures_changed(frozen_counting(version), now, form, office.workflow)
