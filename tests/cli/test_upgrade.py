"""`upgrade`: an older database is brought along, its cases and their history with it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from requestflow.storage import migrations
from requestflow.storage.schema import REVISION

Run = Callable[..., Any]


def _empty(path: Path, revision: str) -> None:
    """An empty database of a revision."""
    config = Config()
    config.set_main_option("script_location", str(migrations.__path__[0]))
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    engine.dispose()


def _refilled(path: Path, source: Path) -> None:
    """Every row of the tables that the first version had, by SQL."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ATTACH ? AS new", (str(source),))
        tables = connection.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table'"
        ).fetchall()
        for (table,) in tables:
            if table == "alembic_version":
                continue
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")  # noqa: S608
        connection.commit()


def _back(folder: Path, revision: str) -> Path:
    """The office's database as a version of that revision would hold it."""
    database, older = folder / "requestflow.db", folder / "older.db"
    _empty(older, revision)
    _refilled(older, database)
    for path in folder.glob("requestflow.db*"):
        path.unlink()
    older.rename(database)
    return database


@pytest.fixture
def old(folder: Path, registered: Run, moved: Run) -> Path:
    """The office with a database of the first version, in which cases stand at different places."""
    asked = registered(received="2026-11-02")
    moved(asked, "accept@2026-11-02", "consult_third_party@2026-11-03 --set party=甲公司")
    served = registered(received="2026-10-19")
    moved(served, "accept@2026-10-20", "decide@2026-11-03 --outcome partial", "deliver@2026-11-03")
    registered(received="2026-11-20")
    return _back(folder, "0001")


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_an_old_database_is_refused_with_the_command_that_helps(run: Run, old: Path) -> None:
    """No other command touches a database of an older version."""
    before = _dump(old)
    for words in (["list"], ["due"], ["verify"], ["show", "2026-0001"]):
        refused = run(*words, "--json")
        assert (refused.status, refused.error["error"]) == (1, "database_outdated")
        assert "requestflow upgrade" in refused.error["hint"]
    assert _dump(old) == before


def test_an_old_database_is_brought_along(run: Run, done: Run, folder: Path, old: Path) -> None:
    """After `upgrade` every case is there, what is owed is filled in, and `verify` holds."""
    before = _dump(old)

    said = done("upgrade", "--json").json

    assert (said["from"], said["to"], said["filled"]) == ("0001", REVISION, 3)
    assert run("verify").status == 0
    assert run("verify", "--json").json["applications"] == 3
    owed = {one["number"]: one for one in run("due", "--json").json}
    assert {one["kind"] for one in owed["2026-0001"]["obligations"]} >= {"answer", "third_party_opinion"}
    copy = Path(said["copy"])
    assert copy.parent == folder
    assert copy.stat().st_mode & 0o077 == 0
    assert _dump(copy) == before


def test_a_second_upgrade_has_nothing_to_do(done: Run, folder: Path, old: Path) -> None:
    """A database of the newest version is left as it is, and no copy is made."""
    done("upgrade")
    before, files = _dump(old), sorted(path.name for path in folder.glob("*.db"))

    said = done("upgrade", "--json").json

    assert said == {"from": REVISION, "to": REVISION, "copy": None, "filled": 0, "moved": []}
    assert _dump(old) == before
    assert sorted(path.name for path in folder.glob("*.db")) == files


def test_an_upgrade_that_cannot_end_changes_nothing(run: Run, sql: Run, folder: Path, old: Path) -> None:
    """Where a history cannot be read the database stays what it was, and no copy is left."""
    sql("UPDATE entries SET data = 'x' WHERE entry = 2")
    before = _dump(old)

    refused = run("upgrade", "--json")

    assert (refused.status, refused.error["error"]) == (1, "record_unreadable")
    assert _dump(old) == before
    assert [path.name for path in folder.glob("*.db")] == ["requestflow.db"]


