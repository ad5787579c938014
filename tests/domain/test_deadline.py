"""The answer clock: a fold over the history. Received Wednesday 1 July 2026, due Wednesday 29 July."""

from dataclasses import replace
from datetime import date

import pytest

from requestflow.domain.calendar import Calendar
from requestflow.domain.clock import (
    Clock,
    Pause,
    Rules,
    advance,
    due_date,
    due_later,
    excluded_days,
    fold,
    limit_due,
    waiting_until,
    waits,
)
from requestflow.domain.deadline import Status, deadline
from requestflow.domain.deadline_steps import steps
from requestflow.domain.entries import Entry
from requestflow.domain.machine import Engine
from requestflow.domain.workflow import ISSUE_LETTER, Effect, Limit
from requestflow.errors import Refused

RECEIVED = date(2026, 7, 1)
DUE = date(2026, 7, 29)
ACCEPTED = date(2026, 7, 2)
ASKED = date(2026, 7, 6)
LAPSES = date(2026, 7, 27)  # 15 working days after 6 July: three weeks
RETURNED = date(2026, 7, 13)  # 7–10, 13 July: five working days later
OPINIONS = {"sent_to_returned": 5, "sending_day_too": 6, "return_day_not": 4}


def clock_of(*spans: tuple[date, date | None], begun: date = RECEIVED) -> Clock:
    """A clock of 20 working days with consultations of these spans."""
    pauses = tuple(
        Pause(number, "consult_third_party", since, None, returned)
        for number, (since, returned) in enumerate(spans, start=3)
    )
    return Clock(anchor=RECEIVED, working_days=20, begun=begun, pauses=pauses)


def test_nothing_registered_has_no_deadline(engine: Engine) -> None:
    """A history without its registration has no clock and no deadline."""
    assert fold([], engine.rules) is None
    assert deadline([], DUE, engine.rules) is None


def test_a_step_without_a_registration_starts_no_clock(engine: Engine, begin) -> None:
    """Only a registration starts the clock: what stands before it moves nothing."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_third_party", ASKED)
    without = story.case.standing.entries[1:]
    assert fold(without, engine.rules) is None
    assert deadline(without, DUE, engine.rules) is None
    assert steps(without, DUE, engine.rules) == []


def test_an_act_that_the_rules_do_not_know_leaves_the_clock_alone(begin, engine: Engine) -> None:
    """An entry of an unknown transition is a fact of the history and no step of the clock."""
    story = begin(RECEIVED)
    clock = story.case.standing.clock
    note = replace(story.case.history[0], number=2, transition="telephone")
    assert advance(clock, note, engine.rules) == clock
    known = deadline(story.case.standing.entries, DUE, engine.rules)
    assert deadline((*story.case.standing.entries, note), DUE, engine.rules) == known


@pytest.mark.parametrize(("option", "days"), OPINIONS.items())
def test_pause_days_by_switch(begin, option: str, days: int) -> None:
    """Asked on Monday 6 July, back on Monday 13 July: five working days, six, or four."""
    story = begin(RECEIVED, pause_days=option).then("accept", ACCEPTED)
    story = story.then("consult_third_party", ASKED).then("conclude_third_party", RETURNED)
    found = story.deadline(RETURNED)
    assert found.steps[-1].excluded == days
    assert found.due == story.engine.rules.calendar.after(RECEIVED, 20 + days)


@pytest.mark.parametrize("option", OPINIONS)
def test_asking_and_answering_on_one_day_excludes_no_more_than_that_day(begin, option: str) -> None:
    """An opinion of the same day excludes nothing, or the day of sending where the switch says so."""
    story = begin(RECEIVED, pause_days=option).then("accept", ACCEPTED)
    story = story.then("consult_third_party", ASKED).then("conclude_third_party", ASKED)
    assert story.deadline(DUE).steps[-1].excluded == (option == "sending_day_too")


@pytest.mark.parametrize("option", OPINIONS)
def test_an_opinion_never_moves_the_due_date_of_its_own_day(begin, option: str) -> None:
    """The due date on the day of return is the same just before and just after it is written down.

    Where the day of return counts, it is known to be that day only once the opinion is in; so then
    the due date may come one working day nearer, and no more.
    """
    story = begin(RECEIVED, pause_days=option).then("accept", ACCEPTED)
    asked = story.then("consult_third_party", ASKED)
    back = asked.then("conclude_third_party", RETURNED)
    nearer = asked.engine.rules.calendar.between(back.due(RETURNED), asked.due(RETURNED))
    assert nearer in ({0, 1} if option == "return_day_not" else {0})


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], 0),
        ([(date(2026, 7, 6), date(2026, 7, 8))], 2),  # 7, 8
        ([(date(2026, 7, 3), date(2026, 7, 6))], 1),  # a weekend between: Monday alone
        ([(date(2026, 7, 6), date(2026, 7, 10)), (date(2026, 7, 8), date(2026, 7, 15))], 7),
        ([(date(2026, 7, 8), date(2026, 7, 15)), (date(2026, 7, 6), date(2026, 7, 10))], 7),
        ([(date(2026, 7, 6), date(2026, 7, 15)), (date(2026, 7, 7), date(2026, 7, 8))], 7),
        ([(date(2026, 7, 6), date(2026, 7, 8)), (date(2026, 7, 8), date(2026, 7, 9))], 3),
        ([(date(2026, 7, 6), date(2026, 7, 7)), (date(2026, 7, 9), date(2026, 7, 10))], 2),
        ([(date(2026, 9, 22), date(2026, 10, 13))], 10),  # over the National Day
    ],
)
def test_excluded_days_are_the_union_of_all_spans(
    engine: Engine, spans: list[tuple[date, date]], expected: int
) -> None:
    """Working days in (sent, returned], each once, whatever the order and overlap of consultations."""
    assert excluded_days(clock_of(*spans), date(2026, 12, 31), engine.rules) == expected


def test_what_lay_before_the_clock_began_excludes_nothing(engine: Engine) -> None:
    """A span that reaches back behind the start of the clock excludes only what lies after it."""
    begun = date(2026, 7, 8)
    clock = clock_of((date(2026, 7, 6), date(2026, 7, 10)), begun=begun)
    assert excluded_days(clock, DUE, engine.rules) == 2  # 9, 10 July


def test_an_open_span_is_excluded_up_to_the_day_asked_for(engine: Engine) -> None:
    """What is not over yet is excluded as far as it has come."""
    clock = clock_of((ASKED, None))
    assert [excluded_days(clock, date(2026, 7, day), engine.rules) for day in (6, 7, 10, 12)] == [
        0, 1, 4, 4,
    ]  # fmt: skip
    assert due_date(clock, date(2026, 7, 10), engine.rules) == date(2026, 8, 4)


def test_an_ended_clock_stands_still(begin) -> None:
    """After the decision no day changes the due date, and nothing remains."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_third_party", ASKED)
    story = story.then("withdraw", date(2026, 7, 8))
    for day in (date(2026, 7, 8), date(2026, 9, 1)):
        found = story.deadline(day)
        assert (found.due, found.status, found.remaining) == (
            date(2026, 7, 31), Status.ENDED, None,
        )  # fmt: skip  # 29 July and two days: 7, 8 July


