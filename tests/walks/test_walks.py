"""The law as cases: every walk of the TOML files beside this one, step by step, without a database.

A walk is one application. It has an `id` that reads like the rule, the `rule` in a sentence, the day it
was `received`, and `step`s. A step does one thing:

    do = "extend"        a transition, `on` a day, `by` a role (clerk), with `facts` as typed
    look = 2026-07-30    nothing happens; the case is looked at on that day
    amend = 3            entry 3 is corrected: `facts`, or `strike = true`
    annul = true         the registration was a mistake

and says what must follow: `refused` (with its `article`, and `says` for the facts of the refusal) or
`wrong` (a value of the wrong type), after which the history must be what it was; else any of the keys of
`SEEN`. Warnings are strict: a step that names none must have none.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from requestflow.definitions.calendar_files import load_calendar_years
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar
from requestflow.domain.case import Case, replay
from requestflow.domain.clock import Rules
from requestflow.domain.deadline import Deadline
from requestflow.domain.entries import Entry
from requestflow.domain.evaluation import (
    Accepted,
    Correction,
    amendment,
    evaluate,
    openings,
    voiding,
)
from requestflow.domain.facts import read_facts
from requestflow.domain.guards import EarlierReply, Proposal
from requestflow.domain.machine import Engine
from requestflow.domain.obligations import Obligation
from requestflow.domain.remedies import remedy_notice
from requestflow.domain.workflow import REGISTER, Outcome, Workflow
from requestflow.errors import Finding, Refused, WrongUsage
from requestflow.services.intake import receipt_gap
from requestflow.services.office import RuleBook

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 24)
RECORDED_AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAILY_ROLES = frozenset({"clerk", "head"})
WALK_KEYS = {
    "id", "rule", "received", "submitted", "channel", "today", "switches", "local_days_off",
    "expect", "step",
}  # fmt: skip
ACT_KEYS = {"do", "look", "amend", "strike", "annul", "on", "by", "facts", "earlier", "today"}
NO_KEYS = {"refused", "wrong", "article", "says"}


def _walks() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.toml")):
        found += tomllib.loads(path.read_text(encoding="utf-8")).get("walk", [])
    return found


def _periods() -> list[dict[str, Any]]:
    return tomllib.loads((FOLDER / "counting.toml").read_text(encoding="utf-8"))["period"]


WALKS = _walks()


def _names(found: Iterable[Obligation], test: Callable[[Obligation], bool]) -> list[str]:
    """Names of limits; the notices that are due with the answer are looked at by `notices`."""
    return [owed.limit.name for owed in found if test(owed) and not owed.limit.within]


def _outcome(case: Case, workflow: Workflow) -> Outcome:
    return workflow.outcomes[str(case.standing.outcome)]


def _told(case: Case, on: date, workflow: Workflow) -> str:
    """The class of the remedy paragraph in a letter of that day."""
    found = remedy_notice(_outcome(case, workflow).remedy, on, workflow)
    return found.remedy.value if found else "none"


# What a step may say of the case, and how it is seen: (case, deadline, engine) -> value.
SEEN: Mapping[str, Callable[[Case, Deadline, Engine], Any]] = {
    "state": lambda case, _found, _engine: case.standing.state,
    "due": lambda _case, found, _engine: found.due,
    "status": lambda _case, found, _engine: found.status.value,
    "remaining": lambda _case, found, _engine: found.remaining,
    "overdue": lambda _case, found, _engine: found.overdue,
    "late": lambda _case, found, _engine: found.late,
    "provisional": lambda _case, found, _engine: found.provisional,
    "excluded": lambda _case, found, _engine: found.steps[-1].excluded,
    "events": lambda _case, found, _engine: [step.event for step in found.steps],
    "dues": lambda _case, found, _engine: [step.due for step in found.steps],
    "cites": lambda _case, found, _engine: [step.basis.cite for step in found.steps],
    "limits": lambda _case, found, _engine: {
        o.limit.name: o.due for o in found.obligations if not o.limit.within
    },
    "notices": lambda _case, found, _engine: {
        o.limit.name: o.due for o in found.obligations if o.limit.within and not o.met
    },
    "owed_by": lambda _case, found, _engine: {
        o.limit.name: o.limit.owed_by.value for o in found.obligations if not o.met
    },
    "met": lambda _case, found, _engine: _names(found.obligations, lambda o: bool(o.met_on)),
    "ended": lambda _case, found, _engine: _names(found.obligations, lambda o: bool(o.ended_on)),
    "owed": lambda _case, found, _engine: _names(found.obligations, lambda o: not o.met),
    "done_late": lambda _case, found, _engine: _names(found.obligations, lambda o: o.late),
    "outcome": lambda case, _found, _engine: case.standing.outcome or "none",
    "counted": lambda case, _found, _engine: (
        case.standing.counted.outcome if case.standing.counted else "none"
    ),
    "concluded": lambda case, _found, _engine: case.standing.counted and case.standing.counted.on,
    "rows": lambda case, _found, engine: dict(_outcome(case, engine.workflow).rows),
    "remedy": lambda case, _found, engine: _outcome(case, engine.workflow).remedy.value,
    "told": lambda case, found, engine: _told(case, found.as_of, engine.workflow),
    "amount": lambda case, _found, _engine: case.standing.entries[-1].data.get("amount"),
    "basis": lambda case, _found, engine: [b.cite for b in _outcome(case, engine.workflow).basis],
    "receipt": lambda case, _found, engine: (
        engine.workflow.channels[case.application.channel].basis.cite
    ),
    "submitted": lambda case, _found, _engine: case.application.submitted,
    "received": lambda case, _found, _engine: case.application.received,
    "void": lambda case, _found, _engine: case.standing.void,
    "open": lambda case, found, engine: [
        opening.act.name
        for opening in openings(case, found.as_of, engine, DAILY_ROLES)
        if opening.refused is None
    ],
}


class Walker:
    """Carries one walk out: the rules it stands under, and the case as far as it has come."""

    def __init__(self, walk: Mapping[str, Any]) -> None:
        self.walk = walk
        off = dict.fromkeys(walk.get("local_days_off", []), "本地放假")
        workflow, _forms = load_workflow(workflow_path("disclosure"), walk.get("switches", {}))
        self.calendar = Calendar(load_calendar_years("CN"), days_off=off)
        self.engine = Engine(Rules(workflow, self.calendar))
        self.today: date = walk.get("today", TODAY)
        submitted = walk.get("submitted")
        data = {"kind": "natural_person", "channel": walk.get("channel", "in_person")}
        if submitted:
            data["submitted"] = submitted.isoformat()
        first = Entry(1, REGISTER, walk["received"], RECORDED_AT, "clerk", None, workflow.initial,
                      data, {"name": "张三"}, workflow.stamp)  # fmt: skip
        self.case = replay("2026-0001", [first], self.engine.rules)
        self.warnings: list[Finding] = list(
            receipt_gap(RuleBook(), submitted, walk["received"], "")  # type: ignore[arg-type]
        )

    def take(self, step: Mapping[str, Any]) -> Refused | WrongUsage | None:
        """Does one step; a refusal is the answer, not an accident."""
        self.warnings = []
        self.today = step.get("today", self.today)
        try:
            if "do" in step:
                return self._transition(step)
            if "amend" in step:
                self._add(self._amendment(step))
            elif "annul" in step:
                self._add(voiding(self.case, "误登", "clerk", self.today, engine=self.engine,
                                  recorded_at=RECORDED_AT))  # fmt: skip
        except (Refused, WrongUsage) as error:
            return error
        return None

    def _transition(self, step: Mapping[str, Any]) -> Refused | None:
        act = self.engine.transition(step["do"])
        given = {name: str(value) for name, value in step.get("facts", {}).items()}
        facts = read_facts(act, given, self.engine.workflow)
        earlier = step.get("earlier")
        role = step.get("by", "clerk")
        proposal = Proposal(
            act.name, step["on"], role, role, self.today, facts.data, facts.personal,
            EarlierReply("2025-0001", date(2025, 7, 1), earlier["concluded"]) if earlier else None,
        )  # fmt: skip
        answer = evaluate(self.case, proposal, self.engine, RECORDED_AT)
        if isinstance(answer, Refused):
            return answer
        assert isinstance(answer, Accepted)
        self.warnings = list(answer.warnings)
        self._add(answer.entry)
        return None

    def _amendment(self, step: Mapping[str, Any]) -> Entry:
        given = {name: str(value) for name, value in step.get("facts", {}).items()}
        wish = Correction(step["amend"], given, step.get("strike", False), "登记有误", "clerk",
                          "clerk", self.today)  # fmt: skip
        return amendment(self.case, wish, self.engine, RECORDED_AT)

    def _add(self, entry: Entry) -> None:
        history = (*self.case.history, entry)
        self.case = replay(self.case.application.number, history, self.engine.rules)

    def said(self) -> list[str]:
        """The warnings of the last step, each with the limit it speaks of."""
        names = {limit.words: name for name, limit in self.engine.workflow.limits.items()}
        return [
            " ".join(filter(None, [w.code, names.get(w.facts.get("limit"))]))  # type: ignore[call-overload]
            for w in self.warnings
        ]

    def sees(self, expected: Mapping[str, Any], as_of: date) -> dict[str, Any]:
        """What is so, for each thing that a step speaks of."""
        found = self.case.deadline(as_of, self.engine.rules)
        seen = {key: SEEN[key](self.case, found, self.engine) for key in expected if key in SEEN}
        return seen | {"warnings": self.said()}


def _said_no(step: Mapping[str, Any], answer: Refused | WrongUsage | None) -> dict[str, Any]:
    """A refusal as a step may speak of it."""
    if answer is None:
        return {}
    key = "refused" if isinstance(answer, Refused) else "wrong"
    seen: dict[str, Any] = {key: answer.code}
    if "article" in step:
        seen["article"] = answer.facts["basis"].cite  # type: ignore[attr-defined]
    if "says" in step:
        seen["says"] = {name: answer.facts.get(name) for name in step["says"]}
    return seen


@pytest.mark.parametrize("walk", WALKS, ids=[walk["id"] for walk in WALKS])
def test_walk(walk: dict[str, Any]) -> None:
    """The law, a case at a time: the rule is the walk's own sentence."""
    walker = Walker(walk)
    expected = {"warnings": []} | walk.get("expect", {})
    assert walker.sees(expected, walk["received"]) == expected, walk["rule"]
    for number, step in enumerate(walk["step"], start=1):
        where = f"{walk['rule']} (step {number})"
        before = walker.case
        no = {key: value for key, value in step.items() if key in NO_KEYS}
        assert _said_no(step, walker.take(step)) == no, where
        if no:
            assert walker.case.history == before.history, where
            assert repr(walker.case.history) == repr(before.history), where
        expected = {"warnings": []} | {
            key: value for key, value in step.items() if key not in ACT_KEYS | NO_KEYS
        }
        day = step.get("look") or step.get("on") or walker.today
        assert walker.sees(expected, day) == expected, where
        again = replay("2026-0001", walker.case.history, walker.engine.rules)
        assert again == walker.case, where


