"""The history of a case on a terminal: its entries with their facts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requestflow.cli.case_words import event_words, kind_words, outcome_words, unit_name
from requestflow.cli.letter_screens import letter_kind_words
from requestflow.domain.applications import masked
from requestflow.domain.entries import Amendment
from requestflow.domain.workflow import AMEND, LETTER_ACTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from requestflow.cli.desk import Desk
    from requestflow.domain.case import Case
    from requestflow.domain.entries import Entry

# what a history has for `verify` alone
_PROOFS = frozenset({"digest", "prints", "sha256", "media_type", "series", "serial"})


def _facts(desk: Desk, entry: Entry, *, personal: bool) -> str:
    shown: dict[str, Any] = {k: v for k, v in entry.data.items() if k not in _PROOFS}
    shown |= {k: v if personal else masked("name", v) for k, v in entry.personal.items()}
    return _told(desk, entry, shown)


def entry_facts(desk: Desk, entry: Entry, names: Collection[str]) -> str:
    """Those of an entry's facts that are named, in words; personal ones masked."""
    shown: dict[str, Any] = {k: v for k, v in entry.data.items() if k in names}
    shown |= {k: masked("name", v) for k, v in entry.personal.items() if k in names}
    return _told(desk, entry, shown)


def _told(desk: Desk, entry: Entry, shown: dict[str, Any]) -> str:
    act = desk.office.workflow.act(entry.transition)
    parts = []
    for name, value in shown.items():
        fact = act.facts.get(name) if act else None
        key = "letter_kind" if name == "kind" and entry.transition in LETTER_ACTS else name
        label = desk.words.words(fact.words) if fact else _fact_name(desk, key)
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
    if name == "form":
        wanted = desk.office.workflow.supply.get(str(value))
        return desk.words.words(wanted) if wanted else ""
    shown = {"outcome": outcome_words, "kind": _kind_of_any}.get(name)
    return shown(desk, str(value)) if shown else ""


def _kind_of_any(desk: Desk, code: str) -> str:
    """The kind of an applicant; else of a letter."""
    return kind_words(desk, code) if code in desk.book.kinds else letter_kind_words(desk, code)


def _fact_name(desk: Desk, name: str) -> str:
    known = {"kind", "channel", "subject", "submitted", "form", "name", "id_number", "contact",
             "address", "reason", "source", "note", "entry", "set", "struck", "extended_to",
             "outcome", "concludes", "on", "due_from", "due_to", "calendar", "unit", "due", "letter",
             "about", "size", "year", "file", "letter_kind"}  # fmt: skip
    return desk.words.text(f"fact_{name}") if name in known else name


def _fact_value(desk: Desk, fact: Any, value: Any) -> str:
    if isinstance(value, bool):
        return desk.words.text("yes" if value else "no")
    if isinstance(value, dict):
        return ", ".join(f"{k}={v}" for k, v in value.items())
    if fact is not None and value in fact.choices:
        return desk.words.words(fact.choices[value])
    return str(value)


def _marks(desk: Desk, found: Case) -> dict[int, str]:
    """A mark on each entry that a later one has corrected or struck."""
    amendments = [Amendment.of(entry) for entry in found.history if entry.transition == AMEND]
    return {
        one.entry: desk.words.text("mark_struck" if one.struck else "mark_amended") for one in amendments
    }


def history(desk: Desk, found: Case, *, personal: bool) -> None:
    """Every entry of a case, with a mark on those that were corrected or struck."""
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
