"""Reasons come in the reader's language, whoever found them: the system, or a checker of shapes."""

import errno
import os

import pytest

from requestflow.domain.expectations import expected
from requestflow.messages.catalogue import Catalogue


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOENT, "没有这个文件或文件夹"),
        (errno.EISDIR, "这是文件夹，不是文件"),
        (errno.ENOSPC, "磁盘已满"),
    ],
)
def test_a_reason_of_the_system_is_said_in_our_words(number: int, said: str) -> None:
    """By the number of the fault: the system's own words are English, or whatever it was set to."""
    error = OSError(number, os.strerror(number))

    assert Catalogue("zh").say("file_unreadable", {"file": "x", "reason": error}).message == (
        f"不能读取 x：{said}。"
    )


def test_a_reason_that_is_not_known_is_quoted_as_such() -> None:
    """What has no sentence of ours is marked as another's words."""
    assert Catalogue("zh").value(OSError(errno.EXDEV, "Invalid cross-device link.")) == (
        "系统的原话：Invalid cross-device link"
    )


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("greater_than_equal", {"ge": 1}, "不能小于 1。"),
        ("string_pattern_mismatch", {"pattern": "^[A-Za-z]+$"}, "写法须符合 ^[A-Za-z]+$。"),
        ("literal_error", {"expected": "'zh' or 'en'"}, "可写：zh、en。"),
        ("int_type", {}, "须是整数，不加引号。"),
        ("bool_type", {}, "须是 true 或 false，不加引号。"),
    ],
)
def test_what_was_expected_is_said_in_our_words(kind: str, facts: dict[str, object], said: str) -> None:
    """Range, pattern, choice and kind of a value."""
    fault = {"type": kind, "msg": "Input should be …", "ctx": facts}

    assert Catalogue("zh").value(expected(fault)) == said
