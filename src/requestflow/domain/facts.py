"""What a clerk types for a transition, read into the facts that the transition declares."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from requestflow.domain.signs import IN_A_HISTORY, PLACEHOLDER
from requestflow.domain.workflow import Fact, FactType, Transition, Words, Workflow
from requestflow.errors import Refused, WrongUsage

REASON = "reason"  # every transition takes one
LONGEST_TEXT = 10_000
LONGEST_NAME = 200  # of an office, and of a unit that no settings declare
_LONGEST_NUMBER = 9
_LONGEST_PERIOD = 1000
_YES = frozenset({"true", "yes", "1", "是"})
_NO = frozenset({"false", "no", "0", "否"})


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of an entry: what the chain covers, what stands apart, and names the workflow has not."""

    data: Mapping[str, object]
    personal: Mapping[str, str]
    undeclared: tuple[str, ...] = ()


def near(word: str, known: Iterable[str]) -> list[str]:
    """The known words closest to one that is not known, best first."""
    return difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)


def term(code: str, value: str, known: Mapping[str, object]) -> str:
    """The code that a clerk means, by code or by its Chinese label.

    Args:
        code: the refusal where there is none.
        value: what was typed.
        known: codes with their labels, or with what has `words`.

    Raises:
        Refused: with the nearest, or all known codes.
    """
    if value in known:
        return value
    for name, labelled in known.items():
        words = getattr(labelled, "words", None)
        if value == (words.zh if words else labelled):
            return name
    raise Refused(code, value=value, near=near(value, known) or list(known))


def check_text(name: str | Words, text: str) -> None:
    """A text of the application: printable, of a sane length, and not a mere placeholder.

    Raises:
        WrongUsage: control characters, too long, or `no_value`: dots, crosses or a blank to fill in.
    """
    if len(text) > LONGEST_TEXT:
        raise WrongUsage("text_too_long", fact=name, longest=LONGEST_TEXT)
    if IN_A_HISTORY.search(text):
        raise WrongUsage("control_character", fact=name)
    if PLACEHOLDER.fullmatch(text):
        raise WrongUsage("no_value", fact=name, text=text.strip())


def checked_reason(reason: str) -> str:
    """A reason as it goes into a history, without white space around it.

    Raises:
        WrongUsage: there is none, or it is no text.
    """
    if not reason.strip():
        raise WrongUsage("reason_missing")
    check_text("reason", reason)
    return reason.strip()


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_day(text: str) -> date:
    """A day written YYYY-MM-DD.

    Raises:
        WrongUsage: `not_a_day`, for any other form and for days that do not exist.
    """
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise WrongUsage("not_a_day", text=text)
    return day


def _whole(text: str, fact: Fact) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        raise WrongUsage("not_a_whole_number", text=text, fact=fact.words)
    return int(text)


def _working_days(text: str, fact: Fact) -> int:
    value = _whole(text, fact)
    if not 1 <= value <= _LONGEST_PERIOD:
        raise WrongUsage("not_a_length", text=text, fact=fact.words)
    return value


def _boolean(text: str, fact: Fact) -> bool:
    if text.lower() not in _YES | _NO:
        raise WrongUsage("not_yes_or_no", text=text, fact=fact.words)
    return text.lower() in _YES


def _choice(text: str, fact: Fact) -> str:
    for code, words in fact.choices.items():
        if text in (code, words.zh, words.en):
            return code
    raise WrongUsage("unknown_choice", text=text, fact=fact.words, choices=list(fact.choices))


def _text(text: str, fact: Fact) -> str:
    check_text(fact.words, text)
    return text


def _day(text: str, _fact: Fact) -> str:
    return parse_day(text).isoformat()


_READERS: Mapping[FactType, Callable[[str, Fact], object]] = {
    FactType.TEXT: _text,
    FactType.DATE: _day,
    FactType.NUMBER: _whole,
    FactType.WORKING_DAYS: _working_days,
    FactType.BOOLEAN: _boolean,
    FactType.CHOICE: _choice,
    FactType.OUTCOME: _text,
    FactType.APPLICATION: _text,
    FactType.UNIT: _text,
}


def parse_value(fact: Fact, text: str) -> object:
    """A text as a value of the fact's type, whatever the workflow.

    Raises:
        WrongUsage: it does not fit.
    """
    return _READERS[fact.type](text.strip(), fact)


def read_fact(fact: Fact, text: str, workflow: Workflow) -> object:
    """One fact from its text, as a JSON value.

    Raises:
        WrongUsage: the text does not fit the fact's type.
        Refused: `unknown_outcome`, with the nearest codes.
    """
    value = parse_value(fact, text)
    if fact.type is FactType.OUTCOME:
        return term("unknown_outcome", str(value), workflow.outcomes)
    return value


def _undeclared(name: str, act: Transition) -> None:
    """A name that the transition does not declare: a note apart from the chain, unless misspelt."""
    close = near(name, act.facts)
    if close:
        raise WrongUsage("unknown_fact", fact=name, transition=act.words, near=close)


def read_facts(act: Transition, given: Mapping[str, str], workflow: Workflow) -> Facts:
    """All facts of a transition, defaults filled in; missing ones are the evaluation's to name.

    Raises:
        WrongUsage: a value of the wrong type, a misspelt name, a length or day not taken here.
        Refused: an unknown outcome.
    """
    data: dict[str, object] = {}
    personal: dict[str, str] = {}
    undeclared: list[str] = []
    reason = Fact(REASON, FactType.TEXT, Words(REASON, REASON))
    for name, text in given.items():
        fact = act.facts.get(name) or (reason if name == REASON else None)
        if fact is None:
            if name in ("days", "until", "outcome"):
                raise WrongUsage("fact_not_taken", fact=name, transition=act.words)
            _undeclared(name, act)
            undeclared.append(name)
            own = Words(name, name)
            fact = Fact(name, FactType.TEXT, own, personal=True)  # nobody knows what it tells
        value = read_fact(fact, text, workflow)
        if fact.personal:
            personal[name] = str(value)
        else:
            data[name] = value
    for name, fact in act.facts.items():
        if fact.default is not None and name not in given:
            data[name] = read_fact(fact, fact.default, workflow)
    return Facts(data, personal, tuple(undeclared))
