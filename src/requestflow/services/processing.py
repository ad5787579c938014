"""Moving applications: transitions for one and for many, corrections, voiding, and what is open next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from requestflow.config import Person
from requestflow.domain.amendments import Correction, amendment, voiding
from requestflow.domain.case import Case
from requestflow.domain.entries import LETTER
from requestflow.domain.evaluation import Opening, evaluate, openings
from requestflow.domain.facts import Facts, check_text, checked_reason, read_facts, term
from requestflow.domain.guards import EarlierReply, Proposal
from requestflow.domain.letters import with_letter
from requestflow.domain.obligations import LATE_REASON, LATE_UNIT
from requestflow.domain.undertaking import undertaken
from requestflow.domain.workflow import FactType, Transition, Words
from requestflow.errors import (
    Finding,
    FoundProblems,
    NotFound,
    Refused,
    RequestflowError,
    WrongUsage,
)
from requestflow.services import casework, earlier_replies
from requestflow.services.likeness import same_applicant
from requestflow.services.office import Office
from requestflow.services.recalculation import bring_along
from requestflow.storage import registry
from requestflow.storage.database import Session

MOST_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """A transition as asked for on the command line; `seen` is the last entry the clerk knew of."""

    name: str
    given: Mapping[str, str]
    on: date | None = None
    by: str | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The case after its step, and what is worth a word."""

    case: Case
    warnings: list[Finding] = field(default_factory=list)


def _earlier(
    session: Session, number: str, act: Transition, data: Mapping[str, object]
) -> EarlierReply | None:
    """What is known of another application that the facts name."""
    names = [name for name, fact in act.facts.items() if fact.type is FactType.APPLICATION]
    named = next((str(data[name]) for name in names if data.get(name)), number)
    if named == number:
        return None
    try:
        found = registry.find(session, named)
    except NotFound:
        return None
    row = found.summary
    concluded = row.concluded is not None and not row.void
    same = same_applicant(found.applicant, registry.find(session, number).applicant)
    return EarlierReply(row.number, row.received, concluded, same)


def _propose(
    office: Office, session: Session, case: Case, step: Step, person: Person
) -> tuple[Proposal, list[Finding]]:
    number = case.application.number
    act = office.engine.transition(step.name)
    facts = _facts(office, act, step)
    facts = replace(facts, data=earlier_replies.filled(office, session, act.facts, facts.data))
    on = step.on or office.today()
    proposal = Proposal(
        transition=act.name,
        on=on,
        by=person.key,
        role=person.role,
        today=office.today(),
        data=with_letter(case, act, facts.data, on, office.workflow),
        personal=facts.personal,
        earlier=_earlier(session, number, act, facts.data),
    )
    notes = [
        *_notes(number, act, facts),
        *earlier_replies.differences(office, session, case, facts.data),
    ]
    if LETTER in act.facts and not proposal.data.get(LETTER):  # recorded all the same: written elsewhere
        notes.append(Finding("no_reply_issued", number, {"number": number, "on": on}, warning=True))
    return proposal, [*notes, *_of_another(number, proposal.earlier)]


def _of_another(number: str, earlier: EarlierReply | None) -> list[Finding]:
    """A word on an earlier reply that went to somebody else."""
    if earlier is None or earlier.same_applicant:
        return []
    return [Finding("earlier_of_another", number, {"number": earlier.number}, warning=True)]


def _facts(office: Office, act: Transition, step: Step) -> Facts:
    """What is given for a step, its units as the settings name them.

    Raises:
        WrongUsage, Refused: a value that does not fit; a unit that is not declared, where some are.
    """
    facts = read_facts(act, step.given, office.workflow)
    return replace(facts, data={**facts.data, **_units(office, act, facts.data)})


def _units(office: Office, act: Transition, given: Mapping[str, object]) -> dict[str, str]:
    """The units among some facts by the names that they have in the settings."""
    units = [name for name, fact in act.facts.items() if fact.type is FactType.UNIT]
    return {name: _unit_name(office, str(given[name])) for name in units if given.get(name)}


def _unit_name(office: Office, written: str) -> str:
    known = office.settings.unit(office.unit(written))
    return known.name if known else written.strip()


def _notes(number: str, act: Transition, facts: Facts) -> list[Finding]:
    """A word on each fact that the workflow does not declare."""
    known = list(act.facts)
    return [
        Finding("kept_as_note", number, {"fact": name, "known": known}, warning=True)
        for name in facts.undeclared
    ]