def test_a_database_that_was_cut_off_is_not_upgraded(run: Run, folder: Path, old: Path) -> None:
    """Half a file is named as damaged, as every other command does, and stays as it is."""
    with old.open("ab") as file:
        file.write(b"x")
    before = old.read_bytes()

    refused = run("upgrade", "--json")

    assert (refused.status, refused.error["error"]) == (1, "database_damaged")
    assert old.read_bytes() == before
    assert [path.name for path in folder.glob("*.db")] == ["requestflow.db"]


@pytest.mark.usefixtures("old")
def test_a_newer_database_is_not_touched(run: Run, sql: Run) -> None:
    """A database of a version that this program does not know is refused."""
    sql("UPDATE alembic_version SET version_num = '9999'")

    refused = run("upgrade", "--json")

    assert (refused.status, refused.error["error"]) == (1, "database_revision")


def test_upgrade_says_what_it_did(done: Run, old: Path) -> None:
    """In words: from where to where, and where the copy stands."""
    out = done("upgrade").out

    assert f"0001 升级到 {REVISION}" in out
    assert old.with_name(f"requestflow-before-{REVISION}.db").name in out


@pytest.fixture
def reckoned_otherwise(folder: Path, registered: Run, moved: Run, done: Run, sql: Run) -> str:
    """A database of an older revision, whose version read some things out of the histories otherwise.

    One case was decided before 2024 and served after New Year: that version gave its applicant the
    periods by the day of service. That it was late it did not see, and another case's due date it counted in
    another way.
    """
    served = registered(received="2023-12-04", today="2023-12-04")
    moved(
        served, "accept@2023-12-04", "decide@2023-12-20 --outcome disclosed.provided", today="2023-12-20"
    )
    moved(served, "deliver@2024-01-03", today="2024-01-03")
    running = registered(received="2026-11-02")
    assert done("remind", "--json").json["claimed"] == 5  # three of them annual reports
    sql("DELETE FROM obligations WHERE kind = 'suit'")
    sql("UPDATE obligations SET due = '2024-01-19' WHERE kind = 'review'")
    sql("UPDATE applications SET due = '2026-11-27' WHERE number = ?", running)
    sql("UPDATE applications SET late = 0, lingering = 1 WHERE number = ?", served)
    _back(folder, "0006")
    return running


def test_what_an_older_version_reckoned_otherwise_is_worked_out_anew(
    run: Run, done: Run, reckoned_otherwise: str
) -> None:
    """After `upgrade` rows and limits are those of this version, a moved day is told, `verify` holds."""
    said = done("upgrade", "--json").json

    assert said["filled"] == 2
    assert [(one["number"], one["from"], one["to"]) for one in said["moved"]] == [
        (reckoned_otherwise, "2026-11-27", "2026-11-30")
    ]
    checked = run("verify", "--json")
    assert (checked.status, checked.json["problems"]) == (0, [])
    last = done("show", reckoned_otherwise, "--json").json["history"][-1]
    assert (last["transition"], last["data"]["due_from"], last["data"]["due_to"]) == (
        "recalculate", "2026-11-27", "2026-11-30",
    )  # fmt: skip
    assert done("upgrade", "--json").json["filled"] == 0
    (sent,) = done("remind", "--log", "--json").json
    assert (sent["part"], sent["reminders"]) == (1, 5)


def test_a_moved_day_is_said_on_the_screen(done: Run, reckoned_otherwise: str) -> None:
    """The clerk reads which case has another day now."""
    assert f"{reckoned_otherwise}：期限由 2026-11-27 改为 2026-11-30" in done("upgrade").out


def test_a_row_that_was_changed_past_the_program_is_not_healed(
    run: Run, done: Run, sql: Run, reckoned_otherwise: str
) -> None:
    """What entries say word for word no version reads otherwise: the row stays, and `verify` names it."""
    sql("UPDATE applications SET subject = '改过' WHERE number = ?", reckoned_otherwise)

    assert done("upgrade", "--json").json["moved"] == []

    problems = run("verify", "--json").json["problems"]
    assert [(one["kind"], one["number"]) for one in problems] == [("row_differs", reckoned_otherwise)]
