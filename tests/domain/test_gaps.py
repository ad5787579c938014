"""Gaps of a series of numbers: by their ends, however far a number leaps."""

from hypothesis import given
from hypothesis import strategies as st

from requestflow.domain.numbering import left_out


@given(st.sets(st.integers(1, 60)), st.integers(0, 60))
def test_gaps_are_the_numbers_that_nobody_has(serials: set[int], last: int) -> None:
    """Every number up to the last is taken or in just one gap."""
    gaps = left_out(serials, last)
    assert [n for first, end in gaps for n in range(first, end + 1)] == sorted(
        set(range(1, last + 1)) - serials
    )


def test_a_leap_is_one_gap() -> None:
    """A mistyped number leaves one gap of a hundred million, told by two numbers."""
    assert left_out({1, 99_999_999}, 99_999_999) == [(2, 99_999_998)]