@pytest.mark.parametrize("period", _periods(), ids=lambda period: period["id"])
def test_period_of_the_calendar(period: dict[str, Any], calendar: Calendar) -> None:
    """A period in days or months that ends on a day off ends on the first working day after it."""
    start = period["from"]
    if "calendar_days" in period:
        end = calendar.after_calendar_days(start, period["calendar_days"])
    elif "months" in period:
        end = calendar.after_months(start, period["months"])
    else:
        end = calendar.after(start, period["working_days"])
    assert (end, calendar.is_provisional(end)) == (period["end"], period["provisional"])


def test_every_walk_is_written_as_a_walk_is() -> None:
    """A walk has no key that nobody reads, a name of its own, and something to say."""
    ids = [walk["id"] for walk in WALKS]
    assert sorted(ids) == sorted(set(ids))
    for walk in WALKS:
        assert set(walk) <= WALK_KEYS, walk["id"]
        assert set(walk.get("expect", {})) <= set(SEEN) | {"warnings"}, walk["id"]
        said = dict(walk.get("expect", {}))
        for step in walk["step"]:
            rest = set(step) - ACT_KEYS
            assert rest <= set(SEEN) | NO_KEYS | {"warnings"}, (walk["id"], step)
            said |= dict.fromkeys(rest, True)
        assert said, walk["id"]


