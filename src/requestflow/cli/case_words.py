"""What is known of a case, in words: its state, outcome, due date, unit and steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requestflow.domain.applications import masked
from requestflow.domain.deadline import Status
from requestflow.domain.deadline_steps import WAITING
from requestflow.domain.workflow import ENGINE_ACTS
from requestflow.messages.time_left import time_left

if TYPE_CHECKING:
    from datetime import date

    from requestflow.cli.desk import Desk
    from requestflow.domain.summary import DueNow, Summary


def state_words(desk: Desk, summary: Summary) -> str:
    """Where a case stands, in words."""
    if summary.void:
        return desk.words.text("void")
    state = desk.office.workflow.states.get(summary.state)
    return desk.words.words(state.words) if state else summary.state


def outcome_words(desk: Desk, code: str | None) -> str:
    """An outcome in words; its code where the rules know it no longer."""
    known = desk.book.workflow.outcomes.get(code or "")
    return desk.words.words(known.words) if known else (code or "")


def kind_words(desk: Desk, code: str) -> str:
    """A kind of applicant, as the newest form names it."""
    form = desk.book.forms[desk.book.workflow.forms[-1]]
    words = {column.code: column.words for column in form.columns}.get(code)
    return desk.words.words(words) if words else code


def due_words(desk: Desk, now: DueNow) -> str:
    """A due date, marked where it may still move."""
    return now.due.isoformat() + (desk.words.text("provisional") if now.provisional else "")


def unit_day(desk: Desk, day: date | None) -> str:
    """The day by which a unit's part is to be done, marked in a year whose days off are not known."""
    return desk.words.value(desk.office.calendar.stated(day)) if day else ""


def urgency(desk: Desk, summary: Summary, now: DueNow) -> str:
    """How things stand with the due date, in a few words."""
    words = desk.words
    if summary.void:
        return ""
    if now.overdue:
        return words.text("overdue")
    if now.status is Status.PAUSED:
        return words.text("paused")
    if now.status is Status.ENDED and not summary.answered:
        return words.text("to_deliver")
    if now.status is Status.ENDED:
        return words.text("late" if summary.late else "in_time")
    return time_left(words, now.due, now.remaining or 0, desk.office.today())


def applicant_name(applicant: Any, *, personal: bool) -> str:
    """The applicant's name; masked unless asked for."""
    name = applicant.get("name", "")
    return str(name) if personal else masked("name", name)


def unit_name(desk: Desk, key: str | None) -> str:
    """A unit by its name in the settings; by its key where it is declared no longer."""
    known = desk.office.settings.unit(key or "")
    return known.name if known else (key or "")


def event_words(desk: Desk, name: str) -> str:
    """A transition or an act of the engine, in words."""
    if name in (*ENGINE_ACTS, "received", WAITING):
        return desk.words.text(f"act_{name}")
    workflow = desk.office.workflow
    act = workflow.transitions.get(name.removesuffix("_lapsed"))
    if act is None:
        return name
    text = desk.words.words(act.words)
    return desk.words.text("lapsed", event=text) if name.endswith("_lapsed") else text
