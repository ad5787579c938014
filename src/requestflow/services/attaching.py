"""Files of a case: laid in, listed, taken out again, each kept once by its content."""

import mimetypes
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from requestflow.domain.attachments import Attachment, attachments_of
from requestflow.domain.case import Case
from requestflow.domain.engine_acts import Doing
from requestflow.domain.facts import check_text
from requestflow.domain.file_names import distinct, safe_name
from requestflow.domain.workflow import ATTACH
from requestflow.errors import Finding, Refused
from requestflow.files import write_new
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.storage.attachment_store import AttachmentStore, Stored, opened
from requestflow.storage.database import Session

MOST_AT_ONCE = 200
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Attached:
    """The case after files were laid in, and what is worth a word."""

    case: Case
    files: list[Attachment]
    warnings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lot:
    """Files as they were named on the command line."""

    files: Sequence[Path]
    note: str = ""
    by: str | None = None


def store_of(office: Office) -> AttachmentStore:
    """Where the office keeps files."""
    settings = office.settings
    return AttachmentStore(settings.attachments, settings.largest_attachment * 1024 * 1024)


def _check(office: Office, lot: Lot) -> None:
    """Refuses what would be refused later, before anything is kept."""
    store = store_of(office)
    check_text("note", lot.note)
    if len(lot.files) > MOST_AT_ONCE:
        raise Refused("too_many_files", count=len(lot.files), most=MOST_AT_ONCE)
    for path in lot.files:
        with opened(path) as source:
            size = os.fstat(source.fileno()).st_size
        if size > store.most:
            raise Refused(
                "attachment_too_large", file=path.name, most=office.settings.largest_attachment
            )
        if size == 0:
            raise Refused("attachment_empty", file=path.name)


def _check_open(case: Case) -> None:
    if case.standing.void:
        raise Refused("attach_to_void", number=case.application.number)


def _named(path: Path, stored: Stored) -> tuple[dict[str, object], dict[str, str]]:
    """What the chain covers of a file, and what stands apart: its name may be a person's."""
    name = safe_name(path.name)
    media_type = mimetypes.MimeTypes().guess_type(name)[0] or UNKNOWN_TYPE
    data = {"sha256": stored.sha256, "size": stored.size, "media_type": media_type}
    return data, {"file": name}


def _write(office: Office, session: Session, number: str, lot: Lot, kept: Sequence[Stored]) -> Case:
    key, case = casework.load(office, session, number)
    _check_open(case)
    there = {file.sha256: file for file in attachments_of(case.history)}
    doing = Doing(office.person(lot.by).key, office.today(), office.clock.now(), office.workflow.stamp)
    for path, stored in zip(lot.files, kept, strict=True):
        if stored.sha256 in there:
            raise Refused("already_attached", file=path.name, entry=there[stored.sha256].entry)
        data, personal = _named(path, stored)
        if lot.note:
            personal["note"] = lot.note
        entry = doing.entry(case, ATTACH, data, personal)
        case = casework.write(office, session, key, case, entry)
        there[stored.sha256] = Attachment.of(entry)
    return case


def attach(office: Office, number: str, lot: Lot) -> Attached:
    """Lays files into a case: all of them, or none.

    Contents are kept first, then the entries are written. What is kept without an entry, because the
    program was stopped between the two, is in nobody's way, and `verify` names it.

    Raises:
        NotFound: no such application or file.
        Refused: a link, a folder, an empty file, one that is too large or attached already; a void case.
    """
    office.person(lot.by)
    number = casework.read(office, number).application.number
    _check_open(casework.read(office, number))
    _check(office, lot)
    store = store_of(office)
    kept = [store.store(path) for path in lot.files]
    with office.writing() as session:
        case = _write(office, session, number, lot, kept)
        session.commit()
    files = attachments_of(case.history)[-len(kept) :]
    renamed = [
        Finding("name_made_safe", number, {"name": file.name}, warning=True)
        for path, file in zip(lot.files, files, strict=True)
        if path.name != file.name
    ]
    return Attached(case, files, renamed)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was taken out: the file of each attachment."""

    files: Mapping[int, Path]


def export(office: Office, number: str, folder: Path) -> Exported:
    """Writes the files of a case into a folder under their names; overwrites no other file.

    Raises:
        NotFound: no such application; `nothing_attached`.
        Refused: a content that is gone or changed; a file of that name with another content.
    """
    case = casework.read(office, number)
    files = attachments_of(case.history)
    if not files:
        raise Refused("nothing_attached", number=case.application.number)
    store = store_of(office)
    _check_whole(store, files)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused("folder_unwritable", folder=str(folder), reason=error) from None
    return Exported({file.entry: path for file, path in _placed(store, files, folder)})


def _check_whole(store: AttachmentStore, files: Iterable[Attachment]) -> None:
    for file in files:
        fault = store.fault(Stored(file.sha256, file.size))
        if fault is not None:
            raise Refused("attachment_not_whole", entry=file.entry, sha256=file.sha256)


def _placed(
    store: AttachmentStore, files: Iterable[Attachment], folder: Path
) -> Iterable[tuple[Attachment, Path]]:
    taken: set[str] = set()
    for file in files:
        name = distinct(safe_name(file.name or file.sha256[:16]), taken)
        taken.add(name.casefold())
        write_new(folder / name, store.read(file.sha256), personal=True)
        yield file, folder / name
