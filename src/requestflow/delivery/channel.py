"""What every way of sending has in common: the digest, the promise to send it, and how that fails."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from requestflow.errors import RequestflowError


@dataclass(frozen=True, slots=True)
class Digest:
    """All that is told to one addressee by one channel on one day; the words are ready.

    `token` stays the same however often it is sent, so that the other side can see a double.
    `more` says that `{count}` lines are left out, where a channel takes no longer text.
    """

    recipient: str
    name: str
    address: str | None
    day: date
    at: datetime
    token: str
    subject: str
    head: str
    lines: tuple[str, ...]
    foot: str
    more: str

    @property
    def text(self) -> str:
        """The whole of it."""
        return "\n".join([self.head, "", *self.lines, "", self.foot]) + "\n"

    def within(self, octets: int) -> str:
        """The subject and as many lines as fit into so many bytes of UTF-8, and how many do not."""
        for kept in range(len(self.lines), -1, -1):
            left_out = len(self.lines) - kept
            more = [self.more.replace("{count}", str(left_out))] if left_out else []
            text = "\n".join([self.subject, self.head, *self.lines[:kept], *more])
            if len(text.encode()) <= octets:
                return text
        return self.subject.encode()[:octets].decode(errors="ignore")


class Undelivered(RequestflowError):
    """A digest did not go out; `lasting` where trying again as it is cannot help.

    `unsure` where it was handed over whole and no answer came: it may have arrived.
    """

    def __init__(
        self, code: str, /, *, lasting: bool = False, unsure: bool = False, **facts: object
    ) -> None:
        super().__init__(code, **facts)
        self.lasting = lasting
        self.unsure = unsure


class Channel(Protocol):
    """A way by which a digest reaches somebody."""

    def send(self, digest: Digest) -> None:
        """Sends a digest; returns once the other side has taken it.

        Raises:
            Undelivered: it has not.
        """
        ...
