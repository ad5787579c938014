"""Mail over SMTP: encrypted by default, with a limit on waiting, and with passwords of any script."""

import base64
import smtplib
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from requestflow.channel_settings import Mail
from requestflow.delivery.channel import Digest, Undelivered
from requestflow.delivery.secret import read_secret
from requestflow.delivery.trust import trust, unreached

_PORTS = {"starttls": 587, "ssl": 465, "none": 25}
_LASTING = 500  # replies from here on: trying again does not help


class _Conversation(smtplib.SMTP):
    """Talk with a server that knows whether the letter itself is already on its way."""

    handed_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Sends the letter; from here on silence does not mean that it was not taken."""
        self.handed_over = True
        return super().data(msg)


class _EncryptedConversation(_Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


class MailChannel:
    """Sends digests as plain text through one server."""

    def __init__(self, settings: Mail, folder: Path) -> None:
        self._settings = settings
        self._folder = folder

    def send(self, digest: Digest) -> None:
        """Hands the digest to the server.

        Raises:
            Undelivered: the server is not reached, hangs, refuses the log-in or the message.
        """
        smtp: _Conversation | None = None
        try:
            smtp = self._connected()
            self._log_in(smtp)
            smtp.send_message(self._message(digest))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise self._undelivered(error, handed_over=smtp is not None and smtp.handed_over) from None
        else:
            with suppress(smtplib.SMTPException, OSError):  # it is taken already
                smtp.quit()
        finally:
            if smtp is not None:
                smtp.close()

    def _undelivered(self, error: Exception, *, handed_over: bool) -> Undelivered:
        """What a fault of the conversation means; without an answer to the whole letter it is unsure."""
        host = self._settings.host
        if isinstance(error, smtplib.SMTPNotSupportedError) and "STARTTLS" in str(error):
            return Undelivered("mail_without_starttls", host=host)
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, said = next(iter(error.recipients.values()))
            return Undelivered(
                "mail_refused", lasting=code >= _LASTING, host=host, said=_said(code, said)
            )
        if isinstance(error, smtplib.SMTPResponseException):
            code, reply = error.smtp_code, _said(error.smtp_code, error.smtp_error)
            if isinstance(error, smtplib.SMTPAuthenticationError):
                return Undelivered("mail_login_refused", host=host, said=reply)
            return Undelivered("mail_refused", lasting=code >= _LASTING, host=host, said=reply)
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            seconds = self._settings.timeout
            return Undelivered("channel_timeout", unsure=handed_over, host=host, seconds=seconds)
        return unreached(host, error, unsure=handed_over)

    def _connected(self) -> _Conversation:
        settings = self._settings
        port = settings.port or _PORTS[settings.tls]
        if settings.tls == "ssl":
            return _EncryptedConversation(
                settings.host, port, timeout=settings.timeout,
                context=trust(self._folder, settings.ca_file),
            )  # fmt: skip
        smtp = _Conversation(settings.host, port, timeout=settings.timeout)
        if settings.tls == "starttls":
            try:
                smtp.starttls(context=trust(self._folder, self._settings.ca_file))
            except BaseException:
                smtp.close()
                raise
        return smtp

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        settings = self._settings
        if not settings.user:
            return
        password = read_secret(self._folder, settings.password_env, settings.password_file)
        if settings.user.isascii() and password.isascii():
            smtp.login(settings.user, password)
        else:
            _log_in_by_octets(smtp, settings.user, password)

    def _message(self, digest: Digest) -> EmailMessage:
        message = EmailMessage(policy=WIRE)
        name, sender = parseaddr(self._settings.sender)
        message["Subject"] = digest.subject
        message["From"] = Address(name, addr_spec=sender)
        message["To"] = Address(digest.name, addr_spec=digest.address or "")
        message["Date"] = format_datetime(digest.at)
        message["Message-ID"] = f"<{digest.token}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(digest.text)
        return message


def _log_in_by_octets(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """AUTH with signs beyond ASCII, as RFC 4616 has it: the library's own `login` knows ASCII alone."""
    smtp.ehlo_or_helo_if_needed()
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        code, said = smtp.docmd("AUTH", "PLAIN " + _octets(f"\0{user}\0{password}"))
    else:
        code, said = smtp.docmd("AUTH", f"LOGIN {_octets(user)}")
        if code == 334:  # noqa: PLR2004  the server asks for the password
            code, said = smtp.docmd(_octets(password))
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, said)


def _octets(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:200]
