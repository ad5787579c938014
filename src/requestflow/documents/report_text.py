"""The annual report's text: one template and the office's own prose, filled with figures of the tables.

Templates and prose run in a sandbox that reaches nothing but the figures; a name that there is not is a
fault with its line, never an empty place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError, UndefinedError, nodes

from requestflow.documents import sandbox
from requestflow.domain.facts import near
from requestflow.errors import Finding, FoundProblems

# what a template that makes no sense can raise when it is rendered
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError,
           ValueError)  # fmt: skip
# besides what every template may hold: arithmetic in which nothing grows without end, names for what was
# worked out, figures by place, and the one call
_ALLOWED: tuple[type[nodes.Node], ...] = (
    *sandbox.PLAIN, nodes.Add, nodes.Sub, nodes.Div, nodes.FloorDiv, nodes.Neg, nodes.Pos, nodes.Concat,
    nodes.Assign, nodes.Getitem, nodes.Tuple, nodes.List, nodes.Test, nodes.Keyword, nodes.Call,
)  # fmt: skip
_FILTERS = ("abs", "first", "join", "last", "length", "round", "trim")
_CALLED = "gap"
_UNDEFINED = re.compile(r"(?:no attribute )?'(\w+)'(?: is undefined|$)")


@dataclass(frozen=True, slots=True)
class ReportText:
    """The text as lines of light markdown, and the parts that still have to be written by somebody."""

    text: str
    prose: Mapping[str, str]
    gaps: tuple[str, ...]


def _beyond(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """What a text may not do: places and names."""
    for node in tree.find_all(nodes.Node):
        what = sandbox.beyond(node, _ALLOWED, _FILTERS)
        if isinstance(node, nodes.Call) and not (
            isinstance(node.node, nodes.Name) and node.node.name == _CALLED
        ):
            what = type(node).__name__
        if what is not None:
            yield node.lineno, what.lower()


def _unknown(
    problem: str, source: str, line: int, facts: Mapping[str, Any]
) -> tuple[str, dict[str, object]] | None:
    """The name that a text uses and that there is not, as it stands there, and those like it."""
    found = _UNDEFINED.search(problem)
    if found is None:
        return None
    lines = source.splitlines()
    written = re.search(rf"[\w.]*\b{found[1]}\b", lines[line - 1]) if line <= len(lines) else None
    name = written[0] if written else found[1]
    return "report_name_unknown", {"name": name, "near": near(name, _names(facts)) or list(facts)}


def _names(facts: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Every name that a text can use, with those before the dot."""
    for name, value in facts.items():
        yield prefix + name
        if isinstance(value, Mapping):
            yield from _names(value, f"{prefix}{name}.")


def _rendered(source: str, name: str, facts: Mapping[str, Any]) -> str:
    environment = sandbox.environment(
        _FILTERS, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    try:
        findings = [
            Finding("report_text_beyond", f"{name}:{line}", {"what": what})
            for line, what in _beyond(environment.parse(source))
        ]
        if not findings:
            return environment.from_string(source).render(facts)
    except _FAULTS as error:
        problem = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        _file, line = sandbox.failed_at(error) or (name, 1)
        unknown = _unknown(problem, source, line, facts) if isinstance(error, UndefinedError) else None
        code, said = unknown or ("template_fault", {"problem": problem})
        findings = [Finding(code, f"{name}:{line}", said)]
    raise FoundProblems("report_text_broken", findings, file=name)


def report_text(
    template: tuple[str, str],
    facts: Mapping[str, Any],
    prose: Mapping[str, str],
    titles: Mapping[str, str],
    gap: str,
    prose_file: str = "",
) -> ReportText:
    """The report's text.

    Args:
        template: its name and its source.
        facts: figures and names, as plain values.
        prose: the office's own texts by part; placeholders in them see the same facts.
        titles: headings by part.
        prose_file: name of the file that the prose was read from, for its faults.
        gap: what stands where a text is still to be written, `{title}` its heading.

    Raises:
        FoundProblems: a name that there is not, or a template that cannot be read, with its line.
    """
    missing: list[str] = []

    def still_open(part: str) -> str:
        missing.append(part)
        return gap.replace("{title}", titles[part])

    name, source = template
    written = {
        part: _rendered(text, f"{prose_file or name}[{part}]", facts).strip()
        for part, text in prose.items()
    }
    every = {part: written.get(part, "") for part in titles}
    whole = {**facts, "titles": titles, "prose": every, "gap": still_open}
    text = _rendered(source, name, whole)
    return ReportText(text, written, tuple(missing))
