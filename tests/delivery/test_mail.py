"""Mail: encrypted, logged in, in Chinese; and everything that can go wrong on the way."""

import email
import email.policy
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from requestflow.channel_settings import Mail
from requestflow.delivery.channel import Digest, Undelivered
from requestflow.delivery.mail import MailChannel

PASSWORD = "öffne-密码-7"
Making = Callable[..., Digest]


@pytest.fixture
def mail(letterbox: Any, tmp_path: Path) -> Callable[..., MailChannel]:
    """A channel to the mail server, with settings changed as told."""
    (tmp_path / "password").write_text(PASSWORD + "\n", "utf-8")

    def call(**changed: Any) -> MailChannel:
        facts = {"host": "127.0.0.1", "port": letterbox.port, "sender": "信息公开 <xxgk@example.org>",
                 "user": "clerk", "password_file": "password", "ca_file": str(letterbox.ca_file),
                 "timeout": 5}  # fmt: skip
        return MailChannel(Mail(**{**facts, **changed}), tmp_path)

    return call


def failure(channel: MailChannel, digest: Digest) -> Undelivered:
    with pytest.raises(Undelivered) as found:
        channel.send(digest)
    assert PASSWORD not in str(found.value)
    return found.value


def test_a_digest_arrives_as_it_was_written(letterbox: Any, mail: Any, digest: Making) -> None:
    """Chinese names and texts arrive whole, after a log-in whose password is not ASCII."""
    mail().send(digest())

    letter = email.message_from_bytes(letterbox.letters[0], policy=email.policy.default)
    assert letter["Subject"] == "【示例局】待办提醒"
    assert letter["From"] == "信息公开 <xxgk@example.org>"
    assert letter["To"] == "经办人 <a@example.org>"
    assert letter["Message-ID"] == "<0123456789abcdef0123456789abcdef@example.org>"
    assert letter["Date"] == "Tue, 24 Nov 2026 01:00:00 +0000"
    body = letter.get_body()
    assert body is not None
    assert body.get_content().splitlines() == digest().text.splitlines()
    assert letterbox.recipients == ["a@example.org"]
    assert letterbox.logins == [(b"clerk", PASSWORD.encode())]


def test_sent_again_it_is_the_same_letter(letterbox: Any, mail: Any, digest: Making) -> None:
    """A letter that is sent twice has one Message-ID, by which a mailbox sees the double."""
    mail().send(digest())
    mail().send(digest())

    ids = {email.message_from_bytes(letter)["Message-ID"] for letter in letterbox.letters}
    assert len(letterbox.letters) == 2
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("place", "said", "lasting"),
    [("at_rcpt", "550 no such user", True), ("at_rcpt", "450 mailbox busy", False),
     ("at_data", "554 spam", True), ("at_data", "452 out of room", False)],
)  # fmt: skip
def test_a_server_says_for_how_long_it_refuses(
    letterbox: Any, mail: Any, digest: Making, place: str, said: str, lasting: bool
) -> None:
    """A reply from 500 on stays what it is; one from 400 on is worth another try."""
    setattr(letterbox, place, said)

    error = failure(mail(), digest())

    assert (error.code, error.lasting) == ("mail_refused", lasting)
    assert error.facts["said"] == said
    assert letterbox.letters == []


def test_a_letter_that_was_taken_is_delivered_however_the_server_parts(
    letterbox: Any, mail: Any, digest: Making
) -> None:
    """Taken is taken: a server that is rude at the end is not sent the same letter again."""
    letterbox.at_quit = "421 too many letters today"

    mail().send(digest())

    assert len(letterbox.letters) == 1


def test_without_an_answer_to_the_letter_nobody_knows(letterbox: Any, mail: Any, digest: Making) -> None:
    """A server that has the whole letter and hangs up may have taken it; one that says no has not."""
    letterbox.drops = True
    assert failure(mail(), digest()).unsure

    letterbox.drops, letterbox.at_data = False, "452 out of room"
    assert not failure(mail(), digest()).unsure


def test_a_wrong_password_is_said_and_tried_again(
    letterbox: Any, mail: Any, digest: Making, tmp_path: Path
) -> None:
    """A password that the server does not know can be set right; nothing is given up at once."""
    (tmp_path / "password").write_text("falsch", "utf-8")

    error = failure(mail(), digest())

    assert (error.code, error.lasting) == ("mail_login_refused", False)
    assert letterbox.letters == []


@pytest.mark.parametrize(
    "changed",
    [{"password_file": "nowhere"}, {"password_file": None, "password_env": "REQUESTFLOW_NO_SUCH"}],
    ids=["file", "variable"],
)
def test_a_password_that_is_missing_is_named(mail: Any, digest: Making, changed: dict[str, Any]) -> None:
    """The place where the password should be is said, before anything is sent."""
    error = failure(mail(**changed), digest())

    assert error.code == "secret_missing"
    assert error.facts["place"] in changed.values()


def test_a_password_may_come_from_the_environment(
    letterbox: Any, mail: Any, digest: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable of the environment serves as well as a file."""
    monkeypatch.setenv("REQUESTFLOW_MAIL", PASSWORD)

    mail(password_file=None, password_env="REQUESTFLOW_MAIL").send(digest())

    assert len(letterbox.letters) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_taken(
    letterbox: Any, mail: Any, digest: Making, caplog: pytest.LogCaptureFixture
) -> None:
    """Without its authority the server's certificate is refused, before any password is sent."""
    caplog.set_level(logging.CRITICAL)

    error = failure(mail(ca_file=None), digest())

    assert error.code in ("tls_unknown_authority", "tls_self_signed")
    assert letterbox.logins == []


@pytest.mark.parametrize("tls", ["none", "starttls", "ssl"])
@pytest.mark.parametrize(
    ("how", "code"),
    [("absent", "channel_unreachable"), ("hangs", "channel_timeout"), ("drops", "channel_unreachable")],
)
def test_a_server_that_is_no_server_ends_in_a_word(
    mail: Any, digest: Making, host: Any, how: str, code: str, tls: str
) -> None:
    """A host that is away, says nothing or hangs up is not waited for beyond the limit."""
    error = failure(mail(port=host(how), tls=tls, timeout=1), digest())

    assert (error.code, error.lasting, error.unsure) == (code, False, False)
