"""Passes that are killed, that meet, that are told to stop: nothing is lost, and nothing unmarked is doubled."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
PATIENCE = 60  # seconds after which something that should have happened counts as missing
SETTINGS = """
[channels.wecom]
url = "{url}"
timeout = 30

[remind]
lease = 5

[[remind.rules]]
limits = ["answer"]
before = [5, 2, 1]
to = ["handler"]
channel = "wecom"
"""
REGISTER = ("register", "--kind", "natural_person", "--name", "申请人甲", "--channel", "online",
            "--received", "2026-11-02", "--subject", "年度预算")  # fmt: skip

pytestmark = pytest.mark.slow


@dataclass
class Robot:
    """A robot that answers when it is let, and tells when it was called."""

    url: str = ""
    texts: list[str] = field(default_factory=list)
    called: threading.Event = field(default_factory=threading.Event)
    let: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def robot() -> Iterator[Robot]:
    """A receiver on this machine."""
    found = Robot()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.texts.append(body["text"]["content"])
            found.called.set()
            found.let.wait(PATIENCE)
            answer = b'{"errcode": 0, "errmsg": "ok"}'
            try:
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            except ConnectionError:  # the caller was killed
                self.close_connection = True

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield found
    found.let.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def office_of(folder: Path, start: Run, ended: Run, robot: Robot) -> Path:
    """An office with one case that is due soon, whose reminders go to the robot."""
    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8") + SETTINGS.format(url=robot.url), "utf-8")
    assert ended(start(*REGISTER))[0] == 0
    return path


@pytest.fixture
def passing(office_of: Path, ended: Run) -> Callable[[str], tuple[int, Any, str]]:
    """Runs a whole pass on a day."""

    def call(day: str) -> tuple[int, Any, str]:
        words = [
            sys.executable,
            "-m",
            "requestflow",
            "--config",
            str(office_of),
            "--today",
            day,
            "remind",
            "--json",
        ]
        status, out, err = ended(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        return status, json.loads(out), err

    return call


@pytest.fixture
def log(office_of: Path, start: Run, ended: Run) -> Callable[[], Any]:
    """What the program says of its digests."""
    del office_of
    return lambda: json.loads(ended(start("remind", "--log", "--json"))[1])


def test_a_pass_that_is_killed_between_claim_and_answer_is_made_up_once_and_marked(
    robot: Robot, start: Run, passing: Run, log: Run
) -> None:
    """Whether it went out is not known: it is sent once more when the claim is old, and says so itself."""
    process = start("remind")
    assert robot.called.wait(PATIENCE)
    process.kill()
    process.communicate()
    assert [(one["status"], one["attempts"]) for one in log()] == [("claimed", 1)]
    robot.let.set()

    _status, waits, _err = passing("2026-11-24")
    assert waits["sent"] == []  # it may still be on its way
    assert waits["next_at"] is not None  # a watch looks again as soon as the claim is old
    _status, did, _err = passing("2026-11-25")
    assert [(one["attempts"], one["doubled"]) for one in did["sent"]] == [(2, True)]
    assert passing("2026-11-25")[1]["sent"] == []

    assert len(robot.texts) == 2
    assert ["可能重复" in text for text in robot.texts] == [False, True]
    assert [(one["status"], one["doubled"]) for one in log()] == [("sent", True)]


def test_passes_at_once_send_once(office_of: Path, robot: Robot, start: Run, ended: Run) -> None:
    """Four passes that begin together send one letter between them."""
    robot.let.set()
    running = [start("--config", office_of, "remind", "--json") for _ in range(4)]
    results = [ended(process) for process in running]

    assert [status for status, _out, _err in results] == [0] * 4, results
    said = [json.loads(out) for _status, out, _err in results]
    assert sum(one["claimed"] for one in said) == 1
    assert sum(len(one["sent"]) for one in said) == 1
    assert len(robot.texts) == 1


@pytest.fixture
def watch(office_of: Path) -> Iterator[subprocess.Popen[str]]:
    """A watch as a process of its own."""
    words = [sys.executable, "-m", "requestflow", "--config", str(office_of), "--today", "2026-11-24",
             "remind", "--watch", "--json"]  # fmt: skip
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_watch_passes_at_once_and_stops_when_told(
    watch: subprocess.Popen[str], robot: Robot, log: Run, number: int
) -> None:
    """The first pass comes with the start; a signal ends the watch with status 0."""
    robot.let.set()
    assert watch.stdout is not None
    first = json.loads(watch.stdout.readline())
    assert [one["recipient"] for one in first["sent"]] == ["clerk"]
    watch.send_signal(number)
    _out, err = watch.communicate(timeout=PATIENCE)

    assert "[remind] quiet" in err  # it says that it sends at any time of a working day
    assert watch.returncode == 0
    assert err.splitlines()[0].startswith("值守开始：每天 08:30、14:30（Asia/Shanghai）")
    assert err.splitlines()[-1] == "值守结束。"
    assert [one["status"] for one in log()] == ["sent"]


def test_a_watch_that_is_told_to_stop_ends_its_pass_first(
    watch: subprocess.Popen[str], robot: Robot, log: Run
) -> None:
    """What is on its way when the signal comes is sent and written down before the watch ends."""
    assert robot.called.wait(PATIENCE)
    watch.send_signal(signal.SIGTERM)
    robot.let.set()
    watch.communicate(timeout=PATIENCE)

    assert watch.returncode == 0
    assert [(one["status"], one["attempts"]) for one in log()] == [("sent", 1)]
    assert len(robot.texts) == 1


def test_a_watch_outlives_a_pass_that_fails(office_of: Path) -> None:
    """A database that is away is reported, and the watch goes on until it is told to stop."""
    (office_of.parent / "requestflow.db").rename(office_of.parent / "away.db")
    words = [sys.executable, "-m", "requestflow", "--config", str(office_of), "remind", "--watch"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stderr is not None
    said = [process.stderr.readline() for _ in range(3)]
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=PATIENCE)

    assert "值守继续" in said[2]
    assert (process.returncode, err.strip()) == (0, "值守结束。")
