"""May this be done, and what entry does it become? The one answer for `next` and for `transition`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from requestflow.domain.applications import PERSONAL
from requestflow.domain.case import Case
from requestflow.domain.deadline import deadline, due_date, expired
from requestflow.domain.decision_doubts import decision_doubts
from requestflow.domain.entries import Entry, effective
from requestflow.domain.facts import Facts, read_fact
from requestflow.domain.fees import AMOUNT, charged
from requestflow.domain.guards import EarlierReply, Proposal, Question, matching, started_by
from requestflow.domain.machine import Engine
from requestflow.domain.standing import Standing, advanced
from requestflow.domain.workflow import (
    AMEND,
    IMPORT,
    REGISTER,
    VOID,
    Effect,
    Fact,
    FactType,
    Transition,
)
from requestflow.domain.years import CARRY_OVER
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
            "due": due_date(clock, entry.on, engine.rules),
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
    """A lapse that is counted from the day of sending, since no day of receipt is on file [reading]."""
    started = started_by(case.standing, act.lapse_of or "", engine.workflow)
    limit = engine.workflow.limits.get(act.lapse_of or "")
    if limit is not None and started is not None and started.day(limit.counts_from) is None:
        facts = {"limit": limit.words, "entry": started.number, "fact": limit.counts_from}
        yield Finding("counted_from_sending", case.application.number, facts, warning=True)


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
            facts = {"limit": owed.limit.words, "due": owed.due, "on": entry.on,
                     "basis": owed.limit.basis}  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Correction:
    """A wish to correct entry `entry`: new facts as text, or that it never happened."""

    entry: int
    given: Mapping[str, str]
    struck: bool
    reason: str
    by: str
    role: str
    today: date
    earlier: EarlierReply | None = None


def _registration_facts(engine: Engine) -> Mapping[str, Fact]:
    words = engine.workflow.registration.words
    texts = ("kind", "channel", "subject", "form")
    facts = {name: Fact(name, FactType.TEXT, words) for name in texts}
    facts |= {name: Fact(name, FactType.TEXT, words, personal=True) for name in PERSONAL}
    return facts | {"submitted": Fact("submitted", FactType.DATE, words)}


def _imported_facts(engine: Engine) -> Mapping[str, Fact]:
    words = engine.workflow.registration.words
    return {
        "outcome": Fact("outcome", FactType.OUTCOME, words),
        "extended_to": Fact("extended_to", FactType.DATE, words),
        "note": Fact("note", FactType.TEXT, words),
    }


def _amendable(entry: Entry, engine: Engine) -> Mapping[str, Fact]:
    if entry.transition == REGISTER:
        return _registration_facts(engine)
    if entry.transition == IMPORT:
        return _imported_facts(engine)
    act = engine.workflow.transitions.get(entry.transition)
    facts = dict(act.facts) if act else {}
    for name in ("reason", *(key for key in entry.data if key not in facts)):
        facts[name] = Fact(name, FactType.TEXT, act.words if act else engine.workflow.title)
    return facts


def _corrected_facts(target: Entry, wish: Correction, engine: Engine) -> tuple[Facts, date | None]:
    known = _amendable(target, engine)
    on_names = {"on", "received"} if target.transition == REGISTER else {"on"}
    if target.transition == IMPORT:
        on_names |= {"decided"}
    data: dict[str, object] = {}
    personal: dict[str, str] = {}
    on: date | None = None
    day = Fact("on", FactType.DATE, engine.workflow.title)
    for name, text in wish.given.items():
        if name in on_names:
            on = date.fromisoformat(str(read_fact(day, text, engine.workflow)))
        elif name not in known or name == "concludes":
            names = sorted({*known, *on_names} - {"concludes"})
            raise Refused("not_amendable", fact=name, entry=target.number, names=names)
        elif known[name].personal:
            personal[name] = text.strip()
        else:
            data[name] = read_fact(known[name], text, engine.workflow) if text.strip() else None
    return Facts(data, personal), on


def _correctors(act: Transition, wish: Correction, engine: Engine) -> tuple[str, ...]:
    """Who may correct a step: who may make it; what a year's close wrote, who may open the year."""
    if act.name == CARRY_OVER and wish.struck:
        return engine.workflow.year.reopen_by or tuple(engine.workflow.roles)
    return act.by


