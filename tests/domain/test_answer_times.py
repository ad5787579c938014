"""Answers by their due dates, worked out from a history."""

from datetime import date, datetime
from typing import Any

import pytest

from requestflow.domain.answer_times import Answer, answer_time, tally
from requestflow.domain.entries import Entry
from requestflow.domain.machine import Engine

RECEIVED = date(2026, 3, 2)  # due 2026-03-30
LAST = date(2026, 12, 31)


@pytest.fixture
def entry(now: datetime) -> Any:
    """Makes an entry of a history."""

    def make(number: int, transition: str, on: date, to: str, **data: object) -> Entry:
        return Entry(number, transition, on, now, "clerk", None, to, data)

    return make


@pytest.fixture
def registration(entry: Any) -> Entry:
    return entry(
        1, "register", RECEIVED, "received", kind="natural_person", channel="online", subject="x"
    )


def test_an_extension_moves_the_due_date_and_leaves_the_original_one(
    engine: Engine, entry: Any, registration: Entry
) -> None:
    """Both due dates are told: 20 working days, and 20 more by an extension, art. 33."""
    history = [
        registration,
        entry(2, "accept", RECEIVED, "under_review"),
        entry(3, "extend", date(2026, 3, 20), "under_review", days=20),
    ]
    found = answer_time(history, LAST, engine.rules)

    assert found is not None
    assert (found.original_due, found.due, found.extended) == (date(2026, 3, 30), date(2026, 4, 28), 20)
    assert found.answer is Answer.OVERDUE


def test_an_imported_extension_leaves_the_original_due_date(
    engine: Engine, entry: Any, registration: Entry
) -> None:
    """A register names the day it was extended to; the original one is worked out without it."""
    facts = {"outcome": "disclosed.provided", "extended_to": "2026-04-10"}
    history = [registration, entry(2, "import", date(2026, 4, 7), "closed", **facts)]
    found = answer_time(history, LAST, engine.rules)

    assert found is not None
    assert (found.original_due, found.due) == (date(2026, 3, 30), date(2026, 4, 10))
    assert found.answer is Answer.ON_TIME
    assert tally("", [found]).on_time_original == 0


def test_a_case_belongs_to_the_unit_it_was_given_to_last(
    engine: Engine, entry: Any, registration: Entry
) -> None:
    """A case that is handed on counts for the last unit; one that was given back, for none."""
    first = entry(2, "assign", RECEIVED, "received", unit="法规科")
    second = entry(3, "assign", RECEIVED, "received", unit="规划科")
    returned = entry(4, "hand_back", RECEIVED, "received", unit="规划科", reason="不归我科")

    units = [
        found.unit if (found := answer_time([registration, *more], LAST, engine.rules)) else "?"
        for more in ([], [first], [first, second], [first, second, returned])
    ]
    assert units == [None, "法规科", "规划科", None]


def test_what_was_not_received_yet_is_no_case(engine: Engine, registration: Entry) -> None:
    """On a day before its receipt a case is not there."""
    assert answer_time([registration], date(2026, 3, 1), engine.rules) is None
