"""A year of five hundred applications, recounted day by day by somebody who knows no formulas."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

import chinese_calendar
import pytest

from requestflow.definitions.calendar_files import load_calendar_years
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar
from requestflow.domain.case import Case, replay
from requestflow.domain.clock import Rules, due_date
from requestflow.domain.entries import Entry
from requestflow.domain.evaluation import Accepted, evaluate
from requestflow.domain.facts import read_facts
from requestflow.domain.guards import Proposal
from requestflow.domain.machine import Engine
from requestflow.domain.workflow import REGISTER

SEED = 365
CASES = 500
FIRST, LAST = date(2026, 1, 4), date(2026, 8, 31)
NOON = datetime(2026, 1, 4, 4, tzinfo=UTC)
DAY = timedelta(days=1)

# a way through the rules: each step with the working days to wait before it, and its facts
Path = list[tuple[int, str, dict[str, str]]]
OPINION = {"opinion": "agrees"}
ENDING: Path = [(2, "decide", {"outcome": "partial"}), (1, "deliver", {})]
PATHS: list[Path] = [
    [(1, "accept", {}), (12, "decide", {"outcome": "disclosed.provided"}), (2, "deliver", {})],
    [(1, "accept", {}), (5, "request_correction", {}), (8, "receive_correction", {}), *ENDING],
    [(1, "accept", {}), (5, "request_correction", {"days": "5"}), (9, "lapse_correction", {})],
    [(0, "accept", {}), (3, "consult_third_party", {"party": "甲"}),
     (7, "conclude_third_party", OPINION), *ENDING],
    [(0, "accept", {}), (3, "consult_third_party", {"party": "甲"}),
     (18, "conclude_third_party", {"opinion": "silent"}), *ENDING],
    [(0, "accept", {}), (2, "consult_third_party", {"party": "甲"}), (2, "consult_organ", {"party": "乙"}),
     (4, "conclude_third_party", OPINION), (3, "conclude_organ", OPINION), *ENDING],
    [(0, "accept", {}), (2, "consult_organ", {"party": "乙", "role": "other"}),
     (25, "conclude_organ", OPINION), (3, "extend", {"days": "7"}), (12, "decide", {"outcome": "partial"})],
    [(1, "accept", {}), (17, "extend", {"days": "20"}), (20, "decide", {"outcome": "partial"}),
     (1, "deliver", {})],
    [(1, "accept", {}), (6, "charge_fee", {}), (9, "receive_payment", {}), (15, "extend", {"days": "3"}),
     *ENDING],
    [(1, "accept", {}), (6, "charge_fee", {}), (22, "lapse_payment", {})],
    [(1, "accept", {}), (4, "request_reasons", {}), (3, "receive_reasons", {"reasonable": "是"}), *ENDING],
    [(2, "withdraw", {})],
    [(1, "accept", {}), (24, "decide", {"outcome": "partial"}), (2, "deliver", {})],  # late
    [(1, "accept", {}), (10, "decide", {"outcome": "partial"}), (1, "deliver", {}), (9, "reopen", {}),
     *ENDING],
]  # fmt: skip
WAITS = {"consult_third_party": 15, "consult_organ": 15, "charge_fee": None}
RETURNS = {"conclude_third_party": "consult_third_party", "conclude_organ": "consult_organ"}
ANEW = ("receive_correction", "receive_payment", "reopen")


@cache
def worked(day: date) -> bool:
    """Whether the day is worked, asked of somebody else's calendar."""
    return bool(chinese_calendar.is_workday(day))


@dataclass
class Wait:
    """A letter that is out, and how many working days it has been."""

    letter: str
    longest: int | None
    been: int = 0


