"""An annual report on its way to a file: paragraphs with a role, places for tables and charts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from requestflow.domain.signs import printable
from requestflow.exchange.table_layout import Grid

_SLOT = re.compile(r"\[\[(charts|table[234])\]\]")


class PartKind(StrEnum):
    """What a piece of the report is."""

    TITLE = "title"
    HEADING = "heading"
    SUBHEADING = "subheading"
    PARAGRAPH = "paragraph"
    SLOT = "slot"


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A piece of the report; a slot's text is the name of what goes there."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """A report with its tables and charts; `mark` stands on every page where it is not empty."""

    parts: tuple[ReportPart, ...]
    grids: Mapping[str, Grid]
    mark: str = ""
    faults: tuple[str, ...] = ()
    svg: Mapping[str, str] = field(default_factory=dict)
    png: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The text of the title."""
        first = next((part.text for part in self.parts if part.kind is PartKind.TITLE), "")
        return first.replace("\n", "")


def parts_of(text: str) -> tuple[ReportPart, ...]:
    """The pieces of a text: `#` title, `##` heading, `###` subheading, `[[table3]]` a slot, else prose.

    A line is a paragraph; empty lines say nothing. Lines of a title that follow each other are one.
    """
    found: list[ReportPart] = []
    for line in text.splitlines():
        stripped = printable(line).strip()
        if not stripped:
            continue
        slot = _SLOT.fullmatch(stripped)
        kinds = {1: PartKind.TITLE, 2: PartKind.HEADING, 3: PartKind.SUBHEADING}
        depth = len(stripped) - len(stripped.lstrip("#"))
        if slot:
            found.append(ReportPart(PartKind.SLOT, slot.group(1)))
        elif depth == 1 and found and found[-1].kind is PartKind.TITLE:
            found[-1] = ReportPart(PartKind.TITLE, f"{found[-1].text}\n{stripped[1:].strip()}")
        elif depth in kinds:
            found.append(ReportPart(kinds[depth], stripped[depth:].strip()))
        else:
            found.append(ReportPart(PartKind.PARAGRAPH, stripped))
    return tuple(found)
