"""A workflow file of the right shape, as the values that the domain knows."""

from collections.abc import Mapping, Sequence
from datetime import date

from requestflow.definitions.workflow_shape import (
    ActFile,
    ExemptionFile,
    FactFile,
    LimitFile,
    OutcomeFile,
    RemedyFile,
    SourceFile,
    TariffFile,
    TransitionFile,
    WorkflowFile,
    YearFile,
    YearlyFile,
)
from requestflow.domain.citations import basis_of
from requestflow.domain.workflow import (
    Basis,
    Channel,
    Exemption,
    Fact,
    FactType,
    Grade,
    Limit,
    Outcome,
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


class Citations:
    """Citations such as `条例33(1)`: a source of the file, then article, 款 and 项."""

    def __init__(self, sources: Mapping[str, SourceFile]) -> None:
        self.known = {
            name: Source(file.words, file.formal or file.zh, frozenset(file.paragraphs))
            for name, file in sources.items()
        }

    def knows(self, cite: str) -> bool:
        """Whether a citation begins with a source that the file names."""
        return basis_of(cite, self.known) is not None

    def basis(self, cite: str, grade: Grade) -> Basis:
        """The citation as a basis of that grade."""
        return basis_of(cite, self.known, grade) or Basis(cite, Words(cite, cite), grade)


def fact_of(name: str, file: FactFile) -> Fact:
    """A fact as the domain knows it."""
    return Fact(
        name=name,
        type=file.type,
        words=file.words,
        required=file.required,
        personal=file.personal,
        default=file.default,
        choices={code: words.words for code, words in file.choices.items()},
    )


def _exemption(file: ExemptionFile | None) -> Exemption | None:
    return Exemption(file.switch, file.value, file.facts) if file else None


def _transition(name: str, file: TransitionFile, sources: Citations) -> Transition:
    return Transition(
        name=name,
        words=file.words,
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
        facts={key: fact_of(key, fact) for key, fact in file.facts.items()},
        internal=file.internal,
    )


def _limit(name: str, file: LimitFile, sources: Citations) -> Limit:
    return Limit(
        name=name,
        words=file.words,
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


def deciding_steps(file: WorkflowFile) -> list[str]:
    """The transitions that take an outcome: what records one where the file does not say."""
    return [
        name
        for name, act in file.transitions.items()
        if any(fact.type is FactType.OUTCOME for fact in act.facts.values())
    ]


def _outcome(code: str, file: OutcomeFile, whole: WorkflowFile, sources: Citations) -> Outcome:
    rows = file.rows or (dict.fromkeys(whole.forms, file.row) if file.row else {})
    deciding = tuple(deciding_steps(whole) if file.recorded_by is None else file.recorded_by)
    return Outcome(
        code=code,
        words=file.words,
        rows={form: row for form, row in rows.items() if row},
        basis=tuple(sources.basis(cite, file.grade) for cite in file.basis),
        remedy=file.remedy,
        recorded_by=deciding,
        needs=tuple(file.needs),
        expects=tuple(file.expects),
        needs_facts=tuple(file.needs_facts),
        stands_for_row=file.stands_for_row,
    )


def _remedy_rule(file: RemedyFile, sources: Citations) -> RemedyRule:
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


def _tariff(name: str, file: TariffFile, sources: Citations) -> Tariff:
    return Tariff(
        name=name,
        words=file.words,
        unit=file.unit.words,
        span=file.span.words,
        tiers=tuple(Tier(tier.yuan, tier.up_to, tier.every, tier.rise) for tier in file.tiers),
        basis=sources.basis(file.basis, file.grade),
    )


def _registration(file: ActFile, initial: str, sources: Citations) -> Transition:
    return Transition(
        name="register",
        words=file.words,
        sources=(),
        target=initial,
        by=(),
        basis=sources.basis(file.basis, file.grade),
        effect=file.effect,
        starts=tuple(file.starts),
        limit=file.limit,
    )


def _yearly(name: str, file: YearlyFile, sources: Citations) -> YearlyDuty:
    days = {str(level): (int(text[:2]), int(text[3:])) for level, text in file.due.items()}
    basis = sources.basis(file.basis, file.grade)
    return YearlyDuty(name, file.words, basis, days, file.met_by_close)


def build(file: WorkflowFile, values: Mapping[str, str]) -> Workflow:
    """The workflow that a file without faults declares; `values` are an office's own of switches."""
    sources = Citations(file.sources)
    return Workflow(
        name=file.workflow,
        version=file.version,
        title=file.title.words,
        initial=file.initial,
        roles={name: role.words for name, role in file.roles.items()},
        states={n: State(n, s.words, s.final, s.concluded) for n, s in file.states.items()},
        channels={
            n: Channel(n, c.words, c.receipt.words, sources.basis(c.basis, c.grade))
            for n, c in file.channels.items()
        },
        supply={n: term.words for n, term in file.supply.items()},
        registration=_registration(file.registration, file.initial, sources),
        limits={n: _limit(n, limit, sources) for n, limit in file.limits.items()},
        switches={
            n: Switch(
                n,
                s.words,
                {option: w.words for option, w in s.options.items()},
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


def _year(file: YearFile) -> YearRules:
    close_by, reopen_by = file.close_by, file.reopen_by
    return YearRules(
        tuple(close_by) if close_by else None,
        tuple(reopen_by) if reopen_by else None,
    )
