"""The Word master of letters: what its tags may do, and whether it writes all that a letter says.

A master is an office's file, opened in Word and changed. Its tags ask, and go over the paragraphs of a
letter once; what else the template language can do is refused before anything of it runs.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2.nodes import For, Getattr, Name, Node
from jinja2.sandbox import ImmutableSandboxedEnvironment

from requestflow.documents import sandbox
from requestflow.documents.letter import Block, Role
from requestflow.domain.workflow import Words

# what can be asked of each name; `loop` is the place among the paragraphs
NAMES: Mapping[str, frozenset[str]] = {
    "letter": frozenset({"kind", "title", "number", "blocks"}),
    "look": frozenset({"organ", "red_head", "draft"}),
    "loop": frozenset({"index", "first", "last"}),
}
BLOCK = frozenset({"role", "text", "kept"})
_FILTERS = ("length", "trim")
_ROLES: Mapping[Role, Words] = {
    Role.TITLE: Words("标题", "title"),
    Role.NUMBER: Words("文号", "number"),
    Role.ADDRESSEE: Words("主送", "addressee"),
    Role.PARAGRAPH: Words("正文", "text"),
    Role.HEADING: Words("小标题", "heading"),
    Role.ITEM: Words("事项", "item"),
    Role.SIGNATURE: Words("署名", "signature"),
    Role.DATE: Words("日期", "date"),
    Role.NOTE: Words("附注", "note"),
}


def _beyond(node: Node) -> str | None:
    """What a node is, where a master may not have it; None where it may."""
    what = sandbox.beyond(node, sandbox.PLAIN, _FILTERS)
    if what is None and isinstance(node, Getattr) and not _known(node):
        return f".{node.attr}"
    if what is None and isinstance(node, For) and not _over_blocks(node):
        return "for"
    return what


def _known(node: Getattr) -> bool:
    return isinstance(node.node, Name) and node.attr in NAMES.get(node.node.name, BLOCK)


def _over_blocks(node: For) -> bool:
    """Whether a loop runs over the paragraphs of the letter, and holds no other: so it ends soon."""
    over = node.iter
    blocks = isinstance(over, Getattr) and _known(over) and over.attr == "blocks"
    plain = isinstance(node.target, Name) and not node.recursive and node.test is None
    return blocks and plain and node.find(For) is None


class BeyondError(Exception):
    """A tag does what a master may not do; its text says what that is."""


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox that reads a part of a master before it takes it."""

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """The template of a part.

        Raises:
            BeyondError: before anything of it runs.
        """
        for node in self.parse(source).find_all(Node):
            what = _beyond(node)
            if what is not None:
                raise BeyondError(what)
        return super().from_string(source, *args, **kwargs)


def environment() -> ImmutableSandboxedEnvironment:
    """The sandbox that masters run in."""
    return sandbox.environment(_FILTERS, kind=_Environment, autoescape=True)


def _bare(text: str) -> str:
    return "".join(text.split())


def _missing(written: str, blocks: Iterable[tuple[Role, str]]) -> Iterator[Role]:
    whole = _bare(written)
    for role, text in blocks:
        if _bare(text) not in whole:
            yield role


def lacks(document: Any, blocks: Iterable[tuple[Role, str]]) -> list[Words]:
    """The kinds of paragraphs of a letter that a Word file made of it does not show.

    Args:
        document: the file, as python-docx has it.
        blocks: role and text of what the letter says.
    """
    texts = document.element.body.itertext(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
    )
    return [_ROLES[role] for role in dict.fromkeys(_missing("".join(texts), blocks))]


def specimen() -> tuple[Block, ...]:
    """A letter that has every kind of paragraph, and one of each length: to try a master on."""
    texts = {role: f"（{words.zh}）" for role, words in _ROLES.items()}
    blocks = [Block(role, text) for role, text in texts.items()]
    return (*blocks, Block(Role.SIGNATURE, "（署名）" * 8), Block(Role.PARAGRAPH, "（正文如下）："))
