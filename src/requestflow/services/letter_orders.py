"""A letter as it is asked for, and as it is handed out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from requestflow.documents.letter import Letter
from requestflow.documents.letter_text import as_text
from requestflow.domain.engine_acts import Doing
from requestflow.domain.letters import IssuedLetter
from requestflow.domain.notice_kinds import NoticeKind
from requestflow.errors import Finding
from requestflow.services.office import Office


@dataclass(frozen=True, slots=True)
class Order:
    """A letter as asked for: its kind (None: the one the case is at), its day, its format.

    `entry` says which step it belongs to, where several have such a letter; `provisional` lets dates in
    that the calendar may still move. `ready` is called with the printed letter before anything is
    recorded; what it refuses is not issued.
    """

    kind: str | None = None
    on: date | None = None
    by: str | None = None
    form: str | None = None
    provisional: bool = False
    entry: int | None = None
    ready: "Callable[[Handed], None]" = lambda _handed: None


@dataclass(frozen=True, slots=True)
class Handed:
    """A letter as it is handed out; `record` is None for a draft, `new` where issued just now."""

    application: str
    kind: NoticeKind | None
    letter: Letter
    record: IssuedLetter | None = None
    content: bytes = b""
    new: bool = False
    warnings: list[Finding] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, as plain text."""
        return as_text(self.letter)


def kind_named(office: Office, kind: str | None) -> str | None:
    """The code of a kind that was named by its code, its Chinese name or its title."""
    kinds = office.letters.kinds
    if kind is None or kind in kinds:
        return kind
    fitting = [one.code for one in kinds.values() if kind in (one.words.zh, one.title)]
    return fitting[0] if len(fitting) == 1 else kind


def doing_of(office: Office, by: str | None, on: date) -> Doing:
    """Who acts on a letter, on which day, and under which rules."""
    return Doing(office.person(by).key, on, office.clock.now(), office.workflow.stamp)
