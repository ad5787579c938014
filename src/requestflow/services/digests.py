"""The words of a digest: what is owed, by when, under which article; never who applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from requestflow.delivery.channel import Digest
from requestflow.domain.signs import one_line
from requestflow.messages.catalogue import Catalogue
from requestflow.messages.time_left import time_left
from requestflow.services.duties import Duty
from requestflow.services.office import Office
from requestflow.storage.outbox import Dispatch

_LONGEST_SUBJECT = 60  # signs of an application's subject in a line


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is told: key, name, and the address that the channel needs."""

    key: str
    name: str
    address: str | None


def short_subject(duty: Duty) -> str:
    """What a duty is about in one line, cut where it is long."""
    return one_line(duty.subject, _LONGEST_SUBJECT)


def duty_line(words: Catalogue, duty: Duty, today: date, *, subject: bool) -> str:
    """One duty in one line, with the application's subject or without."""
    day = duty.due.isoformat() + (words.text("provisional") if duty.provisional else "")
    return words.text(
        "digest_line",
        number=duty.number or words.text("of_the_office"),
        what=duty.words,
        due=day,
        left=time_left(words, duty.due, duty.remaining, today),
        basis=duty.basis,
        subject=short_subject(duty) if subject else "",
    ).rstrip()


def _foot(words: Catalogue, office: Office) -> str:
    """Who sent it; and before it that no date is certain, where the calendar has changed since."""
    foot = words.text("digest_foot", office=office.name)
    return f"{words.text('digest_not_refreshed')}\n{foot}" if office.copies_outdated else foot


def compose(office: Office, who: Addressee, dispatch: Dispatch, owed: Sequence[Duty]) -> Digest:
    """The digest of a dispatch as things stand now, in the office's language, most urgent first."""
    words = Catalogue(office.settings.language)
    today = office.today()
    over = sum(duty.remaining < 0 for duty in owed)
    mark = words.text("digest_further") if dispatch.part > 1 else ""
    mark += words.text("digest_doubled") if dispatch.doubled else ""
    subject = office.settings.channels.tells_subjects(dispatch.channel)
    lines = [duty_line(words, duty, today, subject=subject) for duty in owed]
    title = words.text("digest_subject", office=office.name, count=len(owed), day=today)
    return Digest(
        recipient=dispatch.recipient,
        name=who.name,
        address=who.address,
        day=dispatch.day,
        at=office.clock.now(),
        token=dispatch.token,
        subject=title + mark,
        head=words.text("digest_head", name=who.name, count=len(owed), over=over, day=today),
        lines=tuple(f"{n}. {line}" for n, line in enumerate(lines, start=1)),
        foot=_foot(words, office),
        more=words.text("digest_more", count="{count}"),
    )
