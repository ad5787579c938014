"""Whatever is corrected, struck or voided: what is refused changes nothing, what holds is lawful throughout."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requestflow.bootstrap import open_office
from requestflow.domain.amendments import Correction, amendment, voiding
from requestflow.domain.case import Case, replay
from requestflow.domain.entries import Entry
from requestflow.domain.evaluation import Accepted, evaluate, openings
from requestflow.domain.facts import read_facts
from requestflow.domain.guards import Proposal
from requestflow.domain.identities import check
from requestflow.domain.machine import Engine
from requestflow.domain.rollup import report_period, rollup
from requestflow.domain.summary import due_now, summarize
from requestflow.errors import Refused, RequestflowError
from requestflow.services import casework
from requestflow.services.figure_cases import cell
from requestflow.services.intake import Registration, register
from requestflow.services.processing import Step, Wish, amend, transition, void
from requestflow.services.verification import verify
from requestflow.services.year_table import Wanted
from requestflow.services.year_table import rollup as quick_rollup

TODAY = date(2026, 11, 24)
YEARS = (2025, 2026)
ROLES = frozenset({"clerk", "head"})
LATER = (0, 1, 4, 15, 40)  # days after the last entry on which a row is looked at

ENDLESS = ("withdraw", "reopen")

# what a transition may be given; the first where nothing else is drawn
FACTS: Mapping[str, tuple[dict[str, str], ...]] = {
    "request_correction": ({}, {"days": "3"}, {"until": "2026-11-20"}),
    "consult_third_party": ({"party": "甲"}, {"party": "乙"}, {}),
    "conclude_third_party": ({"party": "甲"}, {"party": "乙"}, {"opinion": "silent"}, {}),
    "consult_organ": ({"party": "丙局"}, {"party": "丁局", "role": "other"}),
    "conclude_organ": ({"party": "丙局"}, {"party": "丁局"}),
    "receive_reasons": ({"reasonable": "yes"}, {"reasonable": "no"}, {}),
    "extend": ({"days": "5"}, {"days": "20"}, {}),
    "postpone": ({"until": "2026-11-30"}, {"until": "2026-03-31"}),
    "decide": (
        {"outcome": "disclosed.provided"}, {"outcome": "unable.still_unclear"},
        {"outcome": "not_handled.excessive"}, {"outcome": "other.withdrawn"},
    ),
    "carry_over": ({"year": "2026"},),
}  # fmt: skip
# what a correction may say; `on` is drawn apart
WISHES: tuple[dict[str, str], ...] = (
    {"subject": "另一份文件"}, {"kind": "enterprise"}, {"submitted": "2025-06-01"}, {"name": "李四"},
    {"party": "甲"}, {"party": "乙"}, {"party": ""}, {"days": "10"}, {"days": ""}, {"until": "2026-11-20"},
    {"outcome": "partial"}, {"outcome": "not_handled.excessive"}, {"reasonable": "no"},
    {"opinion": "agrees"}, {"notice_received": ""}, {"role": "other"}, {"reason": "补记"},
)  # fmt: skip

moves = st.lists(
    st.tuples(
        st.sampled_from(["step", "step", "step", "step", "amend", "shift", "strike"]),
        st.integers(0, 99),
        st.integers(0, 99),
        st.integers(0, 12),
    ),
    min_size=6,
    max_size=18,
)
starts = st.dates(date(2025, 3, 3), date(2026, 6, 30))


@dataclass
class Desk:
    """A case on a clerk's desk, one act after another."""

    engine: Engine
    now: datetime
    case: Case
    day: date

    def act(self, kind: str, which: int, variant: int, days: int) -> None:
        """One act of any kind; refused or not, what must hold holds afterwards."""
        before = self.case
        try:
            entry = self._entry(kind, which, variant, days)
        except RequestflowError:
            entry = None
        if entry is None:
            assert self.case == before
            return
        self.case = replay("2025-0001", (*before.history, entry), self.engine.rules)
        self.day = max(self.day, *(e.on for e in self.case.standing.entries))
        assert self.case.history[:-1] == before.history
        assert entry.from_state == before.standing.state
        assert entry.to_state == self.case.standing.state

    def _entry(self, kind: str, which: int, variant: int, days: int) -> Entry | None:
        if kind == "step":
            return self._step(which, variant, self.day + timedelta(days=days))
        target = self.case.history[which % len(self.case.history)]
        if kind == "strike":
            return self._correction(target.number, {}, struck=True)
        if kind == "shift":
            on = target.on + timedelta(days=days - 6)
            return self._correction(target.number, {"on": on.isoformat()})
        return self._correction(target.number, WISHES[variant % len(WISHES)])

    def _step(self, which: int, variant: int, on: date) -> Entry | None:
        on = min(on, TODAY)
        found = [o for o in openings(self.case, on, self.engine, ROLES) if o.refused is None]
        rare = variant % 4 == 0  # else most cases would only be withdrawn and reopened
        found = [o for o in found if rare or o.act.name not in ENDLESS] or found
        if not found:
            return None
        act = found[which % len(found)].act
        options = FACTS.get(act.name, ({},))
        read = read_facts(act, options[variant % len(options)], self.engine.workflow)
        role = act.by[-1]
        proposal = Proposal(act.name, on, role, role, TODAY, read.data, read.personal)
        answer = evaluate(self.case, proposal, self.engine, self.now)
        return answer.entry if isinstance(answer, Accepted) else None

    def _correction(self, entry: int, given: dict[str, str], *, struck: bool = False) -> Entry:
        wish = Correction(entry, given, struck, "登记有误", "head", "head", TODAY)
        return amendment(self.case, wish, self.engine, self.now)


