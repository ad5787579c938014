"""An entry of a history, and which entries count once corrections are applied."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from requestflow.domain.workflow import AMEND, VOID

GENESIS = "0" * 64  # what the first entry of an office names as the one before it

WITHHELD_AS = "withheld_as"  # the fact of a partial decision: as what a part of it is withheld
LETTER = "letter"  # the fact of an entry that issues, prints, withdraws or serves one: its reference


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of a history, never changed once written.

    `on` is the legal day, `recorded_at` the moment of writing (UTC); `data` holds JSON values, days as
    ISO text; `personal` holds what identifies a person and is kept apart from the chain.
    """

    number: int
    transition: str
    on: date
    recorded_at: datetime
    by: str
    from_state: str | None
    to_state: str
    data: Mapping[str, object] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)
    rules: str = ""

    def day(self, name: str) -> date | None:
        """A recorded fact as a day; `on` is the legal day itself."""
        if name == "on":
            return self.on
        text = self.data.get(name)
        return date.fromisoformat(text) if isinstance(text, str) else None

    def text(self, name: str) -> str | None:
        """A recorded fact as text, personal ones included."""
        value = self.personal.get(name, self.data.get(name))
        return None if value is None else str(value)

    def count(self, name: str) -> int | None:
        """A recorded fact as a whole number."""
        value = self.data.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A correction of entry `entry`: the facts that now hold, or that it never happened."""

    entry: int
    facts: Mapping[str, object]
    personal: Mapping[str, str]
    on: date | None
    struck: bool

    @classmethod
    def of(cls, entry: Entry) -> "Amendment":
        """Reads the correction that an `amend` entry records."""
        facts = entry.data.get("set")
        on = entry.data.get("on")
        return cls(
            entry=int(str(entry.data["entry"])),
            facts=facts if isinstance(facts, Mapping) else {},
            personal=entry.personal,
            on=date.fromisoformat(on) if isinstance(on, str) else None,
            struck=bool(entry.data.get("struck")),
        )

    def applied_to(self, entry: Entry) -> Entry:
        """The entry as it reads after this correction; a fact set to None is taken back."""
        data = {k: v for k, v in {**entry.data, **self.facts}.items() if v is not None}
        personal = {k: v for k, v in {**entry.personal, **self.personal}.items() if v}
        return replace(entry, data=data, personal=personal, on=self.on or entry.on)


def effective(history: Iterable[Entry]) -> list[Entry]:
    """The entries that count, in order: corrections applied, struck ones and corrections left out.

    A void application keeps its entries; `is_void` tells.
    """
    entries: dict[int, Entry] = {}
    for entry in history:
        if entry.transition != AMEND:
            entries[entry.number] = entry
            continue
        amendment = Amendment.of(entry)
        if amendment.struck:
            entries.pop(amendment.entry, None)
        elif amendment.entry in entries:
            entries[amendment.entry] = amendment.applied_to(entries[amendment.entry])
    return list(entries.values())


def is_void(history: Iterable[Entry]) -> bool:
    """Whether a history ends with a mistaken registration taken out."""
    return any(entry.transition == VOID for entry in history)


def canonical(value: object) -> str:
    """One and only one JSON text for a value: keys sorted, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def personal_digest(salt: str, personal: Mapping[str, str]) -> str:
    """The salted digest that stands for a personal part in the chain, after which it can be removed."""
    return hashlib.sha256((salt + canonical(dict(personal))).encode()).hexdigest()


def chained_digest(
    previous: str, sequence: int, application: str, entry: Entry, digest_of_personal: str | None
) -> str:
    """The digest of an entry at its place in an office's chain, the one before it included.

    Args:
        previous: digest of the entry before, `GENESIS` for the first.
        sequence: place in the chain, 1 and up, without gaps.
        application: number of the application.
        entry: what happened.
        digest_of_personal: see `personal_digest`; None where the entry has no personal part.
    """
    body = {
        "application": application,
        "by": entry.by,
        "data": dict(entry.data),
        "entry": entry.number,
        "from": entry.from_state,
        "on": entry.on.isoformat(),
        "personal": digest_of_personal,
        "previous": previous,
        "recorded_at": entry.recorded_at.isoformat(),
        "rules": entry.rules,
        "sequence": sequence,
        "to": entry.to_state,
        "transition": entry.transition,
    }
    return hashlib.sha256(canonical(body).encode()).hexdigest()
