"""File names that stay in their folder and can be written on every system."""

import re
import unicodedata

LONGEST = 120  # bytes of UTF-8: below every file system's limit, with room for a mark of its own
# what steers a terminal, turns the reading direction, cannot be seen, or means something to a system
_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff<>:"/\\|?*]'
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
_LONGEST_SUFFIX = 16


def _shortened(text: str, room: int) -> str:
    return text.encode()[:room].decode(errors="ignore")


def safe_name(text: str, fallback: str = "file") -> str:
    """The text as one file name: no folder, no sign a system reads, not hidden, not reserved, not long.

    The suffix is kept where the name has to be cut.
    """
    name = unicodedata.normalize("NFC", _UNSAFE.sub("_", text)).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    stem = stem.rstrip(" .")
    if not stem.strip("_"):
        stem = fallback
    if _RESERVED.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    ending = f"{dot}{suffix}"
    return _shortened(stem, LONGEST - len(ending.encode())).rstrip(" .") + ending


def distinct(name: str, taken: set[str]) -> str:
    """The name, or with a number where one is there, whatever the case of its letters."""
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    candidate, turn = name, 1
    while candidate.casefold() in taken:
        turn += 1
        candidate = f"{stem} ({turn}){dot}{suffix}"
    return candidate
