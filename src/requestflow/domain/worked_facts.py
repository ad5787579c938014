"""What letters say that follows from a case and the rules: periods, due dates, fees, citations.

Each function gives a text, a list of paragraphs, or None where the case does not say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from requestflow.domain.amounts import in_figures, in_words
from requestflow.domain.case import Case
from requestflow.domain.citations import cited
from requestflow.domain.clock import Rules, applies, limit_due
from requestflow.domain.deadline import Deadline, Status, deadline
from requestflow.domain.decision_doubts import UNTIL, left_undone, unanswered
from requestflow.domain.entries import Entry
from requestflow.domain.fees import AMOUNT, Fee, charged
from requestflow.domain.guards import may_still_move, started_by
from requestflow.domain.notice_kinds import NoticeCatalogue, NoticeKind
from requestflow.domain.workflow import Channel, Limit, Outcome, Transition

Value = str | list[str]
CENTS = 100
NATURAL_PERSON = "natural_person"  # the applicant kind that is one person
_PROVISIONAL = "（暂定）"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter stands: its kind, and the entry that it belongs to."""

    kind: NoticeKind
    entry: Entry


@dataclass(frozen=True, slots=True)
class Setting:
    """What a letter is written under: the rules, the letters there are, the office, day and number.

    `provisional` lets a date into the letter that the calendar may still move.
    """

    rules: Rules
    catalogue: NoticeCatalogue
    organ: Mapping[str, str]
    on: date
    number: str | None = None
    provisional: bool = False


def written_day(day: date) -> str:
    """A day as letters write it, in numerals: 2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def outcome_of(entry: Entry, rules: Rules) -> str | None:
    """The outcome that an entry records, by its facts or by its transition."""
    act = rules.workflow.act(entry.transition)
    return (entry.text("outcome") or act.outcome) if act else None


@dataclass(frozen=True, slots=True)
class Source:
    """Everything that facts of one letter are read from."""

    place: Place
    case: Case
    setting: Setting

    @property
    def rules(self) -> Rules:
        """The rules it is read under."""
        return self.setting.rules

    @property
    def act(self) -> Transition | None:
        """The step that the letter belongs to."""
        return self.rules.workflow.act(self.place.entry.transition)

    @property
    def outcome(self) -> Outcome | None:
        """The outcome in force."""
        return self.rules.workflow.outcomes.get(self.case.standing.outcome or "")

    @property
    def decision(self) -> Entry | None:
        """The entry that recorded the outcome in force."""
        return next((e for e in reversed(self.case.standing.entries) if outcome_of(e, self.rules)), None)

    def step(self, name: str) -> Entry | None:
        """The latest step of that name, no later than the letter's own."""
        made = self.case.standing.made(name)
        return next((e for e in reversed(made) if e.number <= self.place.entry.number), None)

    @property
    def started(self) -> Limit | None:
        """The limit that the letter's step starts."""
        entry = self.place.entry
        known = [self.rules.workflow.limits[name] for name in (self.act.starts if self.act else ())]
        return next((limit for limit in known if applies(limit, entry)), None)

    @property
    def lapsed(self) -> tuple[Entry, Limit] | None:
        """The step whose period ran out, where the letter tells of a lapse."""
        name = self.act.lapse_of if self.act else None
        if not name:
            return None
        entry = started_by(self.case.standing, name, self.rules.workflow)
        return (entry, self.rules.workflow.limits[name]) if entry else None

    @property
    def fee(self) -> Fee | None:
        """The fee that the letter's step charges."""
        return charged(self.act, self.place.entry.data, self.rules.workflow) if self.act else None


def _until_then(source: Source) -> Deadline | None:
    """The deadline as it stood right after the letter's step."""
    entry = source.place.entry
    entries = [e for e in source.case.standing.entries if e.number <= entry.number]
    return deadline(entries, entry.on, source.rules)


def _waiting(source: Source) -> str | None:
    """Whether the clock was waiting for an opinion: the due date then moves on with each working day."""
    found = _until_then(source)
    return "yes" if found is not None and found.status is Status.PAUSED else None


def _due(source: Source) -> str | None:
    """The due date as it stood right after the letter's step."""
    found = _until_then(source)
    if found is None or (found.provisional and not source.setting.provisional):
        return None
    return written_day(found.due) + (_PROVISIONAL if found.provisional else "")


def _basis(source: Source) -> str:
    kind, outcome = source.place.kind, source.outcome
    missing = left_undone(source.case.standing, outcome, source.rules.workflow)
    undone = {act.basis.cite for act in missing}
    own = [basis for basis in (outcome.basis if outcome else ()) if basis.cite not in undone]
    return cited(kind.basis or own)


def _limit_days(source: Source) -> str | None:
    limit, entry = source.started, source.place.entry
    if limit is None or entry.day(limit.until_fact or "") is not None:
        return None
    own = entry.count(limit.length_fact) if limit.length_fact else None
    return str(own or limit.working_days)


