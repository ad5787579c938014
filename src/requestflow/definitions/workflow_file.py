"""A workflow from its YAML file, checked in full: every fault at once, each with its line.

Form first (`workflow_shape`), then sense (`workflow_sense`); what is left is built (`workflow_values`).
"""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from requestflow.definitions.form_files import find_form
from requestflow.definitions.reader import Document, parse, read_yaml
from requestflow.definitions.shipped import shipped
from requestflow.definitions.workflow_sense import Sense
from requestflow.definitions.workflow_shape import WorkflowFile
from requestflow.definitions.workflow_values import build
from requestflow.domain.entries import canonical
from requestflow.domain.facts import near
from requestflow.domain.forms import Form
from requestflow.domain.workflow import (
    Workflow,
)
from requestflow.errors import Finding, FoundProblems, NotFound


def _forms(document: Document, file: WorkflowFile, folder: Path) -> dict[str, Form]:
    forms = {}
    findings = []
    for index, code in enumerate(file.forms):
        try:
            forms[code] = find_form(code, folder)
        except NotFound as error:
            findings.append(Finding(error.code, document.place(("forms", index)), error.facts))
    if findings:
        raise FoundProblems("definition_broken", findings, file=document.file)
    return forms


def workflow_path(name: str, beside: Path | None = None) -> Path:
    """The file of a workflow: a path, or the bare name of a shipped one."""
    if name.endswith((".yaml", ".yml")):
        return (beside or Path()) / name
    return shipped("workflows") / f"{name}.yaml"


def load_workflow(
    path: Path,
    switches: Mapping[str, str] | None = None,
    place: Callable[[str], str] = lambda name: f"[switches] {name}",
) -> tuple[Workflow, dict[str, Form]]:
    """A workflow and the forms it names.

    Args:
        path: the YAML file.
        switches: values that an office has set in its config, by the name of the open point.
        place: where the setting of a switch stands.

    Raises:
        NotFound: there is no such file.
        FoundProblems: everything that is wrong with it, each fault with file, line and column.
    """
    document = read_yaml(path)
    file = parse(document, WorkflowFile)
    forms = _forms(document, file, path.parent)
    findings = [
        Finding(code, document.place(at), facts) for code, at, facts in Sense(file, forms).faults()
    ]
    findings += _switch_faults(file, switches or {}, place)
    if findings:
        raise FoundProblems("definition_broken", findings, file=path.name)
    values = {name: switch.value for name, switch in file.switches.items()} | dict(switches or {})
    return build(file, values, _digest(document.value, values)), forms


_OF_PEOPLE = frozenset({"zh", "en", "formal", "roles", "by", "close_by", "reopen_by"})


def _of_cases(value: Any) -> Any:
    """A value of the file without what is said to people and who may act: no date follows from that."""
    if isinstance(value, dict):
        return {name: _of_cases(one) for name, one in value.items() if name not in _OF_PEOPLE}
    return [_of_cases(one) for one in value] if isinstance(value, list) else value


def _digest(document: Any, values: Mapping[str, str]) -> str:
    """A digest of the rules in force: another where what they say of cases, or a switch, is another."""
    declared = {name: value for name, value in document.items() if name != "switches"}
    return sha256(canonical([_of_cases(declared), dict(values)]).encode()).hexdigest()


def _switch_faults(
    file: WorkflowFile, values: Mapping[str, str], place: Callable[[str], str]
) -> Iterator[Finding]:
    for name, value in values.items():
        switch = file.switches.get(name)
        if switch is None:
            known = list(file.switches)
            facts: dict[str, Any] = {"name": name, "near": near(name, known) or known}
            yield Finding("unknown_switch", place(name), facts)
        elif value not in switch.options:
            facts = {"name": value, "near": list(switch.options)}
            yield Finding("undeclared_option", place(name), facts)
