"""Robots of groups behind a webhook: 企业微信, 钉钉, 飞书; public or on a host of the office's own."""

import base64
import hmac
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

from requestflow.channel_settings import Robot
from requestflow.delivery.channel import Digest, Undelivered
from requestflow.delivery.secret import read_secret
from requestflow.delivery.trust import trust, unreached

Body = dict[str, Any]
Posting = Callable[[Digest, str, str], tuple[str, Body]]  # digest, address, secret -> address, body

_LONGEST_REPLY = 64 * 1024
_TOO_BUSY = {-1, 45009, 45033, 130101, 9499, 11232}  # try again later, say their manuals
_TRY_LATER = {408, 425, 429}
_SERVER = 500
_NO_TAGS = str.maketrans("<>", "＜＞")  # 飞书 reads <at …> within a text, wherever it came from


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), "sha256")).decode("ascii")


def wecom(digest: Digest, url: str, _secret: str) -> tuple[str, Body]:
    """企业微信: a text of at most 2,048 bytes; the addressee is a member's id or a mobile number."""
    text: Body = {"content": digest.within(2048)}
    if digest.address:
        name = "mentioned_mobile_list" if digest.address.isdigit() else "mentioned_list"
        text[name] = [digest.address]
    return url, {"msgtype": "text", "text": text}


def dingtalk(digest: Digest, url: str, secret: str) -> tuple[str, Body]:
    """钉钉: signed by the moment in milliseconds; the addressee is a mobile number or a member's id."""
    if secret:
        moment = int(digest.at.timestamp() * 1000)
        signed = quote_plus(_hmac(secret, f"{moment}\n{secret}"))
        url += f"{'&' if '?' in url else '?'}timestamp={moment}&sign={signed}"
    body: Body = {"msgtype": "text", "text": {"content": digest.within(16_000)}}
    if digest.address:
        name = "atMobiles" if digest.address.isdigit() else "atUserIds"
        body["at"] = {name: [digest.address]}
    return url, body


def feishu(digest: Digest, url: str, secret: str) -> tuple[str, Body]:
    """飞书: signed by the moment in seconds; the addressee is a member's open id."""
    text = digest.within(16_000).translate(_NO_TAGS)
    if digest.address:
        text = f'<at user_id="{digest.address}"></at> {text}'
    body: Body = {"msg_type": "text", "content": {"text": text}}
    if secret:
        moment = str(int(digest.at.timestamp()))
        body |= {"timestamp": moment, "sign": _hmac(f"{moment}\n{secret}", "")}
    return url, body


POSTINGS: Mapping[str, Posting] = {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A robot that sends its callers elsewhere is not the one that was set up."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follows nothing."""
        del args, kwargs


class RobotChannel:
    """Posts digests to one robot, and reads from its reply whether it has taken them."""

    def __init__(self, posting: Posting, settings: Robot, folder: Path) -> None:
        self._posting = posting
        self._settings = settings
        self._folder = folder

    def send(self, digest: Digest) -> None:
        """Posts the digest.

        Raises:
            Undelivered: the host is not reached or hangs, or the robot says no.
        """
        settings = self._settings
        url = settings.url.get_secret_value() if settings.url else ""
        url = url or read_secret(self._folder, settings.url_env, settings.url_file)
        secret = ""
        if settings.secret_env or settings.secret_file:
            secret = read_secret(self._folder, settings.secret_env, settings.secret_file)
        address, body = self._posting(digest, url, secret)
        _check(urlsplit(url).hostname or "", self._reply(address, body))

    def _reply(self, address: str, body: Body) -> bytes:
        host = urlsplit(address).hostname or ""
        try:
            request = urllib.request.Request(  # noqa: S310  the settings take http and https alone
                address,
                data=json.dumps(body, ensure_ascii=False).encode(),
                headers={"Content-Type": "application/json; charset=utf-8"},
            )
            opener = urllib.request.build_opener(
                _NoRedirect,
                urllib.request.HTTPSHandler(context=trust(self._folder, self._settings.ca_file)),
            )
            with opener.open(request, timeout=self._settings.timeout) as reply:
                found: bytes = reply.read(_LONGEST_REPLY)
                return found
        except urllib.error.HTTPError as error:
            error.close()
            lasting = error.code < _SERVER and error.code not in _TRY_LATER
            raise Undelivered("robot_refused", lasting=lasting, host=host,
                              said=f"HTTP {error.code}") from None  # fmt: skip
        except (urllib.error.URLError, ValueError) as error:
            raise self._unreached(host, error) from None
        except (OSError, HTTPException) as error:  # posted whole; the answer did not come
            raise self._unreached(host, error, unsure=True) from None

    def _unreached(self, host: str, error: Exception, *, unsure: bool = False) -> Undelivered:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError | socket.timeout):
            seconds = self._settings.timeout
            return Undelivered("channel_timeout", unsure=unsure, host=host, seconds=seconds)
        return unreached(host, reason if isinstance(reason, Exception) else error, unsure=unsure)


def _check(host: str, reply: bytes) -> None:
    """A robot answers 200 to everything; whether it took the message stands in the body."""
    try:
        said = json.loads(reply)
        code = said.get("errcode", said.get("code", said.get("StatusCode")))
        words = said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or ""
    except (ValueError, AttributeError):
        raise Undelivered("robot_unintelligible", host=host) from None
    if code == 0:
        return
    lasting = isinstance(code, int) and code not in _TOO_BUSY
    raise Undelivered("robot_refused", lasting=lasting, host=host, said=f"{code} {words}"[:200])