def test_waits_while_any_consultation_is_open() -> None:
    """The clock waits as long as one opinion is out, and until silence has ended the last wait."""
    first = Pause(3, "consult_third_party", ASKED, LAPSES)
    second = Pause(4, "consult_organ", ASKED, None)
    clock = Clock(RECEIVED, 20, RECEIVED, (first, second))
    assert waits(clock, date(2026, 8, 3))
    assert waiting_until(clock, ASKED) == (True, None)
    only = replace(clock, pauses=(first,))
    assert waiting_until(only, ASKED) == (True, LAPSES)
    assert [waits(only, LAPSES), waits(only, date(2026, 7, 28))] == [True, False]
    assert waiting_until(only, date(2026, 7, 28)) == (False, None)
    ended = replace(clock, ended=ASKED)
    assert (waits(ended, ASKED), waiting_until(ended, ASKED)) == (False, (False, None))
    later = Pause(5, "consult_third_party", ASKED, date(2026, 7, 29))
    assert waiting_until(replace(clock, pauses=(first, later)), ASKED) == (
        True, date(2026, 7, 29),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "until", "expected"),
    [
        (ASKED, None, DUE),  # the day it held on
        (date(2026, 7, 3), None, DUE),  # an earlier day is none of its business
        (date(2026, 7, 8), None, date(2026, 7, 31)),  # 7, 8 July
        (date(2026, 7, 31), LAPSES, date(2026, 8, 19)),  # silence ended the wait: 15 working days
        (date(2026, 7, 8), LAPSES, date(2026, 7, 31)),
    ],
)
def test_due_later(calendar: Calendar, as_of: date, until: date | None, expected: date) -> None:
    """The due date of a waiting row moves on by each working day, up to the day silence ends it."""
    assert due_later(DUE, ASKED, until, as_of, calendar) == expected


def _limit(engine: Engine, name: str, **changes: object) -> Limit:
    return replace(engine.workflow.limits[name], **changes)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, LAPSES),  # the file's 15 from the legal day
        ({"notice_received": "2026-07-08"}, DUE),  # the file's 15 from the notice
        ({"days": 10}, date(2026, 7, 20)),
        ({"days": 10, "notice_received": "2026-07-08"}, date(2026, 7, 22)),
        ({"until": "2026-07-17", "days": 10}, date(2026, 7, 17)),  # a day wins over a length
        ({"days": True}, LAPSES),  # no number
    ],
)
def test_a_limit_is_due_by_its_day_its_length_or_the_files(
    engine: Engine, begin, data: dict[str, object], expected: date
) -> None:
    """The office's own day wins over its own length, which wins over the length of the file."""
    entry = replace(begin(RECEIVED).case.history[0], number=2, on=ASKED, data=data)
    limit = engine.workflow.limits["correction"]
    assert limit_due(limit, entry, engine.rules.calendar) == expected


