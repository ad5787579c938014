"""Files of cases: one file a content, named by its SHA-256, in a folder beside the database."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from requestflow.errors import NotFound, Refused

_CHUNK = 1024 * 1024
_WORK = ".incoming-"
_DIGEST_SIGNS = 64
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that is kept: its SHA-256 and its size in bytes."""

    sha256: str
    size: int


def opened(path: Path) -> BinaryIO:
    """A file to read; only a plain one: what waits, leads elsewhere or has no end is refused.

    Raises:
        NotFound: `file_missing`.
        Refused: `not_a_plain_file`, `file_unreadable`.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        if path.is_symlink():
            raise Refused("not_a_plain_file", file=str(path))
        handle = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("file_missing", file=str(path)) from None
    except (OSError, ValueError) as error:
        raise Refused("file_unreadable", file=str(path), reason=error) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refused("not_a_plain_file", file=str(path))
    return os.fdopen(handle, "rb")


class AttachmentStore:
    """The folder of contents.

    Args:
        folder: where they lie; made when the first one comes.
        most: the largest size in bytes.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder
        self.most = most

    def path(self, sha256: str) -> Path:
        """Where a content lies.

        Raises:
            Refused: `record_unreadable`, for a digest that is none: it would lead out of the folder.
        """
        if len(sha256) != _DIGEST_SIGNS or not _HEX.issuperset(sha256):
            raise Refused("record_unreadable", number="", problem=sha256[:80])
        return self.folder / sha256[:2] / sha256[2:]

    def _read(self, source: BinaryIO, target: BinaryIO | None, name: str) -> Stored:
        """Reads a content to its end, and copies it where there is a target."""
        digest, size = hashlib.sha256(), 0
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > self.most:
                raise Refused("attachment_too_large", file=name, most=self.most // 1024 // 1024)
            digest.update(chunk)
            if target is not None:
                target.write(chunk)
        if size == 0:
            raise Refused("attachment_empty", file=name)
        return Stored(digest.hexdigest(), size)

    def measured(self, path: Path) -> Stored:
        """What a file would be kept as; nothing is written.

        Raises:
            NotFound, Refused: it is missing, no plain file, empty, or too large.
        """
        with opened(path) as source:
            try:
                return self._read(source, None, path.name)
            except OSError as error:
                raise Refused("file_unreadable", file=str(path), reason=error.strerror) from None

    def store(self, path: Path) -> Stored:
        """Keeps the content of a file; one that is kept already is not written again.

        It is written aside and put in place whole, readable by its owner alone.

        Raises:
            NotFound, Refused: it is missing, no plain file, empty, too large, or cannot be kept.
        """
        with opened(path) as source:
            work = self._work()
            try:
                with os.fdopen(work[0], "wb") as target:
                    stored = self._read(source, target, path.name)
                    target.flush()
                    os.fsync(target.fileno())
                self._place(work[1], stored)
            except OSError as error:
                raise Refused("folder_unwritable", folder=str(self.folder), reason=error) from None
            finally:
                work[1].unlink(missing_ok=True)
        return stored

    def _work(self) -> tuple[int, Path]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_WORK, dir=self.folder)
        except OSError as error:
            raise Refused("folder_unwritable", folder=str(self.folder), reason=error) from None
        return handle, Path(name)

    def _place(self, work: Path, stored: Stored) -> None:
        target = self.path(stored.sha256)
        if self.fault(stored) is None:
            return
        target.parent.mkdir(mode=0o700, exist_ok=True)
        work.replace(target)  # a file that was damaged meanwhile is whole again

    def holds(self, kept: Stored) -> bool:
        """Whether there is a file for a content; `fault` looks into it."""
        return self.path(kept.sha256).is_file()

    def remove(self, kept: Stored) -> None:
        """Takes a content out that no case has."""
        with suppress(OSError):
            self.path(kept.sha256).unlink(missing_ok=True)

    def fault(self, kept: Stored) -> str | None:
        """What is wrong with a kept content: a code, None where it is as it was."""
        try:
            digest, size = hashlib.sha256(), 0
            with opened(self.path(kept.sha256)) as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except NotFound:
            return "attachment_missing"
        except (Refused, OSError):
            return "attachment_unreadable"
        whole = (digest.hexdigest(), size) == (kept.sha256, kept.size)
        return None if whole else "attachment_changed"

    def read(self, sha256: str) -> bytes:
        """A kept content.

        Raises:
            NotFound, Refused: it is gone or cannot be read.
        """
        with opened(self.path(sha256)) as source:
            return source.read(self.most + 1)

    def contents(self) -> Iterator[str]:
        """The digest of every file in the folder, whether a case knows of it or not."""
        with suppress(OSError):
            for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
                yield path.parent.name + path.name
