"""A letter as plain text: for a screen, a mail, a comparison."""

from unicodedata import east_asian_width

from requestflow.documents.letter import Block, Letter, Role

WIDTH = 76  # columns; a Chinese character takes two
_INDENT = "\u3000\u3000"  # two characters, as official letters indent
_APART = frozenset({Role.TITLE, Role.NUMBER, Role.SIGNATURE, Role.NOTE})


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _line(block: Block) -> str:
    match block.role:
        case Role.TITLE | Role.NUMBER:
            return " " * max((WIDTH - _columns(block.text)) // 2, 0) + block.text
        case Role.SIGNATURE | Role.DATE:
            return " " * max(WIDTH - _columns(block.text), 0) + block.text
        case Role.ADDRESSEE:
            return block.text
        case _:
            return _INDENT + block.text


def as_text(letter: Letter) -> str:
    """The letter as text, a paragraph a line, however long; title centred, signature on the right."""
    lines: list[str] = []
    before: Role | None = None
    for block in letter.blocks:
        if before is not None and before is not block.role and {before, block.role} & _APART:
            lines += [""] if block.role is not Role.DATE else []
        lines.append(_line(block))
        before = block.role
    return "\n".join(lines) + "\n"
