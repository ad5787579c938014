"""Texts for documents: signs that no document may hold, or that nobody sees, left out."""

import re

# control signs (XML forbids most), marks that turn the direction of writing, halves of a pair, no-signs
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """A text that every format can hold."""
    return _UNSEEN.sub("", text)
