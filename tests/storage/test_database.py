"""The database itself: what is kept, how it comes back, and what is refused with which code."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from requestflow.bootstrap import open_office
from requestflow.domain.entries import GENESIS, chained_digest
from requestflow.domain.evaluation import openings
from requestflow.domain.tables import Period
from requestflow.errors import NotFound, Refused, RequestflowError, WrongUsage
from requestflow.services import casework
from requestflow.services.intake import Registration, register
from requestflow.services.office import Office
from requestflow.services.processing import Step, Wish, amend, transition, void
from requestflow.services.verification import verify
from requestflow.storage import figures, ledger, registry, series
from requestflow.storage.database import Database
from requestflow.storage.ledger import Addition
from requestflow.storage.reading import fetched, json_object, texts
from requestflow.storage.registry import Filter

RECEIVED = date(2026, 7, 1)
ASKED = date(2026, 7, 6)
NAME = "示例县发展和改革局"
SERIES = series.APPLICATIONS


def registered(office: Office, received: date = RECEIVED, **more: object) -> str:
    """Registers an application and gives its number."""
    wanted = Registration("natural_person", "post", received, "预算", {"name": "张三"})
    return register(office, replace(wanted, **more)).case.application.number


def append_again(office: Office, number: str) -> None:
    """Writes entry 1 of an application a second time, past every check."""
    with office.writing() as session:
        key, case = casework.load(office, session, number)
        ledger.append(session, [Addition(key, number, case.history[0])])


def address(path: Path) -> str:
    """The address of a database file."""
    return f"sqlite:///{path}"


def dumped(office: Office) -> list[str]:
    """The whole database as text, every byte of every row."""
    with closing(sqlite3.connect(office.settings.folder / "requestflow.db")) as connection:
        return list(connection.iterdump())


# Moments


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 7, 1, 1, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=8))),
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_moment_comes_back_aware_and_in_utc(office: Office, moment: datetime) -> None:
    """A moment is kept to its microsecond and comes back as UTC, whatever zone it was given in."""
    number = registered(office)
    with office.writing() as session:
        key, case = casework.load(office, session, number)
        entry = replace(case.history[0], number=2, transition="accept", recorded_at=moment)
        ledger.append(session, [Addition(key, number, entry)])
        found = ledger.history(session, key)[-1]
    assert (found.recorded_at, found.recorded_at.tzinfo) == (moment, UTC)


# Series


def test_a_series_has_no_gap_and_begins_anew_each_year(office: Office) -> None:
    """Numbers follow one another within the year of receipt; each year has its own."""
    days = [date(2026, 3, 2), date(2025, 12, 31), date(2026, 1, 5), date(2026, 3, 3)]
    assert [registered(office, day) for day in days] == [
        "2026-0001", "2025-0001", "2026-0002", "2026-0003",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "failing", [{"kind": "alien"}, {"subject": " "}, {"received": date(2027, 1, 1)}]
)
def test_a_refused_registration_takes_no_number(office: Office, failing: dict[str, object]) -> None:
    """What is not registered leaves the series where it was."""
    registered(office)
    with pytest.raises(RequestflowError):
        registered(office, **failing)  # type: ignore[arg-type]
    assert registered(office) == "2026-0002"


def test_a_transaction_that_is_not_committed_takes_no_number(office: Office) -> None:
    """A number belongs to the transaction that takes it, and is given back with it."""
    with office.writing() as session:
        series.advance(session, SERIES, 2026, 7)
    with office.reading() as session:
        assert series.last(session, SERIES, 2026) == 0


def test_a_series_never_goes_back(office: Office) -> None:
    """A series moves on to a higher number, and stays where a lower one is named."""
    with office.writing() as session:
        for to, last in ((3, 3), (7, 7), (5, 7), (8, 8)):
            series.advance(session, SERIES, 2026, to)
            assert series.last(session, SERIES, 2026) == last
        assert series.last(session, SERIES, 2025) == 0
        assert series.last(session, "letters", 2026) == 0


def test_a_given_number_moves_the_series_on(office: Office) -> None:
    """After a number that the clerk gave, the series goes on behind it."""
    assert registered(office, number="2026-0005") == "2026-0005"
    assert registered(office) == "2026-0006"
    assert registered(office, number="2026-0002") == "2026-0002"
    assert registered(office) == "2026-0007"


def test_a_voided_number_stays_taken(office: Office) -> None:
    """The number of a registration that was a mistake is not given again."""
    number = registered(office)
    void(office, number, "误登", None)
    assert registered(office) == "2026-0002"
    with pytest.raises(Refused) as refused:
        registered(office, number=number)
    assert refused.value.code == "number_taken"


# Opening


def test_a_missing_database_is_not_made_by_looking(tmp_path: Path) -> None:
    """Reading where there is no database says so, and leaves no file behind."""
    path = tmp_path / "requestflow.db"
    database = Database(address(path), 1)
    for how in (database.reading, database.writing):
        with pytest.raises(NotFound) as missing, how(NAME):
            pass
        assert (missing.value.code, missing.value.facts["place"]) == ("database_missing", str(path))
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "database_not_initialised"),
        (b"no database at all, but a letter " * 40, "database_damaged"),
        (b"SQLite format 3\x00" + b"\xff" * 4096, "database_damaged"),
    ],
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """An empty file has not been initialised, any other content is damage; it stays as it is."""
    path = tmp_path / "requestflow.db"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused, Database(address(path), 1).reading(NAME):
        pass
    assert refused.value.code == code
    assert path.read_bytes() == content


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """Where the address leads to a folder, the database cannot be reached."""
    with pytest.raises(Refused) as refused, Database(address(tmp_path), 1).reading(NAME):
        pass
    assert refused.value.code == "database_unreachable"


@pytest.mark.parametrize("revision", ["0000", "9999", None])
def test_a_database_of_another_revision_is_refused(office: Office, revision: str | None) -> None:
    """A database older or newer than the program, or of no revision, is neither read nor written."""
    with closing(sqlite3.connect(office.settings.folder / "requestflow.db")) as connection:
        connection.execute("DELETE FROM alembic_version")
        if revision is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", [revision])
        connection.commit()
    for how in (office.reading, office.writing):
        with pytest.raises(Refused) as refused, how():
            pass
        code = "database_outdated" if revision == "0000" else "database_revision"
        assert (refused.value.code, refused.value.facts["found"]) == (code, revision)


def test_another_offices_name_is_not_found(office: Office) -> None:
    """An office that the database has not is named, with those it has."""
    with pytest.raises(NotFound) as missing, office.database.reading("别的局"):
        pass
    assert (missing.value.code, missing.value.facts["known"]) == ("office_unknown", [NAME])


def test_a_database_is_not_made_twice(office: Office) -> None:
    """Where there is a database, none is made."""
    before = dumped(office)
    with pytest.raises(Refused) as refused:
        office.database.create("别的局")
    assert refused.value.code == "database_exists"
    assert dumped(office) == before


@pytest.mark.parametrize("text", ["", "nonsense", "oracle://x", "mysql+none://x"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    """An address that no driver takes is refused as soon as it is read."""
    with pytest.raises(Refused) as refused:
        Database(text, 1)
    assert refused.value.code == "bad_database_url"


def test_a_second_writer_waits_its_turn_and_is_told(office: Office) -> None:
    """While one writes, another waits as long as the office is patient, and is then refused."""
    impatient = Database(office.settings.database_url, 1)
    with office.writing():
        with pytest.raises(Refused) as refused, impatient.writing(NAME):
            pass
        assert refused.value.code == "database_busy"
        with impatient.reading(NAME) as session:  # reading goes on
            assert ledger.head(session) == (0, GENESIS)


def test_what_another_has_written_meanwhile_is_refused(office: Office) -> None:
    """Two entries of one number cannot stand in a history: the second is refused, nothing is written."""
    number = registered(office)
    before = dumped(office)
    with pytest.raises(Refused) as refused:
        append_again(office, number)
    assert refused.value.code == "written_meanwhile"
    assert dumped(office) == before


def test_a_reader_sees_one_snapshot(office: Office) -> None:
    """What is written while somebody reads is seen by the next reader, not by this one."""
    with office.reading() as session:
        assert registry.select(session, Filter()) == []
        registered(open_office(office.settings.path, office.today()))
        assert registry.select(session, Filter()) == []
    with office.reading() as session:
        assert len(registry.select(session, Filter())) == 1


# The chain


def test_the_chain_is_the_one_that_the_domain_reckons(office: Office) -> None:
    """Each link's digest is worked out from the one before it, the head is the last link's."""
    for _turn in range(3):
        number = registered(office)
        transition(office, number, Step("accept", {}, on=date(2026, 7, 2)))
    previous = GENESIS
    with office.reading() as session:
        for place, link in enumerate(ledger.chain(session), start=1):
            assert link.sequence == place
            previous = chained_digest(previous, place, link.number, link.entry, link.personal_digest)
            assert link.digest == previous
        assert ledger.head(session) == (6, previous)


def test_two_offices_of_one_database_keep_to_themselves(office: Office, folder: Path) -> None:
    """Offices that share a database have their own series, chain, lists and figures."""
    with closing(sqlite3.connect(folder / "requestflow.db")) as connection:
        connection.execute(
            "INSERT INTO offices (name, sequence, digest) VALUES ('别的局', 0, ?)", [GENESIS]
        )
        connection.commit()
    config = folder / "other.toml"
    config.write_text((folder / "config.toml").read_text("utf-8").replace(NAME, "别的局"), "utf-8")
    other = open_office(config, office.today())
    assert (registered(office), registered(other), registered(office)) == (
        "2026-0001", "2026-0001", "2026-0002",
    )  # fmt: skip
    transition(other, "2026-0001", Step("accept", {}, on=date(2026, 7, 2)))
    for mine, applications, entries in ((office, 2, 2), (other, 1, 2)):
        verdict = verify(mine)
        assert (verdict.applications, verdict.entries, verdict.problems) == (applications, entries, [])
        with mine.reading() as session:
            assert len(registry.select(session, Filter())) == applications
            counts = figures.count(session, Period(date(2026, 1, 1), date(2026, 12, 31)))
            assert counts.new["natural_person"] == applications
    with pytest.raises(NotFound):
        transition(other, "2026-0002", Step("accept", {}, on=date(2026, 7, 2)))


# Refusals


STATES: dict[str, tuple[tuple[str, date, dict[str, str]], ...]] = {
    "received": (),
    "under_review": (("accept", ASKED, {}),),
    "awaiting_correction": (("accept", ASKED, {}), ("request_correction", ASKED, {})),
    "consulting": (("accept", ASKED, {}), ("consult_third_party", ASKED, {"party": "甲公司"})),
    "awaiting_reasons": (("accept", ASKED, {}), ("request_reasons", ASKED, {})),
    "awaiting_payment": (("accept", ASKED, {}), ("charge_fee", ASKED, {})),
    "decided": (("accept", ASKED, {}), ("decide", ASKED, {"outcome": "partial"})),
    "closed": (("withdraw", ASKED, {}),),
}


@pytest.mark.parametrize("state", STATES)
def test_a_refused_step_changes_no_byte_of_the_database(office: Office, state: str) -> None:
    """Whatever is refused in whatever state, the database is the same afterwards, byte for byte."""
    number = registered(office)
    for name, on, facts in STATES[state]:
        transition(office, number, Step(name, facts, on=on))
    case = casework.read(office, number)
    assert case.standing.state == state
    before = dumped(office)
    closed = [o for o in openings(case, ASKED, office.engine, frozenset({"clerk"})) if o.refused]
    assert len(closed) > 8
    for opening in closed:
        with pytest.raises((Refused, WrongUsage)):
            transition(office, number, Step(opening.act.name, {}, on=ASKED))
        assert dumped(office) == before, opening.act.name


def _refused_corrections(number: str) -> Iterator[Wish]:
    yield Wish(9, {"on": "2026-07-06"}, "没有这条")
    yield Wish(1, {}, "登记不能删去", struck=True)
    yield Wish(1, {"received": "2026-07-07"}, "晚于后来的步骤")
    yield Wish(2, {"colour": "red"}, "没有这一事项")
    yield Wish(3, {"outcome": "not_handled.excessive"}, "没有说明理由")
    yield Wish(3, {"outcome": "not_handled.repeat", "earlier": number}, "不能是自己")
    yield Wish(3, {"outcome": "partial"}, " ")


def test_a_refused_correction_changes_no_byte_of_the_database(office: Office) -> None:
    """A correction that is refused leaves entries, row and chain as they were."""
    number = registered(office)
    for name, on, facts in STATES["decided"]:
        transition(office, number, Step(name, facts, on=on))
    before = dumped(office)
    for wish in _refused_corrections(number):
        with pytest.raises(RequestflowError):
            amend(office, number, wish)
        assert dumped(office) == before, wish.reason


# What no program could have written


def test_a_record_that_makes_no_sense_is_refused() -> None:
    """A stored value that is not what its column says is refused with the application's number."""

    def failing() -> Iterator[object]:
        yield 1
        raise ValueError("no date")

    with pytest.raises(Refused) as refused:
        list(fetched(failing()))
    assert refused.value.code == "record_unreadable"
    texts("1", None, "a")
    for wrong in (
        lambda: texts("2026-0001", "a", 1),
        lambda: json_object("2026-0001", "{"),
        lambda: json_object("2026-0001", "[1]"),
        lambda: json_object("2026-0001", "[" * 100_000),
        lambda: json_object("2026-0001", None),  # type: ignore[arg-type]
    ):
        with pytest.raises(Refused) as refused:
            wrong()
        assert (refused.value.code, refused.value.facts["number"]) == ("record_unreadable", "2026-0001")
    assert json_object("2026-0001", '{"a":1}') == {"a": 1}
