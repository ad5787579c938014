"""`merge`: an aggregate of subordinate tables, or every reason why not, by name."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from requestflow.domain.aggregates import doubled, total
from requestflow.domain.facts import near
from requestflow.domain.forms import Form
from requestflow.domain.identities import Identity, check
from requestflow.domain.tables import AnnualTable, Period, Source
from requestflow.errors import Finding, FoundProblems, Refused
from requestflow.exchange.dismissal_file import Dismissal
from requestflow.exchange.table_files import MOST_BYTES, table_digest
from requestflow.exchange.table_readers import Reading, TableReader, Told
from requestflow.files import file_bytes
from requestflow.services.checking import Checked, read_all, table_files
from requestflow.services.office import RuleBook
from requestflow.services.progress import Progress

_Value = TypeVar("_Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an aggregate is to be.

    Attributes:
        office: whose it is.
        year: of which year; that of most of the tables where not given.
        form: in which form; the one prescribed for the year where not given.
        force_form: take the form that most tables have, prescribed or not.
        expect: a file with the names of all that have to be there.
        dismissals: findings that were let stand, by id.
    """

    office: str
    year: int | None = None
    form: str | None = None
    force_form: bool = False
    expect: Path | None = None
    dismissals: Mapping[str, Dismissal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """An aggregate, its identities, and what it is well to know of it."""

    table: AnnualTable
    identities: list[Identity]
    warnings: list[Finding]


def _expected(path: Path) -> list[str]:
    """Names, one a line; what stands behind a comma or a tab is a remark."""
    try:
        text = file_bytes(path, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("table_file_not_text", file=path.name) from None
    lines = (line.replace("\t", ",").partition(",")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _plain(name: str) -> str:
    return "".join(name.split())


def _of(values: Sequence[_Value]) -> _Value | None:
    """The commonest; of several equally common ones the first."""
    counted = Counter(values)
    return max(counted, key=counted.__getitem__) if counted else None


@dataclass
class _Pile:
    """The tables that were read, and all that keeps them from being added up."""

    book: RuleBook
    wanted: Wanted
    sources: list[Source]
    faults: list[Finding]
    warnings: list[Finding]

    def take(self, path: Path, result: object) -> None:
        """Adds one file, or the reason why it is none."""
        if isinstance(result, Reading) and result.table is not None:
            table = result.table
            if not table.office:
                table = replace(table, office=path.stem)
                self.warnings.append(
                    Finding("office_from_file_name", path.name, {"office": table.office})
                )
            if not table.year and self.wanted.year is not None:
                table = replace(table, year=self.wanted.year)
                self.warnings.append(Finding("year_as_told", path.name, {"year": table.year}))
            self.sources.append(Source(path.name, table_digest(table), table))
            return
        code = "child_without_table" if isinstance(result, Reading) else "child_unreadable"
        if isinstance(result, Refused) and result.code == "pdf_unreadable":
            code = result.code
        self.faults.append(Finding(code, path.name, {"file": path.name}))

    def year(self) -> int:
        """The year asked for, else the one that most tables are of."""
        if self.wanted.year is not None:
            return self.wanted.year
        return int(_of([s.table.year for s in self.sources if s.table.year]) or 0)

    def period(self, year: int) -> Period | None:
        """The days that most tables of the year cover."""
        return _of([s.table.period for s in self.sources if s.table.year == year])

    def form(self, year: int) -> Form:
        """The form asked for, else the one prescribed; with `force_form` that of most tables."""
        if self.wanted.form is not None or not self.wanted.force_form:
            return self.book.form_for(year, self.wanted.form)
        return self.book.form_for(year, str(_of([s.table.form.code for s in self.sources])))

    def compare(self, year: int, period: Period | None, form: Form) -> None:
        """Every table of another year, of other days or form, and every one that does not foot."""
        for source in self.sources:
            table = source.table
            facts: dict[str, object] = {
                "office": table.office,
                "year": table.year,
                "form": table.form.code,
            }
            if not table.year:
                self.fault("child_without_year", source, office=table.office)
            elif table.year != year:
                self.fault("child_of_another_year", source, **facts, wanted=year)
            elif period and table.period and table.period != period:
                self.fault("child_of_other_days", source, office=table.office,
                           first=table.period.first, last=table.period.last,
                           wanted_first=period.first, wanted_last=period.last)  # fmt: skip
            if table.form.code != form.code:
                self.fault("child_of_another_form", source, **facts, wanted=form.code)
            self.foots(source)

    def foots(self, source: Source) -> None:
        """A table that is broken is refused, unless each break was let stand with a reason on record."""
        table = source.table
        identities = check(table, children=[inner.table for inner in table.sources] or None)
        judged = Checked(source.file, table, identities, dismissals=self.wanted.dismissals)
        if judged.broken:
            names = sorted({identity.name for identity in judged.broken})
            self.fault(
                "child_broken", source, office=table.office, count=len(judged.broken), names=names
            )
        elif judged.all_broken:
            facts = {"office": table.office, "count": len(judged.all_broken)}
            self.warnings.append(Finding("child_let_stand", source.file, facts, warning=True))

    def fault(self, code: str, source: Source, **facts: object) -> None:
        """A reason against one table, by the name of its file."""
        self.faults.append(Finding(code, source.file, facts))

    def names(self) -> None:
        """Offices that are there twice, at whatever level, and those that ought to be there."""
        for office, files in doubled(self.sources):
            self.faults.append(Finding("child_doubled", "", {"office": office, "files": files}))
        if self.wanted.expect is None:
            return
        expected = {_plain(name): name for name in _expected(self.wanted.expect)}
        given = {_plain(source.table.office): source for source in self.sources}
        for name, shown in expected.items():
            if name not in given:
                facts = {"office": shown, "near": near(name, [g for g in given if g not in expected])}
                self.faults.append(Finding("child_not_there", self.wanted.expect.name, facts))
        for name, source in given.items():
            if name not in expected:
                self.fault("child_not_expected", source, office=source.table.office)

    def unstated(self) -> Iterator[Finding]:
        """Tables that leave figures out: what they leave out is not stated in the sum either."""
        for source in self.sources:
            rows = [*source.table.rows.values(), *(source.table.table4 or {}).values()]
            missing = sum(row.count(None) for row in rows)
            facts = {"office": source.table.office, "count": missing}
            if missing:
                yield Finding("child_not_stated", source.file, facts, warning=True)
            if source.table.table4 is None:
                yield Finding("child_without_table4", source.file, facts, warning=True)


def merge_files(
    book: RuleBook,
    files: Sequence[Path],
    wanted: Wanted,
    progress: Progress = lambda _done, _all: None,
) -> Merged:
    """The sum of subordinate tables, with the list of them in it (30号; identity 6).

    What one of them does not state is not stated in the sum. The order of the files plays no part.

    Raises:
        FoundProblems: `merge_refused`, with everything at once and by name: files that cannot be read,
            tables of another year, of other days or another form, tables that do not foot, offices that
            would be counted twice, that are expected and not there, or there and not expected.
        Refused: no file at all.
    """
    pile = _Pile(book, wanted, [], [], [])
    for path, result in read_all(TableReader(book.forms), table_files(files), Told(), progress):
        pile.take(path, result)
    pile.sources.sort(key=lambda source: (source.table.office, source.file))
    year = pile.year()
    period = pile.period(year)
    form = pile.form(year) if pile.sources else None
    if form is not None:
        pile.compare(year, period, form)
    pile.names()
    if pile.faults or form is None:
        raise FoundProblems("merge_refused", pile.faults, office=wanted.office, count=len(pile.faults))
    table = total(
        [s.table for s in pile.sources],
        wanted.office,
        year,
        form,
        sources=tuple(pile.sources),
        period=period,
    )
    if not form.covers(year):
        pile.warnings.append(Finding("form_not_prescribed", "", {"form": form.code, "year": year}))
    return Merged(table, check(table), [*pile.warnings, *pile.unstated()])
