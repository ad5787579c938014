"""Secrets of channels, read when they are needed and kept nowhere."""

import os
from pathlib import Path

from requestflow.delivery.channel import Undelivered


def read_secret(folder: Path, env: str | None, file: str | None) -> str:
    """A secret from a variable of the environment or from a file beside the settings.

    Raises:
        Undelivered: `secret_missing`, naming where it was looked for.
    """
    if env:
        found = os.environ.get(env, "")
        if not found:
            raise Undelivered("secret_missing", place=env)
        return found
    try:
        text = (folder / (file or "")).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Undelivered("secret_missing", place=file) from None
    if not text.strip():
        raise Undelivered("secret_missing", place=file)
    return text.strip()
