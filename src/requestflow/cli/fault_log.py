"""Where an unexpected fault is written down: beside the config, for its owner's eyes alone."""

import os
import tempfile
import traceback
from pathlib import Path


def write_fault(error: Exception, beside: Path) -> Path:
    """Appends a fault with its traceback to `requestflow.log`, and says where that lies.

    Only the file's owner may read it: the text of a fault may hold words of a case.

    Args:
        error: the fault.
        beside: the config file; where its folder takes no file, the folder of temporary files does.
    """
    text = "".join(traceback.format_exception(error))
    for folder in (beside.resolve().parent, Path(tempfile.gettempdir())):
        path = folder / "requestflow.log"
        try:
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(file, "a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(text + "\n")
        except OSError:
            continue
        return path
    return Path()
