"""The reply that a repeat request was given before: filled in from the register, or held against it."""

import re
from collections.abc import Mapping

from requestflow.domain.case import Case
from requestflow.domain.letters import IssuedLetter, replies
from requestflow.domain.worked_facts import written_day
from requestflow.errors import Finding, NotFound
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.storage.database import Session

EARLIER, EARLIER_REPLY = "earlier", "earlier_reply"  # facts of a reply to a repeated request
_DAY = re.compile(r"([0-9]{4})\s*(?:年|-|/|\.)\s*([0-9]{1,2})\s*(?:月|-|/|\.)\s*([0-9]{1,2})")
_NUMBER = re.compile(r"[^\s，,、；;。（）()年月日]*〔[0-9]{4}〕[0-9]+号")


def _reply(office: Office, session: Session, number: object) -> IssuedLetter | None:
    """The reply in force of that application, None where the register has none."""
    try:
        _key, case = casework.load(office, session, str(number))
    except NotFound:
        return None
    told = replies(case, office.workflow)
    return told[-1] if told else None


def _shown(reply: IssuedLetter) -> str:
    return f"{written_day(reply.on)}，{reply.reference}"


def _agrees(said: str, reply: IssuedLetter) -> bool:
    """Whether what was typed names that letter's day or its 文号, and no other day or 文号."""
    days = [tuple(int(part) for part in found) for found in _DAY.findall(said)]
    numbers = _NUMBER.findall(said)
    on = (reply.on.year, reply.on.month, reply.on.day)
    named = bool(days or numbers) or reply.reference in said
    return named and all(day == on for day in days) and all(one == reply.reference for one in numbers)


def filled(
    office: Office, session: Session, takes: Mapping[str, object], data: Mapping[str, object]
) -> Mapping[str, object]:
    """The facts of a decision, with day and 文号 of the earlier reply where the clerk wrote none.

    Args:
        office: whose register it is.
        session: reads it.
        takes: the facts that the step takes.
        data: the facts that were given.
    """
    if EARLIER_REPLY not in takes or not data.get(EARLIER) or data.get(EARLIER_REPLY):
        return data
    reply = _reply(office, session, data[EARLIER])
    return data if reply is None else {**data, EARLIER_REPLY: _shown(reply)}


def differences(
    office: Office, session: Session, case: Case, data: Mapping[str, object]
) -> list[Finding]:
    """A word where the earlier reply is not the one that the register has."""
    said = data.get(EARLIER_REPLY)
    if not said or not data.get(EARLIER):
        return []
    reply = _reply(office, session, data[EARLIER])
    if reply is None or _agrees(str(said), reply):
        return []
    facts = {"said": said, "number": data[EARLIER], "register": _shown(reply)}
    return [Finding("earlier_reply_differs", case.application.number, facts, warning=True)]
