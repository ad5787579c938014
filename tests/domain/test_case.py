"""A case is its history replayed: nothing else, and the same each time."""

from dataclasses import replace
from datetime import date

import pytest

from requestflow.domain.case import replay
from requestflow.domain.workflow import AMEND
from requestflow.errors import Refused

RECEIVED = date(2026, 7, 1)
ACCEPTED = date(2026, 7, 2)
ASKED = date(2026, 7, 6)


def test_the_application_is_what_the_registration_says_corrected(begin) -> None:
    """Receipt date, kind and applicant are those of entry 1, corrections applied."""
    told = begin(RECEIVED).amended(1, received="2026-06-30", name="李四", kind="enterprise")
    found = told.case.application
    assert (found.received, found.kind, found.applicant["name"], found.submitted) == (
        date(2026, 6, 30), "enterprise", "李四", None,
    )  # fmt: skip
    assert told.case.history[0].personal["name"] == "张三"  # the old entry stays what it was


def test_replayed_twice_it_is_the_same_case(begin) -> None:
    """A history replayed again, from a list or an iterator, tells the same case."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("charge_fee", ASKED)
    history = story.case.history
    assert replay("2026-0001", list(history), story.engine.rules) == story.case
    assert replay("2026-0001", iter(history), story.engine.rules) == story.case


def test_every_beginning_of_a_history_is_a_case(begin) -> None:
    """As of any entry the case stands as it stood then."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("charge_fee", ASKED)
    states = [
        replay("2026-0001", story.case.history[:count], story.engine.rules).standing.state
        for count in (1, 2, 3)
    ]
    assert states == ["received", "under_review", "awaiting_payment"]


def test_a_case_without_its_registration_has_no_deadline(begin) -> None:
    """Where the registration is missing from a history, its deadline is refused, not made up."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    torn = replay("2026-0001", story.case.history[1:], story.engine.rules)
    with pytest.raises(Refused) as refused:
        torn.deadline(ASKED, story.engine.rules)
    assert (refused.value.code, refused.value.facts) == ("nothing_registered", {"number": "2026-0001"})


def test_what_the_rules_do_not_know_moves_nothing(begin) -> None:
    """An entry of a transition that these rules have not stays in the history and changes no state."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    note = replace(story.case.history[-1], number=3, transition="telephone", to_state="lost")
    told = story.told(note)
    assert told.case.standing == story.case.standing
    assert told.case.history[-1] == note


def test_a_void_case_keeps_its_history(begin) -> None:
    """A registration taken out keeps its state and entries, and is known to be void."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    told = story.voided()
    assert (told.case.standing.void, told.case.standing.state) == (True, "under_review")
    assert told.case.history[:-1] == story.case.history
    assert AMEND not in {entry.transition for entry in told.case.history}
