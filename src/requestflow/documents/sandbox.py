"""The sandbox that templates run in: what may stand in one is listed, all else is refused unrun."""

from collections.abc import Collection
from traceback import walk_tb
from typing import Any

from jinja2 import StrictUndefined
from jinja2.nodes import (
    And,
    Compare,
    CondExpr,
    Const,
    Filter,
    For,
    Getattr,
    If,
    Name,
    Node,
    Not,
    Operand,
    Or,
    Output,
    Template,
    TemplateData,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

ENDING = ".j2"
# what every template may hold: text, facts, questions and repetition
PLAIN: tuple[type[Node], ...] = (
    Template, Output, TemplateData, Name, Const, If, For, Compare, Operand, And, Or, Not, CondExpr,
    Filter, Getattr,
)  # fmt: skip
_UNNAMED = ("<template>", "<unknown>")  # what jinja2 calls a template that is no file


def environment(
    filters: Collection[str],
    *,
    kind: type[ImmutableSandboxedEnvironment] = ImmutableSandboxedEnvironment,
    autoescape: bool = False,
    **options: Any,
) -> ImmutableSandboxedEnvironment:
    """A sandbox with these filters and nothing to call; a name that there is not is a fault."""
    made = kind(undefined=StrictUndefined, autoescape=autoescape, **options)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in filters}
    return made


def beyond(node: Node, allowed: tuple[type[Node], ...], filters: Collection[str]) -> str | None:
    """What a node is, where a template may not have it; None where it may."""
    if not isinstance(node, allowed):
        return type(node).__name__
    if isinstance(node, Filter) and (node.name not in filters or node.node is None):
        return f"|{node.name}"
    return None


def failed_at(error: BaseException) -> tuple[str, int] | None:
    """File and line of the innermost line of a template that failed; None where none is known."""
    found = None
    for frame, line in walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if file.endswith(ENDING) or file in _UNNAMED:
            found = file, line
    return found