def worked(
    engine: Engine, now: datetime, received: date, acts: list[Any], *, asked: tuple[str, ...] = ()
) -> Desk:
    """A case through a sequence of acts, after letters to the parties that were `asked`."""
    data = {"kind": "natural_person", "channel": "post", "subject": "某文件"}
    first = Entry(1, "register", received, now, "clerk", None, "received", data, {"name": "张三"})
    desk = Desk(engine, now, replay("2025-0001", [first], engine.rules), received)
    begun = [("accept", {}), *(("consult_third_party", {"party": party}) for party in asked)]
    for name, personal in begun if asked else []:
        proposal = Proposal(name, received, "clerk", "clerk", TODAY, {}, personal)
        answer = evaluate(desk.case, proposal, engine, now)
        assert isinstance(answer, Accepted)
        desk.case = replay("2025-0001", (*desk.case.history, answer.entry), engine.rules)
    for act in acts:
        desk.act(*act)
    return desk


@settings(max_examples=200)
@given(received=starts, acts=moves)
def test_a_corrected_case_is_lawful_throughout(
    engine: Engine, now: datetime, received: date, acts: list[Any]
) -> None:
    """A history that came about by steps and corrections can be walked again, and corrected again."""
    desk = worked(engine, now, received, acts)
    last = desk.case.standing.entries[0]
    wish = Correction(last.number, {"subject": "再一份"}, False, "核对", "clerk", "clerk", TODAY)
    entry = amendment(desk.case, wish, engine, now)
    assert entry.to_state == desk.case.standing.state


@settings(max_examples=150)
@given(received=starts, acts=moves)
def test_a_corrected_case_keeps_its_row_and_its_table(
    engine: Engine, now: datetime, forms: Any, received: date, acts: list[Any]
) -> None:
    """After any corrections the row tells the history's due date, and every table foots."""
    case = worked(engine, now, received, acts).case
    assert replay("2025-0001", case.history, engine.rules) == case
    row = summarize(case, engine.rules)
    for ahead in LATER:
        day = row.due_on + timedelta(days=ahead)
        short, full = due_now(row, day, engine.rules.calendar), case.deadline(day, engine.rules)
        assert (short.due, short.status, short.overdue, short.remaining) == (
            full.due, full.status, full.overdue, full.remaining,
        )  # fmt: skip
    for form in forms.values():
        last = None
        for year in YEARS:
            table = rollup([case], office="某局", period=report_period(year), form=form,
                           workflow=engine.workflow)  # fmt: skip
            assert {identity.holds for identity in check(table, last)} == {True}
            last = table


@settings(max_examples=100)
@given(received=starts, acts=moves)
def test_an_opinion_concludes_a_letter_to_the_party_it_names(
    engine: Engine, now: datetime, received: date, acts: list[Any]
) -> None:
    """However a history was corrected, an opinion and the letter it concludes name one party."""
    standing = worked(engine, now, received, acts, asked=("甲", "乙")).case.standing
    letters = {entry.number: entry for entry in standing.entries}
    for entry in standing.entries:
        concluded = entry.count("concludes")
        if concluded is not None and entry.text("party") is not None:
            assert letters[concluded].text("party") == entry.text("party")


