"""The catalogues: codes and facts in, sentences out. Chosen for each call, never at import."""

import errno
import os
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from requestflow.errors import RequestflowError

if TYPE_CHECKING:  # a help page needs none of the terms
    from requestflow.domain.calendar import Provisional
    from requestflow.domain.workflow import Basis, Words

LANGUAGES = ("zh", "en")
_PARTS = ("say", "text", "help")
# faults of the system that have words of ours, by the names of their numbers
_TOLD = frozenset({
    "enoent", "eisdir", "enotdir", "eacces", "eperm", "enospc", "erofs", "eexist", "enametoolong",
    "econnrefused", "ehostunreach", "enetunreach", "econnreset", "epipe", "eloop", "eio", "emfile",
    "etimedout", "enotempty", "ebusy",
})  # fmt: skip
# the same by the text in which the system says them, for refusals that carry no more than that
_BY_TEXT = {os.strerror(getattr(errno, name.upper())): name for name in _TOLD}
_SHOWN_AT_MOST = 30  # every outcome of the law, and then some


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence, and what to do instead (empty where there is nothing to add)."""

    message: str
    hint: str = ""


@cache
def _part(lang: str, part: str) -> Mapping[str, Any]:
    path = Path(__file__).parent / lang / f"{part}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


class Catalogue(string.Formatter):
    """One language: sentences for errors and findings, words for screens, texts for help."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def words(self, words: "Words") -> str:
        """A term in this language."""
        return words.zh if self.lang == "zh" else words.en

    def basis(self, basis: "Basis") -> str:
        """A citation, and how firm it is where it is not the text of a law."""
        cited = self.words(basis.words)
        if basis.grade == "text":
            return cited
        return self.text("graded", cited=cited, grade=self.text(f"grade_{basis.grade.value}"))

    def value(self, value: object) -> str:
        """A fact as it stands in a sentence."""
        from requestflow.domain.calendar import Provisional
        from requestflow.domain.workflow import Basis, Words

        if isinstance(value, Words):
            return self.words(value)
        if isinstance(value, Basis):
            return self.basis(value)
        if isinstance(value, Exception):
            return self._problem(value)
        if isinstance(value, (date, Provisional)):
            return self._day(value)
        if isinstance(value, (list, tuple)):
            return self._listed(value)
        told = _BY_TEXT.get(str(value))
        return self.text(f"os_{told}") if told else str(value)

    def _day(self, value: "date | Provisional") -> str:
        """A day; one that may still move is marked."""
        if isinstance(value, date):
            return value.isoformat()
        return value.day.isoformat() + self.text("provisional")

    def _problem(self, error: Exception) -> str:
        """A refusal in its sentence; the system's by its number: its words are in its own language."""
        if isinstance(error, RequestflowError):
            return self.say(error.code, error.facts).message
        number = getattr(error, "errno", None)
        name = errno.errorcode.get(number or 0, "").lower()
        key = f"os_{name if name in _TOLD else 'other'}"
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return self.text(key, said=" ".join(str(said).split())[:200].rstrip("."))

    def _listed(self, values: Iterable[object]) -> str:
        shown = [self.value(value) for value in values]
        comma = self.text("comma")
        if len(shown) > _SHOWN_AT_MOST:
            shown = [*shown[:_SHOWN_AT_MOST], "…"]
        return comma.join(shown) if shown else self.text("none")

    def format_field(self, value: Any, format_spec: str) -> str:
        """Every placeholder is shown by `value`; catalogues use no format specifications."""
        del format_spec
        return self.value(value)

    def say(self, code: str, facts: Mapping[str, Any]) -> Message:
        """The sentence of an error or a finding."""
        entry = _part(self.lang, "say")[code]
        return Message(
            self.vformat(entry["message"], (), facts),
            self.vformat(entry.get("hint", ""), (), facts),
        )

    def text(self, key: str, /, **facts: Any) -> str:
        """A text of the screens."""
        return self.vformat(_part(self.lang, "text")[key], (), facts)

    def help(self, key: str) -> str:
        """A text of the help pages."""
        found: str = _part(self.lang, "help")[key]
        return found

    def option_help(self, command: str, option: str) -> str:
        """The line of an option: the command's own, else the one that all commands share."""
        texts = _part(self.lang, "help")
        found: str = texts.get(f"{command} {option}") or texts[option]
        return found


def catalogue_keys(lang: str) -> dict[str, Mapping[str, Any]]:
    """Everything in a language's catalogues, by part: for checking that both are complete."""
    return {part: _part(lang, part) for part in _PARTS}
