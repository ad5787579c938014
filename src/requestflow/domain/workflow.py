"""A workflow as declared: states, transitions, limits, outcomes, switches; and what is wrong with one.

Everything here is read from a file of `workflows/`; nothing of the law stands in the code. The names
that the engine itself knows (`register`, `amend`, …) are the acts that every workflow has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, get_args

REGISTER = "register"  # entry 1 of every history
IMPORT = "import"  # the result an old register states, without its steps
AMEND = "amend"  # corrects a recorded fact
VOID = "void"  # takes a mistaken registration out of every figure
RECALCULATE = "recalculate"  # the calendar or a switch has changed, and a due date with it
ASSIGN = "assign"  # hands the work to an undertaking unit inside the office
SIGN_FOR = "sign_for"  # the unit has taken it
HAND_BACK = "hand_back"  # the unit gives it back, and says why
OF_UNITS = (ASSIGN, SIGN_FOR, HAND_BACK)
ISSUE_LETTER = "issue_letter"  # a letter has its number and its words
PRINT_LETTER = "print_letter"  # an issued letter in a further format
WITHDRAW_LETTER = "withdraw_letter"  # an issued letter that does not hold; its number is not used again
ATTACH = "attach"  # a file is laid into the case
LETTER_ACTS = (ISSUE_LETTER, PRINT_LETTER, WITHDRAW_LETTER)
ENGINE_ACTS = (REGISTER, IMPORT, AMEND, VOID, RECALCULATE, *OF_UNITS, *LETTER_ACTS, ATTACH)

UNIT_WORK = "unit_work"  # the kind of what a unit owes, beside the limits of a file
OfficeLevel = Literal["department", "county", "city", "province"]  # where an office stands
LEVELS: tuple[str, ...] = get_args(OfficeLevel)
SAME = "same"  # as a target: the state stays what it is


class Grade(StrEnum):
    """How firm a rule is: words of a law, processing norm, practice, or only our reading."""

    TEXT = "text"
    NORM = "norm"
    PRACTICE = "practice"
    READING = "reading"


class Effect(StrEnum):
    """What a transition does to the answer clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"
    EXTEND = "extend"
    REPLACE = "replace"
    END = "end"
    NONE = "none"


class Remedy(StrEnum):
    """Which remedy paragraph a decision ends with: review first (A), free choice (B), both (C)."""

    REVIEW_FIRST = "A"
    FREE_CHOICE = "B"
    MIXED = "C"
    NONE = "-"


class OwedBy(StrEnum):
    """Whose move a limit waits for."""

    OFFICE = "office"
    APPLICANT = "applicant"
    THIRD_PARTY = "third_party"
    ORGAN = "organ"


