"""Why a case is due on its day: a table of the steps, and sentences that can be read to an applicant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from requestflow.cli.case_words import event_words
from requestflow.cli.history_screen import entry_facts
from requestflow.cli.screens import obligations
from requestflow.domain.deadline import Status
from requestflow.domain.deadline_steps import WAITING
from requestflow.domain.workflow import Effect

if TYPE_CHECKING:
    from requestflow.cli.desk import Desk
    from requestflow.domain.calendar import Calendar
    from requestflow.domain.case import Case
    from requestflow.domain.deadline import Deadline
    from requestflow.domain.deadline_steps import Step
    from requestflow.domain.entries import Entry

_WEEKEND = ("saturday", "sunday")

Run = dict[str, str]


def _runs(calendar: Calendar, start: date, end: date) -> list[Run]:
    """The days in (start, end] that do not count, run by run, each with its reason."""
    runs: list[Run] = []
    for day, why in calendar.days_not_counted(min(start, end), end):
        last = runs[-1] if runs else None
        before = (day - timedelta(days=1)).isoformat()
        if last is not None and last["to"] == before and last["why"] == why:
            last["to"] = day.isoformat()
        else:
            runs.append({"from": day.isoformat(), "to": day.isoformat(), "why": why})
    return runs


def not_counted(found: Case, deadline: Deadline, calendar: Calendar) -> list[Run]:
    """The days between day 0 of the running clock and the due date that do not count, run by run."""
    clock = found.standing.clock
    return _runs(calendar, clock.begun, deadline.due) if clock else []


def _named(runs: Sequence[Run]) -> list[str]:
    """Holidays with their days; plain weekends are not named."""
    return [
        f"{run['from']}{'—' + run['to'] if run['to'] != run['from'] else ''} {run['why']}"
        for run in runs
        if run["why"] not in _WEEKEND
    ]


def _weekend_days(runs: Sequence[Run]) -> int:
    weekends = [run for run in runs if run["why"] in _WEEKEND]
    return sum(
        (date.fromisoformat(run["to"]) - date.fromisoformat(run["from"])).days + 1 for run in weekends
    )


def _off(desk: Desk, start: date, end: date) -> str:
    """What of (start, end] is not counted, and the make-up days that are."""
    words, calendar = desk.words, desk.office.calendar
    runs = _runs(calendar, start, end)
    parts = _named(runs)
    weekend = _weekend_days(runs)
    if weekend:
        parts.append(words.text("said_weekend", count=weekend))
    said = words.text("said_off", days=words.text("comma").join(parts)) if parts else ""
    made_up = [day.isoformat() for day in calendar.make_up_days(start, end)]
    return said + (words.text("said_made_up", days=words.text("comma").join(made_up)) if made_up else "")


def _old_due(step: Step, before: Step | None, calendar: Calendar) -> date:
    """The due date that an extension starts from."""
    days = step.working_days - (before.working_days if before else 0)
    return calendar.before(step.due, days) if days > 0 else step.due


def _served(desk: Desk, step: Step) -> str:
    """That the answer was served, by which day it is judged whether it was in time (235号)."""
    late = max(desk.office.calendar.between(step.due, step.on), 0) if step.on > step.due else 0
    key = "said_served_late" if step.on > step.due else "said_served"
    event = event_words(desk, step.event)
    return desk.words.text(key, on=step.on, event=event, due=step.due, days=late)


def _still_waits(desk: Desk, step: Step, due: Deadline) -> str:
    """What an open wait has added so far; or that its end starts the period anew."""
    words = desk.words
    anew = due.waiting.anew if due.waiting and step.on == due.as_of else None
    if anew is None or due.if_ended_today is None:
        day = step.due.isoformat() + (words.text("provisional") if step.provisional else "")
        said = words.text("said_waiting", on=step.on, excluded=step.excluded, due=day)
        return said + _of_the_pause(desk)
    day = due.if_ended_today.isoformat()
    return words.text("said_waiting_anew", on=step.on, event=anew.step.words,
                      days=anew.limit.working_days, due=day)  # fmt: skip


def _said(desk: Desk, step: Step, before: Step | None, due: Deadline) -> str:
    """A step in words, by its kind."""
    answer = desk.office.workflow.answer
    if step.event == WAITING:
        return _still_waits(desk, step, due)
    if answer is not None and step.event in answer.met_by:
        return _served(desk, step)
    return _sentence(desk, step, before)


def _sentence(desk: Desk, step: Step, before: Step | None) -> str:
    words, calendar = desk.words, desk.office.calendar
    old = _old_due(step, before, calendar) if step.effect is Effect.EXTEND else step.on
    said = words.text(
        f"said_{step.effect.value}",
        on=step.on,
        event=event_words(desk, step.event),
        first=calendar.after(step.on, 1),
        days=calendar.between(old, step.due) if step.effect is Effect.EXTEND else step.working_days,
        excluded=step.excluded,
        old=calendar.stated(old),
        due=step.due.isoformat() + (words.text("provisional") if step.provisional else ""),
    )
    if step.effect is Effect.RESUME and step.excluded:
        said += _of_the_pause(desk)
    counts = step.effect in (Effect.START, Effect.RESTART, Effect.EXTEND)
    return said + (_off(desk, old, step.due) if counts else "")


def _of_the_pause(desk: Desk) -> str:
    """Which days of a wait are left out: the law does not say, the switch does."""
    switch = desk.office.workflow.switches.get("pause_days")
    if switch is None:
        return ""
    return desk.words.text("said_pause_days", days=switch.options[switch.value])


def sentences(desk: Desk, due: Deadline) -> Iterator[str]:
    """Each step in words: what happened, what is counted and what is not, and by what right."""
    words = desk.words
    for before, step in zip([None, *due.steps], due.steps, strict=False):
        grade = words.text(f"said_grade_{step.basis.grade.value}")
        basis = words.text("said_basis", cited=words.words(step.basis.words), grade=grade)
        yield _said(desk, step, before, due) + basis
    if due.provisional:
        yield words.text("said_provisional", due=due.due, year=due.due.year)


def _headline(desk: Desk, number: str, due: Deadline) -> str:
    """The due date; while the clock waits, what it would be if the wait ended today."""
    words = desk.words
    day = due.if_ended_today or due.due
    mark = words.text("provisional") if desk.office.calendar.is_provisional(day) else ""
    shown = day.isoformat() + mark
    if due.waiting is None:
        return words.text("due_line", number=number, due=shown)
    anew = due.waiting.anew
    if anew is None:
        return words.text("due_line_waiting", number=number, due=shown)
    return words.text("due_line_anew", number=number, due=shown, event=anew.step.words,
                      days=anew.limit.working_days)  # fmt: skip


def _status(desk: Desk, due: Deadline) -> str:
    """How the clock stands; of an answer that was served, whether it was in time."""
    words, answer = desk.words, due.answer
    days = abs(desk.office.calendar.between(due.as_of, due.due))
    if due.waiting is not None:
        waits = [
            words.text("waits_since", since=one.since, event=event_words(desk, one.transition))
            for one in due.waiting.pauses
        ]
        key = "status_paused" if due.waiting.anew is None else "status_anew"
        return words.text(key, days=days, waits=words.text("comma").join(waits))
    if due.overdue or due.status is not Status.ENDED or answer is None:
        return words.text("status_overdue" if due.overdue else "status_running", days=days,
                          as_of=due.as_of)  # fmt: skip
    if answer.met_on is not None:
        return _answered(desk, due, answer.met_on)
    return words.text("status_ended" if answer.ended_on else "status_unserved", days=days,
                      as_of=due.as_of)  # fmt: skip


def _answered(desk: Desk, due: Deadline, on: date) -> str:
    """Whether an answer came in time; where a due date was missed before, by that one."""
    if not due.late:
        return desk.words.text("status_in_time", on=on)
    missed = due.due if on > due.due else (due.missed or due.due)
    days = max(desk.office.calendar.between(missed, on), 0)
    return desk.words.text("status_late", on=on, due=missed, days=days)


def _step_row(desk: Desk, step: Step) -> tuple[str, ...]:
    words = desk.words
    return (
        step.on.isoformat(),
        event_words(desk, step.event),
        words.text(f"effect_{step.effect.value}"),
        words.text("counted", days=step.working_days) if step.working_days else "",
        str(step.excluded) if step.excluded else "",
        step.due.isoformat() + (words.text("provisional") if step.provisional else ""),
        words.basis(step.basis),
    )


def _assumption(desk: Desk, entry: Entry, given: Collection[str]) -> str:
    """An assumed step in words: what, when, and the facts that were given with it."""
    words = desk.words
    facts = entry_facts(desk, entry, given)
    key = "assumed_step_with" if facts else "assumed_step"
    return words.text(key, event=event_words(desk, entry.transition), on=entry.on, facts=facts)


def show_deadline(
    desk: Desk, found: Case, due: Deadline, skipped: Sequence[dict[str, str]],
    assumed: Sequence[tuple[Entry, Collection[str]]],
) -> None:  # fmt: skip
    """Why it is due on that day: each step, in a table and in words, and what else is owed."""
    words = desk.words
    if assumed:
        steps = [_assumption(desk, entry, given) for entry, given in assumed]
        desk.print(words.text("assuming", steps=words.text("semicolon").join(steps)))
    desk.print(_headline(desk, found.application.number, due))
    desk.print(_status(desk, due))
    if due.missed:
        desk.print(words.text("missed_line", due=desk.office.calendar.stated(due.missed)))
    heads = ("on", "event", "effect", "counted", "excluded", "due", "basis")
    table = desk.table(*heads)
    for step in due.steps:
        table.add_row(*_step_row(desk, step))
    desk.console.print(table)
    for number, sentence in enumerate(sentences(desk, due), start=1):
        desk.print(words.text("said_numbered", number=number, sentence=sentence))
    named = _named(skipped)
    if named:
        desk.print(words.text("not_counted", days=words.text("comma").join(named)))
    obligations(desk, due.obligations)
    desk.print(words.text("counting_rule"))
