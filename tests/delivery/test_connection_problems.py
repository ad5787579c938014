"""Why a connection does not come about is said in the reader's language, the technical words at its end."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from requestflow.delivery.trust import unreached
from requestflow.messages.catalogue import Catalogue

HOST = "mail.example.org"


def _refusal(server: ssl.SSLContext, client: ssl.SSLContext) -> ssl.SSLError:
    """How a client that asks for HOST refuses a server: a handshake in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    calling = client.wrap_bio(to_client, to_server, server_hostname=HOST)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for _turn in range(6):
        for side in (calling, answering):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError as error:
                return error
    raise AssertionError


def _server(
    authority: trustme.CA, name: str = HOST, not_after: datetime | None = None
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=not_after).configure_cert(context)
    return context


def _client(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def _said(error: Exception) -> tuple[str, str]:
    told = unreached(HOST, error)
    zh, en = (Catalogue(lang).say(told.code, told.facts).message for lang in ("zh", "en"))
    return zh.removeprefix(f"连不上 {HOST}："), en.removeprefix(f"{HOST} cannot be reached: ")


def test_a_certificate_whose_time_is_over_is_said_to_be_expired() -> None:
    """In Chinese and English, OpenSSL's own words in brackets."""
    authority = trustme.CA()
    over = datetime.now(UTC) - timedelta(days=1)

    zh, en = _said(_refusal(_server(authority, not_after=over), _client(authority)))

    assert zh == "对方的证书已过期（certificate has expired）。"
    assert en == "its certificate has expired (certificate has expired)."


def test_a_certificate_of_another_host_is_said_to_be_one() -> None:
    """The name that was asked for is not among the certificate's."""
    authority = trustme.CA()

    zh, en = _said(_refusal(_server(authority, name="other.example.org"), _client(authority)))

    assert zh.startswith("证书不是给这个主机名的")
    assert "another host name" in en
    assert HOST in zh


def test_an_authority_that_is_not_known_is_said_to_be_unknown() -> None:
    """With the setting that helps."""
    zh, en = _said(_refusal(_server(trustme.CA()), _client(trustme.CA())))

    assert "不认识签发对方证书的机构" in zh or "自签" in zh
    assert "ca_file" in zh
    assert "ca_file" in en


def test_an_end_that_speaks_no_tls_is_said_to_speak_none() -> None:
    """A greeting in plain text where a handshake should be."""
    to_client = ssl.MemoryBIO()
    to_client.write(b"220 mail.example.org ESMTP\r\n")
    calling = ssl.create_default_context().wrap_bio(to_client, ssl.MemoryBIO(), server_hostname=HOST)
    with pytest.raises(ssl.SSLError) as refused:
        calling.do_handshake()

    zh, en = _said(refused.value)

    assert zh.startswith("对方在这个端口上不用 TLS")
    assert en.startswith("it speaks no TLS on this port")


def test_a_name_that_nobody_knows_and_a_door_that_is_shut() -> None:
    """Names that cannot be looked up, and a refused connection."""
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    shut = ConnectionRefusedError(111, "Connection refused")

    assert _said(unknown)[0] == "没有这个主机名，或者域名解析不通（Name or service not known）。"
    assert _said(shut)[0] == "对方拒绝连接。"
