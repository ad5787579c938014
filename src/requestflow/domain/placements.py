"""Where the offices of one database stand: what the acts that added and moved them amount to.

An office that no act names was there from the beginning, and stands on top. The rows of the database
are a copy of how things stand now; a sum takes the tree of its period's last day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from requestflow.domain.entries import Entry

ADD, MOVE = "add_office", "move_office"
TREE_ACTS = (ADD, MOVE)


@dataclass(frozen=True, slots=True)
class Placement:
    """Below which office one stands, at which level, and whether it is led from above."""

    parent: str | None = None
    level: str | None = None
    vertical: bool = False

    def after(self, entry: Entry) -> "Placement":
        """Where it stands after an act; a level that the act does not name is kept."""
        level = entry.text("level") or self.level
        return Placement(entry.text("parent"), level, entry.data.get("vertical") is True)


@dataclass(slots=True)
class Placements:
    """Where offices stand, by name, and which were added after the day that is asked for."""

    found: dict[str, Placement] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)

    def of(self, office: str) -> Placement:
        """Where an office stands; one that no act has placed stands on top."""
        return self.found.get(office, Placement())


def placements(acts: Sequence[Entry]) -> Placements:
    """Where the offices stand after all acts, in the order in which they were recorded."""
    tree = Placements()
    for entry in acts:
        name = entry.text("office") or ""
        tree.found[name] = tree.of(name).after(entry)
    return tree


def placements_on(acts: Sequence[Entry], day: date) -> Placements:
    """Where the offices stood at the end of a day.

    Where nobody kept a tree by then (the program came later, old registers were brought in), each
    office stands where it was put first: a later move does not change the sums of that time.
    """
    by_then = [entry for entry in acts if entry.on <= day]
    if not by_then:
        return placements(_first(acts))
    tree = placements(by_then)
    added = {entry.text("office") or "" for entry in acts if entry.transition == ADD}
    tree.later = added - tree.found.keys()
    return tree


def _first(acts: Iterable[Entry]) -> list[Entry]:
    """The first act on each office."""
    found: dict[str, Entry] = {}
    for entry in acts:
        found.setdefault(entry.text("office") or "", entry)
    return list(found.values())
