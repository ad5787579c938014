"""Databases that are locked, read-only, missing or damaged: a sentence each, and nothing changed."""

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
SEED = 20261124
READING = [["list"], ["due"], ["show", "2026-0001"], ["next", "2026-0001"], ["deadline", "2026-0001"],
           ["similar", "2026-0001"], ["rollup", "2026"], ["verify"]]  # fmt: skip
WRITING = [
    ["transition", "2026-0001", "accept"],
    ["transition", "2026-0001", "accept", "--dry-run"],
    ["void", "2026-0001", "--reason", "x"],
    ["amend", "2026-0001", "--entry", "1", "--set", "subject=x", "--reason", "x"],
    ["register", "--kind", "natural_person", "--name", "王", "--channel", "online",
     "--received", "2026-11-02", "--subject", "预算"],
]  # fmt: skip


@pytest.fixture
def _one_case(registered: Run) -> None:
    assert registered() == "2026-0001"


@pytest.fixture
def set_config(folder: Path) -> Callable[[str, str], None]:
    """Replaces a text of the office's config."""

    def replace(old: str, new: str) -> None:
        path = folder / "config.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return replace


@pytest.fixture
def whole(folder: Path, _one_case: None) -> bytes:
    """The database of an office with one case, as one file."""
    with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (folder / "requestflow.db").read_bytes()


@pytest.fixture
def replaced(folder: Path, whole: bytes) -> Callable[[bytes], None]:
    """Puts other bytes in the place of the database."""
    assert whole

    def write(contents: bytes) -> None:
        for path in folder.glob("requestflow.db*"):
            path.unlink()
        (folder / "requestflow.db").write_bytes(contents)

    return write


