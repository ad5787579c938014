"""Which channel a name of the settings opens."""

from collections.abc import Callable
from pathlib import Path

from requestflow.channel_settings import Channels, Folder
from requestflow.delivery.channel import Channel


def open_channel(name: str, settings: Channels, folder: Path, write: Callable[[str], None]) -> Channel:
    """The channel of that name.

    Args:
        name: one of `Channels`.
        settings: what is set up.
        folder: what relative paths are relative to.
        write: where the screen is.
    """
    if name == "mail" and settings.mail is not None:
        from requestflow.delivery.mail import MailChannel

        return MailChannel(settings.mail, folder)
    if name == "apprise":
        from requestflow.delivery.apprise_services import AppriseChannel

        return AppriseChannel()
    robot = {"wecom": settings.wecom, "dingtalk": settings.dingtalk, "feishu": settings.feishu}.get(name)
    if robot is not None:
        from requestflow.delivery.webhooks import POSTINGS, RobotChannel

        return RobotChannel(POSTINGS[name], robot, folder)
    from requestflow.delivery.folder import ConsoleChannel, FolderChannel

    if name == "file":
        return FolderChannel(folder / (settings.file or Folder()).folder)
    return ConsoleChannel(write)
