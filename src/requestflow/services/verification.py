"""`verify`: the chain unbroken, and every row as its history says."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field

from requestflow.domain.applications import Application
from requestflow.domain.entries import GENESIS, Entry, chained_digest, personal_digest
from requestflow.domain.summary import summarize
from requestflow.errors import Finding, Refused, RequestflowError
from requestflow.services.casework import replayed
from requestflow.services.enclosures import attachment_problems, letter_problems
from requestflow.services.office import Office
from requestflow.storage import ledger, registry
from requestflow.storage.database import Session
from requestflow.storage.ledger import Link

Progress = Callable[[int, int], None]


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


def _row_problems(office: Office, row: registry.Registered, history: list[Entry]) -> Iterator[Finding]:
    number = row.summary.number
    try:
        case = replayed(office, number, history)
        deserved = summarize(case, office.rules)
    except RequestflowError as error:
        yield Finding(error.code, number, error.facts)
        return
    stands, deserves = asdict(row.summary), asdict(deserved)
    wrong = [name for name, value in deserves.items() if stands[name] != value]
    if wrong:
        yield Finding("row_differs", number, {
            "columns": wrong,
            "stands": [str(stands[name]) for name in wrong],
            "deserves": [str(deserves[name]) for name in wrong]})  # fmt: skip
    if not _applicant_agrees(row, case.application, history):
        yield Finding("applicant_differs", number, {})


def _applicant_agrees(row: registry.Registered, application: Application, history: list[Entry]) -> bool:
    """Whether the applicant's copy fits; both may have been removed when their time was over."""
    removed = not row.applicant and not any(entry.personal for entry in history)
    return removed or dict(row.applicant) == dict(application.applicant)


def _rows(office: Office, session: Session, verdict: Verdict, progress: Progress) -> None:
    found = iter(ledger.histories(session))
    pending = next(found, None)
    for row in registry.rows(session):
        verdict.applications += 1
        if pending is None or pending[0] != row.id:
            verdict.problems.append(Finding("no_history", row.summary.number, {}))
            continue
        history = pending[1]
        verdict.problems += _history_problems(row.summary.number, history)
        verdict.problems += _row_problems(office, row, history)
        pending = next(found, None)
        progress(verdict.entries + verdict.applications, verdict.entries * 2)


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
        for part in (_chain, _rows, _letters, _attachments):
            try:
                part(office, session, verdict, progress)
            except Refused as error:  # a record that cannot even be read ends this part, not the other
                if error.code != "record_unreadable":
                    raise
                number = str(error.facts["number"])
                verdict.problems.append(Finding(error.code, number, error.facts))
    return verdict
