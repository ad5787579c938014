"""The words of letters: which one a case is at, and that letter for an office, a case and a day."""

from datetime import date

from requestflow.documents.letter import Letter
from requestflow.documents.templates import Templates
from requestflow.domain.case import Case
from requestflow.domain.facts import near
from requestflow.domain.notice_kinds import NoticeKind
from requestflow.domain.notices import (
    LetterFacts,
    commands,
    current_place,
    entries_of,
    lacking,
    letter_facts,
    place_of,
)
from requestflow.domain.worked_facts import DAYS_TO_COME, Place, Setting
from requestflow.errors import NotFound, Refused
from requestflow.services.office import Office


def kind_of(office: Office, code: str) -> NoticeKind:
    """The kind of letter of that code.

    Raises:
        NotFound: `unknown_notice`, with the nearest codes.
    """
    known = office.letters.kinds
    if code not in known:
        raise NotFound("unknown_notice", notice=code, near=near(code, known) or list(known))
    return known[code]


def place(office: Office, case: Case, kind: str | None, entry: int | None = None) -> Place:
    """The letter of that kind that the case has, or the one that it is at, with the step it belongs to.

    Args:
        office: whose letters they are.
        case: as it stands.
        kind: the code of a kind; None: what the case is at.
        entry: which step, where several have such a letter; None: the latest.

    Raises:
        NotFound: `unknown_notice`.
        Refused: `notice_none` where the case is at no letter, `notice_not_here` where it has none of
            that kind, `notice_of_other_entry` where other steps have it.
    """
    number = case.application.number
    if kind is None:
        found = current_place(case, office.letters, office.rules)
        if found is None:
            raise Refused("notice_none", number=number)
        return found
    wanted = kind_of(office, kind)
    found = place_of(case, wanted, office.rules, entry)
    if found is None:
        fitting = [one.number for one in entries_of(case, wanted, office.rules)]
        if fitting:
            raise Refused("notice_of_other_entry", number=number, notice=wanted.words, entry=entry,
                          entries=fitting)  # fmt: skip
        flow = office.workflow
        steps = [act.words for name in wanted.after if (act := flow.act(name))]
        outcomes = [flow.outcomes[code].words for code in wanted.outcomes]
        raise Refused("notice_not_here", number=number, notice=wanted.words, belongs=[*steps, *outcomes])
    return found


def facts_of(
    office: Office, case: Case, where: Place, *, on: date, number: str | None, provisional: bool = False
) -> LetterFacts:
    """What the letter of that place names on that day, and what is missing for it."""
    setting = Setting(
        rules=office.rules,
        catalogue=office.letters,
        organ=office.settings.organ,
        on=on,
        number=number,
        provisional=provisional,
    )
    return letter_facts(where, case, setting)


def draft_letter(  # noqa: PLR0913  what a letter is made of
    office: Office,
    case: Case,
    kind: str | None,
    *,
    on: date,
    number: str | None,
    draft: bool,
    entry: int | None = None,
    provisional: bool = False,
) -> Letter:
    """A letter of a case, as paragraphs.

    Args:
        office: whose letter it is.
        case: as it stands.
        kind: the code of a kind; None: what the case is at.
        on: the letter's day; the law in force on it decides the remedy paragraph.
        number: its 文号; None only in a draft, and for kinds without a series.
        draft: missing facts are shown as 〔缺：…〕 and named in `gaps`, instead of refused.
        entry: which step it belongs to, where several have such a letter.
        provisional: dates that the calendar may still move are let in, marked as such.

    Raises:
        Refused: `notice_none`, `notice_not_here`; `notice_lacks_facts`, with the command for each;
            `notice_date_provisional`, where only a date is not final yet.
        NotFound: `unknown_notice`.
        FoundProblems: the catalogue or the template has faults.
    """
    where = place(office, case, kind, entry)
    facts = facts_of(office, case, where, on=on, number=number, provisional=provisional)
    if facts.gaps and not draft:
        if all(gap.fact.key in DAYS_TO_COME for gap in facts.gaps):
            raise Refused("notice_date_provisional", number=case.application.number,
                          notice=where.kind.words)  # fmt: skip
        raise Refused(
            "notice_lacks_facts",
            number=case.application.number,
            notice=where.kind.words,
            facts=lacking(facts.gaps, office.workflow.act(where.entry.transition)),
            commands=commands(facts.gaps, case.application.number),
        )
    templates = Templates(office.notice_folders)
    return templates.render(where.kind, facts, office.letters, draft=draft)
