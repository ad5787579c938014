"""Reasons come in the reader's language, whoever found them: the system, or a checker of shapes."""

import errno
import os
import tomllib

import pytest

from requestflow.domain.expectations import expected, not_toml
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


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("a = 1\nb", "c.toml", "键的后面缺等号"),
        ("a = 1\na = 2\n", "c.toml:2", "同一个键或者同一个表写了两次"),
        ("[a]\n[a]\n", "c.toml:2", "同一个键或者同一个表写了两次"),
        ("a = 甲\n", "c.toml:1:5", "值的写法不对：文字要加引号"),
        ("汉 = 1\n", "c.toml:1:1", "写法不对|键名|既不是"),
        ("[a\n", "c.toml:1:3", "表头的方括号没有合上"),
        ('a = "x\n', "c.toml:1", "多半是引号没有合上"),
        ('a = "x', "c.toml", "引号没有合上"),
        ("a = [1, 2", "c.toml", "方括号或花括号没有合上"),
        ('a = "C:\\资料"\n', "c.toml:1", "双引号里的反斜杠要写两个"),
        ("a = 2026-02-30\n", "c.toml:1:5", "日期或时间不存在"),
        ("a = 1 2\n", "c.toml:1:7", "值的后面有多余的内容"),
    ],
)
def test_a_fault_of_toml_is_said_in_our_words(text: str, where: str, said: str) -> None:
    """Where it is, what kind of fault, and last the parser's own words."""
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)

    found = not_toml(refused.value, "c.toml")
    message = Catalogue("zh").say(found.code, found.facts).message

    assert found.where.startswith(where)
    assert any(part in message for part in said.split("|"))
    assert str(refused.value) in message
    assert str(refused.value) in Catalogue("en").say(found.code, found.facts).message
