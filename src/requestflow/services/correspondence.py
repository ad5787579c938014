"""Letters as records: numbered and issued once, or written as a draft that nothing keeps.

A letter is written and printed before the transaction that issues it, with the number that is next.
Where somebody took that number meanwhile, it is written anew. So a letter that cannot be printed is not
issued, and nobody waits for a printer to take a number.
"""

from dataclasses import dataclass
from datetime import date

from requestflow.documents.letter import Letter
from requestflow.domain.case import Case
from requestflow.domain.letters import (
    IssuedLetter,
    SeriesPlace,
    replies,
    salted,
    served_without,
    standing_letter,
    text_of,
)
from requestflow.domain.moments import untimely
from requestflow.domain.notice_kinds import NoticeKind
from requestflow.domain.notices import LetterFacts, commands, entries_of, place_of
from requestflow.domain.worked_facts import Place
from requestflow.domain.workflow import ISSUE_LETTER
from requestflow.errors import Finding, Refused
from requestflow.services import casework, earlier_replies, letter_numbers, wording
from requestflow.services.issued_letters import again
from requestflow.services.letter_orders import Handed, Order, doing_of, kind_named
from requestflow.services.letter_prints import printed
from requestflow.services.office import Office
from requestflow.services.recalculation import bring_along
from requestflow.storage import ledger, letter_store, series
from requestflow.storage.database import Session, salt
from requestflow.storage.letter_store import SERIES, Words

_TRIES = 4  # letters written ahead, before one is written while everybody waits


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A letter that is written and printed, and what has to be as it was for it to be issued."""

    case: Case
    key: int
    place: Place
    serial: SeriesPlace | None
    reference: str
    letter: Letter
    content: bytes


def _place(office: Office, case: Case, order: Order) -> Place:
    if case.standing.void:
        raise Refused("letter_of_void", number=case.application.number)
    kind = kind_named(office, order.kind)
    if kind is None and order.entry is not None:
        kind = _kind_of_entry(office, case, order.entry)
    return wording.place(office, case, kind, order.entry)


def _kind_of_entry(office: Office, case: Case, entry: int) -> str:
    """The kind of letter that a step has."""
    kinds = [kind for kind in office.letters.kinds.values() if not kind.on_request]
    for kind in kinds:
        if place_of(case, kind, office.rules, entry):
            return kind.code
    known = {one.number for kind in kinds for one in entries_of(case, kind, office.rules)}
    raise Refused(
        "entry_has_no_letter", number=case.application.number, entry=entry, entries=sorted(known)
    )


def _day(office: Office, place: Place, order: Order) -> date:
    on = order.on or office.today()
    if on > office.today():
        raise Refused("letter_in_future", on=on, today=office.today())
    if on < place.entry.on:
        raise Refused("letter_before_step", on=on, entry=place.entry.number, day=place.entry.on)
    return on


def _serial(
    office: Office, session: Session, case: Case, kind: NoticeKind, year: int
) -> tuple[SeriesPlace | None, str]:
    """The next number of the kind's series; what a letter without one is called by."""
    if kind.series is None:
        return None, f"{case.application.number}#{len(case.history) + 1}"
    serial = series.last(session, SERIES + kind.series, year) + 1
    shown = letter_numbers.shown(office, office.letters.series[kind.series], year, serial)
    if letter_store.application_of(session, shown) is not None:
        raise Refused("letter_number_taken", number=shown, series=kind.series)
    return SeriesPlace(kind.series, year, serial), shown


def _written(office: Office, case: Case, place: Place, order: Order, *, on: date, number: str | None,
             draft: bool = False) -> Letter:  # fmt: skip
    return wording.draft_letter(
        office, case, place.kind.code, on=on, number=number, draft=draft,
        entry=place.entry.number, provisional=order.provisional,
    )  # fmt: skip


def _doubts(office: Office, case: Case, place: Place, on: date) -> list[Finding]:
    """Settings not made, what is left unsaid, and its moment: each with how it is put right."""
    number, where = case.application.number, office.settings.place("organ")
    facts = wording.facts_of(office, case, place, on=on, number=None)
    found = [
        Finding(
            "organ_not_set",
            number,
            {"fact": fact.words, "said": fact.default, "key": fact.key, "where": where},
            warning=True,
        )
        for fact in facts.assumed
    ]
    if place.kind.series is not None and not office.settings.organ.get("code"):
        said = office.settings.organ["name"]
        found.append(Finding("organ_code_not_set", number, {"said": said, "where": where}, warning=True))
    return [*found, *_unsaid(case, place, facts), *untimely(place, case, on, office.rules)]


def _unsaid(case: Case, place: Place, facts: LetterFacts) -> list[Finding]:
    """What the letter should say and does not: it can be written, and would hardly stand in a court."""
    number = case.application.number
    return [
        Finding(
            "letter_leaves_unsaid",
            number,
            {"notice": place.kind.words, "fact": gap.fact.words, "commands": commands([gap], number)},
            warning=True,
        )
        for gap in facts.unsaid
    ]


def _served_before(office: Office, case: Case, record: IssuedLetter) -> list[Finding]:
    """A reply that is issued after the result was recorded as served: what was served then?"""
    served = served_without(case, record.about, office.workflow)
    if served is None:
        return []
    number = case.application.number
    facts = {"letter": record.reference, "on": served.on, "entry": served.number, "number": number}
    return [Finding("issued_after_service", number, facts, warning=True)]