class FactType(StrEnum):
    """What kind of value a fact of a transition takes."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    WORKING_DAYS = "working_days"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    OUTCOME = "outcome"
    APPLICATION = "application"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Words:
    """One term in both languages of the program."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule stands: a short citation (`条例33`), its long form, and its grade.

    `law` and `article` are how a letter names it: 《…条例》, 第三十三条第三款.
    """

    cite: str
    words: Words
    grade: Grade
    law: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A law that rules cite: `formal` is its name in letters.

    `paragraphs` are the articles whose number in brackets is a 款; of all others it is a 项.
    """

    words: Words
    formal: str
    paragraphs: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """Where an application can be; a final state is one that nothing needs to follow."""

    name: str
    words: Words
    final: bool = False
    concluded: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in which an application arrives, with the rule for its receipt date, art. 31."""

    name: str
    words: Words
    receipt: Words
    basis: Basis


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a transition records: its type, and whether it must be given."""

    name: str
    type: FactType
    words: Words
    required: bool = False
    personal: bool = False
    default: str | None = None
    choices: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """A period of the law: of working days, of calendar days, of months, or as long as another one.

    `counts_from` is the fact that gives day 0 (`on` where that fact is not recorded); `length_fact`
    and `until_fact` are facts by which the office sets the length itself. A limit `within` another
    starts with it and ends `ahead` working days before it. `only_if` and `remedies` name the facts
    and the classes of remedy of the outcome without which it does not start. What is `if_needed`
    (a notice of correction) is owed only where its cause arises. A limit `if_late` is owed on the day on
    which the one it names was met too late, until the facts in `met_by_facts` are on file.
    """

    name: str
    words: Words
    working_days: int
    basis: Basis
    calendar_days: int = 0
    months: int = 0
    within: str | None = None
    ahead: int = 0
    level_if: "Exemption | None" = None
    if_late: str | None = None
    met_by_facts: tuple[str, ...] = ()
    owed_by: OwedBy = OwedBy.OFFICE
    remedies: tuple[Remedy, ...] = ()
    counts_from: str = "on"
    length_fact: str | None = None
    until_fact: str | None = None
    met_by: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    if_needed: bool = False
    silence_resumes: bool = False
    only_if: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exemption:
    """When a transition leaves the clock alone: a switch has this value, and these facts hold."""

    switch: str
    value: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class YearlyDuty:
    """What an office owes every year, whatever comes in: the annual report, the district's total.

    `days` gives month and day in the year after the one reported on, by the office's level; a level
    that is not named owes nothing. `met_by_close` says that nobody asks for it once the office has
    closed its own year: what others hand in is not in that.
    """

    name: str
    words: Words
    basis: Basis
    days: Mapping[str, tuple[int, int]]
    met_by_close: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One step that the workflow allows, described once for all states it leaves from."""

    name: str
    words: Words
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    basis: Basis
    effect: Effect = Effect.NONE
    no_effect_if: Exemption | None = None
    starts: tuple[str, ...] = ()
    limit: str | None = None
    concludes: str | None = None
    lapse_of: str | None = None
    outcome: str | None = None
    stays_while: str | None = None
    guards: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    internal: bool = False

    def target_from(self, state: str) -> str:
        """The state this leads to out of `state`."""
        return state if self.target == SAME else self.target


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an application can end: its row in each form, its articles, its remedy, what it needs.

    What it `needs` must be on file. What it `expects` is the office's duty (to consult): a decision
    without it is recorded with a warning, and its letter does not cite that duty's article.
    """

    code: str
    words: Words
    rows: Mapping[str, str]
    basis: tuple[Basis, ...]
    remedy: Remedy
    recorded_by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    needs_facts: tuple[str, ...] = ()
    stands_for_row: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """A point that the law leaves open: its options, the one in force, and why."""

    name: str
    words: Words
    options: Mapping[str, Words]
    value: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class YearRules:
    """Who may close a report year, and who may open it again; None: anybody."""

    close_by: tuple[str, ...] | None = None
    reopen_by: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RemedyRule:
    """What a decision says of remedies from a day on, by the day of the letter; calendar periods.

    `instead` says what a class amounts to under this rule; a class that it does not name stays.
    """

    since: date
    instead: Mapping[Remedy, Remedy]
    review_days: int
    suit_months: int
    suit_after_review_days: int
    review_basis: tuple[Basis, ...]
    review_first_basis: tuple[Basis, ...]
    suit_basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """A step of a tariff: up to the `up_to`-th (None: without end) each costs `yuan`.

    With `every`, the tier repeats: each further `every` cost `rise` yuan more than the ones before.
    """

    yuan: int
    up_to: int | None = None
    every: int | None = None
    rise: int = 0


@dataclass(frozen=True, slots=True)
class Tariff:
    """A marginal fee: what each further one costs, and what is counted over which span."""

    name: str
    words: Words
    unit: Words
    span: Words
    tiers: tuple[Tier, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Workflow:
    """A whole rule set, as one file declares it."""

    name: str
    version: str
    title: Words
    initial: str
    roles: Mapping[str, Words]
    states: Mapping[str, State]
    channels: Mapping[str, Channel]
    registration: Transition
    limits: Mapping[str, Limit]
    switches: Mapping[str, Switch]
    transitions: Mapping[str, Transition]
    outcomes: Mapping[str, Outcome]
    forms: tuple[str, ...]
    yearly: Mapping[str, YearlyDuty] = field(default_factory=dict)
    year: YearRules = YearRules()
    remedies: tuple[RemedyRule, ...] = ()
    fees: Mapping[str, Tariff] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    supply: Mapping[str, Words] = field(default_factory=dict)

    @property
    def answer(self) -> Limit | None:
        """The limit of the answer itself: the one that registration starts."""
        return self.limits.get(self.registration.limit or "")

    def moves_with_answer(self, limit: str) -> bool:
        """Whether a limit's day is the answer's, or lies a fixed span before it."""
        known = self.limits.get(limit)
        answer = self.registration.limit
        return known is not None and answer is not None and answer in (known.name, known.within)

    @property
    def stamp(self) -> str:
        """What an entry records of the rules it was made under."""
        return f"{self.name}/{self.version}"

    def switch(self, name: str) -> str:
        """The value in force of an open point; empty where the workflow does not have it."""
        found = self.switches.get(name)
        return found.value if found else ""

    def act(self, name: str) -> Transition | None:
        """The transition of that name, `register` included."""
        return self.registration if name == REGISTER else self.transitions.get(name)

    def open_states(self) -> frozenset[str]:
        """States in which the applicant still waits for a result."""
        return frozenset(s.name for s in self.states.values() if not s.final and not s.concluded)

    def row_outcome(self, form: str, row: str) -> Outcome | None:
        """The outcome that an annual row stands for where a register names only the row."""
        fitting = [o for o in self.outcomes.values() if o.rows.get(form) == row]
        marked = [o for o in fitting if o.stands_for_row]
        return next(iter(marked or fitting), None)