@pytest.fixture
def _locked(folder: Path, _one_case: None, set_config: Run) -> Iterator[None]:
    set_config("patience = 20", "patience = 1")
    with closing(sqlite3.connect(folder / "requestflow.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.slow
@pytest.mark.usefixtures("_locked")
@pytest.mark.parametrize("words", WRITING[:1] + WRITING[-1:], ids=lambda words: words[0])
def test_a_writer_who_waits_too_long_is_told(refused: Run, words: list[str]) -> None:
    """Where another is writing for longer than the office's patience, the step is refused."""
    assert refused(*words)["error"] == "database_busy"


@pytest.mark.usefixtures("_locked")
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_does_not_wait_for_a_writer(run: Run, words: list[str]) -> None:
    """Looking at the register goes on while another is writing."""
    assert run(*words).status == 0


@pytest.fixture
def _read_only(folder: Path, _one_case: None, set_config: Run) -> None:
    place = f"file:{folder}/requestflow.db?mode=ro&uri=true"
    set_config("sqlite:///requestflow.db", f"sqlite:///{place}")


@pytest.mark.usefixtures("_read_only")
@pytest.mark.parametrize("words", WRITING, ids=lambda words: " ".join(words)[:40])
def test_a_read_only_database_takes_no_step(refused: Run, words: list[str]) -> None:
    """Writing to a database that may only be read is refused, and says so."""
    error = refused(*words)

    assert error["error"] == "database_read_only"
    assert "requestflow.db" in error["message"]


@pytest.mark.usefixtures("_read_only")
def test_a_register_is_not_imported_into_a_read_only_database(refused: Run, register_file: Run) -> None:
    """An import into a database that may only be read is refused."""
    path = register_file("收到日期,申请人类型", "2026-01-05,自然人")

    assert refused("import", path)["error"] == "database_read_only"


@pytest.mark.usefixtures("_read_only")
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_read_only_database_is_read(run: Run, words: list[str]) -> None:
    """Every reading command works on a database that may only be read."""
    assert run(*words).status == 0


@pytest.mark.usefixtures("_one_case")
@pytest.mark.parametrize("words", [*READING, *WRITING], ids=lambda words: " ".join(words)[:40])
def test_a_missing_database_is_named_and_not_made(run: Run, folder: Path, words: list[str]) -> None:
    """Where the database is missing, every command says which file, and makes none."""
    for path in folder.glob("requestflow.db*"):
        path.unlink()

    result = run(*words, "--json")

    assert (result.status, result.out) == (1, "")
    assert result.error["error"] == "database_missing"
    assert str(folder / "requestflow.db") in result.error["message"]
    assert not list(folder.glob("requestflow.db*"))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _whole: b"",
    "text": lambda _whole: b"hello world " * 500,
    "a config": lambda _whole: b"[office]\nname = 'x'\n",
    "no head": lambda whole: bytes(100) + whole[100:],
    "cut in half": lambda whole: whole[: len(whole) // 2],
    "cut by its last page": lambda whole: whole[:-4096],
    "cut to a page": lambda whole: whole[:4096],
    "a page of zeros": lambda whole: whole[:4096] + bytes(4096) + whole[8192:],
    "zeros behind the first page": lambda whole: whole[:4096] + bytes(len(whole) - 4096),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_said_to_be_damaged(
    run: Run, folder: Path, whole: bytes, replaced: Run, damage: str
) -> None:
    """A file that is no database any more is refused by every command, and stays as it is."""
    contents = DAMAGES[damage](whole)
    replaced(contents)

    for words in (*READING, *WRITING):
        result = run(*words, "--json")
        assert (result.status, result.out) == (1, ""), (words, result.err)
        assert result.error["error"] in ("database_damaged", "database_not_initialised")
    assert (folder / "requestflow.db").read_bytes() == contents


def test_a_database_that_lost_its_last_byte_is_never_read_wrongly(
    run: Run, folder: Path, whole: bytes, replaced: Run
) -> None:
    """Where the lost page holds nothing that a command reads it answers as before, else it is refused."""
    replaced(whole)
    before = {" ".join(words): run(*words, "--json").out for words in READING}
    replaced(whole[:-1])

    for words in READING:
        result = run(*words, "--json")
        if result.status == 0:
            assert result.out == before[" ".join(words)]
        else:
            assert result.error["error"] == "database_damaged"
    assert (folder / "requestflow.db").read_bytes() == whole[:-1]


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(30))
def test_bytes_that_went_wrong_are_never_a_fault_of_ours(
    run: Run, whole: bytes, replaced: Run, turn: int
) -> None:
    """However many bytes of the file went wrong, each command answers: done, or refused."""
    dice = random.Random(SEED + turn)
    contents = bytearray(whole)
    for _ in range(dice.choice((1, 20, 400))):
        contents[dice.randrange(100, len(contents))] = dice.randrange(256)
    replaced(bytes(contents))

    for words in (["list"], ["show", "2026-0001"], ["rollup", "2026"], ["verify"], WRITING[0]):
        result = run(*words, "--json")
        assert result.status in (0, 1), (words, result.err)


@pytest.mark.usefixtures("_one_case")
@pytest.mark.parametrize(
    "address",
    ["", "garbage", "sqlite", "mysql://x/y", "sqlite+nosuch:///a.db", "oracle+x://", "postgresql://u:p@h:port/x",
     "sqlite:///requestflow.db?timeout=abc"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(run: Run, set_config: Run, dump: Run, address: str) -> None:
    """A database address that leads nowhere is a fault of the config: exit 1, with the address."""
    set_config("sqlite:///requestflow.db", address)
    before = dump()

    result = run(*WRITING[0], "--json")

    assert (result.status, result.out) == (1, ""), result.err
    assert len(result.err.strip().splitlines()) == 1
    assert json.loads(result.err)["message"]
    assert dump() == before


@pytest.mark.usefixtures("_one_case")
def test_an_option_that_an_address_does_not_have_is_answered_properly(
    process: Run, set_config: Run
) -> None:
    """An option of an address that means nothing is refused or dropped, without a library's warning."""
    set_config("sqlite:///requestflow.db", "sqlite:///requestflow.db?mode=ro")

    result = process("--today", "2026-11-24", "list")

    assert result.returncode in (0, 1)
    assert "Warning" not in result.stderr.decode()


@pytest.mark.usefixtures("_one_case")
def test_a_password_of_the_address_is_not_printed(run: Run, set_config: Run) -> None:
    """A refusal that names the database's address leaves its password out."""
    set_config("sqlite:///requestflow.db", "nosuchengine://user:geheim@host/x")

    result = run("list")

    assert result.status in (1, 2)
    assert "geheim" not in result.err


@pytest.mark.usefixtures("_one_case")
def test_another_offices_database_is_refused(run: Run, set_config: Run) -> None:
    """A config with another office's name does not open this one's register."""
    set_config('name = "示例县发展和改革局"', 'name = "另一单位"')

    for words in (READING[0], WRITING[0]):
        result = run(*words, "--json")
        assert (result.status, result.error["error"]) == (1, "office_unknown")
        assert "示例县发展和改革局" in result.error["message"]


@pytest.mark.usefixtures("_one_case")
@pytest.mark.parametrize("revision", ["9999", None])
def test_a_database_of_another_version_is_refused(run: Run, sql: Run, revision: str | None) -> None:
    """A database that was made by another version of the program is not touched."""
    sql("UPDATE alembic_version SET version_num = ?" if revision else "DELETE FROM alembic_version",
        *([revision] if revision else []))  # fmt: skip

    for words in (READING[0], WRITING[0]):
        result = run(*words, "--json")
        assert (result.status, result.error["error"]) == (1, "database_revision")


@pytest.mark.usefixtures("_one_case")
def test_a_database_of_another_program_is_refused(run: Run, replaced: Run, folder: Path) -> None:
    """A database that holds something else is refused, and stays as it is."""
    replaced(b"")
    with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")

    result = run(*WRITING[0], "--json")

    assert (result.status, result.error["error"]) == (1, "database_not_initialised")


@pytest.mark.usefixtures("_one_case")
def test_the_name_of_a_database_is_printed_as_it_is(run: Run, tmp_path: Path, set_config: Run) -> None:
    """A path with Chinese signs is named in a refusal as it is written, not in a code."""
    place = tmp_path / "文件 夹" / "数据.db"
    place.parent.mkdir()
    place.write_bytes(b"x" * 5000)
    set_config("sqlite:///requestflow.db", f"sqlite:///{place}")

    assert "文件 夹/数据.db" in run("list").err


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "sqlite:////proc/none/all.db"])
def test_an_init_that_fails_leaves_no_folder(run: Run, tmp_path: Path, address: str) -> None:
    """What could not be founded leaves nothing behind, and what was there before stays."""
    folder = tmp_path / "a" / "b"

    result = run("init", str(folder), "--office", "甲", "--database", address)

    assert result.status != 0
    assert not (tmp_path / "a").exists()
    assert tmp_path.exists()
