"""Letters of a case: which one it is at, the facts that a letter needs, and which of them are missing.

Pure: everything follows from the case, the rules, the office's particulars and the letter's day.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from requestflow.domain.case import Case
from requestflow.domain.citations import cited
from requestflow.domain.clock import Rules
from requestflow.domain.entries import Entry
from requestflow.domain.notice_kinds import Form, NoticeCatalogue, NoticeFact, NoticeKind, Origin
from requestflow.domain.remedies import remedy_notice
from requestflow.domain.worked_facts import (
    LISTS,
    OF_CHANNEL,
    WORKED_OUT,
    Place,
    Setting,
    Source,
    Value,
    outcome_of,
    written_day,
)
from requestflow.domain.workflow import IMPORT, Effect, FactType, Remedy, Transition, Words

# a number before an item: 1. 1、 （1） ① 一、; never the year or day that it begins with
_NUMBERED = re.compile(
    r"^(?:[0-9]{1,2}\s*[.．、)）](?![0-9])|[（(](?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）][、.．]?"
    r"|[一二三四五六七八九十]{1,3}、|[①-⑳])\s*"
)
_ENDS = tuple("。！？；：.!?;:")
# What the remedy part of a letter may name besides the facts of the letter.
REMEDY_NAMES = (
    "remedy", "review_days", "suit_months", "suit_after_review_days", "review_basis",
    "review_first_basis", "suit_basis",
)  # fmt: skip
REMEDY_FACTS = ("review_organ", "court")  # facts of the catalogue that a remedy paragraph needs


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that a letter lacks, and where it is recorded: in an entry, or by `command`."""

    fact: NoticeFact
    entry: int | None = None
    key: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a template is given: texts and lists of texts, nothing else; and what is still missing.

    `assumed` are settings that the office has not made and for which the catalogue has general words.
    """

    values: Mapping[str, Value]
    gaps: tuple[Gap, ...] = ()
    assumed: tuple[NoticeFact, ...] = ()


def _belongs(kind: NoticeKind, entry: Entry, case: Case, rules: Rules) -> bool:
    if kind.after and entry.transition not in kind.after:
        return False
    if not kind.outcomes:
        return bool(kind.after)
    if case.standing.outcome not in kind.outcomes:
        return False
    return bool(kind.after) or outcome_of(entry, rules) == case.standing.outcome


def current_place(case: Case, catalogue: NoticeCatalogue, rules: Rules) -> Place | None:
    """The letter that a case is at: that of its latest step that has one.

    None where there is none: a void case, a result that an old register states, or a clock that has
    begun anew since.
    """
    if case.standing.void:
        return None
    for entry in reversed(case.standing.entries):
        if entry.transition == IMPORT and entry.text("outcome"):
            return None
        for kind in catalogue.kinds.values():
            if not kind.on_request and _belongs(kind, entry, case, rules):
                return Place(kind, entry)
        act = rules.workflow.act(entry.transition)
        if act is not None and act.effect is Effect.RESTART:
            return None
    return None


def entries_of(case: Case, kind: NoticeKind, rules: Rules) -> list[Entry]:
    """The steps of a case that have a letter of that kind, the oldest first."""
    if case.standing.void:
        return []
    return [entry for entry in case.standing.entries if _belongs(kind, entry, case, rules)]


def place_of(case: Case, kind: NoticeKind, rules: Rules, entry: int | None = None) -> Place | None:
    """Where a letter of that kind belongs: the latest step that has it, or the entry that is named."""
    fitting = [found for found in entries_of(case, kind, rules) if entry in (None, found.number)]
    return Place(kind, fitting[-1]) if fitting else None


def is_list(fact: NoticeFact) -> bool:
    """Whether a template is given the fact as a list of paragraphs."""
    return fact.form in (Form.LINES, Form.ITEMS) or (
        fact.origin is Origin.WORKED_OUT and fact.key in LISTS
    )


def _of_application(source: Source, fact: NoticeFact) -> str | None:
    application, key = source.case.application, fact.key
    if key == "number":
        return application.number
    if key == "subject":
        return application.subject.strip().rstrip("。；")
    if key in ("received", "submitted"):
        day = application.received if key == "received" else application.submitted
        return written_day(day) if day else None
    text = application.applicant.get(key) or source.case.standing.entries[0].text(key)
    words = source.rules.workflow.supply.get(text or "") if key == "form" else None
    return words.zh if words else text


def _of_letter(source: Source, fact: NoticeFact) -> str | None:
    return written_day(source.setting.on) if fact.key == "on" else source.setting.number


def _lines(text: str) -> list[str]:
    """A text as paragraphs, a line each, each ending as a sentence does."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [line if line.endswith(_ENDS) else f"{line}。" for line in lines]


def _of_entry(source: Source, entry: Entry | None, fact: NoticeFact) -> Value | None:
    if entry is None:
        return None
    act = source.rules.workflow.act(entry.transition)
    declared = act.facts.get(fact.key) if act else None
    text = entry.text(fact.key)
    if fact.key == "on" or (declared and declared.type is FactType.DATE):
        day = entry.day(fact.key)
        return written_day(day) if day else None
    if text is None:
        return None
    if declared and declared.choices and fact.form is not Form.CODE:
        found = declared.choices.get(text)
        return found.zh if found else text
    if fact.form is Form.ITEMS:
        return _lines("\n".join(_NUMBERED.sub("", line.strip()) for line in text.splitlines()))
    return _lines(text) if fact.form is Form.LINES else text.strip().rstrip("。；")