def test_each_step_says_what_happened_to_the_due_date_and_by_what_right(begin) -> None:
    """The steps explain the due date from receipt on, each with its article and the date after it."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    story = story.then("consult_third_party", ASKED).then("conclude_third_party", RETURNED)
    story = story.then("extend", date(2026, 7, 20), "head", days="10")
    found = story.deadline(date(2026, 7, 20))
    assert [(s.event, s.effect, s.basis.cite, s.due, s.entry) for s in found.steps] == [
        ("received", Effect.START, "条例33", DUE, 1),
        ("consult_third_party", Effect.PAUSE, "条例32", DUE, 3),
        ("conclude_third_party", Effect.RESUME, "条例32", date(2026, 8, 5), 4),  # 20 + 5
        ("extend", Effect.EXTEND, "条例33", date(2026, 8, 19), 5),  # 30 + 5
    ]
    assert [(s.working_days, s.excluded, s.provisional) for s in found.steps] == [
        (20, 0, False), (20, 0, False), (20, 5, False), (30, 5, False),
    ]  # fmt: skip


def test_silence_makes_a_step_that_nobody_recorded(begin) -> None:
    """The lapse of a consultation stands among the steps on its own day, once it is over."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_third_party", ASKED)
    events = [s.event for s in story.deadline(LAPSES).steps]
    assert events == ["received", "consult_third_party", "waiting"]
    found = story.deadline(date(2026, 7, 28))
    last = found.steps[-1]
    assert (last.event, last.on, last.due, last.effect) == (
        "consult_third_party_lapsed", LAPSES, date(2026, 8, 19), Effect.RESUME,
    )  # fmt: skip
    later = story.then("extend", date(2026, 8, 3), "head", days="5")
    events = [s.event for s in later.deadline(date(2026, 8, 3)).steps]
    assert events == ["received", "consult_third_party", "consult_third_party_lapsed", "extend"]


def test_a_switched_off_pause_is_no_step(begin) -> None:
    """A transition that leaves the clock alone and starts no limit is not among the reasons."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("request_reasons", ASKED)
    assert [s.event for s in story.deadline(ASKED).steps] == ["received"]


def test_the_last_clock_is_the_one_whose_answer_is_owed(begin) -> None:
    """After a restart the answer is owed for the new period; what went before is no answer to it."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    story = story.then("decide", ASKED, outcome="partial").then("deliver", ASKED)
    story = story.then("reopen", RETURNED)
    answer = story.deadline(RETURNED).obligations[0]
    assert (answer.entry, answer.started, answer.met, answer.due) == (
        5, RETURNED, False, date(2026, 8, 10),
    )  # fmt: skip


def test_a_limit_that_is_owed_no_more_is_met_but_not_late(begin) -> None:
    """What a withdrawal ends is owed no more; it was not done, so it was not done late."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("charge_fee", ASKED)
    story = story.then("withdraw", date(2026, 9, 1))
    payment = next(o for o in story.deadline(date(2026, 9, 1)).obligations if o.entry == 3)
    assert (payment.met_on, payment.ended_on, payment.met, payment.late) == (
        None, date(2026, 9, 1), True, False,
    )  # fmt: skip


def test_an_opinion_meets_its_own_consultation_only(begin) -> None:
    """Of two letters, the one that was answered is met; the other is still owed."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    story = story.then("consult_third_party", ASKED, party="甲").then(
        "consult_third_party", ASKED, party="乙"
    )
    story = story.then("conclude_third_party", RETURNED, party="乙")
    owed = {o.entry: o.met for o in story.deadline(RETURNED).obligations if o.entry > 2}
    assert owed == {3: False, 4: True}


@pytest.mark.parametrize(
    ("data", "state", "due", "status", "late"),
    [
        ({"outcome": "partial"}, "closed", DUE, Status.ENDED, False),
        ({"outcome": "partial", "extended_to": "2026-08-26"}, "closed", date(2026, 8, 26),
         Status.ENDED, False),
        ({"extended_to": "2026-08-26"}, "under_review", date(2026, 8, 26), Status.RUNNING, False),
        ({}, "under_review", DUE, Status.RUNNING, False),
    ],
)  # fmt: skip
def test_a_result_from_an_old_register(
    begin, data: dict[str, str], state: str, due: date, status: Status, late: bool
) -> None:
    """An imported row ends the clock where it states a result, and replaces a due date it states."""
    found = begin(RECEIVED).imported(date(2026, 7, 20), state, **data).deadline(date(2026, 7, 20))
    assert (found.due, found.status, found.late) == (due, status, late)
    assert found.steps[-1].event == "import"


