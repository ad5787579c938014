"""A case told in a line a step, without a database: what the tests of the domain share."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from requestflow.definitions.workflow_file import load_workflow, workflow_path
from requestflow.domain.calendar import Calendar
from requestflow.domain.case import Case, replay
from requestflow.domain.clock import Rules
from requestflow.domain.deadline import Deadline
from requestflow.domain.entries import Entry
from requestflow.domain.evaluation import Accepted, Correction, amendment, evaluate, voiding
from requestflow.domain.facts import read_facts
from requestflow.domain.guards import EarlierReply, Proposal
from requestflow.domain.machine import Engine
from requestflow.domain.workflow import IMPORT, REGISTER
from requestflow.errors import Refused

TODAY = date(2026, 11, 24)
NUMBER = "2026-0001"


@dataclass(frozen=True)
class Story:
    """A case as far as it has been told; every step gives the next story."""

    engine: Engine
    case: Case
    now: datetime
    today: date = TODAY

    def answer(
        self, name: str, on: date, by: str = "clerk", *, reply: EarlierReply | None = None,
        **facts: str,
    ) -> Accepted | Refused:  # fmt: skip
        """What the engine says to a transition with facts as a clerk types them."""
        act = self.engine.transition(name)
        read = read_facts(act, facts, self.engine.workflow)
        proposal = Proposal(
            name, on, by, by, self.today, read.data, read.personal, reply
        )  # fmt: skip
        return evaluate(self.case, proposal, self.engine, self.now)

    def told(self, *entries: Entry) -> "Story":
        """The story with more entries."""
        history = (*self.case.history, *entries)
        return replace(self, case=replay(NUMBER, history, self.engine.rules))

    def then(self, name: str, on: date, by: str = "clerk", **facts: Any) -> "Story":
        """The story after a transition, which must be allowed."""
        answer = self.answer(name, on, by, **facts)
        assert isinstance(answer, Accepted), answer
        return self.told(answer.entry)

    def refused(self, name: str, on: date, by: str = "clerk", **facts: Any) -> str:
        """The code with which a transition is refused."""
        answer = self.answer(name, on, by, **facts)
        assert isinstance(answer, Refused), answer
        return answer.code

    def amendment(
        self, entry: int, *, strike: bool = False, by: str = "clerk",
        reply: EarlierReply | None = None, **facts: str,
    ) -> Entry:  # fmt: skip
        """The entry that corrects another one; refusals are raised."""
        wish = Correction(entry, facts, strike, "登记有误", by, by, self.today, reply)
        return amendment(self.case, wish, self.engine, self.now)

    def amended(self, entry: int, **facts: Any) -> "Story":
        """The story with a correction of entry `entry`."""
        return self.told(self.amendment(entry, **facts))

    def voided(self) -> "Story":
        """The story of a registration that was a mistake."""
        return self.told(
            voiding(self.case, "误登", "clerk", self.today, engine=self.engine, recorded_at=self.now)
        )

    def imported(self, on: date, to: str, **data: str) -> "Story":
        """The story with the result that an old register states."""
        return self.told(
            Entry(
                len(self.case.history) + 1,
                IMPORT,
                on,
                self.now,
                "clerk",
                self.case.standing.state,
                to,
                data,
            )
        )

    def deadline(self, as_of: date) -> Deadline:
        """The deadline on a day."""
        return self.case.deadline(as_of, self.engine.rules)

    def due(self, as_of: date) -> date:
        """The due date as it stands on a day."""
        return self.deadline(as_of).due


Begin = Callable[..., Story]


@pytest.fixture(scope="session")
def begin(engine: Engine, calendar: Calendar, now: datetime) -> Begin:
    """Tells the beginning of a case: `begin(received, switch="option", today=…)`."""
    engines: dict[tuple[tuple[str, str], ...], Engine] = {(): engine}

    def start(received: date, *, today: date = TODAY, **switches: str) -> Story:
        key = tuple(sorted(switches.items()))
        if key not in engines:
            workflow, _forms = load_workflow(workflow_path("disclosure"), switches)
            engines[key] = Engine(Rules(workflow, calendar))
        first = Entry(
            number=1, transition=REGISTER, on=received, recorded_at=now, by="clerk",
            from_state=None, to_state="received",
            data={"kind": "natural_person", "channel": "post", "subject": "预算"},
            personal={"name": "张三", "id_number": "110101199003070000"},
            rules=engine.workflow.stamp,
        )  # fmt: skip
        return Story(engines[key], replay(NUMBER, [first], engines[key].rules), now, today)

    return start
