"""`import`: an old register becomes an office's history; every row, or none."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from requestflow.domain.case import Case, replay
from requestflow.domain.years import years_moved
from requestflow.errors import Finding, FoundProblems, RequestflowError
from requestflow.exchange.register_files import read_register
from requestflow.exchange.register_heads import read_mapping
from requestflow.services import year_lock
from requestflow.services.casework import copy_of
from requestflow.services.office import Office
from requestflow.services.progress import Progress
from requestflow.services.register_drafts import Draft, RowReader
from requestflow.storage import ledger, registry, series, year_store
from requestflow.storage.database import Session
from requestflow.storage.ledger import Addition
from requestflow.storage.registry import Copy

_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Imported:
    """How much came in, and what is worth a word."""

    applications: int
    concluded: int
    warnings: list[Finding] = field(default_factory=list)
    dry_run: bool = False


class _Numbers:
    """Numbers for the rows that have none, after those that are given."""

    def __init__(self, office: Office, session: Session) -> None:
        self.office, self.session = office, session
        self.last: Counter[int] = Counter()

    def given(self, drafts: list[Draft], reader: RowReader) -> set[str]:
        """The numbers that rows bring along: each once, none taken, the series moved on past them."""
        numbers = [d.registration.number for d in drafts if d.registration.number]
        written = [self.office.pattern.canonical(number) for number in numbers]
        taken = registry.known_numbers(self.session, [*numbers, *written])
        seen: set[str] = set()
        for draft in drafts:
            number = draft.registration.number
            if number is None:
                continue
            one = self.office.pattern.canonical(number)
            if one in seen or number in taken or one in taken:
                reader.fault("doubled_number", draft.row, "number", number=number)
            seen.add(one)
            read = self.office.pattern.read(number)
            if read is not None:
                self.last[read[0]] = max(self._last(read[0]), read[1])
        return seen

    def _last(self, year: int) -> int:
        if year not in self.last:
            self.last[year] = series.last(self.session, series.APPLICATIONS, year)
        return self.last[year]

    def next(self, year: int) -> str:
        """The next number of a year."""
        self.last[year] = self._last(year) + 1
        return self.office.pattern.show(year, self.last[year])

    def save(self) -> None:
        """Writes down how far each series has come."""
        for year, last in self.last.items():
            if last:
                series.advance(self.session, series.APPLICATIONS, year, last)


def _cases(
    office: Office, drafts: list[Draft], reader: RowReader, progress: Progress
) -> Iterator[tuple[Case, Copy]]:
    """Every row's case; the long part of an import, done before anybody has to wait for it."""
    for done, draft in enumerate(drafts, start=1):
        try:
            case = replay(draft.registration.number or "", reader.entries(draft), office.rules)
            row = copy_of(office, case)
        except RequestflowError as error:  # a day outside every calendar
            reader.findings.append(Finding(error.code, draft.row.place("received"), error.facts))
            continue
        reader.warn(draft, row.summary)
        progress(done, len(drafts))
        yield case, row


def _numbered(cases: list[tuple[Case, Copy]], numbers: _Numbers) -> list[tuple[Case, Copy]]:
    """The cases with a number for each that brought none."""

    def numbered(row: Copy) -> Copy:
        summary = row.summary
        number = summary.number or numbers.next(summary.received.year)
        return replace(row, summary=replace(summary, number=number))

    return [(case, numbered(row)) for case, row in cases]


def _write(session: Session, cases: list[tuple[Case, Copy]]) -> None:
    for start in range(0, len(cases), _BATCH):
        batch = cases[start : start + _BATCH]
        keys = registry.insert(session, [row for _case, row in batch])
        additions = [
            Addition(keys[row.summary.number], row.summary.number, entry)
            for case, row in batch
            for entry in case.history
        ]
        ledger.append(session, additions)


def _note_doubles(session: Session, drafts: list[Draft], reader: RowReader) -> None:
    """A word on rows that say what is registered already: the same file may have come twice."""
    days = [draft.registration.received for draft in drafts]
    known = registry.alike(session, min(days), max(days)) if days else {}
    for draft in drafts:
        wanted = draft.registration
        key = (wanted.received, wanted.subject.strip(), wanted.personal.get("name", "").strip())
        if key in known and wanted.subject:
            reader.note("registered_before", draft.row, "subject", number=known[key])


def _hold_to_closed_years(
    session: Session, drafts: list[Draft], cases: list[tuple[Case, Copy]], reader: RowReader
) -> None:
    """A row whose days lie in a closed year, or that a closed year would count, is a fault."""
    closed = year_store.closed_years(session)
    if not closed or len(cases) != len(drafts):  # a row without a case is a fault already
        return
    for draft, (case, _copy) in zip(drafts, cases, strict=True):
        for name, day in (("received", draft.registration.received), ("decided", draft.decided)):
            if day is not None and day.year in closed:
                reader.fault("year_closed", draft.row, name, on=day, year=day.year)
                break
        else:
            moved = years_moved(None, year_lock.in_figures(case), closed)
            if moved:
                reader.fault("year_would_change", draft.row, "received", year=moved[0], years=moved)


def _refuse(findings: list[Finding], path: Path) -> None:
    wrong = [finding for finding in findings if not finding.warning]
    if wrong:
        raise FoundProblems("import_refused", findings, file=path.name, count=len(wrong))


def import_register(
    office: Office,
    path: Path,
    *,
    mapping: Path | None = None,
    dry_run: bool = False,
    by: str | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Imported:
    """Reads a register into the office: all of it in one transaction, or nothing.

    Raises:
        FoundProblems: `import_refused`, every fault with file, row and column; nothing is written.
        NotFound, Refused, WrongUsage: the file is missing, unreadable or of another kind.
    """
    person = office.person(by)
    rows, findings = read_register(path, read_mapping(mapping) if mapping else None)
    _refuse(findings, path)
    reader = RowReader(office, person.key)
    reader.findings += findings
    drafts = [draft for row in rows if (draft := reader.draft(row)) is not None]
    _refuse(reader.findings, path)
    cases = list(_cases(office, drafts, reader, progress))
    with office.writing() as session:
        numbers = _Numbers(office, session)
        numbers.given(drafts, reader)
        _hold_to_closed_years(session, drafts, cases, reader)
        _refuse(reader.findings, path)
        _note_doubles(session, drafts, reader)
        if not dry_run:
            _write(session, _numbered(cases, numbers))
            numbers.save()
            session.commit()
    concluded = sum(1 for _case, row in cases if row.summary.concluded)
    return Imported(len(cases), concluded, reader.findings, dry_run)
