"""`verify`: the chain unbroken, every row as its history says, closed years as they were frozen."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from requestflow.domain.applications import Application
from requestflow.domain.disputes import docket
from requestflow.domain.entries import GENESIS, Entry, chained_digest, personal_digest
from requestflow.domain.handed_in import handed_in
from requestflow.domain.placements import TREE_ACTS, Placement, placements
from requestflow.domain.summary import Owed, copies
from requestflow.domain.years import Close, closes, figures_changed, frozen_digest
from requestflow.errors import Finding, Refused, RequestflowError
from requestflow.services.casework import replayed
from requestflow.services.enclosures import attachment_problems, letter_problems
from requestflow.services.office import Office
from requestflow.services.progress import Progress
from requestflow.services.recalculation import OF_THE_CLOCK
from requestflow.services.year_table import counted_year, frozen_counting
from requestflow.storage import dispute_store, ledger, office_store, owing, registry, year_store
from requestflow.storage.database import Session
from requestflow.storage.ledger import Link


@dataclass(slots=True)
class Verdict:
    """What `verify` saw: how much, and every problem with its place."""

    applications: int = 0
    entries: int = 0
    digest: str = GENESIS
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)  # worth a word, and no fault

    @property
    def holds(self) -> bool:
        """Whether there is nothing to complain of."""
        return not self.problems


def _link_problems(link: Link, expected: int, previous: str) -> Iterator[Finding]:
    if link.sequence != expected:
        yield Finding("chain_gap", link.number, {"expected": expected, "found": link.sequence})
    if link.salt is not None and link.personal_digest != personal_digest(link.salt, link.entry.personal):
        yield Finding("personal_changed", link.number, {"entry": link.entry.number})
    if link.salt is not None and link.personal_digest is None:
        yield Finding("personal_changed", link.number, {"entry": link.entry.number})
    digest = chained_digest(previous, link.sequence, link.number, link.entry, link.personal_digest)
    if digest != link.digest:
        yield Finding("entry_changed", link.number,
                      {"entry": link.entry.number, "sequence": link.sequence})  # fmt: skip


def _chain(office: Office, session: Session, verdict: Verdict, progress: Progress) -> None:
    """Reads the chain in its order; after a break it goes on from what is written there."""
    del office
    length, digest = ledger.head(session)
    expected, previous = 1, GENESIS
    for link in ledger.chain(session):
        verdict.problems += _link_problems(link, expected, previous)
        expected, previous = link.sequence + 1, link.digest
        verdict.entries += 1
        progress(verdict.entries, length * 2)
    if (expected - 1, previous) != (length, digest):
        facts = {"expected": length, "found": expected - 1}
        verdict.problems.append(Finding("chain_end", "", facts))
    verdict.digest = previous


def _history_problems(number: str, history: list[Entry]) -> Iterator[Finding]:
    """Entries are numbered 1, 2, 3 …, and each leaves the state in which the one before it ended."""
    state: str | None = None
    for place, entry in enumerate(history, start=1):
        if entry.number != place:
            yield Finding("entry_gap", number, {"expected": place, "found": entry.number})
            return
        if entry.from_state != state:
            yield Finding("state_gap", number, {"entry": place, "found": entry.from_state or "",
                                                "expected": state or ""})  # fmt: skip
        state = entry.to_state


def _owed_names(found: Sequence[Owed]) -> list[str]:
    return [f"{one.kind} {one.due}" for one in found]


def _same_limits(stored: Sequence[Owed], owed: Sequence[Owed]) -> bool:
    """Whether the same is owed, whatever the days."""
    return sorted((x.kind, x.entry) for x in stored) == sorted((x.kind, x.entry) for x in owed)


def row_problems(
    office: Office,
    row: registry.Registered,
    history: list[Entry],
    stored: Sequence[Owed],
    *,
    outdated: bool,
) -> Iterator[Finding]:
    """Where a row, what it owes, and its applicant's copy are not what its history says."""
    number = row.summary.number
    try:
        case = replayed(office, number, history)
        deserved, owed = copies(case, office.rules)
    except RequestflowError as error:
        yield Finding(error.code, number, error.facts)
        return
    stands, deserves = asdict(row.summary), asdict(deserved)
    wrong = [name for name, value in deserves.items() if stands[name] != value]
    if outdated and _same_limits(stored, owed):
        told = [name for name in wrong if name not in OF_THE_CLOCK]
        if told != wrong or sorted(stored, key=repr) != sorted(owed, key=repr):
            yield Finding("calendar_not_refreshed", "", {})  # what `calendar refresh` works out anew
        wrong, stored = told, owed
    if wrong:
        yield Finding("row_differs", number, {
            "columns": wrong,
            "stands": [str(stands[name]) for name in wrong],
            "deserves": [str(deserves[name]) for name in wrong]})  # fmt: skip
    if sorted(stored, key=repr) != sorted(owed, key=repr):
        yield Finding("obligations_differ", number,
                      {"stands": _owed_names(stored), "deserves": _owed_names(owed)})  # fmt: skip
    if not _applicant_agrees(row, case.application, history):
        yield Finding("applicant_differs", number, {})