def _with_unit(office: Office, case: Case, proposal: Proposal) -> Proposal:
    """A late answer whose delay is explained names the unit that has the case, unless told otherwise."""
    data = proposal.data
    act = office.engine.transition(proposal.transition)
    work = undertaken(case.history)
    if work is None or LATE_UNIT not in act.facts or not data.get(LATE_REASON) or data.get(LATE_UNIT):
        return proposal
    unit = office.settings.unit(work.unit)
    return replace(proposal, data={**data, LATE_UNIT: unit.name if unit else work.unit})


def _moved(office: Office, session: Session, number: str, step: Step, person: Person) -> Moved:
    key, case = casework.load(office, session, number)
    if step.seen is not None and step.seen != len(case.history):
        last = case.history[-1]
        raise Refused("moved_on", number=number, seen=step.seen, entries=len(case.history),
                      by=last.by, transition=last.transition)  # fmt: skip
    case = bring_along(office, session, key, case, person.key)
    proposal, notes = _propose(office, session, case, step, person)
    proposal = _with_unit(office, case, proposal)
    answer = evaluate(case, proposal, office.engine, office.clock.now())
    if isinstance(answer, Refused):
        raise answer
    after = casework.write(office, session, key, case, answer.entry)
    return Moved(after, [*notes, *answer.warnings])


def transition(office: Office, number: str, step: Step) -> Moved:
    """Makes one step of one application.

    Raises:
        Refused: the law or the state says no; nothing is written.
        NotFound: no such application or transition.
        WrongUsage: facts of the wrong type.
    """
    person = office.person(step.by)
    office.engine.transition(step.name)
    with office.writing() as session:
        moved = _moved(office, session, number, step, person)
        session.commit()
    return moved


def transition_many(office: Office, numbers: Sequence[str], step: Step, *, dry_run: bool) -> list[Moved]:
    """Makes the same step for many applications: all, or none and every refusal listed.

    Raises:
        FoundProblems: `bulk_refused`, a finding an application.
    """
    if len(numbers) > MOST_AT_ONCE:
        raise WrongUsage("too_many_numbers", count=len(numbers), most=MOST_AT_ONCE)
    person = office.person(step.by)
    office.engine.transition(step.name)
    moved: list[Moved] = []
    findings: list[Finding] = [
        Finding("doubled_number", number, {"number": number})
        for index, number in enumerate(numbers)
        if number in numbers[:index]
    ]
    with office.writing() as session:
        for number in dict.fromkeys(numbers):
            try:
                moved.append(_moved(office, session, number, step, person))
            except RequestflowError as error:
                findings.append(Finding(error.code, number, error.facts))
        if findings:
            raise FoundProblems("bulk_refused", findings, refused=len(findings), count=len(numbers))
        if not dry_run:
            session.commit()
    return moved


@dataclass(frozen=True, slots=True)
class Wish:
    """A correction as asked for on the command line."""

    entry: int
    given: Mapping[str, str]
    reason: str
    struck: bool = False
    by: str | None = None


def amend(office: Office, number: str, wish: Wish) -> Moved:
    """Corrects a recorded fact by a new entry; state, deadline and figures follow, the number stays.

    Raises:
        Refused: no such entry or fact, or a later step would no longer be lawful.
    """
    if not wish.given and not wish.struck:
        raise WrongUsage("nothing_to_amend")
    if wish.given and wish.struck:
        raise WrongUsage("amend_or_strike")
    person = office.person(wish.by)
    for name, value in wish.given.items():
        check_text(name, value)
    wish = replace(wish, given={**wish.given, **_terms(office, wish)})
    with office.writing() as session:
        key, case = casework.load(office, session, number)
        case = bring_along(office, session, key, case, person.key)
        earlier = _corrected_earlier(office, session, case, wish)
        correction = Correction(
            entry=wish.entry,
            given={**wish.given, **_corrected_units(office, case, wish)},
            struck=wish.struck,
            reason=checked_reason(wish.reason),
            by=person.key,
            role=person.role,
            today=office.today(),
            earlier=earlier,
        )
        entry = amendment(case, correction, office.engine, office.clock.now())
        after = casework.write(office, session, key, case, entry)
        session.commit()
    return Moved(after, [*_of_another(number, earlier), *_of_another_year(office, case, after)])


