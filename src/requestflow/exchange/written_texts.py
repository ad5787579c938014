"""The text of a file that somebody has saved, in whatever encoding offices use."""

from requestflow.errors import Finding


def decoded(data: bytes, file: str) -> str | Finding:
    """The text of a file in UTF-8 or GB 18030.

    Nearly any UTF-8 text with a fault also decodes as GB 18030, to gibberish; so a file that is
    cut off inside a character, or is UTF-8 for the most part, is a finding and not tried again.
    """
    if (nul := data.find(b"\0")) >= 0:
        return _not_text(data, nul, file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return Finding("file_truncated", file)
        fault = error.start
    return _not_text(data, fault, file) if _is_mostly_utf8(data) else _decoded_gb(data, file)


def _decoded_gb(data: bytes, file: str) -> str | Finding:
    try:
        return data.decode("gb18030").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if error.reason == "incomplete multibyte sequence":
            return Finding("file_truncated", file)
        return _not_text(data, error.start, file)


def _not_text(data: bytes, place: int, file: str) -> Finding:
    return Finding("file_not_text", file, {"line": data.count(b"\n", 0, place) + 1})


def _is_mostly_utf8(data: bytes) -> bool:
    faults = data.decode("utf-8", "replace").count("\ufffd")
    readable = data.decode("utf-8", "ignore").encode()
    wide = len(readable) - len(readable.translate(None, bytes(range(0xE0, 0xF5))))
    return wide > faults
