"""Files for others, written whole or not at all, and never over another one unless that is asked for."""

import os
import tempfile
from pathlib import Path

from requestflow.errors import Refused


def _unwritable(path: Path, error: Exception) -> Refused:
    reason = getattr(error, "strerror", None) or str(error)
    return Refused("file_unwritable", file=str(path), reason=reason)


def check_new(path: Path, content: bytes) -> bool:
    """Whether a file still has to be written; one with that content may stand there already.

    Raises:
        Refused: `other_file_there`; `file_unwritable`, where the folder takes no file.
    """
    try:
        if path.is_symlink() or path.exists():
            same = path.is_file() and not path.is_symlink() and path.read_bytes() == content
            if not same:
                raise Refused("other_file_there", file=str(path))
            return False
        folder = path.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise Refused("folder_unwritable", folder=str(folder), reason="-")
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None
    return True


def write_new(path: Path, content: bytes) -> None:
    """Writes a file; one with that content is left, another one is refused.

    Raises:
        Refused: as `check_new`.
    """
    if not check_new(path, content):
        return
    try:
        _write_beside(path, content)
    except FileExistsError:
        raise Refused("other_file_there", file=str(path)) from None
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def write_over(path: Path, content: bytes) -> None:
    """Writes a file in the place of whatever file of that name there is.

    Raises:
        Refused: `file_unwritable`.
    """
    try:
        work = _written(path.parent, content)
        try:
            work.replace(path)
        finally:
            work.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def _written(folder: Path, content: bytes) -> Path:
    """A file of its own with the content, safe on the disk."""
    handle, name = tempfile.mkstemp(prefix=".requestflow-", dir=folder)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    return Path(name)


def _write_beside(path: Path, content: bytes) -> None:
    work = _written(path.parent, content)
    try:
        try:
            os.link(work, path)  # never over a file that came meanwhile
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if path.exists():
                raise FileExistsError(path) from None
            work.rename(path)
    finally:
        work.unlink(missing_ok=True)
