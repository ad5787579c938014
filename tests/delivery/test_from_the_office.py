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


@pytest.fixture
def office_with_robot(folder: Path, robot: Any) -> Callable[[str], None]:
    """An office whose reminders go to a group, with further keys of the channel."""

    def set_up(more: str = "") -> None:
        path = folder / "config.toml"
        rule = '[[remind.rules]]\nbefore = [5]\nevery = 1\nto = ["handler"]\nchannel = "wecom"\n'
        text = f'\n[channels.wecom]\nurl = "{robot.url}"\n{more}\n{rule}'
        path.write_text(path.read_text("utf-8") + text, "utf-8")

    return set_up


def test_a_robot_that_never_answers_gets_one_double_at_most(
    run: Run, robot: Any, office_with_robot: Any
) -> None:
    """It may have shown each: the second says that it may be a double, and there is no third."""
    office_with_robot()
    register(run, "2026-11-02", "将到期的")
    robot.drops = True

    days = [run("remind", "--json", today=f"2026-11-{day}") for day in (24, 25)]
    (log,) = run("remind", "--log", "--json").json

    assert [did.status for did in days] == [0, 1]
    assert (log["status"], log["attempts"], log["doubled"]) == ("given_up", 2, True)
    assert ["可能重复" in body["text"]["content"] for body in robot.bodies] == [False, True]


@pytest.mark.parametrize(("more", "told"), [("", False), ("subjects = true", True)])
def test_what_an_application_says_leaves_the_office_only_where_it_is_let(
    run: Run, robot: Any, office_with_robot: Any, more: str, told: bool
) -> None:
    """A group's robot is another's server: it hears of number and day, of the subject only if asked to."""
    office_with_robot(more)
    number = register(run, "2026-11-02", "将到期的")

    assert len(run("remind", "--json").json["sent"]) == 1
    [body] = robot.bodies
    assert number in body["text"]["content"]
    assert ("将到期的" in body["text"]["content"]) is told


def test_a_fault_of_ours_while_sending_is_written_down_whole(
    run: Run, folder: Path, office_with_robot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody sees a traceback; whoever mends it does, in a file for the owner's eyes alone."""
    office_with_robot()
    register(run, "2026-11-02", "将到期的")

    def broken(*_args: object) -> None:
        msg = "a fault of ours"
        raise KeyError(msg)

    monkeypatch.setattr("requestflow.delivery.webhooks._check", broken)
    did = run("remind", "--json")

    log = folder / "requestflow.log"
    assert len(did.json["waiting"]) == 1
    assert "Traceback" not in did.err
    assert "a fault of ours" in log.read_text("utf-8")
    assert log.stat().st_mode & 0o077 == 0