def _of_another_year(office: Office, before: Case, after: Case) -> Iterator[Finding]:
    """A corrected receipt may lie in another year than the number says: letters bear it, so it stays."""
    number, received = before.application.number, after.application.received
    same = received.year == before.application.received.year
    if not same and not office.pattern.of_year(number, received.year):
        facts = {"number": number, "received": received}
        yield Finding("receipt_in_another_year", number, facts, warning=True)


def _corrected_earlier(office: Office, session: Session, case: Case, wish: Wish) -> EarlierReply | None:
    """What is known of the earlier reply that a correction newly names."""
    corrected = next((entry for entry in case.history if entry.number == wish.entry), None)
    act = office.workflow.act(corrected.transition) if corrected else None
    return _earlier(session, case.application.number, act, wish.given) if act else None


def _terms(office: Office, wish: Wish) -> dict[str, str]:
    """Codes for what a correction may name by its label."""
    known = {"kind": office.kinds, "channel": office.workflow.channels}
    return {
        name: term(f"unknown_{name}", wish.given[name], codes)
        for name, codes in known.items()
        if name in wish.given
    }


def _corrected_units(office: Office, case: Case, wish: Wish) -> dict[str, str]:
    """The units that a correction names, as the settings name them; a blank takes one away."""
    target = next((entry for entry in case.standing.entries if entry.number == wish.entry), None)
    act = office.workflow.transitions.get(target.transition) if target else None
    given = {name: text for name, text in wish.given.items() if text.strip()}
    return _units(office, act, given) if act else {}


def void(office: Office, number: str, reason: str, by: str | None) -> Case:
    """Takes a mistaken registration out of every figure; its number and history stay.

    Raises:
        Refused: it is void already.
    """
    person = office.person(by)
    reason = checked_reason(reason)
    with office.writing() as session:
        key, case = casework.load(office, session, number)
        case = bring_along(office, session, key, case, person.key)
        entry = voiding(case, reason, person.key, office.today(), engine=office.engine,
                        recorded_at=office.clock.now())  # fmt: skip
        after = casework.write(office, session, key, case, entry)
        session.commit()
    return after


def next_steps(office: Office, number: str) -> tuple[Case, list[Opening]]:
    """The case, and for every transition whether it is open now, or why not."""
    with office.reading() as session:
        _key, case = casework.load(office, session, number)
    return case, openings(case, office.today(), office.engine, office.roles)


def _assumed_act(office: Office, case: Case, step: Step) -> Transition:
    """The transition that an assumption names: by name, by label, or by the beginning of one label.

    Raises:
        NotFound: `unknown_assumption`, with what is open on that day.
    """
    known = office.workflow.transitions
    if step.name in known:
        return known[step.name]
    labels = {act.name: (act.words.zh, act.words.en) for act in known.values()}
    whole = [name for name, both in labels.items() if step.name in both]
    begun = [name for name, both in labels.items() if any(one.startswith(step.name) for one in both)]
    for named in (whole, begun):
        if len(named) == 1:
            return known[named[0]]
    found = openings(case, step.on or office.today(), office.engine, office.roles)
    opened = [Words(f"{one.act.words.zh}（{one.act.name}）", f"{one.act.name} ({one.act.words.en})")
              for one in found if one.refused is None]  # fmt: skip
    raise NotFound("unknown_assumption", name=step.name, open=opened)


def assumed(office: Office, case: Case, steps: Sequence[Step]) -> Moved:
    """What would follow from steps that nobody has made; nothing is written.

    The steps are asked as on their own days, by whoever may make them.

    Raises:
        Refused: one of them would be refused.
    """
    warnings: list[Finding] = []
    last = max([office.today(), *(step.on for step in steps if step.on)])
    for step in steps:
        act = _assumed_act(office, case, step)
        facts = _facts(office, act, step)
        on = step.on or office.today()
        proposal = Proposal(act.name, on, "", act.by[0], last, facts.data,
                            facts.personal)  # fmt: skip
        answer = evaluate(case, proposal, office.engine, office.clock.now())
        if isinstance(answer, Refused):
            raise answer
        case = casework.continued(office, case, answer.entry)
        warnings += [*_notes(case.application.number, act, facts), *answer.warnings]
    return Moved(case, warnings)
