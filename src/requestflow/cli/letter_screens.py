"""Letters and attached files of a case on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from requestflow.domain.attachments import attachments_of, without_people
from requestflow.domain.letters import letters_of

if TYPE_CHECKING:
    from requestflow.cli.desk import Desk
    from requestflow.domain.case import Case
    from requestflow.domain.letters import IssuedLetter


def _served(desk: Desk, one: IssuedLetter) -> str:
    """When and how a letter was served, or that it was withdrawn."""
    words, served = desk.words, one.served
    parts = []
    if one.withdrawn_on is not None:
        parts.append(words.text("letter_withdrawn_line", on=one.withdrawn_on, reason=one.reason))
    if served is not None and served.on is not None:
        parts.append(words.text("letter_served_line", on=served.on, method=_method(desk, served.method)))
    if served is not None and served.received is not None:
        parts.append(words.text("letter_received_line", on=served.received))
    return words.text("semicolon").join(parts)


def _method(desk: Desk, code: str | None) -> str:
    """A way of service in words."""
    facts = [act.facts["method"] for act in desk.office.workflow.transitions.values()
             if "method" in act.facts]  # fmt: skip
    found = next((fact.choices[code] for fact in facts if code and code in fact.choices), None)
    return desk.words.words(found) if found else (code or "")


def letter_kind_words(desk: Desk, code: str) -> str:
    """A kind of letter in words; its code where there is no such kind any more."""
    kind = desk.office.letters.kinds.get(code)
    return desk.words.words(kind.words) if kind else code


def letters(desk: Desk, found: Case) -> None:
    """The letters of a case: number, kind, day, how each was served."""
    issued = letters_of(found)
    if not issued:
        return
    desk.print()
    table = desk.table("letter", "letter_kind", "on", "served")
    for one in issued:
        table.add_row(
            one.reference, letter_kind_words(desk, one.kind), one.on.isoformat(), _served(desk, one)
        )
    desk.console.print(table)


def attachments(desk: Desk, found: Case, *, personal: bool) -> None:
    """The files of a case."""
    files = attachments_of(found.history)
    if not files:
        return
    desk.print()
    table = desk.table("entry", "on", "file", "size", "note")
    for file in files:
        name, note = file.name, file.note
        if not personal:
            name, note = without_people(name, found), without_people(note, found)
        table.add_row(str(file.entry), file.on.isoformat(), name, f"{file.size:,}", note)
    desk.console.print(table)