def _prepared(office: Office, session: Session, number: str, order: Order) -> _Prepared:
    key, case = casework.load(office, session, number)
    place = _place(office, case, order)
    on = _day(office, place, order)
    serial, reference = _serial(office, session, case, place.kind, on.year)
    number_shown = reference if serial else None
    letter = _written(office, case, place, order, on=on, number=number_shown)
    content = printed(office, letter, order.form) if order.form else b""
    return _Prepared(case, key, place, serial, reference, letter, content)


def _still(session: Session, prepared: _Prepared) -> bool:
    """Whether nobody has moved the case or taken the number since the letter was written."""
    if len(ledger.history(session, prepared.key)) != len(prepared.case.history):
        return False
    place = prepared.serial
    return place is None or series.last(session, SERIES + place.series, place.year) == place.serial - 1


def _words(letter: Letter) -> str:
    return text_of(letter.title, [(block.role.value, block.text) for block in letter.blocks])


def _issue(office: Office, session: Session, prepared: _Prepared, order: Order) -> Handed:
    """Writes a prepared letter: its number, its words, its bytes, its entry."""
    grain, content = salt(), _words(prepared.letter)
    place, kind = prepared.serial, prepared.place.kind
    data: dict[str, object] = {
        "kind": kind.code,
        "letter": prepared.reference,
        "about": prepared.place.entry.number,
        "digest": salted(grain, content.encode()),
    }
    if place is not None:
        data |= {"series": place.series, "year": place.year, "serial": place.serial}
    if order.form:
        data["prints"] = {order.form: salted(grain, prepared.content)}
    on = order.on or office.today()
    doing = doing_of(office, order.by, on)
    case = bring_along(office, session, prepared.key, prepared.case, doing.by)
    entry = doing.entry(case, ISSUE_LETTER, data)
    record = IssuedLetter.of(entry)
    number = prepared.case.application.number
    doubts = [
        *_doubts(office, prepared.case, prepared.place, on),
        *earlier_replies.differences(office, session, prepared.case, prepared.place.entry.data),
    ]
    warnings = [*doubts, *_served_before(office, prepared.case, record)]
    handed = Handed(number, kind, prepared.letter, record, prepared.content, new=True, warnings=warnings)
    order.ready(handed)
    casework.write(office, session, prepared.key, case, entry)
    letter_store.insert(session, prepared.key, record, Words(grain, content))
    if order.form:
        letter_store.keep_print(session, record.reference, order.form, prepared.content)
    if place is not None:
        series.advance(session, SERIES + place.series, place.year, place.serial)
    return handed


def _other_reply(office: Office, case: Case, place: Place, order: Order) -> IssuedLetter | None:
    """The reply of another kind that a decision has: it is the one in force, and there is no second.

    Raises:
        Refused: `reply_in_force` where another kind was asked for by name.
    """
    told = [one for one in replies(case, office.workflow) if one.about == place.entry.number]
    if told and order.kind is not None:
        kinds = office.letters.kinds
        raise Refused(
            "reply_in_force",
            number=case.application.number,
            notice=place.kind.words,
            letter=told[-1].reference,
            kind=kinds[told[-1].kind].words if told[-1].kind in kinds else told[-1].kind,
        )
    return told[-1] if told else None


def _standing(office: Office, session: Session, number: str, order: Order) -> IssuedLetter | None:
    """The letter that is asked for, if it is issued already."""
    _key, case = casework.load(office, session, number)
    place = _place(office, case, order)
    found = standing_letter(case, place.kind.code, place.entry.number)
    if found is None:
        found = _other_reply(office, case, place, order)
    if found is not None and order.on not in (None, found.on):
        raise Refused("letter_issued_on_another_day", letter=found.reference, on=found.on)
    return found


def issue(office: Office, number: str, order: Order) -> Handed:
    """The letter of a case: issued now, or as it was issued before, to the byte.

    Raises:
        NotFound: no such application or kind.
        Refused: a fact is missing, no such letter here, it cannot be printed; nothing is written.
    """
    office.person(order.by)
    for _turn in range(_TRIES):
        with office.reading() as session:
            found = _standing(office, session, number, order)
            prepared = None if found else _prepared(office, session, number, order)
        if found is not None:
            return again(office, found.reference, order)
        with office.writing() as session:
            if prepared is not None and _still(session, prepared):
                handed = _issue(office, session, prepared, order)
                session.commit()
                return handed
    with office.writing() as session:
        found = _standing(office, session, number, order)
        if found is None:
            handed = _issue(office, session, _prepared(office, session, number, order), order)
            session.commit()
            return handed
    return again(office, found.reference, order)


def draft(office: Office, number: str, order: Order) -> Handed:
    """A letter as it would read, without a number and with its gaps named; nothing is written."""
    case = casework.read(office, number)
    place = _place(office, case, order)
    on = order.on or office.today()
    letter = _written(office, case, place, order, on=on, number=None, draft=True)
    content = printed(office, letter, order.form, draft=True) if order.form else b""
    doubts = _doubts(office, case, place, on)
    return Handed(case.application.number, place.kind, letter, content=content, warnings=doubts)
