"""Rows of an old register understood: what each registers, the result it states, and its faults."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from requestflow.domain.entries import Entry
from requestflow.domain.labels import by_label, lookup, outcome_labels, stands_for_several
from requestflow.domain.summary import Summary
from requestflow.domain.workflow import IMPORT, Effect, Outcome, State, Words
from requestflow.errors import Finding
from requestflow.exchange.register_files import RegisterRow
from requestflow.exchange.register_heads import FIELDS
from requestflow.services.intake import Registration, receipt_gap, registration_entry
from requestflow.services.office import Office

_FINAL = State("", Words("", ""), final=True)


@dataclass(slots=True)
class Draft:
    """A row understood: what to register, and the result that it states."""

    row: RegisterRow
    registration: Registration
    outcome: str | None
    decided: date | None
    extended_to: date | None
    state: str | None


class RowReader:
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
        """Something for which nothing comes in, with its row and column."""
        self.findings.append(Finding(code, row.place(name), facts))

    def note(self, code: str, row: RegisterRow, name: str | None = None, **facts: object) -> None:
        """Something worth a word, with its row and column."""
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

    def draft(self, row: RegisterRow) -> Draft | None:
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
        channel = self._term(row, "channel") or ""
        number = row.values.get("number")
        if number is not None and not self.office.pattern.allows(number):
            self.fault("bad_number", row, "number", number=number)
        if number is not None and received is not None and self._of_another_year(number, received):
            self.fault("number_of_another_year", row, "number", number=number, year=received.year)
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
        return Draft(row, registration, outcome, decided, extended_to, state)

    def _of_another_year(self, number: str, received: date) -> bool:
        return not self.office.pattern.of_year(number, received.year)

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

    def entries(self, draft: Draft) -> list[Entry]:
        """The history that a row amounts to: its registration, and what it states of the result."""
        first = registration_entry(self.office, draft.registration, self.by)
        note = draft.row.values.get("note")  # may name people: apart from the chain
        first = replace(
            first,
            data={**first.data, "source": draft.row.place()},
            personal={**first.personal, **({"note": note} if note else {})},
        )
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

    def _settled(self, draft: Draft) -> str | None:
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

    def _target(self, draft: Draft, target: str) -> str:
        """The state a row is in: as stated, else the workflow's last or first."""
        states = self.office.workflow.states
        if target in states:
            return target
        finals = [s.name for s in states.values() if s.final]
        return finals[0] if draft.outcome else self.office.workflow.initial

    def warn(self, draft: Draft, summary: Summary) -> None:
        """What a live case would have had to show, and a row of an old register cannot."""
        outcome = self.office.workflow.outcomes.get(draft.outcome or "")
        lacking = self._lacking(outcome) if outcome is not None else []
        if outcome is not None and lacking:
            facts = {"outcome": outcome.words, "lacking": lacking}
            self.note("imported_without_steps", draft.row, "outcome", **facts)
        if summary.late and draft.decided:
            due = self.office.calendar.stated(summary.due)
            self.note("imported_late", draft.row, "decided", due=due, decided=draft.decided)
        self.findings += receipt_gap(
            self.office, draft.registration.submitted, draft.registration.received,
            draft.row.place("submitted"),
        )  # fmt: skip

    def _lacking(self, outcome: Outcome) -> list[Words]:
        """What an outcome has to have on file, and no register has: steps, and facts of the decision."""
        acts = self.office.workflow.transitions
        words = {name: fact.words for act in acts.values() for name, fact in act.facts.items()}
        return [acts[name].words for name in outcome.needs] + [
            words[name] for name in outcome.needs_facts
        ]
