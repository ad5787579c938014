"""The other side: a mail server, robots of groups, and hosts that hang, drop or are not there."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from requestflow.delivery.channel import Digest

TOKEN = "0123456789abcdef0123456789abcdef"
USER, PASSWORD = "clerk", "öffne-密码-7"
MOMENT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def digest() -> Callable[..., Digest]:
    """A digest of some lines."""

    def call(lines: int = 2, address: str | None = "a@example.org") -> Digest:
        return Digest(
            recipient="clerk", name="经办人", address=address, day=date(2026, 11, 24), at=MOMENT,
            token=TOKEN, subject="【示例局】待办提醒", head="经办人：",
            lines=tuple(f"{n}. 2026-{n:04} 答复" for n in range(1, lines + 1)), foot="请勿回复",
            more="另有 {count} 项",
        )  # fmt: skip

    return call


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Letterbox:
    """What a mail server has taken, and what it says to the next letter."""

    letters: list[Any] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    at_rcpt: str = "250 OK"
    at_data: str = "250 OK"
    at_quit: str = "221 Bye"
    drops: bool = False
    port: int = 0
    ca_file: Path = Path()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str,  # noqa: N802
                          _options: Any) -> str:  # fmt: skip
        """Takes an addressee, or not."""
        if self.at_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Takes a letter, or not; or takes it and hangs up before it says so."""
        if self.at_data.startswith("250"):
            self.letters.append(envelope.content)
            self.recipients += envelope.rcpt_tos
        if self.drops:
            server.transport.abort()
        return self.at_data

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        """Parts."""
        return self.at_quit


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A certificate for this machine, and the file of the authority that signed it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return context, path


@pytest.fixture
def letterbox(authority: tuple[ssl.SSLContext, Path]) -> Iterator[Letterbox]:
    """A mail server that wants encryption and a log-in."""
    box = Letterbox(port=free_port(), ca_file=authority[1])

    def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        box.logins.append((data.login, data.password))
        known = (USER.encode(), PASSWORD.encode())
        return AuthResult(success=(data.login, data.password) == known, handled=False)

    server = Controller(
        box, hostname="127.0.0.1", port=box.port, tls_context=authority[0], require_starttls=True,
        auth_required=True, authenticator=login,
    )  # fmt: skip
    server.start()
    yield box
    server.stop()


@dataclass
class Robot:
    """What a robot was sent, and how it answers."""

    url: str = ""
    status: int = 200
    answer: bytes = b'{"errcode": 0, "errmsg": "ok"}'
    drops: bool = False
    paths: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)


@pytest.fixture
def robot() -> Iterator[Robot]:
    """A receiver on this machine."""
    found = Robot()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            found.paths.append(self.path)
            found.bodies.append(json.loads(self.rfile.read(length)))
            if found.drops:
                self.close_connection = True
                return
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", found.url)
            self.send_header("Content-Length", str(len(found.answer)))
            self.end_headers()
            self.wfile.write(found.answer)

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}/robot?key=geheim-123"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def host() -> Iterator[Callable[[str], int]]:
    """The port of a host that hangs (takes a caller and says nothing) or drops (and hangs up)."""
    listeners: list[socket.socket] = []
    kept: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def call(how: str) -> int:
        if how == "absent":
            return free_port()
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def answer() -> None:
            with suppress(OSError):
                kept.append(listener.accept()[0])
                if how == "drops":
                    kept.pop().close()

        threads.append(threading.Thread(target=answer))
        threads[-1].start()
        return int(listener.getsockname()[1])

    yield call
    for one in listeners:
        one.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join()
    for one in [*listeners, *kept]:
        one.close()
