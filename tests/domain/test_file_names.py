"""File names from elsewhere: whatever they are, they stay in their folder and can be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.domain.file_names import LONGEST, distinct, safe_name

RESERVED = ("con", "nul", "com1", "lpt9", "aux", "prn", "conin$")


@given(st.text(max_size=300))
def test_any_text_becomes_one_file_name(text: str) -> None:
    """No folder, no control character, not hidden, not reserved, not too long, not empty; and it stays so."""
    name = safe_name(text)

    assert name
    assert not set(name) & set('/\\:*?"<>|\x00\n')
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert name.partition(".")[0].strip().lower() not in RESERVED
    assert len(name.encode()) <= LONGEST
    assert name.isprintable() or any(not c.isprintable() for c in text)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("报告.docx", "报告.docx"), ("a" * 300 + ".pdf", "a" * 116 + ".pdf"), ("..", "file"), ("/", "file"),
     ("", "file"), ("NUL.txt", "_NUL.txt"), ("a.tar.gz", "a.tar.gz"), ("  空 格  ", "空 格")],
)  # fmt: skip
def test_a_name_is_left_as_far_as_it_can_be(text: str, name: str) -> None:
    """A sound name is kept, a long one keeps its suffix, a reserved one is set apart."""
    assert safe_name(text) == name


@given(st.lists(st.sampled_from(["a.txt", "A.TXT", "a (2).txt", "b", "B"]), max_size=8))
def test_names_are_told_apart_whatever_their_case(names: list[str]) -> None:
    """Files of one name get numbers, also where a system knows no upper case."""
    taken: set[str] = set()
    for name in names:
        taken.add(distinct(name, taken).casefold())

    assert len(taken) == len(names)