def _applicant_agrees(row: registry.Registered, application: Application, history: list[Entry]) -> bool:
    """Whether the applicant's copy fits; both may have been removed when their time was over."""
    removed = not row.applicant and not any(entry.personal for entry in history)
    return removed or dict(row.applicant) == dict(application.applicant)


_Pair = tuple[registry.Registered | None, list[Entry]]


def _paired(session: Session) -> Iterator[_Pair]:
    """Each row with its history, and each history whose row is gone, in the order of the keys."""
    found = iter(ledger.histories(session))
    pending = next(found, None)
    for row in registry.rows(session):
        while pending is not None and pending[0] < row.id:
            yield None, pending[1]
            pending = next(found, None)
        if pending is not None and pending[0] == row.id:
            yield row, pending[1]
            pending = next(found, None)
        else:
            yield row, []
    if pending is not None:
        yield None, pending[1]
    yield from ((None, history) for _key, history in found)


def _rows(office: Office, session: Session, verdict: Verdict, progress: Progress) -> None:
    owed = owing.by_application(session)
    outdated = office.goes_by_another_calendar(session)
    for row, history in _paired(session):
        if row is None:
            facts = {"entries": len(history), "on": history[0].on}
            verdict.problems.append(Finding("no_row", "", facts))
            continue
        verdict.applications += 1
        if not history:
            verdict.problems.append(Finding("no_history", row.summary.number, {}))
            continue
        verdict.problems += _history_problems(row.summary.number, history)
        for one in row_problems(office, row, history, owed.get(row.id, ()), outdated=outdated):
            if one not in verdict.problems:  # that the calendar has changed is said once
                verdict.problems.append(one)
        progress(verdict.entries + verdict.applications, verdict.entries * 2)


def _acts(office: Office, session: Session, verdict: Verdict, _progress: Progress) -> None:
    """The office's own entries: numbered without a gap, disputes and closed years as they say."""
    acts = ledger.office_history(session)
    for place, entry in enumerate(acts, start=1):
        if entry.number != place:
            verdict.problems.append(Finding("entry_gap", "", {"expected": place, "found": entry.number}))
            break
    verdict.problems += _disputes(session, acts)
    verdict.problems += _years(office, session, acts)
    verdict.problems += _reports(acts)
    verdict.problems += _tree(session)


def _disputes(session: Session, acts: list[Entry]) -> Iterator[Finding]:
    try:
        told = docket(acts)
    except (LookupError, ValueError, TypeError) as error:
        yield Finding("history_unreadable", "", {"problem": repr(error)})
        return
    stand = {one.number: one for one in dispute_store.every(session)}
    for number in sorted(told.keys() | stand.keys()):
        if told.get(number) != stand.get(number):
            yield Finding("dispute_differs", number, {"dispute": number})


