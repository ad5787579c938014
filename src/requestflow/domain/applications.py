"""The application as registered: what entry 1 of its history says, art. 29."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from requestflow.domain.entries import Entry

# What identifies a person; kept apart from the chain, shown only when asked for.
PERSONAL = ("name", "id_number", "contact", "address")


@dataclass(frozen=True, slots=True)
class Application:
    """Facts of the registration; `received` is day 0 of the answer clock, art. 31."""

    number: str
    received: date
    submitted: date | None
    kind: str
    channel: str
    subject: str
    applicant: Mapping[str, str]

    @classmethod
    def of(cls, number: str, registration: Entry) -> "Application":
        """The application that a `register` entry, corrections applied, describes."""
        return cls(
            number=number,
            received=registration.on,
            submitted=registration.day("submitted"),
            kind=registration.text("kind") or "",
            channel=registration.text("channel") or "",
            subject=registration.text("subject") or "",
            applicant={k: v for k, v in registration.personal.items() if k in PERSONAL},
        )


def masked(name: str, value: str) -> str:
    """A personal fact as it may be shown to anybody: the first sign of a name, the ends of a number."""
    if not value:
        return value
    if name == "id_number":
        return value[:3] + "*" * max(len(value) - 5, 1) + value[-2:] if len(value) > 6 else "*" * 6
    if name == "contact":
        return value[:3] + "****" + value[-2:] if len(value) > 7 else "****"
    if name == "name":
        return value[0] + "*" * min(max(len(value) - 1, 1), 4)
    return value[:1] + "****"
