"""Letters that were issued: given again as they went out, or taken back with a reason."""

import json
from collections.abc import Sequence
from dataclasses import replace

from requestflow.documents.letter import Block, Letter, Role
from requestflow.domain.case import Case
from requestflow.domain.facts import check_text
from requestflow.domain.letters import IssuedLetter, letters_of, salted
from requestflow.domain.workflow import PRINT_LETTER, WITHDRAW_LETTER
from requestflow.errors import Finding, NotFound, Refused, WrongUsage
from requestflow.services import casework, wording
from requestflow.services.letter_orders import Handed, Order, doing_of, kind_named
from requestflow.services.letter_prints import printed
from requestflow.services.office import Office
from requestflow.services.recalculation import bring_along
from requestflow.storage import letter_store
from requestflow.storage.database import Session
from requestflow.storage.letter_store import Words


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
        doing = doing_of(office, order.by, office.today())
        case = bring_along(office, session, key, case, doing.by)
        entry = doing.entry(case, PRINT_LETTER, data)
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
    number, kind = words[0], wording.kind_of(office, kind_named(office, words[1]) or "")
    _key, case = casework.load(office, session, number)
    fitting = [one for one in letters_of(case) if one.kind == kind.code and one.holds]
    if not fitting:
        raise NotFound("no_letter_of_kind", number=number, kind=kind.words)
    return fitting[-1].reference


def _readable(record: IssuedLetter, words: Words | None) -> Letter:
    """A letter's words where they can be read: one that is damaged or removed can be taken back too."""
    try:
        return _letter(record, words)
    except Refused:
        return Letter(record.kind, ())


def withdraw(office: Office, words: Sequence[str], reason: str, by: str | None) -> Handed:
    """Takes an issued letter back, with a reason; its number is not used again.

    Raises:
        NotFound: no such letter.
        Refused: it was withdrawn before.
    """
    if not reason.strip():
        raise WrongUsage("reason_missing")
    check_text("reason", reason)
    doing = doing_of(office, by, office.today())
    with office.writing() as session:
        reference = _to_withdraw(office, session, words)
        key, case, record = _record(office, session, reference)
        if not record.holds:
            raise Refused("letter_withdrawn", letter=reference, on=record.withdrawn_on)
        data = {"letter": reference, "kind": record.kind, "reason": reason.strip()}
        case = bring_along(office, session, key, case, doing.by)
        entry = doing.entry(case, WITHDRAW_LETTER, data)
        after = casework.write(office, session, key, case, entry)
        letter = _readable(record, letter_store.words_of(session, reference))
        session.commit()
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
