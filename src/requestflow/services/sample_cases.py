"""Cases made up from the rules alone, in memory: what each letter is tried against.

A complete case has every fact that its steps record, a minimal one none. Every branch that a letter may
ask about has a case: each outcome, each choice, each fee standard, the remedies of each period.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

from requestflow.domain.calendar import Calendar
from requestflow.domain.case import Case, replay
from requestflow.domain.clock import Rules
from requestflow.domain.entries import Entry
from requestflow.domain.facts import REASON
from requestflow.domain.notice_kinds import NoticeCatalogue, NoticeKind, Origin
from requestflow.domain.workflow import REGISTER, Fact, FactType, Remedy, Transition

NUMBER = "2026-0001"
OUTCOME = "outcome"  # the fact that records how a case ends
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_TYPICAL: Mapping[FactType, object] = {
    FactType.NUMBER: 150,  # of pages or requests: reaches the third tier
    FactType.WORKING_DAYS: 10,
    FactType.BOOLEAN: True,
    FactType.APPLICATION: "2025-0001",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up case for a letter, the letter's day, and whether all facts are there."""

    case: Case
    on: date
    complete: bool


def _working_year(calendar: Calendar) -> int:
    """The last year whose calendar is published."""
    known = [year for year in calendar.years if not calendar.is_provisional(date(year, 12, 31))]
    return max(known)


def _value(fact: Fact, on: date, choices: Mapping[str, str]) -> object:
    """A value of a fact's type that reads like itself."""
    if fact.type is FactType.DATE:
        return (on + timedelta(days=30 if fact.name == "until" else 0)).isoformat()
    if fact.type is FactType.CHOICE:
        return choices.get(fact.name, next(iter(fact.choices)))
    return _TYPICAL.get(fact.type, f"（{fact.words.zh}）")


def _refusal(rules: Rules) -> str:
    """A refusal under the articles that part of a request may be withheld by."""
    known = rules.workflow.outcomes.values()
    return next((one.code for one in known if one.remedy is Remedy.REVIEW_FIRST), "")


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells a history entry by entry, all on working days of one year."""

    rules: Rules
    choices: Mapping[str, str]
    left_out: frozenset[str]
    complete: bool
    outcome: str | None

    def entry(self, number: int, act: Transition, on: date, concludes: int | None = None) -> Entry:
        taken = {name: fact for name, fact in act.facts.items() if name not in self.left_out}
        data: dict[str, object] = {REASON: f"（{act.words.zh}的理由）"} if self.complete else {}
        personal: dict[str, str] = {}
        for name, fact in taken.items():
            if name == OUTCOME:
                data[name] = self.outcome
            elif fact.type is FactType.OUTCOME and self.complete:
                data[name] = _refusal(self.rules)
            elif self.complete and fact.personal:
                personal[name] = f"（{fact.words.zh}）"
            elif self.complete:
                data[name] = _value(fact, on, self.choices)
        if concludes is not None:
            data["concludes"] = concludes
        state = act.sources[0]
        return Entry(number, act.name, on, _MOMENT, "", state, act.target_from(state), data, personal)


def _registration(rules: Rules, on: date, kind: str, *, complete: bool) -> Entry:
    flow = rules.workflow
    data: dict[str, object] = {"kind": kind, "channel": next(iter(flow.channels))}
    data["subject"] = "（申请内容）"
    if complete:
        data |= {"submitted": on.isoformat(), "form": "（获取形式）"}
    return Entry(1, REGISTER, on, _MOMENT, "", None, flow.initial, data, {"name": "申请人甲"})


def _concluding(act: Transition, rules: Rules) -> Transition | None:
    """The step that answers a consultation."""
    return next((t for t in rules.workflow.transitions.values() if t.concludes == act.name), None)


def _before(
    kind: NoticeKind, act: Transition, catalogue: NoticeCatalogue, rules: Rules
) -> list[Transition]:
    """The steps that must come before a letter's own: what its facts name, and what began its period."""
    flow = rules.workflow
    named = [catalogue.facts[name] for name in kind.names]
    steps = [fact.step for fact in named if fact.origin is Origin.STEP]
    steps += [name for code in kind.outcomes for name in flow.outcomes[code].expects]
    if act.lapse_of:
        steps += [t.name for t in flow.transitions.values() if act.lapse_of in t.starts][:1]
    order = list(flow.transitions)
    return [flow.transitions[name] for name in sorted(set(steps), key=order.index) if name != act.name]


