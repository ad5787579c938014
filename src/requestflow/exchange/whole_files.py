"""Files that are there whole or not at all: written beside their place, then put there in one step."""

import os
from pathlib import Path

from requestflow.errors import Refused


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file; a failure on the way leaves what was there before, and nothing half done.

    Raises:
        Refused: `file_unwritable`, with the place and the system's reason.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True) if part.parent.is_dir() else None
        raise Refused("file_unwritable", file=str(path), reason=error.strerror) from None
