"""The one family of errors, and `Finding`, a problem that a check has found.

    RequestflowError
    ├── Refused          exit 1    the law, the workflow or the state of things says no; nothing changed
    ├── NotFound         exit 1    no such application, file, year
    ├── FoundProblems    exit 1    carries findings: import, check, verify, workflow check
    └── WrongUsage       exit 2    the command line itself is off

An error carries a code and facts. The sentences stand in the catalogues of `requestflow.messages`,
one a code and language, so that no wording is hidden in the code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem that a check has found: a value, collected and shown, never raised alone.

    `where` is what a person can point at: `register.csv:12:C`, `disclosure.yaml:40:7`, `2026-0003`.
    A warning does not make a check fail.
    """

    code: str
    where: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    warning: bool = False


class RequestflowError(Exception):
    """Root of all errors that a person can cause; `code` names the sentence in the catalogues."""

    exit_code = 1

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}({shown})"


class Refused(RequestflowError):
    """The law, the workflow or the state of things says no; nothing has changed."""


class NotFound(RequestflowError):
    """What was asked for does not exist."""


class FoundProblems(RequestflowError):
    """A check found problems; all of them are carried, not only the first."""

    def __init__(self, code: str, findings: Sequence[Finding], /, **facts: object) -> None:
        super().__init__(code, **facts)
        self.findings = tuple(findings)


class WrongUsage(RequestflowError):
    """The command line was used wrongly."""

    exit_code = 2