def amendment(case: Case, wish: Correction, engine: Engine, recorded_at: datetime) -> Entry:
    """The entry by which a recorded fact is corrected; the old one stays where it is.

    The corrected history is walked again from its first entry: a correction that would make a later
    step unlawful is refused, and names that step.

    Raises:
        Refused: no such entry, a fact it does not have, or a step that would no longer be allowed.
    """
    if case.standing.void:
        raise Refused("application_void", transition=engine.workflow.registration.words)
    target = next((e for e in case.standing.entries if e.number == wish.entry), None)
    if target is None:
        numbers = [e.number for e in case.standing.entries]
        raise Refused("no_such_entry", entry=wish.entry, entries=numbers)
    if wish.struck and target.transition == REGISTER:
        raise Refused("registration_not_struck", number=case.application.number)
    act = engine.workflow.transitions.get(target.transition)
    may = _correctors(act, wish, engine) if act is not None else ()
    if act is not None and wish.role not in may:
        roles = [engine.workflow.roles[name] for name in may]
        raise Refused("role_not_allowed", transition=act.words, basis=act.basis, by=wish.by, roles=roles)
    facts, on = _corrected_facts(target, wish, engine)
    data: dict[str, object] = {"entry": wish.entry, "reason": wish.reason}
    if wish.struck:
        data["struck"] = True
    if facts.data:
        data["set"] = dict(facts.data)
    if on:
        data["on"] = on.isoformat()
    entry = Entry(
        number=len(case.history) + 1,
        transition=AMEND,
        on=wish.today,
        recorded_at=recorded_at,
        by=wish.by,
        from_state=case.standing.state,
        to_state=case.standing.state,
        data=data,
        personal=facts.personal,
        rules=engine.workflow.stamp,
    )
    state = _walked(effective((*case.history, entry)), wish, engine)
    return replace(entry, to_state=state)


def _walked(entries: Sequence[Entry], wish: Correction, engine: Engine) -> str:
    """The state a corrected history ends in, every step asked again as on its own day."""
    _check_registration(entries[0], wish)
    standing = advanced(Standing(engine.workflow.initial), entries[0], engine.rules)
    for entry in entries[1:]:
        if entry.transition == IMPORT:
            _check_imported(entry, standing.entries[0], wish, engine)
            standing = advanced(standing, entry, engine.rules)
            continue
        act = engine.workflow.transitions.get(entry.transition)
        if act is None:
            continue
        named_now = entry.number == wish.entry and "earlier" in wish.given
        earlier = wish.earlier if named_now else _already_checked(entry)
        proposal = Proposal(act.name, entry.on, entry.by, act.by[0], wish.today, entry.data,
                            entry.personal, earlier)  # fmt: skip
        state = _of_another(standing, proposal, act, engine) or engine.fire(standing, proposal, act)
        if isinstance(state, Refused):
            raise Refused("amendment_breaks", entry=entry.number, transition=act.words, why=state)
        if entry.to_state != state:
            raise Refused("amendment_moves", entry=entry.number, transition=act.words)
        standing = advanced(standing, entry, engine.rules)
    return standing.state


def _of_another(
    standing: Standing, proposal: Proposal, act: Transition, engine: Engine
) -> Refused | None:
    """An opinion belongs to the letter it was recorded for; a correction cannot give it to another."""
    question = Question(standing, proposal, act, engine.rules)
    recorded = proposal.data.get("concludes")
    if recorded is None or recorded in [entry.number for entry in matching(question)]:
        return None
    return question.refuse("nothing_to_conclude")


def _check_registration(entry: Entry, wish: Correction) -> None:
    """A corrected registration is held to what a new one is held to."""
    submitted = entry.day("submitted")
    if entry.on > wish.today:
        raise Refused("received_in_future", received=entry.on, today=wish.today)
    if submitted is not None and submitted > entry.on:
        raise Refused("submitted_after_receipt", submitted=submitted, received=entry.on)
    for name in ("subject", "name"):
        if wish.entry == entry.number and not wish.given.get(name, name).strip():
            raise Refused(f"{name}_missing")


def _check_imported(entry: Entry, registration: Entry, wish: Correction, engine: Engine) -> None:
    """A corrected result of an old register is still a result, made after receipt and by today."""
    if entry.on > wish.today:
        raise Refused("day_in_future", day=entry.on, today=wish.today)
    if entry.on < registration.on:
        raise Refused("decided_before_received", decided=entry.on, received=registration.on)
    state = engine.workflow.states[entry.to_state]
    finished = state.final or state.concluded
    if finished != bool(entry.text("outcome")):
        raise Refused("result_missing" if finished else "result_of_open_case", state=state.words)


def _already_checked(entry: Entry) -> EarlierReply | None:
    """The earlier reply that a recorded repeat names was looked up when it was recorded."""
    named = entry.text("earlier")
    return EarlierReply(named, date.min, concluded=True) if named else None


def voiding(case: Case, reason: str, by: str, today: date, *, engine: Engine,
            recorded_at: datetime) -> Entry:  # fmt: skip
    """The entry that takes a mistaken registration out of every figure; its number stays taken.

    Raises:
        Refused: it is void already.
    """
    if case.standing.void:
        raise Refused("application_void", transition=engine.workflow.registration.words)
    return Entry(
        number=len(case.history) + 1,
        transition=VOID,
        on=today,
        recorded_at=recorded_at,
        by=by,
        from_state=case.standing.state,
        to_state=case.standing.state,
        data={"reason": reason},
        rules=engine.workflow.stamp,
    )
