"""The same program on PostgreSQL: the same answers, and clerks who do not get in each other's way."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
WHO = (
    "--kind",
    "natural_person",
    "--name",
    "申请人甲",
    "--channel",
    "online",
    "--received",
    "2026-11-02",
)
REGISTER = ("register", *WHO, "--json")
CLERKS = 6

pytestmark = pytest.mark.slow


def test_a_case_goes_its_way(done: Run, rows: Run) -> None:
    """Registered, asked about, extended, corrected, answered and served: each step as on a file."""
    number = done(*REGISTER, "--subject", "年度预算").json["number"]
    assert number == "2026-0001"
    for words in (
        ["transition", number, "accept", "--on", "2026-11-03"],
        ["assign", number, "--unit", "法规科", "--due", "2026-11-26"],
        ["transition", number, "consult_third_party", "--on", "2026-11-04", "--set", "party=某公司"],
        ["transition", number, "conclude_third_party", "--on", "2026-11-11", "--set", "opinion=agrees"],
        ["transition", number, "extend", "--by", "head", "--on", "2026-11-12", "--days", "5"],
        ["amend", number, "--entry", "2", "--set", "on=2026-11-02", "--reason", "日期记错"],
    ):
        done(*words)
    shown = done("show", number, "--json").json
    assert (shown["state"], shown["due"], shown["unit"]) == ("under_review", "2026-12-14", "法规科")
    done("transition", number, "decide", "--outcome", "disclosed.provided")
    done("transition", number, "deliver", "--set", "method=electronic")

    assert done("list", "--json").json[0]["state"] == "closed"
    assert done("due", "--json").json == []
    table = done("rollup", "2026", "--json").json
    assert table["rows"]["disclosed"][0] == 1
    assert all(identity["holds"] for identity in table["identities"])
    assert done("verify", "--json").json["holds"]
    assert rows("SELECT count(*) FROM entries") == [(9,)]


def test_what_is_looked_for_is_found(done: Run) -> None:
    """A search takes no notice of the case of letters, and takes signs of patterns as they are."""
    for subject in ("关于 ABC 项目", "完成 100% 的", "其他"):
        done(*REGISTER, "--subject", subject)

    assert [one["subject"] for one in done("list", "--search", "abc", "--json").json] == [
        "关于 ABC 项目"
    ]
    assert [one["subject"] for one in done("list", "--search", "0%", "--json").json] == ["完成 100% 的"]
    found = done("similar", "2026-0001", "--json").json
    assert isinstance(found, list)


def test_a_register_comes_in_whole_and_goes_on(done: Run, run: Run, tmp_path: Path) -> None:
    """Hundreds of rows are imported in one transaction; a register with a fault leaves nothing."""
    head = "收到日期,申请人类型,申请人,内容描述,办理结果,答复日期\n"
    good = tmp_path / "good.csv"
    good.write_text(head + "2026-01-05,自然人,甲,预算,予以公开,2026-01-20\n" * 300, "utf-8")
    bad = tmp_path / "bad.csv"
    bad.write_text(head + "2026-01-05,自然人,甲,预算,予以公开,2025-01-20\n", "utf-8")

    assert done("import", good, "--json").json["applications"] == 300
    assert run("import", bad).status == 1
    assert done("verify", "--json").json["applications"] == 300
    assert done("calendar", "refresh", "--json").json == []


def test_a_refused_step_changes_nothing(done: Run, run: Run, whole: Run) -> None:
    """What is refused leaves the server's tables as they were."""
    number = done(*REGISTER, "--subject", "年度预算").json["number"]
    before = whole()

    refused = run("transition", number, "decide", "--outcome", "partial", "--json")

    assert (refused.status, refused.error["error"]) == (1, "not_open_here")
    assert whole() == before


def test_clerks_at_once_get_numbers_without_gap(start: Run, ended: Run, done: Run, rows: Run) -> None:
    """Processes that register at once get numbers in a row, and the chain has no gap."""
    running = [start(*REGISTER, "--subject", f"第{place}件") for place in range(CLERKS)]
    results = [ended(process) for process in running]

    assert [(status, err) for status, _out, err in results] == [(0, "")] * CLERKS
    numbers = {json.loads(out)["number"] for _status, out, _err in results}
    assert numbers == {f"2026-{serial:04}" for serial in range(1, CLERKS + 1)}
    sequence = [place for (place,) in rows("SELECT sequence FROM entries ORDER BY sequence")]
    assert sequence == list(range(1, CLERKS + 1))
    assert done("verify", "--json").json["holds"]


def test_two_passes_at_once_tell_everything_once(start: Run, ended: Run, done: Run, rows: Run) -> None:
    """Of passes that begin together each reminder goes out by one."""
    for place in range(5):
        done(*REGISTER, "--subject", f"第{place}件")
    running = [start("remind", "--json") for _ in range(3)]
    results = [ended(process) for process in running]

    assert [status for status, _out, _err in results] == [0] * 3, results
    said = [json.loads(out) for _status, out, _err in results]
    assert sum(one["claimed"] for one in said) == 5
    assert sum(len(one["sent"]) for one in said) == 1
    assert rows("SELECT status, attempts, doubled FROM dispatches") == [("sent", 1, False)]


@pytest.mark.usefixtures("folder")
def test_two_offices_share_a_server(url: str, run: Run, done: Run, tmp_path: Path) -> None:
    """Offices on one database have their own numbers and chains; a name that is at work is not taken."""
    other = tmp_path / "other"
    assert run("init", other, "--office", "另一个局", "--database", url).status == 0
    done(*REGISTER, "--subject", "甲")
    done(*REGISTER, "--subject", "乙", config=other / "config.toml")

    assert [one["subject"] for one in done("list", "--json").json] == ["甲"]
    found = done("list", "--json", config=other / "config.toml").json
    assert [(one["number"], one["subject"]) for one in found] == [("2026-0001", "乙")]
    third = tmp_path / "third"
    refused = run("init", third, "--office", "另一个局", "--database", url, "--json")
    assert (refused.status, refused.error["error"]) == (1, "office_on_server")
    assert not (third / "config.toml").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("host=", "host=/nowhere"), "database_unreachable"),
        (("/t", "/u"), "database_unreachable"),
        (("psycopg", "nodriver"), "bad_database_url"),
    ],
    ids=["no server", "no such database", "no such driver"],
)
def test_a_server_that_cannot_be_used_is_said_so(
    folder: Path, url: str, run: Run, change: tuple[str, str], code: str
) -> None:
    """A server that is away, a database that is not there: one sentence, no traceback."""
    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8").replace(url, url.replace(*change, 1)), "utf-8")

    result = run("list", "--json")

    assert (result.status, result.error["error"]) == (1, code)
    assert "Traceback" not in result.err


def test_a_clerk_who_waits_in_vain_is_told(folder: Path, url: str, run: Run, done: Run) -> None:
    """Where somebody holds the office's row too long, the waiting ends with a word, and changes nothing."""
    import psycopg

    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8").replace("patience = 20", "patience = 1"), "utf-8")
    with psycopg.connect(url.replace("+psycopg", "")) as holding:
        holding.execute("SELECT id FROM offices FOR UPDATE")
        result = run(*REGISTER, "--subject", "年度预算")

        assert (result.status, result.error["error"]) == (1, "database_busy")
    assert done("list", "--json").json == []
