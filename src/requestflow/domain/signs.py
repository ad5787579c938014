"""Signs that nobody sees, and what they do to a screen, a document or a table: one set for all.

Each pattern names where it is asked. They differ because the places do: a terminal is steered by a
carriage return that a document keeps; XML cannot hold what a history may.
"""

import re

_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # all but tab, line feed and carriage return
_STEERING = r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # the carriage return too: it writes over the line
_TURNING = r"\u202a-\u202e\u2066-\u2069"  # turn the reading direction
_HALVES = r"\ud800-\udfff"  # halves of a sign
_NO_SIGNS = r"\ufffe\uffff"

IN_A_DOCUMENT = re.compile(f"[{_CONTROLS}{_TURNING}{_HALVES}{_NO_SIGNS}]")
"""What a Word file, a sheet or a page of ours leaves out."""
IN_A_REGISTER = re.compile(f"[{_CONTROLS}{_TURNING}{_HALVES}]")
"""What a cell of a foreign register is refused for; the two no-signs do no harm in a history."""
ON_A_SCREEN = re.compile(f"[{_STEERING}{_TURNING}]")
"""What a terminal must not be given; halves of signs are the stream's business, which shows them."""
IN_A_HISTORY = re.compile(f"[{_STEERING}{_TURNING}{_HALVES}]")
"""What a text that somebody types is refused for."""
IN_A_LINE = re.compile(rf"[\x00-\x1f\x7f-\x9f{_TURNING}{_HALVES}]")
"""What a fact in a letter's template leaves out: tabs and line breaks too, for it is read by lines."""
IN_A_PAGE = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_NO_SIGNS}]")
"""What the reader of foreign pages cannot take; the rest is the page's wording, and stays."""
PLACEHOLDER = re.compile(r"\s*[.．。…⋯‥·・_＿×✕][.．。…⋯‥·・_＿×✕\s]*")
"""A text that only holds a place for one: dots, a blank to fill in, crosses (… ＿＿ ××)."""
A_LINE = r"^[^\x00-\x1f\x7f]+$"
"""A setting on one line; for pydantic, whose patterns know no halves of signs."""
A_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
"""A time of day in the settings."""
AN_ADDRESS = r"^[^@\s,;<>]+@[^@\s,;<>]+$"
"""Where mail goes, in the settings."""
A_SENDER = r"^[^@\s]+@[^@\s]+$|^[^<>]*<[^@\s<>]+@[^@\s<>]+>$"
"""Whom mail comes from: an address, or a name and an address in angle brackets."""


def printable(text: str) -> str:
    """A text that every format can hold."""
    return IN_A_DOCUMENT.sub("", text)


def one_line(text: str, most: int | None = None) -> str:
    """A text on one line, blanks of every width made one; cut where it has more signs than `most`."""
    flat = " ".join(text.split())
    return flat if most is None or len(flat) <= most else flat[: most - 1] + "…"
