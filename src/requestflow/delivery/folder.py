"""A folder in which each digest is a text file, and the screen: what needs no network."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from requestflow.delivery.channel import Digest, Undelivered

_UNFIT = re.compile(r"[^\w.-]+")


class FolderChannel:
    """Writes each digest to a file of its own; sent again, it takes the place of the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, digest: Digest) -> None:
        """Writes the file, whole or not at all.

        Raises:
            Undelivered: the folder cannot be written.
        """
        name = f"{digest.day.isoformat()}-{_UNFIT.sub('_', digest.recipient)}-{digest.token[:8]}.txt"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, work = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(f"{digest.subject}\n{digest.name}\n\n{digest.text}")
            Path(work).replace(self._folder / name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Undelivered("folder_unwritable", folder=self._folder.name, reason=reason) from None


class ConsoleChannel:
    """Prints each digest."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def send(self, digest: Digest) -> None:
        """Prints it."""
        self._write(f"{digest.subject} → {digest.name}\n{digest.text}")
