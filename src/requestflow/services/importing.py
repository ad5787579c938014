"""`import`: an old register becomes an office's history; every row, or none."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from requestflow.domain.case import Case, replay
from requestflow.domain.entries import Entry
from requestflow.domain.labels import by_label, lookup, outcome_labels, stands_for_several
from requestflow.domain.summary import Summary
from requestflow.domain.workflow import IMPORT, Effect, State, Words
from requestflow.domain.years import years_moved
from requestflow.errors import Finding, FoundProblems, RequestflowError
from requestflow.exchange.register_files import FIELDS, RegisterRow, read_mapping, read_register
from requestflow.services import year_lock
from requestflow.services.casework import copy_of
from requestflow.services.intake import Registration, receipt_gap, registration_entry
from requestflow.services.office import Office
from requestflow.services.progress import Progress
from requestflow.storage import ledger, registry, series, year_store
from requestflow.storage.database import Session
from requestflow.storage.ledger import Addition
from requestflow.storage.registry import Copy

_BATCH = 5000
_FINAL = State("", Words("", ""), final=True)


@dataclass(frozen=True, slots=True)
class Imported:
    """How much came in, and what is worth a word."""

    applications: int
    concluded: int
    warnings: list[Finding] = field(default_factory=list)
    dry_run: bool = False


@dataclass(slots=True)
class _Draft:
    """A row understood: what to register, and the result that it states."""

    row: RegisterRow
    registration: Registration
    outcome: str | None
    decided: date | None
    extended_to: date | None
    state: str | None


class _Reader:
    """Understands rows: every fault is a finding with its place."""

    def __init__(self, office: Office, by: str) -> None:
        self.office = office
        self.by = by
        self.today = office.today()
        self.findings: list[Finding] = []

    @cached_property
    def _terms(self) -> Mapping[str, Mapping[str, str]]:
        workflow = self.office.workflow
        return {
            "kind": by_label((code, (label,)) for code, label in self.office.kinds.items()),
            "channel": by_label((c.name, (c.words.zh, c.words.en)) for c in workflow.channels.values()),
            "state": by_label((s.name, (s.words.zh, s.words.en)) for s in workflow.states.values()),
            "outcome": outcome_labels(workflow, self.office.forms),
        }

    def fault(self, code: str, row: RegisterRow, name: str | None = None, **facts: object) -> None:
        self.findings.append(Finding(code, row.place(name), facts))

    def note(self, code: str, row: RegisterRow, name: str | None = None, **facts: object) -> None:
        self.findings.append(Finding(code, row.place(name), facts, warning=True))

    def _term(self, row: RegisterRow, name: str) -> str | None:
        text = row.values.get(name)
        if text is None:
            return None
        code = lookup(text, self._terms[name])
        if code is None:
            self.fault(f"unknown_{name}", row, name, value=text, near=self._codes(name))
        elif name == "outcome" and stands_for_several(
            text, self.office.workflow.outcomes[code], self.office.workflow
        ):
            words = self.office.workflow.outcomes[code].words
            self.note("row_of_several_outcomes", row, name, value=text, outcome=words)
        return code

    def _codes(self, name: str) -> list[str]:
        return sorted(set(self._terms[name].values()))

    def _day(self, row: RegisterRow, name: str) -> date | None:
        text = row.values.get(name)
        day = date.fromisoformat(text) if text else None
        if day is not None and day > self.today and name != "extended_to":
            self.fault("day_in_future", row, name, day=day, today=self.today)
        return day

    def draft(self, row: RegisterRow) -> _Draft | None:
        """A row as an application, or None with the reasons among the findings."""
        before = len(self.findings)
        received = self._day(row, "received")
        kind = self._term(row, "kind")
        for name in ("received", "kind"):
            if name not in row.values:
                self.fault("cell_missing", row, name, head=FIELDS[name])
        state, outcome = self._term(row, "state"), self._term(row, "outcome")
        decided, submitted = self._day(row, "decided"), self._day(row, "submitted")
        extended_to = self._day(row, "extended_to")
        channel = self._term(row, "channel") or "post"
        number = row.values.get("number")
        if number is not None and not self.office.pattern.allows(number):
            self.fault("bad_number", row, "number", number=number)
        if received is not None:
            self._order(row, received, decided=decided, submitted=submitted, until=extended_to)
        self._result(row, state, outcome, decided)
        if any(not f.warning for f in self.findings[before:]) or not received or not kind:
            return None
        values = row.values
        personal = {n: values[n] for n in ("name", "contact", "id_number") if n in values}
        registration = Registration(
            kind, channel, received, values.get("subject", ""), personal, submitted, None, number
        )
        return _Draft(row, registration, outcome, decided, extended_to, state)

    def _order(self, row: RegisterRow, received: date, *, decided: date | None,
               submitted: date | None, until: date | None) -> None:  # fmt: skip
        if decided is not None and decided < received:
            self.fault("decided_before_received", row, "decided", decided=decided,
                       received=received)  # fmt: skip
        if submitted is not None and submitted > received:
            self.fault("submitted_after_receipt", row, "submitted", submitted=submitted,
                       received=received)  # fmt: skip
        if until is not None and until < received:
            self.fault("extended_before_received", row, "extended_to", until=until,
                       received=received)  # fmt: skip

    def _result(
        self, row: RegisterRow, state: str | None, outcome: str | None, decided: date | None
    ) -> None:
        if (outcome is None) != (decided is None) and (
            ("outcome" in row.values) != ("decided" in row.values)
        ):
            missing = "decided" if decided is None else "outcome"
            self.fault("half_a_result", row, missing, head=FIELDS[missing])
        if state is None:
            return
        known = self.office.workflow.states[state]
        finished = known.final or known.concluded
        if finished != ("outcome" in row.values):
            self.fault("state_contradicts", row, "state", state=known.words)

    def entries(self, draft: _Draft) -> list[Entry]:
        """The history that a row amounts to: its registration, and what it states of the result."""
        first = registration_entry(self.office, draft.registration, self.by)
        stated = {"source": draft.row.place()}
        if note := draft.row.values.get("note"):
            stated["note"] = note
        first = replace(first, data={**first.data, **stated})
        if not (draft.outcome or draft.extended_to or draft.state not in (None, first.to_state)):
            return [first]
        data: dict[str, object] = {}
        if draft.outcome:
            data["outcome"] = draft.outcome
        if draft.extended_to:
            data["extended_to"] = draft.extended_to.isoformat()
        target = self._settled(draft) or ("closed" if draft.outcome else "under_review")
        return [
            first,
            Entry(
                number=2,
                transition=IMPORT,
                on=draft.decided or draft.registration.received,
                recorded_at=first.recorded_at,
                by=self.by,
                from_state=first.to_state,
                to_state=self._target(draft, target),
                data=data,
                rules=first.rules,
            ),
        ]

    def _settled(self, draft: _Draft) -> str | None:
        """The state of a row; one that waits for somebody, without the step it waits on, goes on.

        A register has no steps, so nothing could end the wait; the step is recorded anew with its day.
        """
        workflow = self.office.workflow
        leaving = [t for t in workflow.transitions.values() if draft.state in t.sources]
        ends = [t for t in leaving if t.lapse_of or (t.concludes and t.target != draft.state)]
        targets = [t.target for t in ends] + [t.target for t in leaving if t.effect is Effect.RESTART]
        onward = [name for name in targets if not workflow.states.get(name, _FINAL).final]
        if not ends or not onward or draft.state is None:
            return draft.state
        states = workflow.states
        self.note("imported_without_wait", draft.row, "state", state=states[draft.state].words,
                  taken=states[onward[0]].words)  # fmt: skip
        return onward[0]

    def _target(self, draft: _Draft, target: str) -> str:
        """The state a row is in: as stated, else the workflow's last or first."""
        states = self.office.workflow.states
        if target in states:
            return target
        finals = [s.name for s in states.values() if s.final]
        return finals[0] if draft.outcome else self.office.workflow.initial

    def warn(self, draft: _Draft, summary: Summary) -> None:
        """What a live case would have had to show, and a row of an old register cannot."""
        outcome = self.office.workflow.outcomes.get(draft.outcome or "")
        if outcome is not None and (outcome.needs or outcome.needs_facts):
            self.note("imported_without_steps", draft.row, "outcome", outcome=outcome.words)
        if summary.late and draft.decided:
            self.note("imported_late", draft.row, "decided", due=summary.due, decided=draft.decided)
        self.findings += receipt_gap(
            self.office, draft.registration.submitted, draft.registration.received,
            draft.row.place("submitted"),
        )  # fmt: skip


class _Numbers:
    """Numbers for the rows that have none, after those that are given."""

    def __init__(self, office: Office, session: Session) -> None:
        self.office, self.session = office, session
        self.last: Counter[int] = Counter()

    def given(self, drafts: list[_Draft], reader: _Reader) -> set[str]:
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
    office: Office, drafts: list[_Draft], reader: _Reader, progress: Progress
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


def _note_doubles(session: Session, drafts: list[_Draft], reader: _Reader) -> None:
    """A word on rows that say what is registered already: the same file may have come twice."""
    days = [draft.registration.received for draft in drafts]
    known = registry.alike(session, min(days), max(days)) if days else {}
    for draft in drafts:
        wanted = draft.registration
        key = (wanted.received, wanted.subject.strip(), wanted.personal.get("name", "").strip())
        if key in known and wanted.subject:
            reader.note("registered_before", draft.row, "subject", number=known[key])


def _hold_to_closed_years(
    session: Session, drafts: list[_Draft], cases: list[tuple[Case, Copy]], reader: _Reader
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
    reader = _Reader(office, person.key)
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
