"""Whether a workflow file makes sense.

Every name exists, every state is reached and leads on, every pause ends, every outcome has its row in
each form and every row its outcome.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from requestflow.definitions.shapes import Fault, Path_, named, unknown
from requestflow.definitions.workflow_shape import (
    ActFile,
    ExemptionFile,
    FactFile,
    LimitFile,
    TransitionFile,
    WorkflowFile,
)
from requestflow.definitions.workflow_values import Citations, deciding_steps, fact_of
from requestflow.domain.facts import near, parse_value
from requestflow.domain.fees import AMOUNT, charges
from requestflow.domain.forms import Form
from requestflow.domain.guards import CONDITIONS, GUARDS
from requestflow.domain.workflow import (
    ENGINE_ACTS,
    SAME,
    Effect,
    FactType,
)
from requestflow.errors import WrongUsage

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
class Sense:
    """One reading of a workflow file: the file as parsed, and the forms it names."""

    file: WorkflowFile
    forms: Mapping[str, Form]

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong: a code, the place in the file, and the facts of the sentence."""
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
            yield from unknown("fact", ("fees", name), name, counted)
            ends = [tier.up_to for tier in tariff.tiers]
            bounds = [end for end in ends if end is not None]
            if ends[-1] is not None or bounds != sorted(set(bounds)) or len(bounds) != len(ends) - 1:
                yield "tiers_out_of_order", ("fees", name), {"name": name}
        for name, act in self.file.transitions.items():
            if charges(act.facts, self.file.fees) and not self._paid(act):
                yield "fee_never_paid", ("transitions", name), {"name": name}

    def _paid(self, act: TransitionFile) -> bool:
        """Whether what a step charges is paid by a step that says how much: section six counts these."""
        limits, acts = self.file.limits, self.file.transitions
        meeting = {name for limit in act.starts if limit in limits for name in limits[limit].met_by}
        return any(AMOUNT in acts[name].facts for name in meeting if name in acts)

    def _names(self) -> Iterator[Fault]:
        file = self.file
        states = list(file.states)
        yield from unknown("state", ("initial",), file.initial, states)
        yield from self._act(("registration",), file.registration)
        for name, act in file.transitions.items():
            path: Path_ = ("transitions", name)
            if name in ENGINE_ACTS:
                yield "reserved_name", path, {"name": name}
            yield from named("state", (*path, "from"), act.from_, states)
            yield from unknown("state", (*path, "to"), act.to, [*states, SAME])
            yield from named("role", (*path, "by"), act.by, list(file.roles))
            yield from named("guard", (*path, "guards"), act.guards, list(GUARDS))
            yield from self._act(path, act)
            yield from self._references(path, act)
            for index, state in enumerate(act.from_):
                if state in act.from_[:index]:
                    yield "doubled_source", (*path, "from", index), {"name": name, "state": state}
        for name, limit in file.limits.items():
            yield from self._limit_names(("limits", name), limit)
        for name, switch in file.switches.items():
            yield from unknown("option", ("switches", name, "value"), switch.value, list(switch.options))

    def _limit_names(self, path: Path_, limit: LimitFile) -> Iterator[Fault]:
        for key in ("met_by", "ended_by"):
            names = getattr(limit, key)
            yield from named("transition", (*path, key), names, list(self.file.transitions))
        if limit.level_if:
            yield from self._exemption((*path, "level_if"), limit.level_if, [])

    def _year(self) -> Iterator[Fault]:
        roles = list(self.file.roles)
        for key in ("close_by", "reopen_by"):
            yield from named("role", ("year", key), getattr(self.file.year, key) or [], roles)

    def _act(self, path: Path_, act: ActFile) -> Iterator[Fault]:
        limits = list(self.file.limits)
        yield from named("limit", (*path, "starts"), act.starts, limits)
        if act.limit:
            yield from unknown("limit", (*path, "limit"), act.limit, limits)

    def _references(self, path: Path_, act: TransitionFile) -> Iterator[Fault]:
        file = self.file
        for kind, key, known in (
            ("limit", "lapse_of", list(file.limits)),
            ("transition", "concludes", list(file.transitions)),
            ("condition", "stays_while", list(CONDITIONS)),
            ("outcome", "outcome", list(file.outcomes)),
        ):
            name = getattr(act, key)
            if name:
                yield from unknown(kind, (*path, key), name, known)
        if act.no_effect_if:
            yield from self._exemption((*path, "no_effect_if"), act.no_effect_if, list(act.facts))

    def _exemption(self, path: Path_, exempt: ExemptionFile, facts: Sequence[str]) -> Iterator[Fault]:
        """A switch that is named has the option that is named; the facts are the transition's."""
        switches = self.file.switches
        for fact in exempt.facts:
            yield from unknown("fact", (*path, "facts", fact), fact, facts)
        yield from unknown("switch", path, exempt.switch, list(switches))
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

    def _fact(self, path: Path_, key: str, fact: FactFile) -> Iterator[Fault]:
        if (fact.type is FactType.CHOICE) != bool(fact.choices):
            yield "choices_and_type", path, {"name": key}
        elif fact.default is not None and not self._fits(key, fact):
            yield "default_wrong", path, {"name": key, "default": fact.default}

    def _needs(self, name: str, act: TransitionFile) -> Iterator[Fault]:
        """What an effect or a guard asks of its transition."""
        path: Path_ = ("transitions", name)
        for effect, fact in ((Effect.REPLACE, "until"), (Effect.EXTEND, "days")):
            if act.effect is effect and fact not in act.facts:
                yield "effect_needs_fact", path, {"name": name, "fact": fact}
        for guard in act.guards:
            if guard in _GUARD_NEEDS and not _GUARD_NEEDS[guard](self.file, name):
                yield "guard_without_need", path, {"name": name, "guard": guard}

    def _fits(self, key: str, fact: FactFile) -> bool:
        """Whether a default is a value of its own fact."""
        try:
            parse_value(fact_of(key, fact), fact.default or "")
        except WrongUsage:
            return False
        return True

    def _limit_facts(self, name: str, limit: LimitFile) -> Iterator[Fault]:
        starting = [t for t in self.file.transitions.values() if name in t.starts]
        named = {limit.length_fact, limit.until_fact, *limit.only_if}
        if limit.counts_from != "on":
            named.add(limit.counts_from)
        for fact in sorted(key for key in named if key):
            if starting and not any(fact in act.facts for act in starting):
                yield "undeclared_fact_of_limit", ("limits", name), {"limit": name, "name": fact}

    def _bases(self) -> Iterator[Fault]:
        sources = Citations(self.file.sources)
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

    def _targets(self, act: TransitionFile) -> dict[str, str]:
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
        acts: dict[Path_, ActFile] = {("transitions", n): t for n, t in file.transitions.items()}
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

    def _asked_of_late(self, name: str, limit: LimitFile) -> Iterator[Fault]:
        """What is asked of a late answer can be recorded with each step that requires it."""
        if not limit.met_by_facts:
            yield "limit_needs_facts", ("limits", name), {"name": name}
        for act, file in self.file.transitions.items():
            if "late_reason_given" in file.guards:
                path: Path_ = ("transitions", act, "guards")
                for fact in limit.met_by_facts:
                    yield from unknown("fact", path, fact, list(file.facts))

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
            for key in ("needs", "expects", "recorded_by"):
                yield from named(
                    "transition", (*path, key), getattr(outcome, key) or [], list(file.transitions)
                )
            deciding = [
                acts[name] for name in outcome.recorded_by or deciding_steps(file) if name in acts
            ]
            taken = [fact for act in deciding for fact in act.facts]
            yield from named("fact", (*path, "needs_facts"), outcome.needs_facts, taken)
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
            for name in outcome.recorded_by or deciding_steps(self.file) or [""]:
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