@pytest.mark.parametrize(
    ("outcome", "met", "late"),
    [("partial", True, True), ("other.not_corrected", False, False), ("other.withdrawn", False, False)],
)  # fmt: skip
def test_an_imported_result_after_its_day(begin, outcome: str, met: bool, late: bool) -> None:
    """A register's late answer is late; a lapse or withdrawal after the day answers nothing."""
    ended = date(2026, 8, 10)
    found = begin(RECEIVED).imported(ended, "closed", outcome=outcome).deadline(ended)
    answer = found.obligations[0]
    assert (answer.met_on is not None, answer.ended_on is not None) == (met, not met)
    assert (found.late, answer.late, found.overdue) == (late, late, False)


def test_an_imported_row_without_a_result_leaves_the_answer_owed(begin) -> None:
    """A register row that is not concluded is owed its answer like any other case."""
    story = begin(RECEIVED).imported(RECEIVED, "under_review", extended_to="2026-08-26")
    assert not story.deadline(date(2026, 8, 26)).overdue
    assert story.deadline(date(2026, 8, 27)).overdue


def test_a_day_outside_every_calendar_is_refused(begin) -> None:
    """A period that leaves the known years is refused, not guessed."""
    with pytest.raises(Refused) as refused:
        begin(RECEIVED).deadline(date(2041, 1, 1))
    assert refused.value.code == "no_calendar"


def test_rules_without_an_answer_limit_owe_no_answer(begin, engine: Engine) -> None:
    """Where the registration names no limit there is a clock of no length, and nothing is owed."""
    registration = replace(engine.workflow.registration, limit=None, starts=())
    rules = Rules(replace(engine.workflow, registration=registration), engine.rules.calendar)
    found = deadline(begin(RECEIVED).case.standing.entries, RECEIVED, rules)
    assert found is not None
    assert (found.due, found.obligations, found.late) == (RECEIVED, (), False)


def test_a_replacement_keeps_an_open_wait_from_its_own_day_on(begin, engine: Engine) -> None:
    """A wait that is still open when the office sets its day goes on from that day."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_third_party", ASKED)
    set_on = date(2026, 7, 8)
    entry = Entry(4, "postpone", set_on, story.now, "clerk", "consulting", "consulting",
                  {"until": "2026-08-31"})  # fmt: skip
    told = story.told(entry)
    assert told.due(set_on) == date(2026, 8, 31)
    assert told.due(date(2026, 7, 10)) == date(2026, 9, 2)  # 9, 10 July
    bare = story.told(replace(entry, data={}))  # a day that was never given replaces nothing
    assert bare.due(set_on) == date(2026, 7, 31)
    assert engine.workflow.transitions["postpone"].effect is Effect.REPLACE


def test_a_resume_that_names_nothing_ends_all_of_its_kind(begin) -> None:
    """An opinion without the letter it answers ends every wait that its transition concludes."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    story = story.then("consult_third_party", ASKED, party="甲").then(
        "consult_third_party", ASKED, party="乙"
    )
    story = story.then("consult_organ", ASKED)
    entry = Entry(6, "conclude_third_party", RETURNED, story.now, "clerk", "consulting",
                  "consulting")  # fmt: skip
    clock = story.told(entry).case.standing.clock
    assert clock is not None
    assert [pause.returned for pause in clock.pauses] == [RETURNED, RETURNED, None]


@pytest.mark.parametrize(
    ("letter", "limits"),
    [(None, ["review"]), (date(2023, 12, 29), ["review", "suit"]), (date(2024, 1, 2), ["review"])],
    ids=["no letter", "a letter of the old law", "a letter of the new law"],
)
def test_a_refusal_decided_before_and_served_after_the_new_law(
    begin, now, letter: date | None, limits: list[str]
) -> None:
    """Decided on 29 December 2023, served on 2 January 2024: the letter's day says which law, 复议法23."""
    story = begin(date(2023, 12, 4)).then("accept", date(2023, 12, 5))
    story = story.then("decide", date(2023, 12, 29), outcome="withheld.state_secret")
    facts = {}
    if letter is not None:
        data = {"letter": "1号", "kind": "withheld_state_secret", "about": 3, "digest": "x"}
        story = story.told(Entry(4, ISSUE_LETTER, letter, now, "clerk", "decided", "decided", data))
        facts = {"letter": "1号"}
    story = story.then("deliver", date(2024, 1, 2), **facts)

    owed = story.deadline(date(2024, 1, 3)).obligations
    assert [one.limit.name for one in owed if one.limit.remedies] == limits
