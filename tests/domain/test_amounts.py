"""Amounts in figures and in words, and the numerals of articles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.domain.amounts import HIGHEST, in_figures, in_words
from requestflow.domain.citations import numeral

CENTS = st.integers(min_value=0, max_value=HIGHEST - 1)
WORDS = {
    0: "零元整",
    170_000: "壹仟柒佰元整",
    200_000: "贰仟元整",
    1_000: "壹拾元整",
    100_100: "壹仟零壹元整",
    1_000_000: "壹万元整",
    10_000_100: "壹拾万零壹元整",
    2_030_040_500: "贰仟零叁拾万零肆佰零伍元整",
    10_001_000_000: "壹亿零壹万元整",
    100_000_000_000: "壹拾亿元整",
    1_005: "壹拾元零伍分",
    1_050: "壹拾元伍角整",
    50: "伍角整",
    5: "伍分",
    99: "玖角玖分",
}
DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def whole(text: str) -> int:
    """What capital numerals say, read the way a teller reads them."""
    for unit, worth in (("亿", 10**8), ("万", 10**4)):
        before, found, rest = text.rpartition(unit)
        if found:
            return whole(before) * worth + whole(rest)
    total = digit = 0
    for sign in text:
        if sign in UNITS:
            total += digit * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit


def read_back(text: str) -> int:
    """The cents of an amount in words."""
    yuan, mark, rest = text.removesuffix("整").rpartition("元")
    if not mark:
        yuan, rest = "", text.removesuffix("整")
    tens = re.search("(.)角", rest)
    ones = re.search("(.)分", rest)
    small = sum(DIGITS[found[1]] * worth for found, worth in ((tens, 10), (ones, 1)) if found)
    return whole(yuan) * 100 + small


@pytest.mark.parametrize(("cents", "words"), WORDS.items(), ids=str)
def test_an_amount_reads_as_a_teller_writes_it(cents: int, words: str) -> None:
    """Zeros between digits are read once, trailing ones not at all; whole yuan end in 整."""
    assert in_words(cents) == words


@given(CENTS)
def test_an_amount_in_words_is_that_amount(cents: int) -> None:
    """What the words say is the amount, and no zero is read twice."""
    words = in_words(cents)

    assert read_back(words) == cents
    assert "零零" not in words


@given(CENTS, CENTS)
def test_two_amounts_share_no_words(one: int, other: int) -> None:
    """Different amounts have different words and figures."""
    assert (in_words(one) == in_words(other)) is (one == other)
    assert (in_figures(one) == in_figures(other)) is (one == other)


@pytest.mark.parametrize("cents", [-1, HIGHEST])
def test_an_amount_beyond_the_numerals_is_refused(cents: int) -> None:
    """No words are made up for an amount that has none."""
    with pytest.raises(ValueError, match=str(cents)):
        in_words(cents)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (36, "三十六"), (100, "一百"), (101, "一百零一"),
     (110, "一百一十"), (115, "一百一十五"), (999, "九百九十九")],
)  # fmt: skip
def test_articles_are_numbered_in_chinese(number: int, text: str) -> None:
    """第三十六条, not 第36条."""
    assert numeral(number) == text