@dataclass
class Recount:
    """The clock as a person would keep it on paper: a stroke for each working day that counts."""

    allowed: int = 20
    strokes: int = 0
    full: date | None = None
    waits: list[Wait] = field(default_factory=list)

    def happens(self, step: str, facts: dict[str, str]) -> None:
        """What a step does to the sheet of paper."""
        if step in ANEW:
            self.allowed, self.strokes, self.full, self.waits = 20, 0, None, []
        elif step == "extend":
            self.allowed, self.full = self.allowed + int(facts["days"]), None
        elif step in WAITS:
            longest = None if facts.get("role") == "other" else WAITS[step]
            self.waits.append(Wait(step, longest))
        elif step in RETURNS:
            self.waits = [wait for wait in self.waits if wait.letter != RETURNS[step]]

    def passes(self, day: date) -> None:
        """A day goes by: one stroke if it is worked and no letter of an earlier day is out."""
        if not worked(day):
            return
        for wait in self.waits:
            wait.been += 1
        if not any(wait.longest is None or wait.been <= wait.longest for wait in self.waits):
            self.strokes += 1
            if self.strokes == self.allowed:
                self.full = day

    def due(self, today: date) -> date:
        """The day of the last stroke, if every working day from tomorrow on gets one."""
        if self.full:
            return self.full
        left, day = self.allowed - self.strokes, today
        while left:
            day += DAY
            left -= worked(day)
        return day


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped rules."""
    workflow, _forms = load_workflow(workflow_path("disclosure"))
    return Engine(Rules(workflow, Calendar(load_calendar_years("CN"))))


def _registered(number: str, received: date, engine: Engine) -> Case:
    data = {"kind": "natural_person", "channel": "in_person"}
    first = Entry(1, REGISTER, received, NOON, "clerk", None, engine.workflow.initial, data,
                  {"name": "申请人甲"}, engine.workflow.stamp)  # fmt: skip
    return replay(number, [first], engine.rules)


def _moved(case: Case, step: str, given: dict[str, str], day: date, engine: Engine) -> Case:
    act = engine.transition(step)
    facts = read_facts(act, given, engine.workflow)
    proposal = Proposal(step, day, "head", "head", day, facts.data, facts.personal)
    answer = evaluate(case, proposal, engine, NOON)
    assert isinstance(answer, Accepted), (step, answer)
    return replay(case.application.number, (*case.history, answer.entry), engine.rules)


def _hurried(wait: int, name: str, facts: dict[str, str], dice: random.Random) -> int:
    """How long somebody waits with a step: sometimes a day less, where nothing has to run out first."""
    fixed = name.startswith("lapse") or facts.get("opinion") == "silent"
    return wait if fixed else max(wait - dice.choice((0, 0, 1)), 0)


def _steps(
    path: Path, received: date, dice: random.Random
) -> Iterator[tuple[date, str, dict[str, str]]]:
    """The steps of a path, on working days."""
    day = received
    for wait, name, facts in path:
        left = _hurried(wait, name, facts, dice)
        while left:
            day += DAY
            left -= worked(day)
        yield day, name, facts


def _lived(place: int, engine: Engine, dice: random.Random) -> Iterator[tuple[Case, date, date]]:
    """One application day by day: the case, the day, and the due date that counting by hand gives."""
    received = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days))
    case, sheet = _registered(f"2026-{place:04}", received, engine), Recount()
    todo = list(_steps(PATHS[place % len(PATHS)], received, dice))
    day = received
    while todo:
        if day > received and case.standing.clock and case.standing.clock.ended is None:
            sheet.passes(day)
        while todo and todo[0][0] == day:
            _on, step, facts = todo.pop(0)
            case = _moved(case, step, facts, day, engine)
            sheet.happens(step, facts)
        yield case, day, sheet.due(day)
        day += DAY


def test_a_year_counted_by_strokes_is_the_year_worked_out(engine: Engine) -> None:
    """On every day of every open case the due date is the one that counting by hand gives."""
    dice = random.Random(SEED)
    compared, states = 0, set()
    for place in range(CASES):
        for case, day, by_hand in _lived(place, engine, dice):
            clock = case.standing.clock
            states.add(case.standing.state)
            if clock is not None and clock.ended is None:
                assert due_date(clock, day, engine.rules) == by_hand, (place, day)
                compared += 1

    assert compared > 8000
    assert states == set(engine.workflow.states)
