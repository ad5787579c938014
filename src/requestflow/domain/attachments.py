"""The files of a case, as its history tells of them: by content, with the name apart from the chain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from requestflow.domain.applications import masked
from requestflow.domain.case import Case
from requestflow.domain.entries import Entry
from requestflow.domain.workflow import ATTACH
from requestflow.errors import Refused


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file: its content's SHA-256 and size in bytes; the name is empty once it was removed."""

    entry: int
    on: date
    by: str
    sha256: str
    size: int
    media_type: str
    name: str
    note: str

    @classmethod
    def of(cls, entry: Entry) -> "Attachment":
        """The file that an `attach` entry records.

        Raises:
            Refused: `record_unreadable`: an entry that lacks what every such entry has.
        """
        try:
            sha256, media_type = str(entry.data["sha256"]), str(entry.data["media_type"])
            size = int(str(entry.data["size"]))
        except (LookupError, ValueError) as error:  # changed past the program
            raise Refused("record_unreadable", number="", problem=repr(error)) from error
        name, note = entry.text("file"), entry.text("note")
        return cls(
            entry.number, entry.on, entry.by, sha256, size, media_type, name or "", note or ""
        )  # fmt: skip


def attachments_of(history: Iterable[Entry]) -> list[Attachment]:
    """The files of a history, the oldest first."""
    return [Attachment.of(entry) for entry in history if entry.transition == ATTACH]


def without_people(text: str, case: Case) -> str:
    """A file's name or note with the names and numbers of the case's people masked."""
    people: dict[str, str] = {}
    for entry in case.history:
        if entry.transition != ATTACH:
            people |= {value: name for name, value in entry.personal.items() if len(value) > 1}
    for value in sorted(people, key=len, reverse=True):
        name = people[value] if people[value] in ("id_number", "contact", "address") else "name"
        text = text.replace(value, masked(name, value))
    return text
