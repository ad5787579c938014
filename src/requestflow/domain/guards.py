"""Guards: what must hold before a transition, one small function each, known to workflow files by name.

A guard answers with a refusal that says why, or with None. It sees the case as it stands, the proposal,
and the rules; it changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from requestflow.domain.calendar import Calendar
from requestflow.domain.clock import Rules, applies, due_date, limit_due
from requestflow.domain.entries import Entry
from requestflow.domain.fees import AMOUNT, charged
from requestflow.domain.obligations import late_step, told
from requestflow.domain.standing import Standing
from requestflow.domain.workflow import Basis, FactType, Limit, Outcome, Transition, Workflow
from requestflow.errors import Refused


@dataclass(frozen=True, slots=True)
class EarlierReply:
    """Another application that a proposal names: what a repeat reply needs to know of it."""

    number: str
    received: date
    concluded: bool
    same_applicant: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """A transition that somebody asks for, with its facts.

    A `probe` asks only what is open: facts that are still to be given are left out, and the role is
    any of `roles`, which somebody of the office holds.
    """

    transition: str
    on: date
    by: str
    role: str
    today: date
    data: Mapping[str, object] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)
    earlier: EarlierReply | None = None
    probe: bool = False
    roles: frozenset[str] = frozenset()

    def text(self, name: str) -> str | None:
        """A given fact as text."""
        value = self.personal.get(name, self.data.get(name))
        return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Question:
    """What a guard is asked: may this transition be made, here, now, so?"""

    standing: Standing
    proposal: Proposal
    act: Transition
    rules: Rules

    @property
    def workflow(self) -> Workflow:
        """The workflow in force."""
        return self.rules.workflow

    @property
    def calendar(self) -> Calendar:
        """The calendar in force."""
        return self.rules.calendar

    def refuse(self, code: str, basis: Basis | None = None, **facts: object) -> Refused:
        """A refusal that names the transition and its article."""
        return Refused(code, transition=self.act.words, basis=basis or self.act.basis, **facts)


Guard = Callable[[Question], Refused | None]


def once(question: Question) -> Refused | None:
    """Once only, art. 30: a correction may be asked for a single time."""
    made = question.standing.made(question.act.name)
    return question.refuse("already_made", on=made[0].on, entry=made[0].number) if made else None


def before_due(question: Question) -> Refused | None:
    """Extension, art. 33: consent and notice both lie before the due date."""
    clock = question.standing.clock
    if clock is None:
        return None
    due = due_date(clock, question.proposal.on, question.rules)
    told = question.proposal.data.get("notice_received")
    on = max(question.proposal.on, date.fromisoformat(told) if isinstance(told, str) else date.min)
    allowed = question.workflow.switch("extension_on_due_date") == "allowed"
    if on > due or (on == due and not allowed):
        return question.refuse("too_late_to_extend", due=question.calendar.stated(due), on=on)
    return None


def within_limit(question: Question) -> Refused | None:
    """Extension, art. 33: all extensions of one clock together stay within the limit."""
    clock, limit = question.standing.clock, _limit(question)
    if clock is None or limit is None:
        return None
    left = limit.working_days - clock.extended
    if left <= 0:
        return question.refuse("extension_used_up", longest=limit.working_days)
    days = question.proposal.data.get("days")
    if not isinstance(days, int):
        fact = question.act.facts["days"]
        return question.refuse("missing_fact", facts=[fact.words], names=[fact.name])
    if days > left:
        return question.refuse("extension_too_long", days=days, left=left, longest=limit.working_days)
    return None


def _limit(question: Question) -> Limit | None:
    return question.workflow.limits.get(question.act.limit or "")


def limit_passed(question: Question) -> Refused | None:
    """Lapse, art. 30 and 109号: only when the period has run out without the applicant."""
    name = question.act.lapse_of or ""
    started = started_by(question.standing, name, question.workflow)
    if started is None:
        return question.refuse("nothing_to_lapse")
    due = limit_due(question.workflow.limits[name], started, question.calendar)
    if question.proposal.on <= due:
        return question.refuse(
            "not_lapsed_yet", due=question.calendar.stated(due), on=question.proposal.on
        )
    return None


def started_by(standing: Standing, limit: str, workflow: Workflow) -> Entry | None:
    """The latest entry that started a limit."""
    for entry in reversed(standing.entries):
        act = workflow.act(entry.transition)
        if act and limit in act.starts and applies(workflow.limits[limit], entry):
            return entry
    return None


def may_still_move(limit: Limit, entry: Entry, calendar: Calendar) -> bool:
    """Whether the last day of a limit that `entry` starts hangs on a year that is not published yet.

    A day that the office itself has set stays where it is.
    """
    if limit.until_fact and entry.day(limit.until_fact):
        return False
    return calendar.is_provisional(limit_due(limit, entry, calendar))


def party_not_asked(question: Question) -> Refused | None:
    """Consultation, art. 32, 34: the same party is not asked twice at one time."""
    concluding = _concluding(question.act, question.workflow)
    party = question.proposal.text("party")
    for entry in question.standing.pending(question.act.name, concluding.name):
        if entry.text("party") == party and not question.proposal.probe:
            return question.refuse("already_consulted", on=entry.on, entry=entry.number)
    return None


def _concluding(act: Transition, workflow: Workflow) -> Transition:
    return next(t for t in workflow.transitions.values() if t.concludes == act.name)


def consultation_open(question: Question) -> Refused | None:
    """An opinion concludes a consultation that is open, and says which where several are."""
    pending = matching(question)
    if not pending:
        return question.refuse("nothing_to_conclude")
    if len(pending) > 1 and not question.proposal.probe:
        return question.refuse("which_consultation", entries=[e.number for e in pending])
    if question.proposal.on < pending[0].on and not question.proposal.probe:
        return question.refuse("before_entry", on=question.proposal.on, earlier=pending[0].on,
                               entry=pending[0].number)  # fmt: skip
    return None


def silence_over(question: Question) -> Refused | None:
    """Silence, art. 32 and 34: nobody has kept silent before the 15 working days are over."""
    asked = matching(question)
    if question.proposal.text("opinion") != "silent" or len(asked) != 1:
        return None
    act = question.workflow.transitions[asked[0].transition]
    for limit in (question.workflow.limits[name] for name in act.starts):
        due = limit_due(limit, asked[0], question.calendar)
        if limit.silence_resumes and applies(limit, asked[0]) and question.proposal.on <= due:
            return question.refuse("not_lapsed_yet", limit.basis, due=question.calendar.stated(due),
                                   on=question.proposal.on)  # fmt: skip
    return None


def matching(question: Question) -> list[Entry]:
    """The open consultations that a concluding proposal may mean."""
    pending = question.standing.pending(question.act.concludes or "", question.act.name)
    party = question.proposal.text("party")
    return [e for e in pending if party is None or e.text("party") == party]


def another_consultation_open(question: Question) -> bool:
    """Whether the case goes on waiting after this opinion is in."""
    concluding = {t.concludes: t.name for t in question.workflow.transitions.values() if t.concludes}
    state = question.standing.state
    still = [
        entry
        for asked, by in concluding.items()
        for entry in question.standing.pending(asked or "", by)
        if question.workflow.transitions[asked or ""].target == state
    ]
    return len(still) > 1


def one_fee_standard(question: Question) -> Refused | None:
    """Fees, 109号: one application is charged by the request or by the page, never by both."""
    try:
        charged(question.act, question.proposal.data, question.workflow)
    except Refused as refused:
        return refused
    return None


def something_to_pay(question: Question) -> Refused | None:
    """Fees, 109号: the free part is not charged: no clock waits for it, and nothing lapses by it."""
    data = question.proposal.data
    try:
        found = charged(question.act, data, question.workflow)
    except Refused:  # `one_fee_standard` is the one to say so
        return None
    if data.get(AMOUNT) != 0 and (found is None or found.yuan):
        return None
    return question.refuse("nothing_to_pay", found.tariff.basis if found else None)


def reasons_given(question: Question) -> Refused | None:
    """Delayed reply, art. 35: only where reasons were asked for and found reasonable."""
    received = question.standing.made("receive_reasons")
    if not received:
        return question.refuse("needs_reasons")
    if received[-1].data.get("reasonable") is False:
        return question.refuse("reasons_not_reasonable", on=received[-1].on)
    return None


def until_later(question: Question) -> Refused | None:
    """A day that the office sets lies after the day on which it sets it."""
    until = question.proposal.data.get("until")
    if isinstance(until, str) and date.fromisoformat(until) <= question.proposal.on:
        return question.refuse("until_not_later", until=until, on=question.proposal.on)
    return None


def in_time(question: Question) -> Refused | None:
    """A late notice is recorded and flagged [reading], unless the switch of that name refuses it."""
    if question.workflow.switch("late_correction_notice") != "refused":
        return None
    for limit in question.workflow.limits.values():
        started = started_by(question.standing, limit.name, question.workflow)
        if question.act.name not in limit.met_by or started is None:
            continue
        due = limit_due(limit, started, question.calendar)
        if question.proposal.on > due:
            return question.refuse("notice_too_late", limit.basis, due=question.calendar.stated(due),
                                   on=question.proposal.on)  # fmt: skip
    return None


def outcome_supported(question: Question) -> Refused | None:
    """The outcome belongs to this transition, and what the law asks for it is on file."""
    code = question.proposal.text("outcome")
    outcome = question.workflow.outcomes.get(code or "")
    if outcome is None:
        return None
    basis = outcome.basis[0] if outcome.basis else None
    if question.act.name not in outcome.recorded_by:
        other = [question.workflow.transitions[name] for name in outcome.recorded_by]
        return question.refuse(
            "outcome_of_another_transition", basis, outcome=outcome.words,
            right=[t.words for t in other], names=[t.name for t in other])  # fmt: skip
    for name in outcome.needs:
        if not question.standing.made(name):
            needed = question.workflow.transitions[name]
            return question.refuse("outcome_needs", basis, outcome=outcome.words,
                                   needed=needed.words, name=name)  # fmt: skip
    return _earlier_reply(question, outcome, basis)


def _earlier_reply(question: Question, outcome: Outcome, basis: Basis | None) -> Refused | None:
    """Repeat request, art. 36(6): the earlier reply is named, and there is one."""
    if "earlier" not in outcome.needs_facts:
        return None
    named = question.proposal.text("earlier")
    if not named:
        return question.refuse("earlier_not_named", basis, outcome=outcome.words)
    earlier = question.proposal.earlier
    if earlier is None:
        return question.refuse("earlier_unknown", basis, number=named)
    if question.standing.entries and earlier.received > question.standing.entries[0].on:
        return question.refuse("earlier_came_later", basis, number=named, received=earlier.received)
    if not earlier.concluded:
        return question.refuse("earlier_not_answered", basis, number=named)
    return None


def late_reason_given(question: Question) -> Refused | None:
    """A late answer says why and which unit; asked for [reading], unless the switch requires it."""
    standing, proposal = question.standing, question.proposal
    required = question.workflow.switch("late_answer_reason") == "required"
    if proposal.probe or standing.clock is None or not required:
        return None
    due = due_date(standing.clock, proposal.on, question.rules)
    entry = replace(standing.entries[-1], transition=question.act.name, on=proposal.on,
                    data=proposal.data, personal=proposal.personal)  # fmt: skip
    if not late_step(entry, standing.clock, due, question.workflow):
        return None
    for limit in question.workflow.limits.values():
        since = [e for e in standing.entries if e.number > standing.clock.begun_by]
        if limit.if_late and not told(limit, [*since, entry]):
            facts = [question.act.facts[name] for name in limit.met_by_facts]
            return question.refuse("late_reason_missing", limit.basis, due=question.calendar.stated(due),
                                   facts=[fact.words for fact in facts],
                                   names=[fact.name for fact in facts])  # fmt: skip
    return None


def not_in_future(question: Question) -> Refused | None:
    """What has not happened cannot be recorded."""
    proposal = question.proposal
    if proposal.on > proposal.today:
        return question.refuse("in_the_future", on=proposal.on, today=proposal.today)
    return None


def dates_hold(question: Question) -> Refused | None:
    """A recorded day (a notice received) lies neither before its step nor after today."""
    proposal = question.proposal
    for name, fact in question.act.facts.items():
        text = proposal.data.get(name)
        if fact.type is not FactType.DATE or name == "until" or not isinstance(text, str):
            continue
        day = date.fromisoformat(text)
        if day > proposal.today:
            return question.refuse("fact_in_the_future", fact=fact.words, name=name, day=day,
                                   today=proposal.today)  # fmt: skip
        if day < proposal.on:
            return question.refuse("fact_before_step", fact=fact.words, name=name, day=day,
                                   on=proposal.on)  # fmt: skip
    return None


def in_order(question: Question) -> Refused | None:
    """The legal days of a history follow one another; internal steps bind only themselves."""
    on = question.proposal.on
    received = question.standing.entries[0] if question.standing.entries else None
    if received and on < received.on:
        return question.refuse("before_receipt", on=on, received=received.on)
    if question.act.internal:
        return None
    for entry in reversed(question.standing.entries):
        act = question.workflow.act(entry.transition)
        if (act is None or not act.internal) and on < entry.on:
            return question.refuse("before_entry", on=on, earlier=entry.on, entry=entry.number)
    return None


def allowed_role(question: Question) -> Refused | None:
    """The person holds a role that may make this transition."""
    proposal, act = question.proposal, question.act
    held = proposal.roles if proposal.probe else {proposal.role}
    if held & set(act.by):
        return None
    roles = [question.workflow.roles[name] for name in act.by]
    if proposal.probe:
        return question.refuse("role_not_in_office", roles=roles)
    return question.refuse("role_not_allowed", by=proposal.by, roles=roles)


def facts_given(question: Question) -> Refused | None:
    """Every fact that the transition must record is there."""
    if question.proposal.probe:
        return None
    missing = [
        fact
        for fact in question.act.facts.values()
        if fact.required and not question.proposal.text(fact.name)
    ]
    if missing:
        return question.refuse("missing_fact", facts=[f.words for f in missing],
                               names=[f.name for f in missing])  # fmt: skip
    return None


# Asked of every transition, in this order, before the ones that a workflow file names.
ALWAYS: tuple[Guard, ...] = (allowed_role, facts_given, not_in_future, dates_hold, in_order)

GUARDS: Mapping[str, Guard] = {
    guard.__name__: guard
    for guard in (
        once,
        before_due,
        within_limit,
        limit_passed,
        party_not_asked,
        consultation_open,
        silence_over,
        one_fee_standard,
        something_to_pay,
        reasons_given,
        until_later,
        in_time,
        outcome_supported,
        late_reason_given,
    )
}
CONDITIONS: Mapping[str, Callable[[Question], bool]] = {
    condition.__name__: condition for condition in (another_consultation_open,)
}
