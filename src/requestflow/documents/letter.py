"""A letter as paragraphs with a role each: what templates make, and what every output format prints.

The look of a role (font, size, indent) is the output's affair; its words are the template's.
"""

from collections.abc import Iterator
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


A_LINE = 26  # signs of a paragraph, behind its indent, that stand in one line


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

    @property
    def kept(self) -> frozenset[int]:
        """Places of the paragraphs that stay on one page with what follows them.

        A seal stands on a page with text (GB/T 9704), and one line is hardly any: the last paragraph
        stays with the signature, and the one before it too where the last is a line. A lead-in (…如下：)
        stays with what it leads to.
        """
        return frozenset(self._kept())

    def _kept(self) -> Iterator[int]:
        body = [place for place, block in enumerate(self.blocks) if block.role is Role.PARAGRAPH]
        yield from (place for place in body if self.blocks[place].text.endswith("："))
        yield from body[-1:]
        if body and len(self.blocks[body[-1]].text) <= A_LINE:
            yield from (place for place in body if place == body[-1] - 1)

    def parted_title(self) -> tuple[str, str]:
        """The title as what may stand on a line each: the organ that signs, and what the letter is.

        The first is empty where the title does not begin with the organ's name.
        """
        organ = next((block.text for block in self.blocks if block.role is Role.SIGNATURE), "")
        rest = self.title.removeprefix(organ)
        return (organ, rest) if organ and rest not in ("", self.title) else ("", self.title)
