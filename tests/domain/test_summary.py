"""The row of an application: what stands on it holds on every later day without replaying the history."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from requestflow.domain.case import Case
from requestflow.domain.deadline import Status
from requestflow.domain.standing import Standing
from requestflow.domain.summary import due_now, summarize

RECEIVED = date(2026, 7, 1)
DUE = date(2026, 7, 29)
ACCEPTED = date(2026, 7, 2)
ASKED = date(2026, 7, 6)
LAPSES = date(2026, 7, 27)
ANSWERED = date(2026, 7, 13)
LATER = 150  # days: past the national holiday and the end of the published calendar

Steps = tuple[tuple[str, date, str, dict[str, str]], ...]
ACCEPT: Steps = (("accept", ACCEPTED, "clerk", {}),)
ASK: Steps = (*ACCEPT, ("consult_third_party", ASKED, "clerk", {"party": "甲公司"}))
OTHER: Steps = (("consult_organ", ASKED, "clerk", {"party": "县保密局", "role": "other"}),)
CASES: Mapping[str, Steps] = {
    "received": (),
    "running": ACCEPT,
    "paused until silence": ASK,
    "paused without end": (*ACCEPT, *OTHER),
    "paused by two": (*ASK, *OTHER),
    "resumed": (*ASK, ("conclude_third_party", ANSWERED, "clerk", {})),
    "lapsed, then extended": (*ASK, ("extend", date(2026, 8, 3), "head", {"days": "5"})),
    "extended while paused": (*ASK, ("extend", ANSWERED, "head", {"days": "5"})),
    "to be paid": (*ACCEPT, ("charge_fee", ASKED, "clerk", {})),
    "paid": (
        *ACCEPT, ("charge_fee", ASKED, "clerk", {}), ("receive_payment", ANSWERED, "clerk", {}),
    ),
    "withdrawn while paused": (*ASK, ("withdraw", ANSWERED, "clerk", {})),
    "decided": (*ACCEPT, ("decide", ANSWERED, "clerk", {"outcome": "partial"})),
    "answered late": (
        *ACCEPT,
        ("decide", date(2026, 8, 3), "clerk", {"outcome": "partial"}),
        ("deliver", date(2026, 8, 3), "clerk", {}),
    ),
    "reopened": (
        *ACCEPT,
        ("decide", ANSWERED, "clerk", {"outcome": "partial"}),
        ("reopen", date(2026, 9, 14), "clerk", {}),
    ),
}  # fmt: skip


def tale(begin, name: str, **switches: str):
    """A case of the table above."""
    story = begin(RECEIVED, **switches)
    for transition, on, by, facts in CASES[name]:
        story = story.then(transition, on, by, **facts)
    return story


@pytest.mark.parametrize("reading", ["sent_to_returned", "sending_day_too", "return_day_not"])
@pytest.mark.parametrize("name", CASES)
def test_a_row_knows_its_due_date_on_any_later_day(begin, name: str, reading: str) -> None:
    """On every day from the last entry on, the row gives what the replayed history gives."""
    story = tale(begin, name, pause_days=reading)
    rules = story.engine.rules
    row = summarize(story.case, rules)
    for ahead in range(LATER):
        day = row.due_on + timedelta(days=ahead)
        now, full = due_now(row, day, rules.calendar), story.deadline(day)
        assert (now.due, now.provisional, now.overdue, now.status, now.remaining) == (
            full.due, full.provisional, full.overdue, full.status, full.remaining,
        ), day  # fmt: skip


@pytest.mark.parametrize(
    ("name", "waits", "until", "ended", "answered", "late"),
    [
        ("running", False, None, False, False, False),
        ("paused until silence", True, LAPSES, False, False, False),
        ("paused without end", True, None, False, False, False),
        ("paused by two", True, None, False, False, False),
        ("lapsed, then extended", False, None, False, False, False),
        ("withdrawn while paused", False, None, True, True, False),
        ("decided", False, None, True, False, False),  # decided, not yet served
        ("answered late", False, None, True, True, True),
        ("reopened", False, None, False, False, False),
    ],
)
def test_what_a_row_says_of_the_clock(
    begin, name: str, waits: bool, until: date | None, ended: bool, answered: bool, late: bool
) -> None:
    """A row tells whether its clock waits and until when, whether it has ended, whether it is answered."""
    story = tale(begin, name)
    row = summarize(story.case, story.engine.rules)
    assert (row.waits, row.waits_until, row.ended, row.answered, row.late) == (
        waits, until, ended, answered, late,
    )  # fmt: skip


def test_a_row_is_what_the_case_says(begin) -> None:
    """Each column of a row is a value of the case."""
    story = tale(begin, "answered late")
    row = summarize(story.case, story.engine.rules)
    assert (row.number, row.received, row.submitted, row.kind, row.channel, row.subject) == (
        "2026-0001", RECEIVED, None, "natural_person", "post", "预算",
    )  # fmt: skip
    assert (row.state, row.outcome, row.counted_outcome, row.concluded) == (
        "closed", "partial", "partial", date(2026, 8, 3),
    )  # fmt: skip
    assert (row.due, row.due_on, row.void, row.entries) == (DUE, date(2026, 8, 3), False, 4)


def test_a_reopened_row_has_no_result_and_keeps_the_counted_one(begin) -> None:
    """What is in force and what is counted are two columns."""
    story = tale(begin, "reopened")
    row = summarize(story.case, story.engine.rules)
    assert (row.outcome, row.counted_outcome, row.concluded) == (None, "partial", ANSWERED)


def test_a_void_row_is_never_overdue(begin) -> None:
    """Nobody is owed an answer to a registration that was a mistake."""
    story = tale(begin, "running").voided()
    row = summarize(story.case, story.engine.rules)
    assert row.void
    now = due_now(row, date(2026, 8, 31), story.engine.rules.calendar)
    assert (now.overdue, now.status) == (False, Status.RUNNING)


def test_a_row_holds_on_the_latest_day_that_was_recorded(begin) -> None:
    """An internal step may lie after the last of the others; the row holds on that day."""
    story = begin(date(2025, 12, 15)).then("accept", date(2025, 12, 16))
    story = story.then("carry_over", date(2025, 12, 31), "year_close", year="2026")
    story = story.then("extend", date(2025, 12, 30), "head", days="5")
    row = summarize(story.case, story.engine.rules)
    assert (row.due_on, row.entries) == (date(2025, 12, 31), 4)


def test_a_case_that_was_never_registered_has_no_row(begin) -> None:
    """A history without its registration deserves no row: it is told as a fault, not guessed."""
    story = begin(RECEIVED)
    first = replace(story.case.history[0], transition="telephone")
    torn = Case(story.case.application, (first,), Standing("received", (first,)))
    with pytest.raises(ValueError, match="2026-0001"):
        summarize(torn, story.engine.rules)
