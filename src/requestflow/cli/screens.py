"""How things look on a terminal, for people; the figures and facts are those of the JSON documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from requestflow.cli.case_words import (
    applicant_name,
    due_words,
    kind_words,
    outcome_words,
    state_words,
    unit_day,
    unit_name,
    urgency,
)
from requestflow.cli.history_screen import history
from requestflow.cli.letter_screens import attachments, letters
from requestflow.domain.applications import masked

if TYPE_CHECKING:  # what a screen shows is made elsewhere; who does not need it does not load it
    from requestflow.cli.desk import Desk
    from requestflow.domain.case import Case
    from requestflow.domain.evaluation import Opening
    from requestflow.domain.obligations import Obligation
    from requestflow.domain.summary import DueNow, Summary
    from requestflow.domain.workflow import Workflow
    from requestflow.services.listing import Line
    from requestflow.services.lookup import View
    from requestflow.services.recalculation import Moved


def outcome_line(desk: Desk, view: View, now: DueNow) -> None:
    """One line on a case after something happened to it."""
    desk.print(
        desk.words.text(
            "case_line",
            number=view.summary.number,
            state=state_words(desk, view.summary),
            due=due_words(desk, now),
            urgency=urgency(desk, view.summary, now),
        )
    )


def unit_line(desk: Desk, summary: Summary) -> None:
    """One line on who has a case in hand."""
    words = desk.words
    if summary.unit is None:
        desk.print(words.text("unit_none", number=summary.number))
        return
    signed = summary.unit_signed
    desk.print(words.text(
        "unit_line",
        number=summary.number,
        unit=unit_name(desk, summary.unit),
        due=unit_day(desk, summary.unit_due) or words.text("unit_no_day"),
        signed=words.text("unit_signed_on", on=signed) if signed else words.text("unit_not_signed"),
    ))  # fmt: skip


def listing(desk: Desk, lines: Sequence[Line], *, personal: bool) -> None:
    """Applications, a line each."""
    if not lines:
        desk.print(desk.words.text("nothing_found"))
        return
    heads = ["number", "received", "state", "outcome", "due", "urgency", "applicant", "subject"]
    units = any(line.row.summary.unit for line in lines)
    table = desk.table(*heads, *(["unit"] if units else []))
    for line in lines:
        summary = line.row.summary
        table.add_row(
            summary.number,
            summary.received.isoformat(),
            state_words(desk, summary),
            outcome_words(desk, summary.outcome),
            due_words(desk, line.now),
            urgency(desk, summary, line.now),
            applicant_name(line.row.applicant, personal=personal),
            summary.subject,
            *([unit_name(desk, summary.unit)] if units else []),
        )
    desk.console.print(table)
    desk.print(desk.words.text("count", count=len(lines)))


def moved(desk: Desk, found: Sequence[Moved]) -> None:
    """Due dates that are another one now, a line each, and how many."""
    words = desk.words
    for one in found:
        to = one.due_to.isoformat() + (words.text("provisional") if one.provisional else "")
        desk.print(words.text("due_moved", number=one.number, due=one.due_from, to=to,
                              calendar=one.calendar))  # fmt: skip
    desk.print(words.text("due_moved_count", count=len(found)))


def likenesses(desk: Desk, found: Sequence[Any], *, personal: bool) -> None:
    """Earlier requests, the most alike first."""
    if not found:
        desk.print(desk.words.text("nothing_similar"))
        return
    heads = ("likeness", "same_applicant", "number", "received", "outcome", "applicant", "subject")
    table = desk.table(*heads)
    for like in found:
        summary = like.row.summary
        table.add_row(
            f"{like.likeness:.0f}%",
            desk.words.text("yes") if like.same_applicant else "",
            summary.number,
            summary.received.isoformat(),
            outcome_words(desk, summary.outcome),
            applicant_name(like.row.applicant, personal=personal),
            summary.subject,
        )
    desk.console.print(table)


def case(desk: Desk, view: View, now: DueNow, *, personal: bool) -> None:
    """A whole case: facts, deadline, obligations, history, what can be done next."""
    words, summary, found = desk.words, view.summary, view.case.application
    channel = desk.office.workflow.channels.get(found.channel)
    facts = [
        ("number", found.number),
        ("state", state_words(desk, summary)),
        ("outcome", outcome_words(desk, summary.outcome)),
        ("received", found.received.isoformat()),
        ("submitted", found.submitted.isoformat() if found.submitted else ""),
        ("concluded", summary.concluded.isoformat() if summary.concluded else ""),
        ("channel", words.words(channel.words) if channel else found.channel),
        ("kind", kind_words(desk, found.kind)),
        *((name, value if personal else masked(name, value))
          for name, value in found.applicant.items()),
        ("subject", found.subject),
        ("due", due_words(desk, now)),
        ("urgency", urgency(desk, summary, now)),
        ("unit", unit_name(desk, summary.unit)),
        ("unit_due", unit_day(desk, summary.unit_due)),
        ("unit_signed", summary.unit_signed.isoformat() if summary.unit_signed else ""),
    ]  # fmt: skip
    for name, value in facts:
        if value:
            desk.print(words.text("fact_line", name=words.text(f"head_{name}"), value=value))
    obligations(desk, view.deadline.obligations)
    letters(desk, view.case)
    attachments(desk, view.case, personal=personal)
    history(desk, view.case, personal=personal)
    opened = [o for o in view.openings if o.refused is None]
    desk.print()
    names = [f"{o.act.name} {words.words(o.act.words)}" for o in opened]
    desk.print(words.text("next_line", names=names))


def obligations(desk: Desk, found: Sequence[Obligation]) -> None:
    """The limits at work in a case; what was owed only if needed and never was is left out."""
    shown = [o for o in found if not (o.limit.if_needed and o.ended_on and not o.met_on)]
    desk.print()
    table = desk.table("obligation", "owed_by", "due", "met", "basis")
    for owed in shown:
        met = owed.met_on or owed.ended_on
        mark = desk.words.text("late" if owed.late else "fallen_away") if met else ""
        mark = mark if owed.late or owed.met_on is None else ""
        provisional = desk.words.text("provisional") if owed.provisional else ""
        table.add_row(
            desk.words.words(owed.limit.words)
            + (desk.words.text("if_needed") if owed.limit.if_needed and not owed.met else ""),
            desk.words.text(f"owed_by_{owed.limit.owed_by.value}"),
            owed.due.isoformat() + provisional,
            f"{met.isoformat()} {mark}".strip() if met else desk.words.text("owed"),
            desk.words.basis(owed.limit.basis),
        )
    desk.console.print(table)


def openings(desk: Desk, found: Case, opened: Sequence[Opening]) -> None:
    """What can be done next, with what it needs; then why the rest is closed."""
    words = desk.words
    workflow = desk.office.workflow
    state = words.words(workflow.states[found.standing.state].words)
    state = words.text("void") if found.standing.void else state
    desk.print(words.text("stands", number=found.application.number, state=state))
    table = desk.table("transition", "event", "roles", "needs", "basis")  # fmt: skip
    for one in (o for o in opened if o.refused is None):
        table.add_row(
            one.act.name,
            words.words(one.act.words),
            words.value([workflow.roles[name] for name in one.act.by]),
            words.value([f"{f.name} {words.words(f.words)}" for f in one.needs]),
            words.basis(one.act.basis),
        )
    desk.console.print(table)
    desk.print(words.text("closed_now"))
    table = desk.table("transition", "why")
    for one in opened:
        if one.refused is not None:
            said = words.say(one.refused.code, one.refused.facts)
            table.add_row(one.act.name, said.message)
    desk.console.print(table)


def workflow(desk: Desk, flow: Workflow) -> None:
    """A workflow that holds: how much there is of it, and its open points."""
    words = desk.words
    desk.print(words.text("workflow_holds", title=flow.title, version=flow.version,
                          states=len(flow.states), transitions=len(flow.transitions),
                          outcomes=len(flow.outcomes)))  # fmt: skip
    table = desk.table("switch", "value", "meaning", "basis")
    for switch in flow.switches.values():
        meaning = f"{words.words(switch.words)}: {words.words(switch.options[switch.value])}"
        table.add_row(switch.name, switch.value, meaning, words.basis(switch.basis))
    desk.console.print(table)
