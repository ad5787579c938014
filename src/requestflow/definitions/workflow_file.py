"""A workflow from its YAML file, checked in full: every fault at once, each with its line.

Form first (keys, types), then sense: what is named exists, every state is reached and leads on, every
pause ends, every outcome has its row in each form and every row its outcome.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from requestflow.definitions.form_files import find_form
from requestflow.definitions.reader import Document, parse, read_yaml
from requestflow.definitions.shipped import shipped
from requestflow.domain.citations import basis_of
from requestflow.domain.facts import near, parse_value
from requestflow.domain.forms import Form
from requestflow.domain.guards import CONDITIONS, GUARDS
from requestflow.domain.workflow import (
    ENGINE_ACTS,
    SAME,
    Basis,
    Channel,
    Effect,
    Exemption,
    Fact,
    FactType,
    Grade,
    Limit,
    Outcome,
    OwedBy,
    Remedy,
    RemedyRule,
    Source,
    State,
    Switch,
    Tariff,
    Tier,
    Transition,
    Words,
    Workflow,
    YearlyDuty,
    YearRules,
)
from requestflow.errors import Finding, FoundProblems, NotFound, WrongUsage

Days = Annotated[int, Field(ge=1, le=1000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Words(_Shape):
    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


class _SourceFile(_Words):
    """A law; `formal` is its name in letters, `paragraphs` the articles whose first bracket is a 款."""

    formal: str | None = None
    paragraphs: list[int] = []


class _StateFile(_Words):
    final: bool = False
    concluded: bool = False


class _ChannelFile(_Words):
    receipt: _Words
    basis: str
    grade: Grade = Grade.TEXT


class _ExemptionFile(_Shape):
    switch: Name
    value: str
    facts: dict[Name, str] = {}


class _LimitFile(_Words):
    working_days: Days | None = None
    calendar_days: Days | None = None
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    within: Name | None = None
    ahead: Annotated[int, Field(ge=0, le=30)] = 0
    level_if: _ExemptionFile | None = None
    if_late: Name | None = None
    met_by_facts: list[Name] = []
    owed_by: OwedBy = OwedBy.OFFICE
    only_if_remedy: list[Remedy] = []
    basis: str
    grade: Grade = Grade.TEXT
    counts_from: Name = "on"
    length_fact: Name | None = None
    until_fact: Name | None = None
    met_by: list[Name] = []
    ended_by: list[Name] = []
    if_needed: bool = False
    silence_resumes: bool = False
    only_if: dict[Name, str] = {}


MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Level = Literal["department", "county", "city", "province"]


class _YearlyFile(_Words):
    due: Annotated[dict[Level, MonthDay], Field(min_length=1)]
    basis: str
    grade: Grade = Grade.TEXT


class _SwitchFile(_Words):
    options: dict[str, _Words]
    value: str
    basis: str
    grade: Grade


class _FactFile(_Words):
    type: FactType
    required: bool = False
    personal: bool = False
    default: str | None = None
    choices: dict[Name, _Words] = {}


class _ActFile(_Words):
    basis: str
    grade: Grade = Grade.TEXT
    effect: Effect = Effect.NONE
    limit: Name | None = None
    starts: list[Name] = []


class _TransitionFile(_ActFile):
    from_: Annotated[list[Name], Field(alias="from", min_length=1)]
    to: Name
    by: Annotated[list[Name], Field(min_length=1)]
    no_effect_if: _ExemptionFile | None = None
    concludes: Name | None = None
    lapse_of: Name | None = None
    outcome: Code | None = None
    stays_while: Name | None = None
    guards: list[Name] = []
    facts: dict[Name, _FactFile] = {}
    internal: bool = False


class _OutcomeFile(_Words):
    row: Code | None = None
    rows: dict[str, Code] = {}
    basis: Annotated[list[str], Field(min_length=1)]
    grade: Grade = Grade.TEXT
    remedy: Remedy
    recorded_by: list[Name] | None = None
    needs: list[Name] = []
    needs_facts: list[Name] = []
    stands_for_row: bool = False


class _YearFile(_Shape):
    close_by: Annotated[list[Name], Field(min_length=1)] | None = None
    reopen_by: Annotated[list[Name], Field(min_length=1)] | None = None


class _RemedyFile(_Shape):
    since: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    instead: dict[Remedy, Remedy] = {}
    review_days: Days
    suit_months: Days
    suit_after_review_days: Days
    review_basis: Annotated[list[str], Field(min_length=1)]
    review_first_basis: list[str] = []
    suit_basis: Annotated[list[str], Field(min_length=1)]
    grade: Grade = Grade.TEXT


class _TierFile(_Shape):
    yuan: Annotated[int, Field(ge=0, le=1_000_000)]
    up_to: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    every: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    rise: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class _TariffFile(_Words):
    unit: _Words
    span: _Words
    tiers: Annotated[list[_TierFile], Field(min_length=1)]
    basis: str
    grade: Grade = Grade.TEXT


class WorkflowFile(_Shape):
    """The shape of a workflow file; `workflow.schema.json` is made from it."""

    workflow: Name
    version: Annotated[str, Field(min_length=1)]
    title: _Words
    forms: Annotated[list[str], Field(min_length=1)]
    sources: dict[str, _SourceFile]
    roles: dict[Name, _Words]
    initial: Name
    states: dict[Name, _StateFile]
    channels: dict[Name, _ChannelFile]
    limits: dict[Name, _LimitFile]
    yearly: dict[Name, _YearlyFile] = {}
    switches: dict[Name, _SwitchFile] = {}
    registration: _ActFile
    transitions: dict[Name, _TransitionFile]
    outcomes: dict[Code, _OutcomeFile]
    year: _YearFile = _YearFile()
    remedies: list[_RemedyFile] = []
    fees: dict[Name, _TariffFile] = {}


def schema() -> dict[str, Any]:
    """The JSON Schema of workflow files, for editors: `workflows/workflow.schema.json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **WorkflowFile.model_json_schema(by_alias=True),
    }


class _Sources:
    """Citations such as `条例33(1)`: a source of the file, then article, 款 and 项."""

    def __init__(self, sources: Mapping[str, _SourceFile]) -> None:
        self.known = {
            name: Source(file.words, file.formal or file.zh, frozenset(file.paragraphs))
            for name, file in sources.items()
        }

    def knows(self, cite: str) -> bool:
        return basis_of(cite, self.known) is not None

    def basis(self, cite: str, grade: Grade) -> Basis:
        return basis_of(cite, self.known, grade) or Basis(cite, Words(cite, cite), grade)


def _words(file: _Words) -> Words:
    return Words(file.zh, file.en)


def _fact(name: str, file: _FactFile) -> Fact:
    return Fact(
        name=name,
        type=file.type,
        words=_words(file),
        required=file.required,
        personal=file.personal,
        default=file.default,
        choices={code: _words(words) for code, words in file.choices.items()},
    )


def _exemption(file: _ExemptionFile | None) -> Exemption | None:
    return Exemption(file.switch, file.value, file.facts) if file else None


def _transition(name: str, file: _TransitionFile, sources: _Sources) -> Transition:
    return Transition(
        name=name,
        words=_words(file),
        sources=tuple(file.from_),
        target=file.to,
        by=tuple(file.by),
        basis=sources.basis(file.basis, file.grade),
        effect=file.effect,
        no_effect_if=_exemption(file.no_effect_if),
        starts=tuple(file.starts),
        limit=file.limit,
        concludes=file.concludes,
        lapse_of=file.lapse_of,
        outcome=file.outcome,
        stays_while=file.stays_while,
        guards=tuple(file.guards),
        facts={key: _fact(key, fact) for key, fact in file.facts.items()},
        internal=file.internal,
    )


def _limit(name: str, file: _LimitFile, sources: _Sources) -> Limit:
    return Limit(
        name=name,
        words=_words(file),
        working_days=file.working_days or 0,
        calendar_days=file.calendar_days or 0,
        months=file.months or 0,
        within=file.within,
        ahead=file.ahead,
        level_if=_exemption(file.level_if),
        if_late=file.if_late,
        met_by_facts=tuple(file.met_by_facts),
        owed_by=file.owed_by,
        remedies=tuple(file.only_if_remedy),
        basis=sources.basis(file.basis, file.grade),
        counts_from=file.counts_from,
        length_fact=file.length_fact,
        until_fact=file.until_fact,
        met_by=tuple(file.met_by),
        ended_by=tuple(file.ended_by),
        if_needed=file.if_needed,
        silence_resumes=file.silence_resumes,
        only_if=file.only_if,
    )


def _deciding(file: WorkflowFile) -> list[str]:
    """The transitions that take an outcome: what records one where the file does not say."""
    return [
        name
        for name, act in file.transitions.items()
        if any(fact.type is FactType.OUTCOME for fact in act.facts.values())
    ]


def _outcome(code: str, file: _OutcomeFile, whole: WorkflowFile, sources: _Sources) -> Outcome:
    rows = file.rows or (dict.fromkeys(whole.forms, file.row) if file.row else {})
    deciding = tuple(_deciding(whole) if file.recorded_by is None else file.recorded_by)
    return Outcome(
        code=code,
        words=_words(file),
        rows={form: row for form, row in rows.items() if row},
        basis=tuple(sources.basis(cite, file.grade) for cite in file.basis),
        remedy=file.remedy,
        recorded_by=deciding,
        needs=tuple(file.needs),
        needs_facts=tuple(file.needs_facts),
        stands_for_row=file.stands_for_row,
    )


def _remedy_rule(file: _RemedyFile, sources: _Sources) -> RemedyRule:
    def bases(cites: Sequence[str]) -> tuple[Basis, ...]:
        return tuple(sources.basis(cite, file.grade) for cite in cites)

    return RemedyRule(
        since=date.fromisoformat(file.since),
        instead=file.instead,
        review_days=file.review_days,
        suit_months=file.suit_months,
        suit_after_review_days=file.suit_after_review_days,
        review_basis=bases(file.review_basis),
        review_first_basis=bases(file.review_first_basis),
        suit_basis=bases(file.suit_basis),
    )


def _tariff(name: str, file: _TariffFile, sources: _Sources) -> Tariff:
    return Tariff(
        name=name,
        words=_words(file),
        unit=file.unit.words,
        span=file.span.words,
        tiers=tuple(Tier(tier.yuan, tier.up_to, tier.every, tier.rise) for tier in file.tiers),
        basis=sources.basis(file.basis, file.grade),
    )


def _registration(file: _ActFile, initial: str, sources: _Sources) -> Transition:
    return Transition(
        name="register",
        words=_words(file),
        sources=(),
        target=initial,
        by=(),
        basis=sources.basis(file.basis, file.grade),
        effect=file.effect,
        starts=tuple(file.starts),
        limit=file.limit,
    )


def _yearly(name: str, file: _YearlyFile, sources: _Sources) -> YearlyDuty:
    days = {str(level): (int(text[:2]), int(text[3:])) for level, text in file.due.items()}
    return YearlyDuty(name, _words(file), sources.basis(file.basis, file.grade), days)


def _build(file: WorkflowFile, values: Mapping[str, str]) -> Workflow:
    sources = _Sources(file.sources)
    return Workflow(
        name=file.workflow,
        version=file.version,
        title=_words(file.title),
        initial=file.initial,
        roles={name: _words(role) for name, role in file.roles.items()},
        states={n: State(n, _words(s), s.final, s.concluded) for n, s in file.states.items()},
        channels={
            n: Channel(n, _words(c), _words(c.receipt), sources.basis(c.basis, c.grade))
            for n, c in file.channels.items()
        },
        registration=_registration(file.registration, file.initial, sources),
        limits={n: _limit(n, limit, sources) for n, limit in file.limits.items()},
        switches={
            n: Switch(
                n,
                _words(s),
                {option: _words(w) for option, w in s.options.items()},
                values.get(n, s.value),
                sources.basis(s.basis, s.grade),
            )
            for n, s in file.switches.items()
        },
        transitions={n: _transition(n, t, sources) for n, t in file.transitions.items()},
        outcomes={c: _outcome(c, o, file, sources) for c, o in file.outcomes.items()},
        forms=tuple(file.forms),
        yearly={n: _yearly(n, y, sources) for n, y in file.yearly.items()},
        year=_year(file.year),
        remedies=tuple(_remedy_rule(rule, sources) for rule in file.remedies),
        fees={n: _tariff(n, tariff, sources) for n, tariff in file.fees.items()},
        sources=sources.known,
    )


def _year(file: _YearFile) -> YearRules:
    close_by, reopen_by = file.close_by, file.reopen_by
    return YearRules(
        tuple(close_by) if close_by else None,
        tuple(reopen_by) if reopen_by else None,
    )


Path_ = tuple[str | int, ...]
Fault = tuple[str, Path_, dict[str, Any]]


# what a guard asks of the transition that names it
_GUARD_NEEDS: Mapping[str, Callable[[WorkflowFile, str], bool]] = {
    "party_not_asked": lambda file, name: any(t.concludes == name for t in file.transitions.values()),
    "consultation_open": lambda file, name: file.transitions[name].concludes is not None,
    "silence_over": lambda file, name: file.transitions[name].concludes is not None,
    "limit_passed": lambda file, name: file.transitions[name].lapse_of is not None,
    "within_limit": lambda file, name: file.transitions[name].limit is not None,
    "reasons_given": lambda file, _name: "receive_reasons" in file.transitions,
}


@dataclass(frozen=True, slots=True)
class _Check:
    """One reading of a workflow file: the file as parsed, and the forms it names."""

    file: WorkflowFile
    forms: Mapping[str, Form]

    def faults(self) -> Iterator[Fault]:
        yield from self._names()
        yield from self._year()
        yield from self._facts()
        yield from self._bases()
        yield from self._graph()
        yield from self._clock()
        yield from self._outcomes()
        yield from self._remedies()
        yield from self._fees()

    def _remedies(self) -> Iterator[Fault]:
        """Each rule begins on a day that there is, and none on the day of another."""
        begun: list[str] = []
        for index, rule in enumerate(self.file.remedies):
            path: Path_ = ("remedies", index, "since")
            try:
                date.fromisoformat(rule.since)
            except ValueError:
                yield "not_a_day", path, {"text": rule.since}
            if rule.since in begun:
                yield "doubled_code", path, {"code_name": rule.since}
            begun.append(rule.since)

    def _fees(self) -> Iterator[Fault]:
        """Tiers follow one another, the last without end; some step records what they count."""
        counted = [fact for act in self.file.transitions.values() for fact in act.facts]
        for name, tariff in self.file.fees.items():
            yield from self._unknown("fact", ("fees", name), name, counted)
            ends = [tier.up_to for tier in tariff.tiers]
            bounds = [end for end in ends if end is not None]
            if ends[-1] is not None or bounds != sorted(set(bounds)) or len(bounds) != len(ends) - 1:
                yield "tiers_out_of_order", ("fees", name), {"name": name}

    def _unknown(self, kind: str, path: Path_, name: str, known: Sequence[str]) -> Iterator[Fault]:
        if name not in known:
            yield f"undeclared_{kind}", path, {"name": name, "near": near(name, known)}

    def _named(self, kind: str, path: Path_, names: Sequence[str],
               known: Sequence[str]) -> Iterator[Fault]:  # fmt: skip
        for index, name in enumerate(names):
            yield from self._unknown(kind, (*path, index), name, known)

    def _names(self) -> Iterator[Fault]:
        file = self.file
        states = list(file.states)
        yield from self._unknown("state", ("initial",), file.initial, states)
        yield from self._act(("registration",), file.registration)
        for name, act in file.transitions.items():
            path: Path_ = ("transitions", name)
            if name in ENGINE_ACTS:
                yield "reserved_name", path, {"name": name}
            yield from self._named("state", (*path, "from"), act.from_, states)
            yield from self._unknown("state", (*path, "to"), act.to, [*states, SAME])
            yield from self._named("role", (*path, "by"), act.by, list(file.roles))
            yield from self._named("guard", (*path, "guards"), act.guards, list(GUARDS))
            yield from self._act(path, act)
            yield from self._references(path, act)
            for index, state in enumerate(act.from_):
                if state in act.from_[:index]:
                    yield "doubled_source", (*path, "from", index), {"name": name, "state": state}
        for name, limit in file.limits.items():
            yield from self._limit_names(("limits", name), limit)
        for name, switch in file.switches.items():
            yield from self._unknown(
                "option", ("switches", name, "value"), switch.value, list(switch.options)
            )

    def _limit_names(self, path: Path_, limit: _LimitFile) -> Iterator[Fault]:
        for key in ("met_by", "ended_by"):
            names = getattr(limit, key)
            yield from self._named("transition", (*path, key), names, list(self.file.transitions))
        if limit.level_if:
            yield from self._exemption((*path, "level_if"), limit.level_if, [])

    def _year(self) -> Iterator[Fault]:
        roles = list(self.file.roles)
        for key in ("close_by", "reopen_by"):
            yield from self._named("role", ("year", key), getattr(self.file.year, key) or [], roles)

    def _act(self, path: Path_, act: _ActFile) -> Iterator[Fault]:
        limits = list(self.file.limits)
        yield from self._named("limit", (*path, "starts"), act.starts, limits)
        if act.limit:
            yield from self._unknown("limit", (*path, "limit"), act.limit, limits)

    def _references(self, path: Path_, act: _TransitionFile) -> Iterator[Fault]:
        file = self.file
        for kind, key, known in (
            ("limit", "lapse_of", list(file.limits)),
            ("transition", "concludes", list(file.transitions)),
            ("condition", "stays_while", list(CONDITIONS)),
            ("outcome", "outcome", list(file.outcomes)),
        ):
            name = getattr(act, key)
            if name:
                yield from self._unknown(kind, (*path, key), name, known)
        if act.no_effect_if:
            yield from self._exemption((*path, "no_effect_if"), act.no_effect_if, list(act.facts))

    def _exemption(self, path: Path_, exempt: _ExemptionFile, facts: Sequence[str]) -> Iterator[Fault]:
        """A switch that is named has the option that is named; the facts are the transition's."""
        switches = self.file.switches
        for fact in exempt.facts:
            yield from self._unknown("fact", (*path, "facts", fact), fact, facts)
        yield from self._unknown("switch", path, exempt.switch, list(switches))
        switch = switches.get(exempt.switch)
        if switch and exempt.value not in switch.options:
            yield "undeclared_option", (*path, "value"), {
                "name": exempt.value, "near": list(switch.options)}  # fmt: skip

    def _facts(self) -> Iterator[Fault]:
        for name, act in self.file.transitions.items():
            for key, fact in act.facts.items():
                yield from self._fact(("transitions", name, "facts", key), key, fact)
            yield from self._needs(name, act)
        for name, limit in self.file.limits.items():
            yield from self._limit_facts(name, limit)

    def _fact(self, path: Path_, key: str, fact: _FactFile) -> Iterator[Fault]:
        if (fact.type is FactType.CHOICE) != bool(fact.choices):
            yield "choices_and_type", path, {"name": key}
        elif fact.default is not None and not self._fits(key, fact):
            yield "default_wrong", path, {"name": key, "default": fact.default}

    def _needs(self, name: str, act: _TransitionFile) -> Iterator[Fault]:
        """What an effect or a guard asks of its transition."""
        path: Path_ = ("transitions", name)
        for effect, fact in ((Effect.REPLACE, "until"), (Effect.EXTEND, "days")):
            if act.effect is effect and fact not in act.facts:
                yield "effect_needs_fact", path, {"name": name, "fact": fact}
        for guard in act.guards:
            if guard in _GUARD_NEEDS and not _GUARD_NEEDS[guard](self.file, name):
                yield "guard_without_need", path, {"name": name, "guard": guard}

    def _fits(self, key: str, fact: _FactFile) -> bool:
        """Whether a default is a value of its own fact."""
        try:
            parse_value(_fact(key, fact), fact.default or "")
        except WrongUsage:
            return False
        return True

    def _limit_facts(self, name: str, limit: _LimitFile) -> Iterator[Fault]:
        starting = [t for t in self.file.transitions.values() if name in t.starts]
        named = {limit.length_fact, limit.until_fact, *limit.only_if}
        if limit.counts_from != "on":
            named.add(limit.counts_from)
        for fact in sorted(key for key in named if key):
            if starting and not any(fact in act.facts for act in starting):
                yield "undeclared_fact_of_limit", ("limits", name), {"limit": name, "name": fact}

    def _bases(self) -> Iterator[Fault]:
        sources = _Sources(self.file.sources)
        named: list[tuple[Path_, str]] = [(("registration", "basis"), self.file.registration.basis)]
        for group in ("transitions", "limits", "yearly", "channels", "switches"):
            for name, item in getattr(self.file, group).items():
                named.append(((group, name, "basis"), item.basis))
        for code, outcome in self.file.outcomes.items():
            named += [(("outcomes", code, "basis", i), b) for i, b in enumerate(outcome.basis)]
        named += [(("fees", name, "basis"), tariff.basis) for name, tariff in self.file.fees.items()]
        for place, rule in enumerate(self.file.remedies):
            for key in ("review_basis", "review_first_basis", "suit_basis"):
                named += [(("remedies", place, key, i), b) for i, b in enumerate(getattr(rule, key))]
        for path, cite in named:
            if not sources.knows(cite):
                yield "undeclared_source", path, {"name": cite, "near": list(self.file.sources)}

    def _targets(self, act: _TransitionFile) -> dict[str, str]:
        return {s: (s if act.to == SAME else act.to) for s in act.from_}

    def _graph(self) -> Iterator[Fault]:
        moves = [m for act in self.file.transitions.values() for m in self._targets(act).items()]
        states = self.file.states
        reached = _closure({self.file.initial}, moves)
        ending = _closure({n for n, s in states.items() if s.final}, [(b, a) for a, b in moves])
        if not any(state.final for state in states.values()):
            yield "no_final_state", ("states",), {}
            return
        for name in states:
            if name not in reached:
                yield "state_unreachable", ("states", name), {"name": name}
            if name not in ending:
                yield "state_dead_end", ("states", name), {"name": name}

    def _clock(self) -> Iterator[Fault]:
        file = self.file
        acts: dict[Path_, _ActFile] = {("transitions", n): t for n, t in file.transitions.items()}
        acts[("registration",)] = file.registration
        if file.registration.effect is not Effect.START or not file.registration.limit:
            yield "clock_not_started", ("registration",), {}
        if not any(act.effect is Effect.END for act in acts.values()):
            yield "clock_never_ended", ("transitions",), {}
        used = {name for act in acts.values() for name in (*act.starts, act.limit)}
        for name in file.limits:
            if name not in used and not file.limits[name].within and not file.limits[name].if_late:
                yield "limit_not_started", ("limits", name), {"name": name}
        yield from self._lengths()
        for path, act in acts.items():
            needs_limit = act.effect in (Effect.RESTART, Effect.EXTEND)
            if needs_limit and not act.limit:
                yield "effect_needs_limit", path, {"name": str(path[-1])}
        yield from self._pauses()

    def _lengths(self) -> Iterator[Fault]:
        """Every limit states its length in one way, and lies within no other limit than the answer."""
        answer = self.file.registration.limit
        for name, limit in self.file.limits.items():
            said = [limit.working_days, limit.calendar_days, limit.months, limit.within, limit.if_late]
            if sum(one is not None for one in said) != 1:
                yield "limit_length", ("limits", name), {"name": name}
            for key in ("within", "if_late"):
                if getattr(limit, key) not in (None, answer):
                    facts = {"name": name, "key": key, "answer": answer or ""}
                    yield "limit_within", ("limits", name, key), facts
            if limit.if_late:
                yield from self._asked_of_late(name, limit)
        counted = {act.limit for act in self.file.transitions.values()} | {answer}
        for name in sorted(filter(None, counted & set(self.file.limits))):
            if self.file.limits[name].working_days is None:
                yield "limit_in_working_days", ("limits", name), {"name": name}

    def _asked_of_late(self, name: str, limit: _LimitFile) -> Iterator[Fault]:
        """What is asked of a late answer can be recorded with each step that requires it."""
        if not limit.met_by_facts:
            yield "limit_needs_facts", ("limits", name), {"name": name}
        for act, file in self.file.transitions.items():
            if "late_reason_given" in file.guards:
                path: Path_ = ("transitions", act, "guards")
                for fact in limit.met_by_facts:
                    yield from self._unknown("fact", path, fact, list(file.facts))

    def _pauses(self) -> Iterator[Fault]:
        """A paused clock has, from each state the pause leads to, a way on that ends the pause."""
        ends = (Effect.RESUME, Effect.RESTART)
        for name, act in self.file.transitions.items():
            if act.effect is not Effect.PAUSE:
                continue
            targets = set(self._targets(act).values())
            resumed = any(
                targets & set(other.from_) and other.effect in ends and (other.concludes in (None, name))
                for other in self.file.transitions.values()
            )
            if not resumed:
                yield "pause_never_resumed", ("transitions", name), {"name": name}

    def _outcomes(self) -> Iterator[Fault]:
        file = self.file
        acts = file.transitions
        for code, outcome in file.outcomes.items():
            path: Path_ = ("outcomes", code)
            if outcome.row and outcome.rows:
                yield "row_and_rows", path, {"name": code}
            rows = outcome.rows or (dict.fromkeys(file.forms, outcome.row) if outcome.row else {})
            for form in self.forms.values():
                row = rows.get(form.code)
                if row is None:
                    yield "outcome_without_row", path, {"name": code, "form": form.code}
                elif row not in form.results:
                    yield "undeclared_row", path, {"name": row, "form": form.code,
                                                "near": near(row, form.results)}  # fmt: skip
            for key in ("needs", "recorded_by"):
                yield from self._named(
                    "transition", (*path, key), getattr(outcome, key) or [], list(file.transitions)
                )
            deciding = [acts[name] for name in outcome.recorded_by or _deciding(file) if name in acts]
            taken = [fact for act in deciding for fact in act.facts]
            yield from self._named("fact", (*path, "needs_facts"), outcome.needs_facts, taken)
        yield from self._rows()
        yield from self._deciding()

    def _rows(self) -> Iterator[Fault]:
        for form in self.forms.values():
            have = {o.rows.get(form.code, o.row) for o in self.file.outcomes.values()}
            for row in form.results:
                if row not in have:
                    yield "row_without_outcome", ("outcomes",), {"name": row, "form": form.code}

    def _deciding(self) -> Iterator[Fault]:
        """Every outcome can be recorded: by a transition that has it, or that takes one."""
        acts = self.file.transitions
        for code, outcome in self.file.outcomes.items():
            for name in outcome.recorded_by or _deciding(self.file) or [""]:
                act = acts.get(name)
                takes = act and any(f.type is FactType.OUTCOME for f in act.facts.values())
                if act is None or not (takes or act.outcome == code):
                    yield "outcome_not_recorded", ("outcomes", code), {"name": code, "by": name}


def _closure(start: set[str], moves: Sequence[tuple[str, str]]) -> set[str]:
    reached = set(start)
    grown = True
    while grown:
        more = {target for source, target in moves if source in reached} - reached
        reached |= more
        grown = bool(more)
    return reached


def _forms(document: Document, file: WorkflowFile, folder: Path) -> dict[str, Form]:
    forms = {}
    findings = []
    for index, code in enumerate(file.forms):
        try:
            forms[code] = find_form(code, folder)
        except NotFound as error:
            findings.append(Finding(error.code, document.place(("forms", index)), error.facts))
    if findings:
        raise FoundProblems("definition_broken", findings, file=document.file)
    return forms


def workflow_path(name: str, beside: Path | None = None) -> Path:
    """The file of a workflow: a path, or the bare name of a shipped one."""
    if name.endswith((".yaml", ".yml")):
        return (beside or Path()) / name
    return shipped("workflows") / f"{name}.yaml"


def load_workflow(
    path: Path,
    switches: Mapping[str, str] | None = None,
    place: Callable[[str], str] = lambda name: f"[switches] {name}",
) -> tuple[Workflow, dict[str, Form]]:
    """A workflow and the forms it names.

    Args:
        path: the YAML file.
        switches: values that an office has set in its config, by the name of the open point.
        place: where the setting of a switch stands.

    Raises:
        NotFound: there is no such file.
        FoundProblems: everything that is wrong with it, each fault with file, line and column.
    """
    document = read_yaml(path)
    file = parse(document, WorkflowFile)
    forms = _forms(document, file, path.parent)
    findings = [
        Finding(code, document.place(at), facts) for code, at, facts in _Check(file, forms).faults()
    ]
    findings += _switch_faults(file, switches or {}, place)
    if findings:
        raise FoundProblems("definition_broken", findings, file=path.name)
    return _build(file, switches or {}), forms


def _switch_faults(
    file: WorkflowFile, values: Mapping[str, str], place: Callable[[str], str]
) -> Iterator[Finding]:
    for name, value in values.items():
        switch = file.switches.get(name)
        if switch is None:
            known = list(file.switches)
            facts: dict[str, Any] = {"name": name, "near": near(name, known) or known}
            yield Finding("unknown_switch", place(name), facts)
        elif value not in switch.options:
            facts = {"name": value, "near": list(switch.options)}
            yield Finding("undeclared_option", place(name), facts)
