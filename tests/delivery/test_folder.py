"""A folder of digests, the screen, and the library for all other services."""

from collections.abc import Callable
from pathlib import Path

import pytest

from requestflow.delivery.apprise_services import AppriseChannel
from requestflow.delivery.channel import Digest, Undelivered
from requestflow.delivery.folder import ConsoleChannel, FolderChannel

Making = Callable[..., Digest]
foreign = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what that library imports


def test_a_digest_is_one_file_however_often_it_is_sent(tmp_path: Path, digest: Making) -> None:
    """A second sending takes the place of the first; nothing half written is left."""
    channel = FolderChannel(tmp_path / "reminders")
    channel.send(digest())
    channel.send(digest())

    (path,) = (tmp_path / "reminders").iterdir()
    assert path.name == "2026-11-24-clerk-01234567.txt"
    assert path.read_text("utf-8").startswith("【示例局】待办提醒\n经办人\n\n")
    assert digest().text in path.read_text("utf-8")


def test_a_folder_that_cannot_be_is_said(tmp_path: Path, digest: Making) -> None:
    """A file where the folder should be."""
    (tmp_path / "reminders").write_text("", "utf-8")

    with pytest.raises(Undelivered) as found:
        FolderChannel(tmp_path / "reminders").send(digest())

    assert (found.value.code, found.value.lasting) == ("folder_unwritable", False)


def test_the_screen_shows_the_whole(digest: Making) -> None:
    """Subject, addressee and text."""
    said: list[str] = []
    ConsoleChannel(said.append).send(digest())

    assert said == [f"【示例局】待办提醒 → 经办人\n{digest().text}"]


@foreign
def test_an_address_that_apprise_does_not_know_is_given_up(digest: Making) -> None:
    """An address of no service can never be sent to."""
    with pytest.raises(Undelivered) as found:
        AppriseChannel().send(digest(address="nosuch://x"))

    assert (found.value.code, found.value.lasting) == ("apprise_address", True)


@foreign
def test_apprise_sends_to_a_service_of_its_own(digest: Making, robot: object) -> None:
    """A digest goes out through the library's own way to a web address."""
    pytest.importorskip("apprise")
    url = str(getattr(robot, "url", "")).replace("http://", "json://").partition("?")[0]

    AppriseChannel().send(digest(address=url))

    (body,) = getattr(robot, "bodies", [])
    assert body["title"] == "【示例局】待办提醒"
    assert "2026-0001" in body["message"]