def _reports(acts: list[Entry]) -> Iterator[Finding]:
    """What the acts tell of reports that were handed in can be read."""
    try:
        handed_in(acts)
    except LookupError as error:
        yield Finding("history_unreadable", "", {"problem": repr(error)})


def _tree(session: Session) -> Iterator[Finding]:
    """Every office of the database stands where the acts put it, and each that was added is there."""
    told = placements(ledger.acts_of_all(session, TREE_ACTS))
    rows = office_store.every(session)
    names = {row.id: row.name for row in rows}
    stand = {row.name: Placement(names.get(row.parent_id or 0), row.level, row.vertical) for row in rows}
    for name in sorted(told.found.keys() | stand.keys()):
        if stand.get(name) != told.of(name):
            yield Finding("office_differs", "", {"office": name})


def _years(office: Office, session: Session, acts: list[Entry]) -> Iterator[Finding]:
    """Each close as the chain tells it; its document whole; and the year counting what was frozen."""
    try:
        told = {(one.year, one.version): one for one in closes(acts)}
    except (LookupError, ValueError, TypeError) as error:
        yield Finding("history_unreadable", "", {"problem": repr(error)})
        return
    stand = {(one.year, one.version): one for one in year_store.versions(session)}
    for key in sorted(told.keys() | stand.keys()):
        close, version = told.get(key), stand.get(key)
        if close is None or version is None or not _same(close, version):
            yield Finding("year_row_differs", str(key[0]), {"year": key[0], "version": key[1]})
        elif frozen_digest(version.text) != close.digest:
            yield Finding("frozen_table_changed", str(key[0]), {"year": key[0], "version": key[1]})
        elif version.in_force:
            yield from _recounted(office, session, version)


def _same(close: Close, version: year_store.Version) -> bool:
    """Whether a row says of a close what its entries say."""
    again = close.reopening
    return (
        (close.digest, close.entry.recorded_at, close.entry.by)
        == (version.digest, version.closed_at, version.closed_by)
    ) and ((again.recorded_at, again.by, again.text("reason")) if again else (None, None, None)) == (
        version.reopened_at,
        version.reopened_by,
        version.reason,
    )


def _recounted(office: Office, session: Session, version: year_store.Version) -> Iterator[Finding]:
    """A closed year counted anew from the rows, which are held against their histories beside this."""
    now = counted_year(office, session, version.year)
    frozen = frozen_counting(version)
    for code, form in office.forms.items():
        if code not in frozen.tables:
            continue
        for one in figures_changed(frozen, now, form, office.workflow):
            yield Finding("closed_year_differs", str(version.year), {
                "year": version.year, "form": code, "row": one.row, "column": one.column,
                "before": one.before, "after": one.after, "cases": [*one.came, *one.went]})  # fmt: skip
    moved = sorted(n for n in frozen.cases.keys() | now.cases.keys()
                   if frozen.cases.get(n) != now.cases.get(n))  # fmt: skip
    for number in moved:
        yield Finding("closed_case_differs", number, {"year": version.year})


def _letters(office: Office, session: Session, verdict: Verdict, progress: Progress) -> None:
    del office, progress
    verdict.problems += letter_problems(session)


def _attachments(office: Office, session: Session, verdict: Verdict, progress: Progress) -> None:
    del progress
    problems, notes = attachment_problems(office, session)
    verdict.problems += problems
    verdict.notes += notes


def verify(office: Office, progress: Progress = lambda _done, _all: None) -> Verdict:
    """Reads every entry and every row of the office, and names all that does not hold.

    A chain proves that nothing inside it was changed; that the whole of it was not written anew, only
    a digest kept elsewhere can show. The verdict carries the last digest for that.
    """
    verdict = Verdict()
    with office.reading() as session:
        for part in (_chain, _rows, _acts, _letters, _attachments):
            try:
                part(office, session, verdict, progress)
            except Refused as error:  # a record that cannot even be read ends this part, not the other
                if error.code != "record_unreadable":
                    raise
                number = str(error.facts["number"])
                verdict.problems.append(Finding(error.code, number, error.facts))
    return verdict
