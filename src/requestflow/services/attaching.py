"""Files of a case: laid in, listed, taken out again, each kept once by its content."""

import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from requestflow.domain.attachments import Attachment, attachments_of
from requestflow.domain.case import Case
from requestflow.domain.engine_acts import Doing
from requestflow.domain.facts import check_text
from requestflow.domain.file_names import distinct, safe_name
from requestflow.domain.workflow import ATTACH
from requestflow.errors import Finding, Refused, RequestflowError
from requestflow.files import check_new, write_new
from requestflow.services import casework
from requestflow.services.office import Office
from requestflow.services.recalculation import bring_along
from requestflow.storage import ledger
from requestflow.storage.attachment_store import AttachmentStore, Stored
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


def _measured(office: Office, lot: Lot) -> list[Stored]:
    """What would be kept; refuses what can be refused before anything is.

    Raises:
        NotFound, Refused: see `attach`.
    """
    check_text("note", lot.note)
    if len(lot.files) > MOST_AT_ONCE:
        raise Refused("too_many_files", count=len(lot.files), most=MOST_AT_ONCE)
    store = store_of(office)
    return [store.measured(path) for path in lot.files]


def _check_open(case: Case) -> None:
    if case.standing.void:
        raise Refused("attach_to_void", number=case.application.number)


def _check_new(case: Case, lot: Lot, found: Sequence[Stored]) -> None:
    """Refuses a content that the case has already, or that is named twice."""
    there = {file.sha256: file.entry for file in attachments_of(case.history)}
    for turn, (path, one) in enumerate(zip(lot.files, found, strict=True), len(case.history) + 1):
        if one.sha256 in there:
            raise Refused("already_attached", file=path.name, entry=there[one.sha256])
        there[one.sha256] = turn


def _named(path: Path, stored: Stored) -> tuple[dict[str, object], dict[str, str]]:
    """What the chain covers of a file, and what stands apart: its name may be a person's."""
    name = safe_name(path.name)
    media_type = mimetypes.MimeTypes().guess_type(name)[0] or UNKNOWN_TYPE
    data = {"sha256": stored.sha256, "size": stored.size, "media_type": media_type}
    return data, {"file": name}


def _write(office: Office, session: Session, number: str, lot: Lot, kept: Sequence[Stored]) -> Case:
    """Writes the entries. A content that another call took back meanwhile is kept once more."""
    key, case = casework.load(office, session, number)
    _check_open(case)
    _check_new(case, lot, kept)
    store = store_of(office)
    doing = Doing(office.person(lot.by).key, office.today(), office.clock.now(), office.workflow.stamp)
    case = bring_along(office, session, key, case, doing.by)
    for path, stored in zip(lot.files, kept, strict=True):
        if not store.holds(stored) and store.store(path) != stored:
            raise Refused("file_unreadable", file=path.name, reason="changed")
        data, personal = _named(path, stored)
        if lot.note:
            personal["note"] = lot.note
        case = casework.write(office, session, key, case, doing.entry(case, ATTACH, data, personal))
    return case


def _take_back(office: Office, placed: Sequence[Stored]) -> None:
    """Takes out again what a refused call has kept, unless a case has it by now.

    Under the lock of a writer: whoever found such a content there looks again when it writes.
    """
    if not placed:
        return
    with suppress(RequestflowError), office.writing() as session:
        known = {entry.text("sha256") for _number, entry in ledger.acts(session, (ATTACH,))}
        store = store_of(office)
        for one in placed:
            if one.sha256 not in known:
                store.remove(one)


def attach(office: Office, number: str, lot: Lot) -> Attached:
    """Lays files into a case: all of them, or none.

    Contents are kept first, then the entries are written; a refused call takes them out again. What is
    kept without an entry, because the program was stopped between the two, is in nobody's way, and
    `verify` names it.

    Raises:
        NotFound: no such application or file.
        Refused: a link, a folder, an empty file, one that is too large or attached already; a void case.
    """
    office.person(lot.by)
    before = casework.read(office, number)
    number = before.application.number
    _check_open(before)
    found = _measured(office, lot)
    _check_new(before, lot, found)
    store = store_of(office)
    placed = [one for one in found if not store.holds(one)]
    try:
        kept = [store.store(path) for path in lot.files]
        with office.writing() as session:
            case = _write(office, session, number, lot, kept)
            session.commit()
    except RequestflowError:
        _take_back(office, placed)
        raise
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
    places = _places(files, folder)
    for file in files:
        _check_place(places[file.entry], store.read(file.sha256))
    for file in files:
        write_new(places[file.entry], store.read(file.sha256), personal=True)
    return Exported(places)


def _check_place(path: Path, content: bytes) -> None:
    """Nothing is written while any of the files cannot be."""
    try:
        check_new(path, content)
    except Refused as error:
        if error.code != "other_file_there":
            raise
        raise Refused("other_file_in_folder", file=str(path)) from None


def _check_whole(store: AttachmentStore, files: Iterable[Attachment]) -> None:
    for file in files:
        fault = store.fault(Stored(file.sha256, file.size))
        if fault is not None:
            raise Refused("attachment_not_whole", entry=file.entry, sha256=file.sha256)


def _places(files: Iterable[Attachment], folder: Path) -> dict[int, Path]:
    taken: set[str] = set()
    found = {}
    for file in files:
        name = distinct(safe_name(file.name or file.sha256[:16]), taken)
        taken.add(name.casefold())
        found[file.entry] = folder / name
    return found
