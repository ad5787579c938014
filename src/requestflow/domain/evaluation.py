"""May this be done, and what entry does it become? The one answer for `next` and for `transition`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from requestflow.domain.case import Case
from requestflow.domain.clock import due_date, expired, limit_due
from requestflow.domain.deadline import deadline
from requestflow.domain.decision_doubts import decision_doubts
from requestflow.domain.entries import Entry
from requestflow.domain.fees import AMOUNT, charged
from requestflow.domain.guards import Proposal, Question, matching, may_still_move, started_by
from requestflow.domain.machine import Engine
from requestflow.domain.standing import Standing, advanced
from requestflow.domain.workflow import Effect, Fact, Transition
from requestflow.errors import Finding, Refused


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal that may be made: the entry it becomes, and what is worth a word."""

    entry: Entry
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What `next` says of a transition: open, with what it still needs, or closed, and why."""

    act: Transition
    refused: Refused | None

    @property
    def needs(self) -> tuple[Fact, ...]:
        """Facts that must be given."""
        return tuple(fact for fact in self.act.facts.values() if fact.required)


def _completed(standing: Standing, proposal: Proposal, act: Transition, engine: Engine) -> Proposal:
    """The proposal with what follows: the rest of an extension, which consultation, the fee."""
    data = dict(proposal.data)
    limit = engine.workflow.limits.get(act.limit or "")
    if act.effect is Effect.EXTEND and "days" not in data and limit and standing.clock:
        data["days"] = max(limit.working_days - standing.clock.extended, 0)
    if act.concludes:
        found = matching(Question(standing, proposal, act, engine.rules))
        if len(found) == 1:
            data["concludes"] = found[0].number
    if AMOUNT not in data:
        data |= _fee(act, data, engine)
    return replace(proposal, data=data)


def _fee(act: Transition, data: Mapping[str, object], engine: Engine) -> dict[str, object]:
    """The amount by the tiers; nothing where nothing is counted, or a guard is to refuse it."""
    try:
        found = charged(act, data, engine.workflow)
    except Refused:
        return {}
    return {AMOUNT: found.yuan} if found else {}


def evaluate(
    case: Case, proposal: Proposal, engine: Engine, recorded_at: datetime
) -> Accepted | Refused:
    """May this transition be made, and what entry does it become?

    Raises:
        NotFound: the workflow has no transition of that name.
    """
    act = engine.transition(proposal.transition)
    proposal = _completed(case.standing, proposal, act, engine)
    state = engine.fire(case.standing, proposal, act)
    if isinstance(state, Refused):
        return state
    entry = Entry(
        number=len(case.history) + 1,
        transition=act.name,
        on=proposal.on,
        recorded_at=recorded_at,
        by=proposal.by,
        from_state=case.standing.state,
        to_state=state,
        data=proposal.data,
        personal=proposal.personal,
        rules=engine.workflow.stamp,
    )
    warnings = (
        *_lateness(case, entry, engine),
        *_unproven(case, act, engine),
        *_after_expiry(case, entry, act, engine),
        *_unexplained(case, entry, engine),
        *_other_amount(case, entry, act, engine),
        *decision_doubts(case.standing, entry, engine.workflow, case.application.number),
    )
    return Accepted(entry, warnings)


def _after_expiry(case: Case, entry: Entry, act: Transition, engine: Engine) -> Iterator[Finding]:
    """A consultation, notice or new day after the due date: recorded, and the old date stays missed."""
    clock = case.standing.clock
    if clock is not None and expired(clock, entry, act, engine.rules):
        facts = {
            "transition": act.words,
            "due": engine.rules.calendar.stated(due_date(clock, entry.on, engine.rules)),
            "on": entry.on,
            "basis": engine.workflow.registration.basis,
        }
        yield Finding("already_expired", case.application.number, facts, warning=True)


def _unexplained(case: Case, entry: Entry, engine: Engine) -> Iterator[Finding]:
    """A late answer says why it is late and whose delay it was; the command that records it is named."""
    after = advanced(case.standing, entry, engine.rules)
    found = deadline(after.entries, entry.on, engine.rules)
    for owed in found.obligations if found else ():
        if owed.limit.if_late and owed.entry == entry.number and not owed.met:
            number = case.application.number or ""
            facts = " ".join(f"--set {name}=…" for name in owed.limit.met_by_facts)
            command = f"amend {number} --entry {entry.number} {facts} --reason …"
            yield Finding("late_unexplained", number, {"command": command}, warning=True)


def _other_amount(case: Case, entry: Entry, act: Transition, engine: Engine) -> Iterator[Finding]:
    """A fee that is not what the tiers amount to: recorded as the clerk says, and said."""
    found = charged(act, entry.data, engine.workflow)
    if found is not None and entry.data.get(AMOUNT) != found.yuan:
        facts = {"amount": entry.data.get(AMOUNT), "computed": found.yuan, "basis": found.tariff.basis}
        yield Finding("fee_differs", case.application.number, facts, warning=True)


def _unproven(case: Case, act: Transition, engine: Engine) -> Iterator[Finding]:
    """A lapse whose day is not certain [reading].

    It is counted from the day of sending, since no day of receipt is on file; or its last day lies in a
    year whose days off are not published.
    """
    started = started_by(case.standing, act.lapse_of or "", engine.workflow)
    limit = engine.workflow.limits.get(act.lapse_of or "")
    if limit is None or started is None:
        return
    number, calendar = case.application.number, engine.rules.calendar
    if started.day(limit.counts_from) is None:
        facts = {"limit": limit.words, "entry": started.number, "fact": limit.counts_from}
        yield Finding("counted_from_sending", number, facts, warning=True)
    if may_still_move(limit, started, calendar):
        facts = {"limit": limit.words, "due": limit_due(limit, started, calendar)}
        yield Finding("lapse_provisional", number, facts, warning=True)


def _lateness(case: Case, entry: Entry, engine: Engine) -> Iterator[Finding]:
    """What was done after its day: recorded all the same, and said."""
    after = advanced(case.standing, entry, engine.rules)
    found = deadline(after.entries, entry.on, engine.rules)
    if found is None:
        return
    for owed in found.obligations:
        answer = owed is found.obligations[0]
        silent = owed.limit.silence_resumes and entry.text("opinion") == "silent"
        done_now = owed.met_by == entry.number and not silent
        ended_now = answer and found.late and entry.to_state != case.standing.state
        said = owed.limit.within or owed.limit.if_late  # `_after_expiry`, `_unexplained` speak of these
        if (done_now and owed.late and not said) or ended_now:
            facts = {"limit": owed.limit.words, "due": engine.rules.calendar.stated(owed.due),
                     "on": entry.on, "basis": owed.limit.basis}  # fmt: skip
            yield Finding("done_late", case.application.number, facts, warning=True)


def openings(case: Case, today: date, engine: Engine, roles: frozenset[str]) -> list[Opening]:
    """For every transition of the workflow: open now to somebody of these roles, or why not."""
    found = []
    for act in engine.workflow.transitions.values():
        probe = Proposal(act.name, today, by="", role="", today=today, probe=True, roles=roles)
        probe = _completed(case.standing, probe, act, engine)
        answer = engine.fire(case.standing, probe, act)
        found.append(Opening(act, answer if isinstance(answer, Refused) else None))
    return found
