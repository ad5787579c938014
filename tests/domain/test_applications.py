"""What identifies a person, as it may be shown to anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.domain.applications import PERSONAL, masked

LONG_ENOUGH = 8  # a shorter text says too much with half of it shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("name", "张三", "张*"),
        ("name", "欧阳修文", "欧***"),
        ("name", "某某某某某某有限责任公司", "某****"),
        ("id_number", "110101199003070000", "110*************00"),
        ("contact", "13800138000", "138****00"),
        ("address", "某县某街1号", "某****"),
    ],
)
def test_a_personal_fact_is_shown_by_its_ends(name: str, value: str, shown: str) -> None:
    """The first sign of a name, the ends of a number, no more."""
    assert masked(name, value) == shown


@pytest.mark.parametrize("name", PERSONAL)
@given(value=st.text(min_size=1, max_size=40))
def test_what_is_shown_is_never_the_whole(name: str, value: str) -> None:
    """Whatever was entered, a short value least of all, it is not shown as it is."""
    shown = masked(name, value)
    assert "*" in shown
    assert value == "*" * len(value) or shown != value
    if len(value) < LONG_ENOUGH - 2:
        assert not (len(value) > 1 and value in shown and value.strip("*"))


def test_what_is_hidden_does_not_tell_how_long_it_was() -> None:
    """A company's name is hidden by as many signs as another company's."""
    assert masked("name", "某" * 9) == masked("name", "某" * 30)
