"""From a case that is due to the letter in somebody's box, by the command line alone."""

import email
import email.policy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
SETTINGS = """
[units.law]
name = "法规科"
email = "law@example.org"

[channels.mail]
host = "127.0.0.1"
port = {port}
sender = "信息公开 <xxgk@example.org>"
user = "clerk"
password_file = "mail.password"
ca_file = "{ca_file}"
timeout = 5

[[remind.rules]]
before = [5, 2, 1]
after = [1]
to = ["handler", "unit"]
channel = "mail"
"""


@pytest.fixture
def office_with_mail(folder: Path, letterbox: Any) -> Path:
    """An office whose reminders go to the mail server."""
    path = folder / "config.toml"
    more = SETTINGS.format(port=letterbox.port, ca_file=letterbox.ca_file)
    text = path.read_text("utf-8").replace(
        'role = "clerk"\n', 'role = "clerk"\nemail = "clerk@example.org"\n', 1
    )
    path.write_text(text + more, "utf-8")
    (folder / "mail.password").write_text("öffne-密码-7", "utf-8")
    return path


def register(run: Run, received: str, subject: str) -> str:
    found = run("register", "--kind", "natural_person", "--name", "欧阳明月", "--channel", "online",
                "--received", received, "--subject", subject, "--json")  # fmt: skip
    assert found.status == 0, found.err
    return str(found.json["number"])


def bodies(letterbox: Any) -> dict[str, str]:
    letters = [email.message_from_bytes(one, policy=email.policy.default) for one in letterbox.letters]
    return {str(one["To"]): one.get_body().get_content() for one in letters}


@pytest.mark.usefixtures("office_with_mail")
def test_handler_and_unit_get_one_letter_each(run: Run, letterbox: Any) -> None:
    """Two cases, one of them with a unit: the handler is told of both, the unit of its own; no names."""
    late = register(run, "2026-10-20", "逾期的")
    near = register(run, "2026-11-02", "将到期的")
    assert run("assign", near, "--unit", "law").status == 0

    did = run("remind", "--json")

    assert (did.status, len(did.json["sent"])) == (0, 2), did.err
    found = bodies(letterbox)
    assert set(found) == {"经办人 <clerk@example.org>", "法规科 <law@example.org>"}
    handler, unit = found["经办人 <clerk@example.org>"], found["法规科 <law@example.org>"]
    assert handler.index(late) < handler.index(near)
    assert late not in unit
    assert near in unit
    assert not any("欧阳" in text for text in found.values())
    assert run("remind", "--json").json["sent"] == []


@pytest.mark.usefixtures("office_with_mail")
def test_a_server_that_is_busy_gets_the_letter_later(run: Run, letterbox: Any) -> None:
    """A refusal for now: written down with its words, tried again, arrived; the password is never shown."""
    register(run, "2026-11-02", "将到期的")
    letterbox.at_data = "452 out of room"
    first = run("remind")
    log = run("remind", "--log", "--json")
    letterbox.at_data = "250 OK"
    second = run("remind", "--json", today="2026-11-25")

    assert first.status == 0
    assert "452 out of room" in first.err
    assert [(one["status"], one["problem"]) for one in log.json] == [
        ("waiting", "邮件服务器 127.0.0.1 拒收：452 out of room。")
    ]
    assert [one["attempts"] for one in second.json["sent"]] == [2]
    assert len(letterbox.letters) == 1
    assert "密码-7" not in first.out + first.err + log.out
