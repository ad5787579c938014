"""Files read and written whole: within a size, there altogether or not at all.

Written aside in the same folder, made safe on the disk, then put in place in one step. Who may read it:
a file that holds personal data (a letter, an attachment, a digest, a table with `--personal`) is the
owner's alone, 0600; every other has the system's default, 0666 less the umask. The caller says which.
"""

import errno
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from requestflow.errors import NotFound, Refused

_PERSONAL, _ANYBODY = 0o600, 0o666


def file_bytes(path: Path, most: int) -> bytes:
    """What a file holds.

    Args:
        path: the file.
        most: bytes it may hold; no more are read, whatever the system says of its size.

    Raises:
        NotFound: `file_missing`.
        Refused: `file_too_large`; `file_unreadable`, with the system's reason.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError:
        raise NotFound("file_missing", file=str(path)) from None
    except (OSError, ValueError) as error:
        raise Refused("file_unreadable", file=str(path), reason=error) from None
    if len(content) > most:
        raise Refused("file_too_large", file=str(path))
    return content


def _why(folder: Path) -> OSError:
    """What keeps a file from being written into a folder."""
    if folder.is_dir():
        return OSError(errno.EACCES, os.strerror(errno.EACCES))
    number = errno.ENOTDIR if folder.exists() else errno.ENOENT
    return OSError(number, os.strerror(number))


def check_new(path: Path, content: bytes) -> bool:
    """Whether a file still has to be written; one with that content may stand there already.

    Raises:
        Refused: `other_file_there`; `folder_unwritable`, where the folder takes no file;
            `file_unwritable`.
    """
    try:
        if path.is_symlink() or path.exists():
            same = path.is_file() and not path.is_symlink() and path.read_bytes() == content
            if not same:
                raise Refused("other_file_there", file=str(path))
            return False
        folder = path.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise Refused("folder_unwritable", folder=str(folder), reason=_why(folder))
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None
    return True


def write_new(path: Path, content: bytes, *, personal: bool = False) -> None:
    """Writes a file; one with that content is left as it is, another one is refused.

    Raises:
        Refused: as `check_new`.
    """
    if check_new(path, content):
        _put_first(path, content, "other_file_there", personal=personal)


def write_first(path: Path, content: bytes) -> None:
    """Writes a file that somebody goes on with; where there is any of that name it is refused.

    Raises:
        Refused: `file_exists`; `file_unwritable`.
    """
    _put_first(path, content, "file_exists", personal=False)


def write_over(path: Path, content: bytes, *, personal: bool = False) -> None:
    """Writes a file in the place of whatever file of that name there is.

    Raises:
        Refused: `file_unwritable`; what stood there still stands.
    """
    try:
        _put(path, content, Path.replace, personal=personal)
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Writes several files over what is there: each aside first, then all put in their places.

    Raises:
        Refused: `file_unwritable`, naming the folder; only a fault in the last step changes anything.
    """
    aside: dict[Path, Path] = {}
    at = Path()
    try:
        for at, content in contents.items():
            at.parent.mkdir(parents=True, exist_ok=True)
            aside[at] = _place_aside(at)
            _write(aside[at], content, personal=False)
        for at, work in aside.items():
            work.replace(at)
    except (OSError, ValueError) as error:
        raise _unwritable(at.parent, error) from None
    finally:
        for work in aside.values():
            _remove(work)


def _put_first(path: Path, content: bytes, code: str, *, personal: bool) -> None:
    try:
        _put(path, content, _into_free_place, personal=personal)
    except FileExistsError:
        raise Refused(code, file=str(path)) from None
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def _put(path: Path, content: bytes, place: Callable[[Path, Path], object], *, personal: bool) -> None:
    work = _place_aside(path)
    try:
        _write(work, content, personal=personal)
        place(work, path)
    finally:
        _remove(work)


def _place_aside(path: Path) -> Path:
    return path.with_name(f".requestflow-{secrets.token_hex(8)}.part")


def _write(work: Path, content: bytes, *, personal: bool) -> None:
    """A new file with the content, safe on the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(work, flags, _PERSONAL if personal else _ANYBODY), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _into_free_place(work: Path, path: Path) -> None:
    """Puts a file where there is none, never over one that came meanwhile."""
    try:
        os.link(work, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(path) from None
        work.rename(path)


def _remove(work: Path) -> None:
    try:
        work.unlink(missing_ok=True)
    except OSError:  # no folder at all: nothing was written
        return


def _unwritable(path: Path, error: Exception) -> Refused:
    return Refused("file_unwritable", file=str(path), reason=error)
