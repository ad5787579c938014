"""Whom a channel trusts at the other end: the machine's authorities, or those of the office's file."""

import ssl
from pathlib import Path


def trust(folder: Path, ca_file: str | None) -> ssl.SSLContext:
    """A TLS context that checks the other end's certificate and name.

    Args:
        folder: the office's, that the file is relative to.
        ca_file: authorities that are trusted instead of the machine's.
    """
    return ssl.create_default_context(cafile=str(folder / ca_file) if ca_file else None)