def _story(
    kind: NoticeKind, act: Transition, catalogue: NoticeCatalogue, teller: _Teller
) -> list[Transition]:
    """The steps of a history that leads to a letter, in order."""
    flow = teller.rules.workflow
    steps = _before(kind, act, catalogue, teller.rules)
    steps += [] if act is flow.registration else [act]
    answered = _concluding(act, teller.rules)
    if answered is not None and teller.complete:
        steps.append(answered)
    if kind.after and kind.outcomes:
        recorded_by = flow.outcomes[kind.outcomes[0]].recorded_by[0]
        steps.append(flow.transitions[recorded_by])
    return steps


def _choices(acts: Sequence[Transition]) -> Iterator[dict[str, str]]:
    """Every combination of the choices that some steps record."""
    known = {n: list(f.choices) for act in acts for n, f in act.facts.items() if f.choices}
    for picked in product(*known.values()):
        yield dict(zip(known, picked, strict=True))


def _standards(act: Transition, rules: Rules) -> list[frozenset[str]]:
    """Which facts are left out so that one fee standard alone is charged by; nothing where none is."""
    counted = [name for name in rules.workflow.fees if name in act.facts]
    alone = [frozenset({*counted, "amount"} - {name}) for name in counted]
    return [*alone, *(frozenset(counted[1:]) for _ in counted[:1])] or [frozenset()]


def _told(kind: NoticeKind, act: Transition, catalogue: NoticeCatalogue, teller: _Teller) -> Case:
    flow, calendar = teller.rules.workflow, teller.rules.calendar
    day = date(_working_year(calendar), 3, 2)
    applicants = "natural_person" if teller.complete else "enterprise"
    entries = [_registration(teller.rules, day, applicants, complete=teller.complete)]
    if act is not flow.registration or kind.outcomes:
        for step in _story(kind, act, catalogue, teller):
            asked = next((e.number for e in entries if e.transition == step.concludes), None)
            day = calendar.after(day, 2)
            entries.append(teller.entry(len(entries) + 1, step, day, asked))
    return replay(NUMBER, entries, teller.rules)


def letter_days(rules: Rules) -> list[date]:
    """A day under each rule on remedies, the newest first."""
    known = sorted((rule.since for rule in rules.workflow.remedies), reverse=True)
    return known or [date(_working_year(rules.calendar), 3, 2)]


def samples(kind: NoticeKind, catalogue: NoticeCatalogue, rules: Rules) -> Iterator[Sample]:
    """Every made-up case that a kind of letter is tried against."""
    flow = rules.workflow
    steps = [act for name in kind.after if (act := flow.act(name))]
    outcomes: list[str | None] = [*kind.outcomes] or [None]
    for outcome in outcomes:
        recorded = flow.outcomes[outcome].recorded_by if outcome else ()
        for act in steps or [flow.transitions[name] for name in recorded]:
            answer = [found for found in [_concluding(act, rules)] if found]
            for choices in _choices([act, *answer]):
                for left_out in _standards(act, rules):
                    full = _Teller(rules, choices, left_out, complete=True, outcome=outcome)
                    case = _told(kind, act, catalogue, full)
                    yield from (Sample(case, on, complete=True) for on in letter_days(rules))
            bare = _Teller(rules, {}, frozenset(), complete=False, outcome=outcome)
            yield Sample(_told(kind, act, catalogue, bare), letter_days(rules)[0], complete=False)
