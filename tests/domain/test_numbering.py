"""Application numbers: a pattern prints a number and reads it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.domain.numbering import HIGHEST_SERIAL, LONGEST, NumberPattern, is_number
from requestflow.errors import WrongUsage

PATTERNS = [
    "{year}-{number:04}",
    "{year}-{number}",
    "{number:3}/{year}",
    "依申请公开〔{year}〕{number}号",
    "{year}{number:05}",
    "a.b(c)+{year}[{number}]",
]


@pytest.mark.parametrize(
    ("pattern", "serial", "number"),
    [
        ("{year}-{number:04}", 1, "2026-0001"),
        ("{year}-{number:04}", 9999, "2026-9999"),
        ("{year}-{number:04}", 10000, "2026-10000"),  # a series does not end at four figures
        ("{year}-{number}", 7, "2026-7"),
        ("{number:3}/{year}", 7, "007/2026"),
        ("依申请公开〔{year}〕{number}号", 12, "依申请公开〔2026〕12号"),
    ],
)
def test_a_pattern_prints_year_and_serial(pattern: str, serial: int, number: str) -> None:
    """The number of a year's serial stands as the pattern has it, padded where it says so."""
    assert NumberPattern(pattern).show(2026, serial) == number


@pytest.mark.parametrize("pattern", PATTERNS)
@given(year=st.integers(1000, 9999), serial=st.integers(1, 10**6))
def test_a_printed_number_is_read_back(pattern: str, year: int, serial: int) -> None:
    """Reading is the inverse of printing, in every pattern."""
    shown = NumberPattern(pattern)
    assert shown.read(shown.show(year, serial)) == (year, serial)


@given(
    one=st.tuples(st.integers(1000, 9999), st.integers(1, 99999)),
    other=st.tuples(st.integers(1000, 9999), st.integers(1, 99999)),
)
def test_two_applications_never_have_one_number(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Different serials of a year, or different years, print different numbers."""
    pattern = NumberPattern("{year}-{number:04}")
    assert (pattern.show(*one) == pattern.show(*other)) == (one == other)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-", "26-0001", "2026-0001a", "x2026-0001", "2026-0001\n", "2026-１"]
)
def test_a_number_in_another_pattern_is_not_read(text: str) -> None:
    """What is not wholly in the pattern, in plain figures, has no year and no serial."""
    assert NumberPattern("{year}-{number:04}").read(text) is None


def test_signs_of_the_pattern_are_signs_and_nothing_more() -> None:
    """Dots and brackets of a pattern stand for themselves."""
    pattern = NumberPattern("a.b{year}-{number}")
    assert pattern.read("a.b2026-1") == (2026, 1)
    assert pattern.read("axb2026-1") is None


@pytest.mark.parametrize(
    "text",
    [
        "", "2026", "{year}", "{number}", "{year}-{year}-{number}", "{year}-{number}-{number}",
        "{Year}-{number}", "{year}-{serial}-{number}", "{year}-{number:10}", "{year}-{number:x}",
        "{{year}}-{number}", "{year}-{number}}", "no {x} {year} {number}",
    ],
)  # fmt: skip
def test_a_pattern_has_one_year_and_one_number(text: str) -> None:
    """A pattern without its year or number, with one of them twice, or with another field is refused."""
    with pytest.raises(WrongUsage) as wrong:
        NumberPattern(text)
    assert (wrong.value.code, wrong.value.facts["pattern"]) == ("bad_number_pattern", text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-0001", True),
        ("依申请公开〔2026〕1号", True),
        ("x" * LONGEST, True),
        ("", False),
        ("x" * (LONGEST + 1), False),
        ("2026 0001", False),
        ("2026-0001\n", False),
        ("2026\u30000001", False),  # the full-width blank
        ("2026\x000001", False),
        ("2026\u200b0001", False),  # nothing that cannot be seen
    ],
)
def test_a_number_is_short_and_can_be_seen(text: str, right: bool) -> None:
    """Any short text without white space or invisible signs may be a number."""
    assert is_number(text) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("2026-0001", True),
        ("2026-10000", True),
        ("旧字12号", True),  # of another pattern: the office's own old number
        ("2026-001", True),  # as an old register writes it
        ("2026-00001", True),
        (f"2026-{HIGHEST_SERIAL}", True),
        (f"2026-{HIGHEST_SERIAL + 1}", False),
        ("2026 0001", False),
        ("", False),
    ],
)
def test_a_number_in_the_pattern_has_a_serial_that_can_be_counted(number: str, right: bool) -> None:
    """However a register writes its serials, they can be counted on from; other texts are numbers too."""
    assert NumberPattern("{year}-{number:04}").allows(number) is right