def _lapsed_until(source: Source) -> str | None:
    """The last day of the period that ran out; marked, or left out, while it may still move."""
    if source.lapsed is None:
        return None
    entry, limit = source.lapsed
    calendar = source.rules.calendar
    moves = may_still_move(limit, entry, calendar)
    if moves and not source.setting.provisional:
        return None
    return written_day(limit_due(limit, entry, calendar)) + (_PROVISIONAL if moves else "")


def _unanswered(source: Source) -> Entry | None:
    """The step that the decision needs and that nobody answered."""
    return unanswered(source.case.standing, source.outcome, source.rules.workflow)


def _reasons_lapsed(source: Source) -> str | None:
    """The last day for an answer that the decision needs, where it was over and no answer had come."""
    asked = _unanswered(source)
    until = asked.day(UNTIL) if asked else None
    return written_day(until) if until is not None and until < source.place.entry.on else None


def _unanswered_by(source: Source) -> str | None:
    """The day of the decision, where no answer had come by then; None where both are of one day."""
    asked, on = _unanswered(source), source.place.entry.on
    return written_day(on) if asked is not None and asked.on < on else None


def _opinion(source: Source) -> str | None:
    """What the third party said that the letter's step asked, by its code."""
    standing, number = source.case.standing, source.place.entry.number
    return next((e.text("opinion") for e in standing.entries if e.count("concludes") == number), None)


def _fee_standard(source: Source) -> str | None:
    return source.fee.tariff.words.zh if source.fee else None


def _fee_steps(source: Source) -> list[str]:
    """The arithmetic of a fee, a line a tier: 第31页至第100页，70页，每页10元，计700元."""
    found = source.fee
    if found is None:
        return []
    unit = found.tariff.unit.zh
    lines = []
    for step in found.steps:
        span = f"第{step.first}{unit}"
        if step.last != step.first:
            span += f"至第{step.last}{unit}"
        price = f"每{unit}{step.rate}元，计{step.yuan}元" if step.rate else "不收费"
        lines.append(f"{span}，共{step.count}{unit}，{price}")
    return lines


def _fee_count(source: Source) -> str | None:
    found = source.fee
    return f"{found.tariff.span.zh}{found.count}{found.tariff.unit.zh}" if found else None


def _cents(source: Source) -> int | None:
    """What is charged: as recorded, else as the tiers have it."""
    recorded = source.place.entry.count(AMOUNT)
    if recorded is None and source.fee is not None:
        recorded = source.fee.yuan
    return None if recorded is None else recorded * CENTS


def _amount(source: Source) -> str | None:
    cents = _cents(source)
    return None if cents is None else in_figures(cents)


def _amount_in_words(source: Source) -> str | None:
    cents = _cents(source)
    return None if cents is None else in_words(cents)


def _fee_computed(source: Source) -> str | None:
    """What the tiers amount to, where the office charges another amount."""
    found = source.fee
    if found is None or source.place.entry.count(AMOUNT) in (None, found.yuan):
        return None
    return in_figures(found.yuan * CENTS)


def _lapsed_on(source: Source) -> str | None:
    return written_day(source.lapsed[0].on) if source.lapsed else None


def _channel(source: Source) -> Channel | None:
    return source.rules.workflow.channels.get(source.case.application.channel)


def _channel_name(source: Source) -> str | None:
    found = _channel(source)
    return found.words.zh if found else None


def _receipt_rule(source: Source) -> str | None:
    found = _channel(source)
    return found.receipt.zh if found else None


def _receipt_basis(source: Source) -> str | None:
    found = _channel(source)
    return cited([found.basis]) if found else None


def _answer_days(source: Source) -> str | None:
    """Working days within which an application is answered."""
    flow = source.rules.workflow
    limit = flow.limits.get(flow.registration.limit or "")
    return str(limit.working_days) if limit else None


def _you(source: Source) -> str:
    """How a letter speaks to the applicant: a person, or a unit."""
    return "您" if source.case.application.kind == NATURAL_PERSON else "你单位"


# Facts that follow from the case, by the name that the catalogue knows them by.
WORKED_OUT: Mapping[str, Callable[[Source], Value | None]] = {
    "title": lambda source: source.place.kind.title,
    "called": lambda source: source.place.kind.called,
    "you": _you,
    "outcome": lambda source: source.outcome.code if source.outcome else None,
    "basis": _basis,
    "due": _due,
    "waiting": _waiting,
    "limit_days": _limit_days,
    "lapsed_on": _lapsed_on,
    "lapsed_until": _lapsed_until,
    "reasons_lapsed": _reasons_lapsed,
    "unanswered_by": _unanswered_by,
    "opinion": _opinion,
    "channel": _channel_name,
    "receipt_rule": _receipt_rule,
    "receipt_basis": _receipt_basis,
    "answer_days": _answer_days,
    "amount": _amount,
    "amount_in_words": _amount_in_words,
    "fee_standard": _fee_standard,
    "fee_count": _fee_count,
    "fee_steps": _fee_steps,
    "fee_computed": _fee_computed,
}
OF_CHANNEL = frozenset({"channel", "receipt_rule", "receipt_basis"})  # known once the channel is
DAYS_TO_COME = frozenset({"due", "lapsed_until"})  # left out while the calendar may still move them
LISTS = frozenset({"fee_steps"})
