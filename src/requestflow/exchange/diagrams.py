"""A workflow as a picture: Mermaid text, or SVG by way of Graphviz."""

from collections import defaultdict
from collections.abc import Iterable

from requestflow.domain.workflow import Workflow
from requestflow.errors import Refused


def _edges(workflow: Workflow, lang: str) -> Iterable[tuple[str, str, str]]:
    """From, to, and the names of the transitions between them, one line each."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for act in workflow.transitions.values():
        name = act.words.zh if lang == "zh" else act.words.en
        for source in act.sources:
            found[source, act.target_from(source)].append(name)
            if act.stays_while:
                found[source, source].append(name)
    for (source, target), names in found.items():
        yield source, target, " / ".join(names)


def _plain(text: str) -> str:
    """A text without the signs that mean something to a diagram language."""
    return "".join(c for c in text if c not in ':;"{}[]<>#%\\\n')


def mermaid(workflow: Workflow, lang: str) -> str:
    """The state diagram as Mermaid text: plain ids, so that every version of Mermaid draws it."""
    lines = ["stateDiagram-v2"]
    for state in workflow.states.values():
        words = state.words.zh if lang == "zh" else state.words.en
        lines.append(f'    state "{_plain(words)}" as {state.name}')
    lines.append(f"    [*] --> {workflow.initial}")
    for source, target, names in _edges(workflow, lang):
        lines.append(f"    {source} --> {target} : {_plain(names)}")
    lines += [f"    {s.name} --> [*]" for s in workflow.states.values() if s.final]
    return "\n".join(lines) + "\n"


def svg(workflow: Workflow, lang: str) -> str:
    """The state diagram as SVG.

    Raises:
        Refused: `graphviz_missing`, naming what has to be installed.
    """
    try:
        import graphviz
    except ImportError:
        raise Refused("graphviz_missing", what="requestflow[svg]") from None
    graph = graphviz.Digraph(workflow.name, graph_attr={"rankdir": "TB"},
                             node_attr={"shape": "box", "style": "rounded"})  # fmt: skip
    for state in workflow.states.values():
        words = state.words.zh if lang == "zh" else state.words.en
        graph.node(state.name, graphviz.escape(words), peripheries="2" if state.final else "1")
    for source, target, names in _edges(workflow, lang):
        graph.edge(source, target, graphviz.escape(names.replace(" / ", "\n")))
    try:
        return str(graph.pipe(format="svg", encoding="utf-8"))
    except graphviz.ExecutableNotFound:
        raise Refused("graphviz_missing", what="graphviz (dot)") from None
