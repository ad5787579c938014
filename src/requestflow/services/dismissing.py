"""Findings of `check` that are let stand: which ones an id means, and what goes on record."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from requestflow.domain.identities import Identity
from requestflow.errors import NotFound
from requestflow.exchange.dismissal_file import Dismissal
from requestflow.services.checking import Checked


def to_dismiss(found: Sequence[Checked], ids: Sequence[str]) -> list[tuple[Checked, Identity]]:
    """The broken identities that ids mean, each given in whole or by its beginning.

    Raises:
        NotFound: an id that fits none, or more than one, of what is broken here.
    """
    known = [(one, identity) for one in found for identity in one.all_broken]
    chosen = []
    for wanted in ids:
        fitting = [(c, i) for c, i in known if wanted and c.id_of(i).startswith(wanted)]
        if len({c.id_of(i) for c, i in fitting}) != 1:
            raise NotFound("unknown_finding", id=wanted, known=[c.id_of(i) for c, i in known[:20]])
        chosen.append(fitting[0])
    return chosen


def dismissal(checked: Checked, identity: Identity, *, reason: str, by: str, at: str) -> Dismissal:
    """A broken identity let stand, with all that is needed to know later what it was."""
    table = checked.table
    facts = {
        "file": Path(checked.file).name, "office": table.office if table else "",
        "year": table.year if table else None, "name": identity.name, "column": identity.column,
        "row": identity.row, "left": identity.left, "right": identity.right,
    }  # fmt: skip
    return Dismissal(checked.id_of(identity), reason, by, at, facts)


def with_dismissals(found: Sequence[Checked], added: Sequence[Dismissal]) -> list[Checked]:
    """The verdicts again, with further findings let stand."""
    more = {one.id: one for one in added}
    return [replace(one, dismissals={**one.dismissals, **more}) for one in found]
