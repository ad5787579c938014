"""Kinds of letters as the catalogue declares them: what each belongs to, needs, and rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from requestflow.domain.workflow import Basis, Remedy, Words

# An office's particulars: the keys of [organ] in its settings.
ORGAN_KEYS = ("name", "code", "review_organ", "court", "address", "phone", "postcode", "payment")


class Addressee(StrEnum):
    """Whom a letter goes to. Only a letter to the applicant may name the applicant."""

    APPLICANT = "applicant"
    THIRD_PARTY = "third_party"
    ORGAN = "organ"


class Origin(StrEnum):
    """Where a fact of a letter comes from."""

    ORGAN = "organ"  # the office's settings
    LETTER = "letter"  # the letter itself: its number, its day
    APPLICATION = "application"  # the registration
    ENTRY = "entry"  # the step that the letter belongs to
    DECISION = "decision"  # the step that recorded the outcome in force
    STEP = "step"  # the latest step of a name
    WORKED_OUT = "worked_out"  # follows from the case and the rules


class Form(StrEnum):
    """How a fact is written; by default as its type has it."""

    PLAIN = "plain"
    LINES = "lines"  # several paragraphs: one for each line of the text
    ITEMS = "items"  # lines that the letter numbers itself: numbers of their own are left out
    CODE = "code"  # a choice by its code, for a template to ask about


@dataclass(frozen=True, slots=True)
class NoticeFact:
    """A fact that letters may name: what it is called, where it comes from, how it is written.

    `default` is what letters say while the office's settings do not name it; only a setting has one,
    since what happened in a case is recorded or missing.
    """

    name: str
    words: Words
    origin: Origin
    key: str
    form: Form = Form.PLAIN
    step: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A yearly series of 文号 without gaps: `{code}〔{year}〕{number}号`."""

    name: str
    words: Words
    pattern: str

    def show(self, code: str, year: int, serial: int) -> str:
        """The number of the `serial`-th letter of a year; `code` is the office's short name."""
        shown = self.pattern.replace("{year}", str(year)).replace("{number}", str(serial))
        return shown.replace("{code}", code)


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of letter.

    It belongs to a step (`after`), to an outcome (`outcomes`), or to a step under an outcome (both).
    `remedy` is its remedy class; None: the outcome's. One `on_request` is written only when asked for
    by name. `needs` must be known before it is issued, `takes` are written where they are; the clerk is
    told where what it `expects` is missing.
    """

    code: str
    words: Words
    title: str
    called: str
    template: str
    addressee: Addressee
    series: str | None = None
    after: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    basis: tuple[Basis, ...] = ()
    remedy: Remedy | None = None
    on_request: bool = False
    needs: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()

    @property
    def names(self) -> Iterator[str]:
        """All facts that it may name."""
        yield from self.needs
        yield from self.expects
        yield from self.takes


@dataclass(frozen=True, slots=True)
class NoticeCatalogue:
    """Every kind of letter of an office, with the facts and the series that they use.

    `common` are the facts that any letter may name, whether its template does or not.
    """

    kinds: Mapping[str, NoticeKind]
    facts: Mapping[str, NoticeFact]
    common: frozenset[str] = frozenset()
    series: Mapping[str, Series] = field(default_factory=dict)
