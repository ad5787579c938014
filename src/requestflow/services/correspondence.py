"""Letters as records: numbered and issued once, kept as they went out, withdrawn with a reason.

A letter is written and printed before the transaction that issues it, with the number that is next.
Where somebody took that number meanwhile, it is written anew. So a letter that cannot be printed is not
issued, and nobody waits for a printer to take a number.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from requestflow.documents.letter import Block, Letter, Role
from requestflow.documents.letter_text import as_text
from requestflow.domain.case import Case
from requestflow.domain.engine_acts import Doing
from requestflow.domain.facts import check_text
from requestflow.domain.letters import (
    IssuedLetter,
    SeriesPlace,
    letters_of,
    replies,
    salted,
    served_without,
    standing_letter,
    text_of,
)
from requestflow.domain.notice_kinds import NoticeKind
from requestflow.domain.notices import entries_of, place_of
from requestflow.domain.numbering import is_number
from requestflow.domain.worked_facts import Place
from requestflow.domain.workflow import ISSUE_LETTER, PRINT_LETTER, WITHDRAW_LETTER
from requestflow.errors import Finding, NotFound, Refused, WrongUsage
from requestflow.services import casework, wording
from requestflow.services.letter_prints import printed
from requestflow.services.office import Office
from requestflow.storage import ledger, letter_store, series
from requestflow.storage.database import Session, salt
from requestflow.storage.letter_store import SERIES, Words

_TRIES = 4  # letters written ahead, before one is written while everybody waits


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


def _named(office: Office, kind: str | None) -> str | None:
    """The code of a kind that was named by its code, its Chinese name or its title."""
    kinds = office.letters.kinds
    if kind is None or kind in kinds:
        return kind
    fitting = [one.code for one in kinds.values() if kind in (one.words.zh, one.title)]
    return fitting[0] if len(fitting) == 1 else kind


def _place(office: Office, case: Case, order: Order) -> Place:
    if case.standing.void:
        raise Refused("letter_of_void", number=case.application.number)
    kind = _named(office, order.kind)
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
    organ = office.settings.organ
    code = organ.get("code") or organ["name"]
    shown = office.letters.series[kind.series].show(code, year, serial)
    if not is_number(shown):
        raise Refused("bad_letter_number", number=shown)
    if letter_store.application_of(session, shown) is not None:
        raise Refused("letter_number_taken", number=shown, series=kind.series)
    return SeriesPlace(kind.series, year, serial), shown


def _written(office: Office, case: Case, place: Place, order: Order, *, on: date, number: str | None,
             draft: bool = False) -> Letter:  # fmt: skip
    return wording.draft_letter(
        office, case, place.kind.code, on=on, number=number, draft=draft,
        entry=place.entry.number, provisional=order.provisional,
    )  # fmt: skip


def _assumed(office: Office, case: Case, place: Place, on: date) -> list[Finding]:
    """Settings that are not made: what the letter says instead, and where to make them."""
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
    return found


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


def _doing(office: Office, by: str | None, on: date) -> Doing:
    return Doing(office.person(by).key, on, office.clock.now(), office.workflow.stamp)


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
    entry = _doing(office, order.by, on).entry(prepared.case, ISSUE_LETTER, data)
    record = IssuedLetter.of(entry)
    number = prepared.case.application.number
    assumed = _assumed(office, prepared.case, prepared.place, on)
    warnings = [*assumed, *_served_before(office, prepared.case, record)]
    handed = Handed(number, kind, prepared.letter, record, prepared.content, new=True, warnings=warnings)
    order.ready(handed)
    casework.write(office, session, prepared.key, prepared.case, entry)
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
    assumed = _assumed(office, case, place, on)
    return Handed(case.application.number, place.kind, letter, content=content, warnings=assumed)


def reference_of(office: Office, words: Sequence[str]) -> str | None:
    """The letter that one of these words is the number of, None where none is."""
    with office.reading() as session:
        for word in words:
            if letter_store.application_of(session, word) is not None:
                return word
    return None


def _record(office: Office, session: Session, reference: str) -> tuple[int, Case, IssuedLetter]:
    application = letter_store.application_of(session, reference)
    if application is None:
        raise NotFound("letter_unknown", letter=reference)
    key, case = casework.load(office, session, application)
    found = next((one for one in letters_of(case) if one.reference == reference), None)
    if found is None:
        raise Refused("record_unreadable", number=application, problem=reference)
    return key, case, found


def _letter(record: IssuedLetter, words: Words | None) -> Letter:
    """A letter read back from its kept words."""
    if words is None:
        raise Refused("letter_removed", letter=record.reference)
    try:
        told = json.loads(words.content)
        blocks = tuple(Block(Role(role), str(text)) for role, text in told["blocks"])
    except (ValueError, TypeError, KeyError) as error:
        raise Refused("record_unreadable", number=record.reference, problem=repr(error)) from error
    if salted(words.salt, words.content.encode()) != record.digest:
        raise Refused("letter_changed", letter=record.reference)
    return Letter(record.kind, blocks)


def again(office: Office, reference: str, order: Order) -> Handed:
    """An issued letter once more: the kept bytes, or its first print in a further format.

    Raises:
        NotFound: `letter_unknown`.
        Refused: its words were removed or changed; a further format of a withdrawn letter.
    """
    with office.reading() as session:
        _key, case, record = _record(office, session, reference)
        letter = _letter(record, letter_store.words_of(session, reference))
        kept = letter_store.print_of(session, reference, order.form) if order.form else b""
    kind = office.letters.kinds.get(record.kind)
    handed = Handed(case.application.number, kind, letter, record, kept or b"")
    if kept is not None:
        return handed
    if not record.holds:
        raise Refused("letter_withdrawn", letter=reference, on=record.withdrawn_on)
    handed = replace(handed, content=printed(office, letter, order.form or ""))
    order.ready(handed)
    return replace(handed, content=_keep(office, reference, order, handed.content))


def _keep(office: Office, reference: str, order: Order, content: bytes) -> bytes:
    """Keeps a letter's first print in a format; who comes second is given the first one's."""
    form = order.form or ""
    with office.writing() as session:
        kept = letter_store.print_of(session, reference, form)
        if kept is not None:
            return kept
        key, case, record = _record(office, session, reference)
        words = letter_store.words_of(session, reference)
        if words is None:
            raise Refused("letter_removed", letter=reference)
        data = {"letter": reference, "kind": record.kind, "prints": {form: salted(words.salt, content)}}
        entry = _doing(office, order.by, office.today()).entry(case, PRINT_LETTER, data)
        casework.write(office, session, key, case, entry)
        letter_store.keep_print(session, reference, form, content)
        session.commit()
    return content


def _to_withdraw(office: Office, session: Session, words: Sequence[str]) -> str:
    """The letter named by its number, or by application and kind."""
    for word in words:
        if letter_store.application_of(session, word) is not None:
            return word
    if len(words) < 2:  # noqa: PLR2004  application and kind
        raise NotFound("letter_unknown", letter=words[0])
    number, kind = words[0], wording.kind_of(office, _named(office, words[1]) or "")
    _key, case = casework.load(office, session, number)
    fitting = [one for one in letters_of(case) if one.kind == kind.code and one.holds]
    if not fitting:
        raise NotFound("no_letter_of_kind", number=number, kind=kind.words)
    return fitting[-1].reference


def withdraw(office: Office, words: Sequence[str], reason: str, by: str | None) -> Handed:
    """Takes an issued letter back, with a reason; its number is not used again.

    Raises:
        NotFound: no such letter.
        Refused: it was withdrawn before.
    """
    if not reason.strip():
        raise WrongUsage("reason_missing")
    check_text("reason", reason)
    doing = _doing(office, by, office.today())
    with office.writing() as session:
        reference = _to_withdraw(office, session, words)
        key, case, record = _record(office, session, reference)
        if not record.holds:
            raise Refused("letter_withdrawn", letter=reference, on=record.withdrawn_on)
        data = {"letter": reference, "kind": record.kind, "reason": reason.strip()}
        entry = doing.entry(case, WITHDRAW_LETTER, data)
        after = casework.write(office, session, key, case, entry)
        words_kept = letter_store.words_of(session, reference)
        session.commit()
    letter = _letter(record, words_kept) if words_kept else Letter(record.kind, ())
    kind = office.letters.kinds.get(record.kind)
    withdrawn = next(one for one in letters_of(after) if one.reference == reference)
    return Handed(
        case.application.number, kind, letter, withdrawn, warnings=_served_already(case, record)
    )


def _served_already(case: Case, record: IssuedLetter) -> list[Finding]:
    if record.served is None:
        return []
    day = record.served.received or record.served.on
    facts = {"letter": record.reference, "on": day}
    return [Finding("withdrawn_after_service", case.application.number, facts, warning=True)]
