"""Whom a channel trusts at the other end, and what is wrong where a connection does not come about."""

import errno
import socket
import ssl
from pathlib import Path

from requestflow.delivery.channel import Undelivered

# why a certificate is not trusted, by OpenSSL's numbers (X509_V_ERR_…)
_CERTIFICATE = {
    9: "tls_not_yet",
    10: "tls_expired",
    18: "tls_self_signed",
    19: "tls_self_signed",
    2: "tls_unknown_authority",
    20: "tls_unknown_authority",
    21: "tls_unknown_authority",
    62: "tls_other_name",
    64: "tls_other_name",
}
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"})
_LONGEST = 200


def trust(folder: Path, ca_file: str | None) -> ssl.SSLContext:
    """A TLS context that checks the other end's certificate and name.

    Args:
        folder: the office's, that the file is relative to.
        ca_file: authorities that are trusted instead of the machine's.
    """
    return ssl.create_default_context(cafile=str(folder / ca_file) if ca_file else None)


def unreached(host: str, error: Exception, *, unsure: bool = False) -> Undelivered:
    """That a host was not reached, and why, without anything that was sent.

    `unsure` where what was sent may have arrived all the same.
    The technical words stand at the end of the sentence, for whoever keeps the server.
    """
    if isinstance(error, ssl.SSLEOFError):  # hung up in the middle of the handshake
        error = ConnectionResetError(errno.ECONNRESET, _said(error))
    code = _code(error)
    if code is not None:
        return Undelivered(code, unsure=unsure, host=host, said=_said(error))
    told = isinstance(error, OSError) and error.strerror  # the catalogues know it by its number
    problem = error if told else _said(error)
    return Undelivered("channel_unreachable", unsure=unsure, host=host, problem=problem)


def _code(error: Exception) -> str | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(error.verify_code, "tls_otherwise")
    if isinstance(error, ssl.SSLError):
        return "tls_not_spoken" if error.reason in _NO_TLS else "tls_otherwise"
    return "host_unknown" if isinstance(error, socket.gaierror) else None


def _said(error: Exception) -> str:
    """The library's own words, in one line."""
    words = getattr(error, "verify_message", None) or getattr(error, "strerror", None) or str(error)
    return " ".join((words or type(error).__name__).split())[:_LONGEST].rstrip(".")
