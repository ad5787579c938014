"""A letter as paragraphs with a role each: what templates make, and what every output format prints.

The look of a role (font, size, indent) is the output's affair; its words are the template's.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a paragraph of a letter is, in the order in which an official letter has them (GB/T 9704)."""

    TITLE = "title"  # 标题
    NUMBER = "number"  # 文号
    ADDRESSEE = "addressee"  # 主送, ends with a full-width colon
    PARAGRAPH = "paragraph"  # 正文, indented by two characters
    HEADING = "heading"  # 一级标题 inside the body
    ITEM = "item"  # an enumerated item of the body
    SIGNATURE = "signature"  # 发文机关署名
    DATE = "date"  # 成文日期
    NOTE = "note"  # 附件说明, contact, postal address


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph: its role and its text, without line breaks."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter. `gaps` names facts that a draft lacks; an issued letter has none."""

    kind: str
    blocks: tuple[Block, ...]
    gaps: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The text of the title."""
        return next((block.text for block in self.blocks if block.role is Role.TITLE), self.kind)
