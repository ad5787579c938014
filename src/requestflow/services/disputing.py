"""Reviews and suits: opened, closed, corrected, voided; each an act of the office in its chain."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from requestflow.config import Person
from requestflow.domain import disputes
from requestflow.domain.dispute_rules import faults, find_dispute, review_of
from requestflow.domain.disputes import DAYS, FACTS, Dispute, DisputeKind, DisputeResult, changed
from requestflow.domain.facts import check_text, checked_reason, parse_day, term
from requestflow.domain.years import years_of_dispute
from requestflow.errors import Finding, Refused, WrongUsage
from requestflow.services import office_acts, year_lock
from requestflow.services.disputed import answer_of
from requestflow.services.office import Office
from requestflow.storage import dispute_store, series, year_store
from requestflow.storage.database import Session

SERIES = "disputes"
_TEXTS = ("organ", "co_defendant", "note")


@dataclass(frozen=True, slots=True)
class Told:
    """The dispute as it now stands, and what is worth a word."""

    dispute: Dispute
    warnings: list[Finding] = field(default_factory=list)


def _number(year: int, serial: int) -> str:
    return f"D{year}-{serial:03}"


def _known(session: Session) -> dict[str, Dispute]:
    return {one.number: one for one in dispute_store.every(session)}


def _remarks(office: Office, session: Session, dispute: Dispute) -> list[Finding]:
    """A suit at once where the applicant was to go to a review first (复议法23): noted, not refused."""
    answer = answer_of(office, session, dispute) if dispute.kind == DisputeKind.SUIT_DIRECT else None
    if answer is None or answer.review_first is None:
        return []
    facts = {"outcome": answer.review_first.words}
    return [Finding("suit_without_review_first", dispute.number, facts, warning=True)]


def _completed(office: Office, dispute: Dispute, known: Mapping[str, Dispute]) -> Dispute:
    """With what follows from the rest: the review that a suit follows, and whether it counts here."""
    named = dispute.review
    if dispute.kind == DisputeKind.SUIT_AFTER_REVIEW and named is None:
        review = review_of(dispute, known)
        named = review.number if review else None
    return replace(dispute, review=named, counted=dispute.co_defendant != office.name)


def _save(
    office: Office, session: Session, before: Dispute | None, after: Dispute, dated: date | None = None
) -> list[Finding]:
    """Holds a dispute to the rules and to the closed years, and writes its row."""
    known = {**_known(session), after.number: after}
    for one in (after, *(d for d in known.values() if d.review == after.number)):
        wrong = next(faults(one, answer_of(office, session, one), known, office.today()), None)
        if wrong is not None:
            raise wrong
    closed = year_store.closed_years(session)
    if dated is not None:
        year_lock.check_day(dated, closed)
    moved = years_of_dispute(before, after, closed)
    if moved:
        raise Refused("year_would_change", year=moved[0], years=moved)
    dispute_store.write(session, after)
    return _remarks(office, session, after)


def _facts(dispute: Dispute, *names: str) -> dict[str, object]:
    values = asdict(dispute)
    return {
        name: value.isoformat() if isinstance(value := values[name], date) else value for name in names
    }


def _apart(facts: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """What the chain covers for good, and the note, which may name people and stands apart."""
    note = facts.get("note")
    kept = {name: value for name, value in facts.items() if name != "note" or value is None}
    return kept, {"note": str(note)} if note else {}


def _text(name: str, value: str | None) -> str | None:
    if value is not None:
        check_text(name, value)
    return (value or "").strip() or None


def open_dispute(office: Office, filed: Dispute, by: str | None) -> Told:
    """Records a review or a suit, in a yearly series without gaps.

    Args:
        office: whose.
        filed: the dispute as the clerk enters it; its number is given here.
        by: who records it.

    Raises:
        Refused: no answer yet, filed before it, a suit that follows no decided review; a closed year.
        NotFound: no such application or review.
    """
    person = office.person(by)
    kind = term("unknown_dispute_kind", filed.kind, kinds(office))
    texts = {name: _text(name, getattr(filed, name)) for name in _TEXTS}
    with office.writing() as session:
        serial = series.last(session, SERIES, filed.filed.year) + 1
        number = _number(filed.filed.year, serial)
        numbered = changed(replace(filed, number=number), {"kind": kind, **texts})
        dispute = _completed(office, numbered, _known(session))
        warnings = _save(office, session, None, dispute, dispute.filed)
        series.advance(session, SERIES, dispute.filed.year, serial)
        names = ("kind", "application", *_TEXTS, "review", "counted")
        facts, note = _apart(_facts(dispute, *names))
        _record(office, session, disputes.OPEN, person, dispute, facts, note)
        session.commit()
    return Told(dispute, warnings)


def _record(
    office: Office, session: Session, act: str, person: Person, dispute: Dispute,
    facts: Mapping[str, object], note: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    on = {disputes.OPEN: dispute.filed, disputes.CLOSE: dispute.closed}.get(act) or office.today()
    data = {"dispute": dispute.number, **facts}
    office_acts.record(office, session, act, person, on=on, data=data, personal=note)


def close_dispute(office: Office, number: str, result: str, on: date, by: str | None) -> Told:
    """Records how a dispute ended.

    Raises:
        NotFound: no such dispute.
        Refused: closed or void; a day before its filing, in the future, or in a closed year.
    """
    person = office.person(by)
    result = term("unknown_dispute_result", result, results(office))
    with office.writing() as session:
        before = find_dispute(_known(session), number)
        _check_standing(before)
        if before.closed is not None:
            raise Refused("dispute_closed", dispute=number, on=before.closed)
        after = replace(before, result=result, closed=on)
        warnings = _save(office, session, before, after, on)
        _record(office, session, disputes.CLOSE, person, after, {"result": result})
        session.commit()
    return Told(after, warnings)


def _check_standing(dispute: Dispute) -> None:
    if dispute.void:
        raise Refused("dispute_void", dispute=dispute.number)


def kinds(office: Office) -> dict[str, str]:
    """The kinds of disputes with their labels, as the newest form prints them."""
    form = office.forms[office.workflow.forms[-1]]
    return {one.value: form.blocks.get(one.value, one.value) for one in DisputeKind}


def results(office: Office) -> dict[str, str]:
    """The results of disputes with their labels, as the newest form prints them."""
    form = office.forms[office.workflow.forms[-1]]
    return {one.value: form.figures.get(one.value, one.value) for one in DisputeResult}


def _value(office: Office, name: str, text: str) -> str | None:
    """A corrected fact as an entry holds it; an empty text takes it back."""
    if name not in FACTS:
        raise Refused("not_amendable_here", fact=name, names=list(FACTS))
    given = _text(name, text)
    if given is None:
        if name in ("kind", "filed"):
            raise WrongUsage("fact_needed", fact=name)
        return None
    if name == "kind":
        return term("unknown_dispute_kind", given, kinds(office))
    if name == "result":
        return term("unknown_dispute_result", given, results(office))
    return parse_day(given).isoformat() if name in DAYS else given


def amend_dispute(
    office: Office, number: str, given: Mapping[str, str], reason: str, by: str | None
) -> Told:
    """Corrects what was recorded of a dispute; the old facts stay in the chain.

    Raises:
        NotFound, Refused: as for opening and closing one.
    """
    if not given:
        raise WrongUsage("nothing_to_amend")
    person, reason = office.person(by), checked_reason(reason)
    facts = {name: _value(office, name, text) for name, text in given.items()}
    with office.writing() as session:
        known = _known(session)
        before = find_dispute(known, number)
        _check_standing(before)
        corrected = changed(before, facts)
        after = _completed(office, corrected, known)
        if after.filed.year != before.filed.year:
            raise Refused("dispute_of_another_year", dispute=number, filed=after.filed)
        warnings = _save(office, session, before, after)
        told = {name: value for name, value in _facts(after, *FACTS, "counted").items()
                if value != _facts(before, name)[name]}  # fmt: skip
        told, note = _apart(told)
        corrected_facts = {"set": told, "reason": reason}
        _record(office, session, disputes.CHANGE, person, after, corrected_facts, note)
        session.commit()
    return Told(after, warnings)


def void_dispute(office: Office, number: str, reason: str, by: str | None) -> Told:
    """Takes a mistaken dispute out of every figure; its number stays taken.

    Raises:
        NotFound, Refused: no such dispute; void already; a closed year counts it; a suit follows it.
    """
    person, reason = office.person(by), checked_reason(reason)
    with office.writing() as session:
        known = _known(session)
        before = find_dispute(known, number)
        _check_standing(before)
        following = [one.number for one in known.values() if one.review == number and not one.void]
        if following:
            raise Refused("review_has_suit", dispute=number, suits=following)
        after = replace(before, void=True)
        warnings = _save(office, session, before, after)
        _record(office, session, disputes.CANCEL, person, after, {"reason": reason})
        session.commit()
    return Told(after, warnings)


def listed(office: Office, *, year: int | None = None, pending: bool = False) -> list[Dispute]:
    """Disputes, oldest first: all, those that table four of a year takes in, or the pending ones."""
    from requestflow.domain.years import whole

    with office.reading() as session:
        found = dispute_store.every(session)
    if year is not None:
        found = [one for one in found if replace(one, counted=True).figure(whole(year)) is not None]
    return [one for one in found if not pending or (one.closed is None and not one.void)]
