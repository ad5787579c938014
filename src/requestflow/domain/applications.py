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


_SHORTEST_ID, _SHORTEST_CONTACT = 7, 8


def masked(name: str, value: str) -> str:
    """A personal fact as it may be shown to anybody: the first sign of a name, the ends of a number."""
    if name == "id_number":
        return (
            f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"
            if len(value) >= _SHORTEST_ID
            else "******"
        )
    if name == "contact":
        return f"{value[:3]}****{value[-2:]}" if len(value) >= _SHORTEST_CONTACT else "****"
    hidden = min(max(len(value) - 1, 1), 4) if name == "name" else 4
    return value[: len(value) > 1] + "*" * hidden