_READERS: Mapping[Origin, Callable[[Source, NoticeFact], Value | None]] = {
    Origin.ORGAN: lambda source, fact: source.setting.organ.get(fact.key),
    Origin.LETTER: _of_letter,
    Origin.APPLICATION: _of_application,
    Origin.ENTRY: lambda source, fact: _of_entry(source, source.place.entry, fact),
    Origin.DECISION: lambda source, fact: _of_entry(source, source.decision, fact),
    Origin.STEP: lambda source, fact: _of_entry(source, source.step(fact.step), fact),
    Origin.WORKED_OUT: lambda source, fact: WORKED_OUT[fact.key](source),
}


def _recorded_in(source: Source, fact: NoticeFact) -> int | None:
    """The entry that a missing fact belongs into; None where it belongs into none that there is."""
    if fact.origin is Origin.APPLICATION:
        return 1
    found = source.place.entry if fact.origin is Origin.ENTRY else None
    if fact.origin is Origin.DECISION:
        found = source.decision
    elif fact.origin is Origin.STEP:
        found = source.step(fact.step)
    return found.number if found else None


def _gap(source: Source, fact: NoticeFact) -> Gap:
    """Where a missing fact is recorded."""
    number = source.case.application.number
    if fact.origin is Origin.WORKED_OUT:
        return _gap_worked_out(source, fact)
    entry = _recorded_in(source, fact)
    if entry is not None:
        return Gap(fact, entry, fact.key)
    command = (
        f"requestflow transition {number} {fact.step}" if fact.step else f"requestflow next {number}"
    )
    if fact.origin is Origin.ORGAN:
        command = f"config.toml [organ] {fact.key}"
    elif fact.origin is Origin.LETTER:
        command = f"requestflow notice {number} {source.place.kind.code}"
    return Gap(fact, command=command)


def _gap_worked_out(source: Source, fact: NoticeFact) -> Gap:
    """What has to be recorded for a fact that follows from others."""
    number = source.case.application.number
    needed = next((name for prefix, name in _FROM.items() if fact.key.startswith(prefix)), None)
    if needed is not None:
        return Gap(fact, source.place.entry.number, needed)
    if fact.key in OF_CHANNEL:
        return Gap(fact, 1, "channel")
    looked_up = "deadline" if fact.key == "due" else "show"
    return Gap(fact, command=f"requestflow {looked_up} {number}")


def commands(gaps: Iterable[Gap], number: str) -> list[str]:
    """The commands and settings that record what is missing, one for each entry."""
    entries: dict[int, list[str]] = {}
    found = []
    for gap in gaps:
        if gap.entry is None:
            found.append(gap.command)
        else:
            entries.setdefault(gap.entry, []).append(f"--set {gap.key}=…")
    amended = [
        f"requestflow amend {number} --entry {entry} {' '.join(dict.fromkeys(sets))} --reason …"
        for entry, sets in entries.items()
    ]
    return [*amended, *dict.fromkeys(found)]


def lacking(gaps: Iterable[Gap], act: Transition | None) -> list[Words]:
    """What is to be recorded, each thing once, not all that follows from it."""
    facts = act.facts if act else {}
    counted = [facts[name].words for name in _COUNTED if name in facts]
    either = Words("或".join(one.zh for one in counted), " or ".join(one.en for one in counted))
    found: dict[object, Words] = {}
    for gap in gaps:
        words = either if counted and gap.key in _COUNTED else gap.fact.words
        found.setdefault(words if gap.entry is None else (gap.entry, gap.key), words)
    return list(dict.fromkeys(found.values()))


_COUNTED = ("items", "pages")  # facts of a fee: one of them is recorded
# what is recorded, by the beginning of what follows from it
_FROM = {"fee_": "pages", "amount": "pages", "limit_": "days"}


def _remedies(source: Source) -> dict[str, Value]:
    """The class of the remedy paragraph, its periods and articles; empty texts where there is none."""
    kind, outcome = source.place.kind, source.outcome
    own = outcome.remedy if outcome else Remedy.NONE
    remedy = own if kind.remedy is None else kind.remedy
    found = remedy_notice(remedy, source.setting.on, source.rules.workflow)
    if found is None:
        return dict.fromkeys(REMEDY_NAMES, "")
    rule = found.rule
    return {
        "remedy": found.remedy.value,
        "review_days": str(rule.review_days),
        "suit_months": str(rule.suit_months),
        "suit_after_review_days": str(rule.suit_after_review_days),
        "review_basis": cited(rule.review_basis),
        "review_first_basis": cited(rule.review_first_basis),
        "suit_basis": cited(rule.suit_basis),
    }


def _needed(kind: NoticeKind, remedies: Mapping[str, Value]) -> Iterator[str]:
    """Facts that the letter cannot do without; the remedy paragraph's by its class."""
    yield from kind.needs
    if remedies["remedy"]:
        yield "review_organ"
    if remedies["remedy"] in (Remedy.FREE_CHOICE, Remedy.MIXED):
        yield "court"


def letter_facts(place: Place, case: Case, setting: Setting) -> LetterFacts:
    """Everything that a letter names, as its template is given it; what is missing, with its command.

    A missing fact that the letter does not need is an empty text.
    """
    source = Source(place, case, setting)
    catalogue = setting.catalogue
    remedies = _remedies(source)
    values: dict[str, Value] = dict(remedies)
    needed = list(dict.fromkeys(_needed(place.kind, remedies)))
    gaps, assumed = [], []
    for name in dict.fromkeys([*place.kind.names, *REMEDY_FACTS, *needed]):
        fact = catalogue.facts[name]
        value = _READERS[fact.origin](source, fact)
        if not value and fact.default and name in needed:
            value = fact.default
            assumed.append(fact)
        elif not value and name in needed:
            gaps.append(_gap(source, fact))
        values[name] = value or ([] if is_list(fact) else "")
    return LetterFacts(values, tuple(gaps), tuple(assumed))
