"""Whatever a clerk does within the law: the table foots, the due date keeps, nothing illegal is written."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requestflow.bootstrap import open_office
from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.case import Case, replay
from requestflow.domain.clock import Rules, due_date
from requestflow.domain.entries import Entry
from requestflow.domain.evaluation import evaluate
from requestflow.domain.facts import read_facts
from requestflow.domain.guards import EarlierReply, Proposal
from requestflow.domain.identities import check
from requestflow.domain.machine import Engine
from requestflow.domain.rollup import report_period, rollup
from requestflow.domain.summary import due_now, summarize
from requestflow.domain.tables import tabulate
from requestflow.domain.workflow import Effect
from requestflow.errors import Refused, RequestflowError
from requestflow.services import figure_cases, intake, processing, verification, year_table
from requestflow.services.intake import Registration
from requestflow.storage import figures

YEARS = (2023, 2024, 2025)
MOVES_THE_DATE_BACK = (Effect.RESTART, Effect.REPLACE)
KINDS = ("natural_person", "enterprise", "legal_service")
FACTS: dict[str, list[dict[str, str]]] = {
    "decide": [
        {"outcome": code}
        for code in ("disclosed.provided", "partial", "withheld.state_secret", "unable.nonexistent",
                     "unable.still_unclear", "not_handled.excessive", "other.other", "other.withdrawn")
    ] + [{"outcome": "not_handled.repeat", "earlier": "2022-0001"}, {"outcome": "not_handled.repeat"}],
    "extend": [{}, {"days": "5"}, {"days": "20"}, {"days": "21"}],
    "request_correction": [{}, {"days": "3"}],
    "consult_third_party": [{}, {"party": "甲"}, {"party": "乙"}],
    "conclude_third_party": [{}, {"party": "甲"}, {"opinion": "silent"}],
    "consult_organ": [{}, {"role": "other"}, {"party": "局"}],
    "conclude_organ": [{}, {"party": "局"}],
    "postpone": [{"until": "2025-12-31"}, {"until": "2020-01-01"}],
    "carry_over": [{"year": "2024"}],
}  # fmt: skip


@dataclass
class Story:
    """A case on its way, and the day it has come to."""

    engine: Engine
    now: datetime
    entries: list[Entry]
    day: date
    moves: list[str] = field(default_factory=list)

    def case(self) -> Case:
        return replay("2023-0001", self.entries, self.engine.rules)

    def attempt(self, name: str, facts: dict[str, str], role: str, on: date) -> str:
        """Proposes a step; tells whether it was made, and keeps the history equal where it was not."""
        act = self.engine.transition(name)
        before = list(self.entries)
        read = read_facts(act, facts, self.engine.workflow)
        earlier = EarlierReply("2022-0001", date(2022, 1, 4), concluded=True)
        proposal = Proposal(name, on, role, role, date(2026, 1, 1), read.data, read.personal, earlier)
        case = self.case()
        answer = evaluate(case, proposal, self.engine, self.now)
        if isinstance(answer, Refused):
            assert self.entries == before
            assert self.case() == case
            return answer.code
        self.entries.append(answer.entry)
        return "made"


steps = st.lists(
    st.tuples(st.integers(0, 19), st.integers(0, 9), st.integers(0, 30), st.sampled_from(("clerk", "head"))),
    max_size=14,
)  # fmt: skip
starts = st.tuples(st.dates(date(2023, 1, 3), date(2024, 11, 30)), st.sampled_from(KINDS))


def told(engine: Engine, now: datetime, start: tuple[date, str], moves: list[Any]) -> Story:
    """A history of random steps, legal ones made and illegal ones refused."""
    received, kind = start
    first = Entry(
        1, "register", received, now, "clerk", None, "received", {"kind": kind, "subject": "x"}
    )
    story = Story(engine, now, [first], received)
    names = list(engine.workflow.transitions)
    for which, variant, days, role in moves:
        name = names[which % len(names)]
        options = FACTS.get(name, [{}])
        on = story.day + timedelta(days=days)
        before = story.case()
        if story.attempt(name, options[variant % len(options)], role, on) == "made":
            _the_due_date_keeps(story, before, name, on)
            story.day = on
    return story


def _the_due_date_keeps(story: Story, before: Case, name: str, on: date) -> None:
    """A step never brings the due date nearer, except by a restart or a day that the office sets."""
    effect = story.engine.transition(name).effect
    old, new = before.standing.clock, story.case().standing.clock
    assert old is not None
    assert new is not None
    if effect not in MOVES_THE_DATE_BACK:
        rules = story.engine.rules
        assert due_date(new, on, rules) >= due_date(old, min(on, old.ended or on), rules)


@settings(max_examples=150)
@given(stories=st.lists(st.tuples(starts, steps), min_size=1, max_size=4))
def test_any_history_foots_in_every_year_and_form(
    engine: Engine, forms: Any, now: datetime, stories: list[Any]
) -> None:
    """Any sequence of steps, legal ones made, keeps all identities in each year and form; carry-over too."""
    cases = [told(engine, now, start, moves).case() for start, moves in stories]
    for form in forms.values():
        last = None
        for year in YEARS:
            table = rollup(cases, office="x", period=report_period(year), form=form,
                           workflow=engine.workflow)  # fmt: skip
            assert all(identity.holds for identity in check(table, last))
            last = table


@settings(max_examples=150)
@given(start=starts, moves=steps)
def test_a_history_replayed_again_is_the_same(
    engine: Engine, now: datetime, start: tuple[date, str], moves: list[Any]
) -> None:
    """Replay twice is replay once, and a row tells the same due date as its history on any later day."""
    case = told(engine, now, start, moves).case()

    assert replay("2023-0001", case.history, engine.rules) == case
    row = summarize(case, engine.rules)
    for later in (0, 3, 17, 60):
        day = row.due_on + timedelta(days=later)
        found = case.deadline(day, engine.rules)
        short = due_now(row, day, engine.rules.calendar)
        assert (short.due, short.status, short.overdue) == (found.due, found.status, found.overdue)


@pytest.mark.slow
@settings(max_examples=12)
@given(stories=st.lists(st.tuples(starts, steps), min_size=1, max_size=3))
def test_the_quick_figures_are_the_plain_ones(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, stories: list[Any]
) -> None:
    """Over a real database: counts by index equal the plain count, each cell lists its cases, `verify` holds."""
    from shutil import copytree

    place = tmp_path_factory.mktemp("any") / "office"
    copytree(folder, place)
    office = open_office(place / "config.toml", date(2025, 12, 31))
    names = list(office.workflow.transitions)
    for (received, kind), moves in stories:
        wanted = Registration(kind, "online", received, "某文件", {"name": "申请人甲"})
        number = intake.register(office, wanted).case.application.number
        day = received
        for which, variant, days, role in moves:
            name = names[which % len(names)]
            options = FACTS.get(name, [{}])
            on = day + timedelta(days=days)
            try:
                step = processing.Step(name, options[variant % len(options)], on=on, by=role)
                processing.transition(office, number, step)
                day = on
            except RequestflowError:
                continue
    verdict = verification.verify(office)
    assert verdict.problems == []
    for year in YEARS:
        found = year_table.rollup(office, year_table.Wanted(year)).table
        with office.reading() as session:
            counts = figures.count(session, report_period(year))
        assert dict(found.rows) == tabulate(counts, found.form, office.workflow)
        for row in ("new", "disclosed", "concluded", "carried_out"):
            cell = figure_cases.cell(office, year_table.Wanted(year), f"{row}:total")
            assert found.cell(row, "total") == len(cell.cases)


@pytest.mark.parametrize("option", ["sent_to_returned", "sending_day_too", "return_day_not"])
@settings(max_examples=60)
@given(start=starts, moves=steps)
def test_a_row_tells_what_its_history_tells_under_every_reading(
    engine: Engine, now: datetime, option: str, start: tuple[date, str], moves: list[Any]
) -> None:
    """Whatever days of a consultation an office leaves out, the row and the replay agree on the due date."""
    workflow, _forms = load_workflow(workflow_path("disclosure"), {"pause_days": option})
    other = Engine(Rules(workflow, engine.rules.calendar))
    case = told(other, now, start, moves).case()
    row = summarize(case, other.rules)
    for later in (0, 1, 2, 9, 30):
        day = row.due_on + timedelta(days=later)
        found, short = case.deadline(day, other.rules), due_now(row, day, other.rules.calendar)
        assert (short.due, short.status, short.overdue) == (found.due, found.status, found.overdue)
