"""How things look on a terminal, for people; the figures and facts are those of the JSON documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from requestflow.cli.letter_screens import attachments, letter_kind_words, letters
from requestflow.domain.applications import masked
from requestflow.domain.deadline import Status
from requestflow.domain.entries import Amendment
from requestflow.domain.workflow import AMEND, ENGINE_ACTS

if TYPE_CHECKING:  # what a screen shows is made elsewhere; who does not need it does not load it
    from requestflow.cli.desk import Desk
    from requestflow.domain.case import Case
    from requestflow.domain.entries import Entry
    from requestflow.domain.evaluation import Opening
    from requestflow.domain.obligations import Obligation
    from requestflow.domain.summary import DueNow, Summary
    from requestflow.domain.workflow import Workflow
    from requestflow.services.listing import Line
    from requestflow.services.lookup import View

# what a history has for `verify` alone
_PROOFS = frozenset({"digest", "prints", "sha256", "media_type", "series", "serial"})


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
    return words.text("days_left", days=now.remaining)


def applicant_name(applicant: Any, *, personal: bool) -> str:
    """The applicant's name; masked unless asked for."""
    name = applicant.get("name", "")
    return str(name) if personal else masked("name", name)


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


def unit_name(desk: Desk, key: str | None) -> str:
    """A unit by its name in the settings; by its key where it is declared no longer."""
    known = desk.office.settings.units.get(key or "")
    return known.name if known else (key or "")


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
        due=summary.unit_due or words.text("unit_no_day"),
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


def event_words(desk: Desk, name: str) -> str:
    """A transition or an act of the engine, in words."""
    if name in (*ENGINE_ACTS, "received"):
        return desk.words.text(f"act_{name}")
    workflow = desk.office.workflow
    act = workflow.transitions.get(name.removesuffix("_lapsed"))
    if act is None:
        return name
    text = desk.words.words(act.words)
    return desk.words.text("lapsed", event=text) if name.endswith("_lapsed") else text


def _facts(desk: Desk, entry: Entry, *, personal: bool) -> str:
    shown: dict[str, Any] = {k: v for k, v in entry.data.items() if k not in _PROOFS}
    shown |= {k: v if personal else masked("name", v) for k, v in entry.personal.items()}
    act = desk.office.workflow.act(entry.transition)
    parts = []
    for name, value in shown.items():
        fact = act.facts.get(name) if act else None
        label = desk.words.words(fact.words) if fact else _fact_name(desk, name)
        text = _term(desk, name, value) or _fact_value(desk, fact, value)
        parts.append(f"{label}={text}")
    return desk.words.text("semicolon").join(parts)


def _term(desk: Desk, name: str, value: Any) -> str:
    """A code of the rules in words; empty where the fact is not one."""
    if name == "channel":
        channel = desk.office.workflow.channels.get(str(value))
        return desk.words.words(channel.words) if channel else ""
    if name == "unit":
        return unit_name(desk, str(value))
    shown = {"outcome": outcome_words, "kind": _kind_of_any}.get(name)
    return shown(desk, str(value)) if shown else ""


def _kind_of_any(desk: Desk, code: str) -> str:
    """The kind of an applicant; else of a letter."""
    return kind_words(desk, code) if code in desk.book.kinds else letter_kind_words(desk, code)


def _fact_name(desk: Desk, name: str) -> str:
    known = {"kind", "channel", "subject", "submitted", "form", "name", "id_number", "contact",
             "address", "reason", "source", "note", "entry", "set", "struck", "extended_to",
             "outcome", "concludes", "on", "due_from", "due_to", "calendar", "unit", "due", "letter",
             "about", "size", "year", "file"}  # fmt: skip
    return desk.words.text(f"fact_{name}") if name in known else name


def _fact_value(desk: Desk, fact: Any, value: Any) -> str:
    if isinstance(value, bool):
        return desk.words.text("yes" if value else "no")
    if isinstance(value, dict):
        return ", ".join(f"{k}={v}" for k, v in value.items())
    if fact is not None and value in fact.choices:
        return desk.words.words(fact.choices[value])
    return str(value)


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
        ("unit_due", summary.unit_due.isoformat() if summary.unit_due else ""),
        ("unit_signed", summary.unit_signed.isoformat() if summary.unit_signed else ""),
    ]  # fmt: skip
    for name, value in facts:
        if value:
            desk.print(words.text("fact_line", name=words.text(f"head_{name}"), value=value))
    obligations(desk, view.deadline.obligations)
    letters(desk, view.case)
    attachments(desk, view.case, personal=personal)
    _history(desk, view.case, personal=personal)
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


def _marks(desk: Desk, found: Case) -> dict[int, str]:
    """A mark on each entry that a later one has corrected or struck."""
    amendments = [Amendment.of(entry) for entry in found.history if entry.transition == AMEND]
    return {
        one.entry: desk.words.text("mark_struck" if one.struck else "mark_amended") for one in amendments
    }


def _history(desk: Desk, found: Case, *, personal: bool) -> None:
    desk.print()
    heads = ("entry", "on", "event", "by", "facts")
    table = desk.table(*heads)
    marks = _marks(desk, found)
    for entry in found.history:
        table.add_row(
            str(entry.number),
            entry.on.isoformat(),
            event_words(desk, entry.transition) + marks.get(entry.number, ""),
            entry.by,
            _facts(desk, entry, personal=personal),
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
