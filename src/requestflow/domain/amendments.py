"""Corrections: what an earlier entry should have said; the history is then walked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from requestflow.domain.applications import PERSONAL
from requestflow.domain.case import Case
from requestflow.domain.entries import Entry, effective
from requestflow.domain.facts import Facts, read_fact
from requestflow.domain.guards import EarlierReply, Proposal, Question, matching
from requestflow.domain.machine import Engine
from requestflow.domain.standing import Standing, advanced
from requestflow.domain.workflow import AMEND, IMPORT, REGISTER, VOID, Fact, FactType, Transition
from requestflow.domain.years import CARRY_OVER
from requestflow.errors import Refused


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
    apart = (*PERSONAL, "note")
    facts |= {name: Fact(name, FactType.TEXT, words, personal=True) for name in apart}
    return facts | {"submitted": Fact("submitted", FactType.DATE, words)}


def _imported_facts(engine: Engine) -> Mapping[str, Fact]:
    words = engine.workflow.registration.words
    return {
        "outcome": Fact("outcome", FactType.OUTCOME, words),
        "extended_to": Fact("extended_to", FactType.DATE, words),
    }


def _amendable(entry: Entry, engine: Engine) -> Mapping[str, Fact]:
    if entry.transition == REGISTER:
        return _registration_facts(engine)
    if entry.transition == IMPORT:
        return _imported_facts(engine)
    act = engine.workflow.transitions.get(entry.transition)
    facts = dict(act.facts) if act else {}
    words = act.words if act else engine.workflow.title
    for name in ("reason", *(key for key in entry.data if key not in facts)):
        facts[name] = Fact(name, FactType.TEXT, words)
    for name in (key for key in entry.personal if key not in facts):
        facts[name] = Fact(name, FactType.TEXT, words, personal=True)
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