@settings(max_examples=60)
@given(received=starts, acts=moves)
def test_next_and_transition_agree_on_any_case(
    engine: Engine, now: datetime, received: date, acts: list[Any]
) -> None:
    """Whatever has happened to a case, what `next` closes is refused, however it is asked."""
    case = worked(engine, now, received, acts).case
    for opening in openings(case, TODAY, engine, ROLES):
        if opening.refused is None:
            continue
        name = opening.act.name
        for facts in FACTS.get(name, ({},)):
            read = read_facts(opening.act, facts, engine.workflow)
            role = next((r for r in opening.act.by if r in ROLES), "clerk")
            proposal = Proposal(name, TODAY, role, role, TODAY, read.data, read.personal)
            answer = evaluate(case, proposal, engine, now)
            assert isinstance(answer, Refused), name


@settings(max_examples=60)
@given(received=starts, acts=moves)
def test_a_voided_case_is_in_no_figure(
    engine: Engine, now: datetime, forms: Any, received: date, acts: list[Any]
) -> None:
    """Voided, a case counts nowhere, and nothing more can be done with it."""
    case = worked(engine, now, received, acts).case
    entry = voiding(case, "误登", "clerk", TODAY, engine=engine, recorded_at=now)
    gone = replay("2025-0001", (*case.history, entry), engine.rules)
    assert gone.standing.void
    assert not any(o.refused is None for o in openings(gone, TODAY, engine, ROLES))
    for year in YEARS:
        table = rollup([gone], office="某局", period=report_period(year), form=forms["2021"],
                       workflow=engine.workflow)  # fmt: skip
        assert {figure for figures in table.rows.values() for figure in figures} == {0}


def _acts(office: Any, number: str, acts: list[Any]) -> Iterator[Callable[[], object]]:
    """The same acts by way of the services, each in its own transaction."""
    for kind, which, variant, days in acts:
        case = casework.read(office, number)
        entry = case.history[which % len(case.history)].number
        on = min(max(e.on for e in case.standing.entries) + timedelta(days=days), TODAY)
        if kind == "step":
            steps = list(office.workflow.transitions)
            name = steps[(which + variant) % len(steps)]
            options = FACTS.get(name, ({},))
            step = Step(name, options[variant % len(options)], on=on, by="head")
            yield lambda step=step: transition(office, number, step)
        elif kind == "strike":
            wish = Wish(entry, {}, "误记", struck=True, by="head")
            yield lambda wish=wish: amend(office, number, wish)
        elif kind == "shift":
            wish = Wish(entry, {"on": on.isoformat()}, "误记", by="head")
            yield lambda wish=wish: amend(office, number, wish)
        elif variant % 20 == 0:
            yield lambda: void(office, number, "误登", None)
        else:
            wish = Wish(entry, WISHES[variant % len(WISHES)], "误记", by="head")
            yield lambda wish=wish: amend(office, number, wish)


@pytest.mark.slow
@settings(max_examples=12)
@given(stories=st.lists(st.tuples(starts, moves), min_size=1, max_size=3))
def test_an_office_whose_cases_are_corrected_still_verifies(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, stories: list[Any]
) -> None:
    """Over a real database: after any acts `verify` holds, the table is the plain one, cells are lists."""
    place = tmp_path_factory.mktemp("corrected") / "office"
    copytree(folder, place)
    office = open_office(place / "config.toml", TODAY)
    numbers = []
    for received, acts in stories:
        wanted = Registration("natural_person", "post", received, "某文件", {"name": "张三"})
        numbers.append(register(office, wanted).case.application.number)
        for act in _acts(office, numbers[-1], acts):
            with suppress(RequestflowError):
                act()
    assert verify(office).problems == []
    cases = [casework.read(office, number) for number in numbers]
    for year in YEARS:
        table = quick_rollup(office, Wanted(year)).table
        plain = rollup(cases, office=office.name,
                       period=report_period(year, min(date(year, 12, 31), TODAY)),
                       form=table.form, workflow=office.workflow)  # fmt: skip
        assert table.rows == plain.rows
        for row in table.rows:
            listed = [case.number for case in cell(office, Wanted(year), f"{row}:total").cases]
            assert len(listed) == len(set(listed)) == table.cell(row, "total")
