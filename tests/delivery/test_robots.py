"""Robots of groups: their signatures, their lengths, and the many ways in which they say no."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from requestflow.channel_settings import Robot
from requestflow.delivery.channel import Digest, Undelivered
from requestflow.delivery.webhooks import POSTINGS, RobotChannel

Making = Callable[..., Digest]
SECRET = "SEC-geheim"
MILLISECONDS = 1795482000000  # 2026-11-24 01:00 UTC


@pytest.fixture
def channel(robot: Any, tmp_path: Path) -> Callable[..., RobotChannel]:
    """A channel to the receiver."""
    (tmp_path / "secret").write_text(SECRET, "utf-8")

    def call(kind: str, **changed: Any) -> RobotChannel:
        facts = {"url": SecretStr(robot.url), "secret_file": "secret", "timeout": 1}
        settings = Robot(**{**facts, **changed})
        return RobotChannel(POSTINGS[kind], settings, tmp_path)

    return call


def failure(channel: RobotChannel, digest: Digest) -> Undelivered:
    with pytest.raises(Undelivered) as found:
        channel.send(digest)
    said = f"{found.value} {found.value.facts}"
    assert "geheim" not in said
    return found.value


def test_wecom_gets_a_text_and_a_name(robot: Any, channel: Any, digest: Making) -> None:
    """企业微信: a text message that calls a member by mobile number or by id."""
    channel("wecom", secret_file=None).send(digest(address="13800000000"))
    channel("wecom", secret_file=None).send(digest(address="wang"))

    assert [body["msgtype"] for body in robot.bodies] == ["text", "text"]
    assert robot.bodies[0]["text"]["mentioned_mobile_list"] == ["13800000000"]
    assert robot.bodies[1]["text"]["mentioned_list"] == ["wang"]
    assert "2026-0001 答复" in robot.bodies[0]["text"]["content"]


def test_dingtalk_is_signed_by_the_moment(robot: Any, channel: Any, digest: Making) -> None:
    """钉钉: HMAC-SHA256 of moment and secret, in the address, beside its own key."""
    channel("dingtalk").send(digest(address="13800000000"))

    query = parse_qs(urlsplit(robot.paths[0]).query)
    text = f"{MILLISECONDS}\n{SECRET}"
    signed = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
    assert query == {"key": ["geheim-123"], "timestamp": [str(MILLISECONDS)],
                     "sign": [base64.b64encode(signed).decode()]}  # fmt: skip
    assert robot.bodies[0]["at"] == {"atMobiles": ["13800000000"]}


def test_feishu_is_signed_by_the_moment(robot: Any, channel: Any, digest: Making) -> None:
    """飞书: HMAC-SHA256 of nothing, with moment and secret as the key, in the body."""
    robot.answer = b'{"code": 0, "msg": "success"}'
    channel("feishu").send(digest(address="ou_1"))

    body = robot.bodies[0]
    key = f"{MILLISECONDS // 1000}\n{SECRET}"
    signed = hmac.new(key.encode(), b"", hashlib.sha256).digest()
    assert body["timestamp"] == str(MILLISECONDS // 1000)
    assert body["sign"] == base64.b64encode(signed).decode()
    assert body["content"]["text"].startswith('<at user_id="ou_1"></at> ')


@pytest.mark.parametrize(("kind", "octets"), [("wecom", 2048), ("dingtalk", 16_000)])
def test_a_long_digest_is_cut_between_lines_and_says_so(
    robot: Any, channel: Any, digest: Making, kind: str, octets: int
) -> None:
    """What a robot takes no more of is left out line by line, and counted."""
    channel(kind, secret_file=None).send(digest(lines=2000))

    content = robot.bodies[0]["text"]["content"]
    kept = content.count("答复")
    assert len(content.encode()) <= octets
    assert content.endswith(f"另有 {2000 - kept} 项")
    assert kept > 40


def test_a_secret_address_may_stand_in_a_file(
    robot: Any, channel: Any, digest: Making, tmp_path: Path
) -> None:
    """The address of a robot is a secret too, and need not stand in the settings."""
    (tmp_path / "url").write_text(robot.url, "utf-8")

    channel("wecom", url=None, url_file="url", secret_file=None).send(digest())

    assert len(robot.bodies) == 1


@pytest.mark.parametrize(
    ("status", "answer", "code", "lasting"),
    [
        (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "robot_refused", True),
        (200, b'{"errcode": 310000, "errmsg": "sign not match"}', "robot_refused", True),
        (200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}', "robot_refused", False),
        (200, b'{"code": 19021, "msg": "sign match fail"}', "robot_refused", True),
        (200, b'{"code": 11232, "msg": "frequency limited"}', "robot_refused", False),
        (200, b"<html>login</html>", "robot_unintelligible", False),
        (200, b"[]", "robot_unintelligible", False),
        (200, b"{}", "robot_refused", False),
        (404, b"", "robot_refused", True),
        (429, b"", "robot_refused", False),
        (500, b"", "robot_refused", False),
        (302, b"", "robot_refused", True),
    ],
)
def test_a_robot_says_no_in_its_own_way(
    robot: Any, channel: Any, digest: Making, status: int, answer: bytes, code: str, lasting: bool
) -> None:
    """Only a body that says so counts as taken; too many calls are worth another try, a false key is not."""
    robot.status, robot.answer = status, answer

    error = failure(channel("dingtalk"), digest())

    assert (error.code, error.lasting) == (code, lasting)
    assert len(robot.bodies) == 1


def test_an_application_calls_nobody_in_the_group(robot: Any, channel: Any, digest: Making) -> None:
    """飞书 reads `<at …>` in a text as a call: what comes from an applicant calls nobody."""
    called = replace(digest(address="ou_1"), lines=('1. 2026-0001 <at user_id="all"></at>',))

    channel("feishu").send(called)

    [body] = robot.bodies
    assert body["content"]["text"].count("<at ") == 1
    assert '＜at user_id="all"＞＜/at＞' in body["content"]["text"]


@pytest.mark.parametrize(("how", "unsure"), [("absent", False), ("hangs", True)])
def test_a_post_without_an_answer_may_have_arrived(
    channel: Any, digest: Making, host: Any, how: str, unsure: bool
) -> None:
    """Nobody there is a no; a host that has the whole message and keeps silent may have shown it."""
    url = SecretStr(f"http://127.0.0.1:{host(how)}/geheim")

    assert failure(channel("wecom", url=url), digest()).unsure is unsure


@pytest.mark.parametrize(
    ("how", "code"),
    [("absent", "channel_unreachable"), ("hangs", "channel_timeout"), ("drops", "channel_unreachable")],
)
def test_a_host_that_is_no_robot_ends_in_a_word(
    channel: Any, digest: Making, host: Any, how: str, code: str
) -> None:
    """A host that is away, says nothing or hangs up is not waited for beyond the limit."""
    url = SecretStr(f"http://127.0.0.1:{host(how)}/geheim")

    error = failure(channel("feishu", url=url), digest())

    assert (error.code, error.lasting) == (code, False)