def _taken(walk: Mapping[str, Any]) -> list[str]:
    return [s["do"] for s in walk["step"] if "do" in s and not NO_KEYS & set(s)]


def test_every_part_of_the_rules_is_walked() -> None:
    """No transition, channel, limit, outcome or option of a switch is without a walk."""
    workflow, _forms = load_workflow(workflow_path("disclosure"))
    steps = [step for walk in WALKS for step in walk["step"]]
    assert {name for walk in WALKS for name in _taken(walk)} == set(workflow.transitions)
    assert {walk.get("channel", "in_person") for walk in WALKS} == set(workflow.channels)
    concluded = {step["outcome"] for step in steps if "outcome" in step} - {"none"}
    assert concluded == set(workflow.outcomes)
    spoken = {name for step in steps for key in ("limits", "notices") for name in step.get(key, {})}
    assert spoken == set(workflow.limits) - {"extension"}  # a length, owed by nobody
    options = {
        (name, option)
        for name, switch in workflow.switches.items()
        for option in switch.options
        if option != switch.value
    }
    assert {item for walk in WALKS for item in walk.get("switches", {}).items()} >= options


def test_a_walk_that_expects_the_wrong_thing_fails() -> None:
    """The walks can fail: a due date that is off by a day is seen."""
    walk = next(walk for walk in WALKS if walk["id"] == "art33-answer-within-twenty-working-days")
    wrong = walk | {"expect": {"due": date(2026, 7, 30)}}  # the 29th is right
    with pytest.raises(AssertionError, match="20 working days"):
        test_walk(wrong)
