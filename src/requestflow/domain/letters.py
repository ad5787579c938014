"""The letters of a case, as its history tells of them: issued, printed, withdrawn, served.

The history holds numbers and digests. The words of a letter, which name people, stand apart from it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from requestflow.domain.case import Case
from requestflow.domain.entries import LETTER, Entry, canonical
from requestflow.domain.workflow import ISSUE_LETTER, PRINT_LETTER, WITHDRAW_LETTER, Transition, Workflow
from requestflow.errors import Refused

RECEIVED = "notice_received"  # the fact of a step: the day its letter reached the addressee


@dataclass(frozen=True, slots=True)
class Service:
    """How a letter reached its addressee.

    `on` is the day that counts for an answer (235号): signed for, posted, or sent; `received` the day
    it arrived, from which the addressee's own periods run.
    """

    on: date | None
    received: date | None = None
    method: str | None = None
    tracking: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where a 文号 stands: its series, the year, the serial number."""

    series: str
    year: int
    serial: int


@dataclass(frozen=True, slots=True)
class IssuedLetter:
    """One letter. `about` is the entry that it tells of, `prints` the digest of each kept format.

    `reference` is what it is called by: its 文号, or application and entry where its kind has no 文号.
    """

    kind: str
    reference: str
    on: date
    entry: int
    about: int
    digest: str
    place: SeriesPlace | None = None
    prints: Mapping[str, str] = field(default_factory=dict)
    withdrawn_on: date | None = None
    reason: str | None = None
    served: Service | None = None

    @property
    def number(self) -> str | None:
        """Its 文号, None where its kind has none."""
        return self.reference if self.place else None

    @property
    def holds(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_on is None

    @classmethod
    def of(cls, entry: Entry) -> "IssuedLetter":
        """The letter that an `issue_letter` entry records."""
        return cls(
            kind=str(entry.data["kind"]),
            reference=str(entry.data["letter"]),
            on=entry.on,
            entry=entry.number,
            about=int(str(entry.data["about"])),
            digest=str(entry.data["digest"]),
            place=_place(entry),
            prints=_print(entry),
        )

    def after(self, entry: Entry) -> "IssuedLetter":
        """The letter after a later entry about it."""
        if entry.transition == WITHDRAW_LETTER:
            return replace(self, withdrawn_on=entry.on, reason=entry.text("reason"))
        return replace(self, prints={**self.prints, **_print(entry)})


def _place(entry: Entry) -> SeriesPlace | None:
    series, year, serial = entry.text("series"), entry.count("year"), entry.count("serial")
    return SeriesPlace(series, year, serial) if series and year and serial else None


def _print(entry: Entry) -> dict[str, str]:
    return {str(name): str(digest) for name, digest in _prints(entry.data.get("prints"))}


def _prints(value: object) -> Sequence[tuple[object, object]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def _applied(found: dict[str, IssuedLetter], entry: Entry) -> None:
    """Takes one entry about a letter into account."""
    if entry.transition == ISSUE_LETTER:
        letter = IssuedLetter.of(entry)
        found[letter.reference] = letter
    elif entry.transition in (PRINT_LETTER, WITHDRAW_LETTER):
        reference = str(entry.data["letter"])
        if reference in found:
            found[reference] = found[reference].after(entry)


def issued(history: Sequence[Entry]) -> dict[str, IssuedLetter]:
    """Every letter of a history by its reference, the oldest first; without its service.

    Raises:
        Refused: `record_unreadable`: an entry that lacks what every such entry has.
    """
    found: dict[str, IssuedLetter] = {}
    for entry in history:
        try:
            _applied(found, entry)
        except (LookupError, ValueError) as error:  # changed past the program
            raise Refused("record_unreadable", number="", problem=repr(error)) from error
    return found


def _service(case: Case, letter: IssuedLetter) -> Service | None:
    """The step that names the letter; else the day of receipt recorded with the step it tells of."""
    for entry in reversed(case.standing.entries):
        if entry.text(LETTER) == letter.reference:
            return Service(entry.on, entry.day(RECEIVED), entry.text("method"), entry.text("tracking"))
    about = next((e for e in case.standing.entries if e.number == letter.about), None)
    received = about.day(RECEIVED) if about is not None else None
    return Service(None, received) if received is not None else None


def letters_of(case: Case) -> list[IssuedLetter]:
    """The letters of a case, the oldest first, with how each was served (corrections applied)."""
    return [replace(letter, served=_service(case, letter)) for letter in issued(case.history).values()]


def standing_letter(case: Case, kind: str, about: int) -> IssuedLetter | None:
    """The letter of that kind about that entry, if one is issued and not withdrawn."""
    fitting = [one for one in letters_of(case) if (one.kind, one.about) == (kind, about) and one.holds]
    return fitting[-1] if fitting else None


def result_entry(case: Case, workflow: Workflow) -> int | None:
    """The entry that records the result the case stands at."""
    concluding = [
        entry.number
        for entry in case.standing.entries
        if workflow.states[entry.to_state].concluded and entry.text("outcome")
    ]
    return concluding[-1] if concluding else None


def replies(case: Case, workflow: Workflow) -> list[IssuedLetter]:
    """Letters in force that tell of the result the case stands at, whatever their kind."""
    about = result_entry(case, workflow)
    return [one for one in letters_of(case) if one.holds and one.about == about]


def reply_served(case: Case, letter: IssuedLetter, workflow: Workflow) -> Service | None:
    """How the reply that the case stands at was served: taken back, it would leave an answer of nothing.

    None for another letter, and once the case is opened again.
    """
    state = workflow.states[case.standing.state]
    stands = (state.concluded or state.final) and letter.about == result_entry(case, workflow)
    served = letter.served
    return served if stands and served is not None and served.on is not None else None


def _taken_back(case: Case, workflow: Workflow) -> IssuedLetter | None:
    """The latest reply to the result in force, where every one of them was withdrawn."""
    about = result_entry(case, workflow)
    told = [one for one in letters_of(case) if one.about == about]
    return told[-1] if told and not any(one.holds for one in told) else None


def served_without(case: Case, about: int, workflow: Workflow) -> Entry | None:
    """The step that served the result recorded by that entry, and names no letter."""
    if about != result_entry(case, workflow):
        return None
    for entry in case.standing.entries:
        act = workflow.act(entry.transition)
        if entry.number > about and act and LETTER in act.facts and not entry.text(LETTER):
            return entry
    return None


def with_letter(
    case: Case, act: Transition, data: Mapping[str, object], on: date, workflow: Workflow
) -> Mapping[str, object]:
    """The facts of a step that serves a letter, the letter filled in: the one reply in force (235号).

    Raises:
        Refused: `letter_not_to_serve`: another letter, one withdrawn, or one of a later day;
            `only_reply_withdrawn`: there is nothing left to serve.
    """
    if LETTER not in act.facts:
        return data
    known = [one.reference for one in replies(case, workflow) if one.on <= on]
    named = data.get(LETTER)
    back = _taken_back(case, workflow)
    if named is None and back is not None:
        raise Refused("only_reply_withdrawn", number=case.application.number, letter=back.reference,
                      transition=act.words, basis=act.basis)  # fmt: skip
    if named is None:
        return {**data, LETTER: known[-1]} if known else data
    if named not in known:
        raise Refused("letter_not_to_serve", letter=named, transition=act.words, known=known)
    return data


def text_of(title: str, blocks: Sequence[tuple[str, str]]) -> str:
    """The one JSON text of a letter's words, which its digest covers."""
    return canonical({"title": title, "blocks": [[role, text] for role, text in blocks]})


def salted(salt: str, content: bytes) -> str:
    """The digest that stands for words or bytes in the chain, after which they can be removed."""
    return hashlib.sha256(salt.encode() + content).hexdigest()
