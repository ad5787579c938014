"""What every command works with: the language, the day, the office, and the way to print."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from requestflow.domain.signs import ON_A_SCREEN
from requestflow.errors import Finding, FoundProblems, RequestflowError
from requestflow.messages.catalogue import Catalogue, Message

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from requestflow.services.office import Office, RuleBook

_PIPE_WIDTH = 240
_STOPS = tuple("。！？；：.!?;:")
_STOP = {"zh": "。", "en": "."}
_MOST_FINDINGS = 200
_WHOLE = frozenset({"number", "received", "due", "on", "concluded", "entry", "transition"})


@dataclass
class Desk:
    """One call of the command line."""

    config: Path
    named: bool  # the config was named, by option or environment
    today: date | None
    lang: str | None
    as_json: bool

    @cached_property
    def office(self) -> "Office":
        """The office of the config."""
        from requestflow.bootstrap import open_office

        return open_office(self.config, self.today)

    @cached_property
    def book(self) -> "RuleBook":
        """The office's rules, or the shipped ones where there is no office here."""
        from requestflow.services.office import RuleBook

        return self.office if self.named or self.config.exists() else RuleBook()

    @cached_property
    def words(self) -> Catalogue:
        """The catalogue: as asked for, else as the office has set, else Chinese."""
        if self.lang is not None:
            return Catalogue(self.lang)
        loaded = self.__dict__.get("office")
        return Catalogue(loaded.settings.language if loaded else "zh")

    def settle_language(self) -> None:
        """Takes the office's language once its settings are read."""
        if self.lang is None:
            self.__dict__.pop("words", None)

    @property
    def console(self) -> "Console":
        """Standard output for people: no markup is read out of data."""
        from rich.console import Console

        width = None if sys.stdout.isatty() else _PIPE_WIDTH
        return Console(markup=False, highlight=False, emoji=False, width=width, soft_wrap=False)

    def table(self, *columns: str) -> "Table":
        """An empty table: texts fold instead of losing signs, days and numbers stay in one piece."""
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            whole = column in _WHOLE
            table.add_column(self.words.text(f"head_{column}"), overflow="fold", no_wrap=whole)
        return table

    def print(self, text: str = "") -> None:
        """A line of data."""
        sys.stdout.write(ON_A_SCREEN.sub("\ufffd", text) + "\n")

    def print_json(self, document: Any) -> None:
        """The one JSON document of a command."""
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")

    def tell(self, text: str) -> None:
        """A line that is not data: progress, warnings, what was done."""
        sys.stderr.write(ON_A_SCREEN.sub("\ufffd", text) + "\n")

    def warn(self, findings: list[Finding]) -> None:
        """Warnings, one a line; where several say the same, once with all their places."""
        places: dict[str, list[str]] = {}
        for finding in findings:
            said = self.words.say(finding.code, finding.facts)
            places.setdefault(self.joined(said), []).append(finding.where)
        for text, where in list(places.items())[:_MOST_FINDINGS]:
            at = self.words.value([place for place in where if place])
            counted = self.words.text("times", count=len(where)) if len(where) > 1 else ""
            named = f"{at}: " if any(where) else ""
            self.tell(self.words.text("warning", text=f"{named}{text}{counted}"))
        if len(places) > _MOST_FINDINGS:
            self.tell(self.words.text("and_more", count=len(places) - _MOST_FINDINGS))

    def warn_of_calendar(self) -> None:
        """A word where the dates that were read go by another calendar than the one in force."""
        if self.office.copies_outdated:
            self.warn([Finding("calendar_not_refreshed", "", {}, warning=True)])

    def joined(self, said: Message) -> str:
        """A message and its hint in one line."""
        space = "" if self.words.lang == "zh" else " "
        stop = "" if not said.hint or said.message.endswith(_STOPS) else _STOP[self.words.lang]
        return f"{said.message}{stop}{space}{said.hint}".strip()

    def finding(self, finding: Finding) -> str:
        """A finding as a line: where, what, and what to do."""
        text = self.joined(self.words.say(finding.code, finding.facts))
        return f"{finding.where}: {text}" if finding.where else text

    def finding_document(self, finding: Finding) -> dict[str, Any]:
        """A finding as JSON."""
        said = self.words.say(finding.code, finding.facts)
        return {"error": finding.code, "where": finding.where, "message": said.message,
                "hint": said.hint, "warning": finding.warning}  # fmt: skip

    def report(self, error: RequestflowError) -> None:
        """An error, on standard error: what was refused and why, then what to do instead."""
        said = self.words.say(error.code, error.facts)
        findings = error.findings if isinstance(error, FoundProblems) else ()
        if self.as_json:
            document: dict[str, Any] = {
                "error": error.code, "message": said.message, "hint": said.hint,
            }  # fmt: skip
            if findings:
                document["findings"] = [self.finding_document(f) for f in findings]
            self.tell(json.dumps(document, ensure_ascii=False))
            return
        self.tell(said.message)
        for finding in findings[:_MOST_FINDINGS]:
            self.tell("  " + self.finding(finding))
        if len(findings) > _MOST_FINDINGS:
            self.tell("  " + self.words.text("and_more", count=len(findings) - _MOST_FINDINGS))
        if said.hint:
            self.tell(said.hint)

    @contextmanager
    def progress(self, key: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on a terminal, nothing in a pipe."""
        if not sys.stderr.isatty():
            yield lambda _done, _all: None
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True, markup=False), transient=True) as bar:
            task = bar.add_task(self.words.text(key), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
