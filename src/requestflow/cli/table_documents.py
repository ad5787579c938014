"""Verdicts on annual tables as JSON documents, and what each subordinate table gave to a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requestflow.cli.annual_screens import broken_sentence
from requestflow.cli.table_screens import explanation_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from requestflow.cli.desk import Desk
    from requestflow.domain.aggregates import Share
    from requestflow.domain.explanations import Explanation
    from requestflow.domain.identities import Identity
    from requestflow.domain.tables import AnnualTable
    from requestflow.services.checking import Checked


def _broken(desk: Desk, checked: Checked, identity: Identity) -> dict[str, Any]:
    """An identity that does not hold."""
    assert checked.table is not None  # noqa: S101  what is broken is broken in a table
    document: dict[str, Any] = {
        "name": identity.name, "column": identity.column,
        "left": identity.left, "right": identity.right,
        "message": broken_sentence(desk, checked.table, identity),
        "id": checked.id_of(identity),
    }  # fmt: skip
    return document if identity.row is None else {**document, "row": identity.row}


def _explanation(desk: Desk, table: AnnualTable, found: Explanation) -> dict[str, Any]:
    return {
        "slip": found.slip.value,
        "whole": found.whole,
        "repairs": found.repairs,
        "changes": [
            {"row": c.row, "column": c.column, "figure": c.stands, "should_be": c.should_be}
            for c in found.changes
        ],
        "message": explanation_sentence(desk, table, found),
    }


def checked_document(desk: Desk, checked: Checked) -> dict[str, Any]:
    """The verdict on one file: the keys of `check --json`."""
    table = checked.table
    document: dict[str, Any] = {
        "file": checked.file,
        "office": table.office if table else None,
        "year": (table.year or None) if table else None,
        "form": table.form.code if table else None,
        "holds": checked.holds,
        "verdict": checked.verdict,
        "broken": [_broken(desk, checked, one) for one in checked.broken],
        "dismissed": [
            {**_broken(desk, checked, one), "reason": why.reason, "by": why.by, "at": why.at}
            for one, why in checked.dismissed
        ],
        "explanations": [_explanation(desk, table, e) for e in checked.explanations] if table else [],
        "findings": [desk.finding_document(finding) for finding in checked.findings],
    }
    if checked.error is not None:
        said = desk.words.say(checked.error.code, checked.error.facts)
        document["error"] = {"error": checked.error.code, "message": said.message, "hint": said.hint}
    return document


def _share(found: Share) -> dict[str, Any]:
    document = {"file": found.file, "office": found.office, "figure": found.figure}
    return {**document, "children": [_share(child) for child in found.children]}


def shares(cell: str, figure: int | None, found: Sequence[Share]) -> dict[str, Any]:
    """What each subordinate table gave to a figure: `--cell --json` of a check or a merge."""
    row, _, column = cell.partition(":")
    children = [_share(share) for share in found]
    return {"row": row, "column": column, "figure": figure, "children": children}
