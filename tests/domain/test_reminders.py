"""What is told, at which stage, and what is never told twice; quiet hours and growing pauses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.domain.calendar import Calendar
from requestflow.domain.reminders import (
    QuietHours,
    Reminder,
    Rule,
    Telling,
    next_attempt,
    next_open_moment,
    owed_now,
    stage,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = time(8, 30)
RULE = Rule("1", frozenset(), frozenset({"office"}), (5, 2, 1), on_day=True, after=(1,), every=3,
            to=("clerk",), channel="mail")  # fmt: skip


@dataclass(frozen=True)
class Duty:
    number: str | None = "2026-0001"
    kind: str = "answer"
    entry: int | None = 1
    due: date = date(2026, 11, 30)
    owed_by: str = "office"
    if_needed: bool = False


def owed(
    calendar: Calendar,
    day: date,
    duties: Iterable[Duty] = (Duty(),),
    told: dict[Telling, int] | None = None,
    rules: Iterable[Rule] = (RULE,),
) -> list[Reminder]:
    return owed_now(
        duties, list(rules), lambda name, _duty: [name], told or {}, today=day, calendar=calendar
    )


@pytest.mark.parametrize(
    ("left", "expected"),
    [(6, None), (5, 5), (4, 5), (3, 5), (2, 2), (1, 1), (0, 0), (-1, -1), (-2, -1), (-3, -1), (-4, -4),
     (-6, -4), (-7, -7), (-100, -100)],
)  # fmt: skip
def test_the_last_stage_that_was_reached_counts(left: int, expected: int | None) -> None:
    """5, 2 and 1 working days before, on the day, one after, and then every three: the last one reached."""
    assert stage(RULE, left) == expected


@pytest.mark.parametrize(
    ("rule", "left", "expected"),
    [
        (replace(RULE, on_day=False), 0, 1),
        (replace(RULE, after=(), every=None), -30, 0),
        (replace(RULE, before=(), on_day=False), 3, None),
        (replace(RULE, before=(), on_day=False), -1, -1),
        (replace(RULE, before=(), on_day=False, after=(), every=2), -1, None),
        (replace(RULE, before=(), on_day=False, after=(), every=2), -5, -4),
        (replace(RULE, after=(1, 3), every=None), -9, -3),
    ],
)
def test_a_rule_speaks_only_at_its_own_stages(rule: Rule, left: int, expected: int | None) -> None:
    """What a rule leaves out it does not tell: no day itself, nothing after, nothing before."""
    assert stage(rule, left) == expected


def test_whoever_was_off_is_told_once_of_how_things_stand(calendar: Calendar) -> None:
    """After a week without a pass each duty is told at the stage it is at now, once."""
    missed = [date(2026, 11, day) for day in (23, 24, 25, 26)]
    assert all(owed(calendar, day) for day in missed)

    (one,) = owed(calendar, date(2026, 11, 30))

    assert one.stage == 0


def test_what_was_told_is_not_told_again(calendar: Calendar) -> None:
    """A stage that was claimed is owed no more; the next one is."""
    monday = date(2026, 11, 23)
    (first,) = owed(calendar, monday)
    told = {first.telling: first.stage}

    assert owed(calendar, monday, told=told) == []
    assert owed(calendar, date(2026, 11, 25), told=told) == []
    assert [one.stage for one in owed(calendar, date(2026, 11, 26), told=told)] == [2]


def test_a_clock_set_back_tells_nothing_anew(calendar: Calendar) -> None:
    """Who has been told of the day itself is not told afterwards that five days are left."""
    (last,) = owed(calendar, date(2026, 11, 30))

    assert owed(calendar, date(2026, 11, 23), told={last.telling: last.stage}) == []


def test_a_day_that_moved_is_told_anew(calendar: Calendar) -> None:
    """An extension makes another duty of it; correcting it back is no news."""
    (first,) = owed(calendar, date(2026, 11, 23))
    told = {first.telling: first.stage}
    moved = Duty(due=date(2026, 12, 1))

    assert [one.telling.due for one in owed(calendar, date(2026, 11, 24), [moved], told)] == [moved.due]
    assert owed(calendar, date(2026, 11, 24), [Duty()], told) == []


def test_where_rules_meet_the_furthest_stage_is_told_once(calendar: Calendar) -> None:
    """Two rules that tell one person of one duty by one channel make one reminder."""
    late = replace(RULE, name="2", before=(20,), on_day=False, after=(), every=None)

    (one,) = owed(calendar, date(2026, 11, 26), rules=[late, RULE])

    assert (one.stage, one.rule) == (2, "1")


@pytest.mark.parametrize(
    ("duty", "limits", "expected"),
    [
        (Duty(), (), True),
        (Duty(owed_by="third_party", kind="third_party_opinion"), (), False),
        (Duty(kind="correction_notice", if_needed=True), (), False),
        (Duty(kind="correction_notice", if_needed=True), ("correction_notice",), True),
        (Duty(), ("correction_notice",), False),
        (Duty(number=None, kind="annual_report", entry=None), (), True),
    ],
    ids=["own", "another's", "only if needed", "named", "not named", "the office's"],
)
def test_a_rule_speaks_of_what_it_is_about(duty: Duty, limits: tuple[str, ...], expected: bool) -> None:
    """Without names a rule is about what the office owes for certain; what it names it means."""
    assert replace(RULE, limits=frozenset(limits)).speaks_of(duty) is expected


@given(
    passes=st.lists(st.booleans(), min_size=31, max_size=31),
    lengths=st.lists(st.integers(2, 28), min_size=1, max_size=6),
)
def test_a_month_with_passes_left_out_tells_each_stage_at_most_once(
    calendar: Calendar, passes: list[bool], lengths: list[int]
) -> None:
    """Whatever days a machine is off: nothing twice, stages only go forward, the last pass is up to date."""
    duties = [Duty(number=f"2026-{n}", due=date(2026, 12, day)) for n, day in enumerate(lengths)]
    told: dict[Telling, int] = {}
    seen: list[Reminder] = []
    for offset, happens in enumerate(passes):
        day = date(2026, 12, 1) + timedelta(days=offset)
        if not happens or not calendar.is_working_day(day):
            continue
        for one in owed(calendar, day, duties, told):
            assert one.telling not in told or one.stage < told[one.telling]
            told[one.telling] = one.stage
            seen.append(one)
        for duty in duties:
            reached = stage(RULE, calendar.between(day, duty.due))
            standing = told.get(Telling(str(duty.number), "answer", 1, duty.due, "clerk", "mail"))
            assert reached is None or standing == reached
    assert len({(one.telling, one.stage) for one in seen}) == len(seen)


@pytest.mark.parametrize(
    ("moment", "quiet", "expected"),
    [
        ("2026-11-24T10:00", None, "2026-11-24T10:00"),
        ("2026-11-28T10:00", None, "2026-11-30T08:30"),  # a Saturday
        ("2026-02-14T10:00", None, "2026-02-14T10:00"),  # a Saturday that is worked
        ("2026-10-01T10:00", None, "2026-10-08T08:30"),
        ("2026-11-24T19:00", ("18:00", "08:00"), "2026-11-25T08:00"),
        ("2026-11-24T07:59", ("18:00", "08:00"), "2026-11-24T08:00"),
        ("2026-11-24T08:00", ("18:00", "08:00"), "2026-11-24T08:00"),
        ("2026-11-27T23:00", ("18:00", "08:00"), "2026-11-30T08:30"),
        ("2026-11-24T12:30", ("12:00", "14:00"), "2026-11-24T14:00"),
        ("2026-11-28T12:30", ("08:00", "09:00"), "2026-11-30T09:00"),
    ],
)
def test_nothing_goes_out_on_a_day_off_or_in_quiet_hours(
    calendar: Calendar, moment: str, quiet: tuple[str, str] | None, expected: str
) -> None:
    """What falls on a day off waits for the next working day, what falls in quiet hours for their end."""
    hours = QuietHours(*(time.fromisoformat(text) for text in quiet)) if quiet else None
    at = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)

    opens = next_open_moment(at, FIRST, hours, calendar)

    assert opens == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)


def test_pauses_grow_and_then_stay() -> None:
    """Five minutes, a quarter of an hour, an hour, and that for every further attempt."""
    now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    minutes = [(next_attempt(now, n, [5, 15, 60]) - now).total_seconds() / 60 for n in range(1, 6)]

    assert minutes == [5, 15, 60, 60, 60]
