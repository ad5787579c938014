"""A folder in which each digest is a text file, and the screen: what needs no network."""

import re
from collections.abc import Callable
from pathlib import Path

from requestflow.delivery.channel import Digest, Undelivered
from requestflow.errors import Refused
from requestflow.files import write_over

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
            text = f"{digest.subject}\n{digest.name}\n\n{digest.text}"
            write_over(self._folder / name, text.encode(), personal=True)
        except OSError as error:
            raise self._unwritable(error) from None
        except Refused as refused:
            raise self._unwritable(refused.facts["reason"]) from None

    def _unwritable(self, reason: object) -> Undelivered:
        return Undelivered("folder_unwritable", folder=self._folder.name, reason=reason)


class ConsoleChannel:
    """Prints each digest."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def send(self, digest: Digest) -> None:
        """Prints it."""
        self._write(f"{digest.subject} → {digest.name}\n{digest.text}")
