"""The storage engine: how it is opened, how a transaction begins, and what its faults mean.

The only module that knows which engine lies underneath. Readers see one snapshot; writers begin
immediately, so that nobody reads a number that another is about to take, and wait their turn.
"""

import secrets
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import Connection, Engine, make_url

from requestflow.domain.calendar import KeptCalendar
from requestflow.domain.entries import GENESIS
from requestflow.domain.workflow import Words
from requestflow.errors import NotFound, Refused, RequestflowError
from requestflow.storage.schema import REVISION, offices

_MEANINGS = (
    ("database is locked", "database_busy"),
    ("readonly database", "database_read_only"),
    ("unable to open database", "database_unreachable"),
    ("not a database", "database_damaged"),
    ("malformed", "database_damaged"),
    ("disk i/o error", "database_damaged"),
    ("database or disk is full", "disk_full"),
    ("no such table", "database_not_initialised"),
)
# What a server says, by the first signs of its SQLSTATE: its words come in the server's language.
_STATES = (
    ("55P03", "database_busy"),  # waited for a lock in vain
    ("40", "database_busy"),  # a deadlock, or two that cannot both be
    ("42P01", "database_not_initialised"),
    ("25006", "database_read_only"),
    ("42501", "database_read_only"),
    ("53100", "disk_full"),
    ("53", "database_unreachable"),  # too many connections
    ("08", "database_unreachable"),
    ("28", "database_unreachable"),  # nobody of that name, or another password
    ("3D", "database_unreachable"),  # no such database
    ("57P", "database_unreachable"),  # shutting down, or starting
    ("XX", "database_damaged"),
)
_INIT = 0x7265717565737466  # the lock under which tables are made on a server: "requestf"


_READING, _WRITING = "DEFERRED", "IMMEDIATE"  # how a transaction begins

_CUT_OFF = Words("文件不完整", "cut off")
_LEAST_PAGE = 512  # a database file is whole pages; what is not was cut off


@dataclass(frozen=True, slots=True)
class Session:
    """A transaction in an office's part of the database.

    `calendar` is the calendar that the copies of dates go by, None where that is not known; `entries` is
    how much the office had recorded when the transaction began.
    """

    connection: Connection
    office_id: int
    calendar: KeptCalendar | None = None
    entries: int = 0

    def commit(self) -> None:
        """Makes everything durable; without it, leaving the block undoes all."""
        self.connection.commit()


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A transaction in a database that has just been brought to the newest revision."""

    session: Session
    found: str
    copy: Path | None


def _revision(connection: Connection) -> str | None:
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _names(stem: Path, suffix: str) -> Iterator[Path]:
    """Names beside one another: the stem alone, then with 2, 3 and so on after it."""
    yield stem.with_name(stem.name + suffix)
    for number in count(2):
        yield stem.with_name(f"{stem.name}-{number}{suffix}")


def _meaning(error: exc.DBAPIError, place: str) -> RequestflowError:
    text = str(error.orig)
    code = next((code for part, code in _MEANINGS if part in text.lower()), "database_fault")
    if hasattr(error.orig, "sqlstate"):
        state = getattr(error.orig, "sqlstate", None) or "08"  # no answer at all
        code = next((code for begin, code in _STATES if state.startswith(begin)), "database_fault")
    return Refused(code, place=place, problem=" ".join(text.split()))


@contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except exc.IntegrityError as error:
        raise Refused("written_meanwhile", problem=str(error.orig)) from error
    except exc.DBAPIError as error:
        raise _meaning(error, place) from error
    except UnicodeDecodeError as error:
        raise Refused("database_damaged", place=place, problem=str(error)) from error


def _file_of(url: sa.URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    if url.database.startswith("file:"):
        return Path(unquote(url.database.removeprefix("file:")))
    return Path(url.database)


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _on_begin(connection: Connection) -> None:
    how = connection.get_execution_options().get("begin", _READING)
    connection.exec_driver_sql(f"BEGIN {how}")


# what SQLAlchemy says to an address that is none, or has options that its driver does not take
_NO_ADDRESS = (
    exc.ArgumentError, exc.NoSuchModuleError, exc.SAWarning, ValueError, TypeError,
)  # fmt: skip


def _hidden(address: str) -> str:
    """An address as it may be printed: without what stands before the host."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def _server(url: sa.URL, patience: int) -> Engine:
    """An engine for a server: a lock is waited for as long as the office has patience, in UTC.

    No connection is kept between transactions: a watch outlives a server that was restarted at night,
    and a command ends without one left open.
    """
    engine = sa.create_engine(
        url, connect_args={"connect_timeout": patience}, poolclass=sa.pool.NullPool
    )

    def on_connect(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{patience:d}s'")
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    event.listen(engine, "connect", on_connect)
    return engine


def _engine(address: str, patience: int) -> Engine:
    try:
        url = make_url(address)
        if url.get_backend_name() != "sqlite":
            return _server(url, patience)
        with warnings.catch_warnings(action="error", category=exc.SAWarning):
            engine = sa.create_engine(url, connect_args={"timeout": patience})
    except ModuleNotFoundError as error:
        code = "driver_missing" if error.name == "psycopg" else "bad_database_url"
        raise Refused(code, url=_hidden(address), module=error.name) from None
    except _NO_ADDRESS:
        raise Refused("bad_database_url", url=_hidden(address)) from None
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _founding(office: str) -> sa.Insert:
    return sa.insert(offices).values(name=office, sequence=0, digest=GENESIS)


class Database:
    """One database; an office's rows are found by its name.

    Args:
        address: an SQLAlchemy URL.
        patience: seconds to wait for another writer.
    """

    def __init__(self, address: str, patience: int) -> None:
        self._engine = _engine(address, patience)
        self._file = _file_of(self._engine.url)
        self.place = str(self._file or _hidden(address))

    def exists(self) -> bool:
        """Whether there is a database at all (a server is asked only when it is opened)."""
        return self._file is None or self._file.exists()

    def create(self, office: str) -> None:
        """Makes the tables by way of the migrations, and the office's row.

        On a server, tables that are there are brought up to date, and other offices left alone.

        Raises:
            Refused: there is a database already, the office is at work on that server, or the place
                cannot be written.
        """
        from requestflow.storage.migrations.run import migrate

        if self._file is not None:
            if self._file.exists():
                raise Refused("database_exists", place=str(self._file))
            self._file.parent.mkdir(parents=True, exist_ok=True)
        with _explained(self.place), self._engine.connect() as connection:
            if self._file is None:
                self._join(connection, office)
            else:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                migrate(connection)
                connection.execute(_founding(office))
            connection.commit()
        self._engine.dispose()

    def _join(self, connection: Connection, office: str) -> None:
        """Makes the tables of a server unless another office has, and the office's row.

        An office without a single entry is one whose `init` did not come to its end; it is taken up.
        """
        from requestflow.storage.migrations.run import migrate

        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_INIT)))
        migrate(connection)
        found = connection.execute(
            sa.select(offices.c.sequence).where(offices.c.name == office)
        ).scalar()
        if found:
            raise Refused("office_on_server", office=office, place=self.place)
        if found is None:
            connection.execute(_founding(office))

    def _open(self, connection: Connection, office: str) -> Session:
        found = _revision(connection)
        if found != REVISION:
            older = found is not None and found < REVISION
            code = "database_outdated" if older else "database_revision"
            raise Refused(code, found=found, needed=REVISION, place=self.place)
        return self._session(connection, office)

    def _session(self, connection: Connection, office: str) -> Session:
        wanted = sa.select(offices.c.id, offices.c.calendar, offices.c.sequence)
        row = connection.execute(wanted.where(offices.c.name == office)).one_or_none()
        if row is None:
            names = connection.execute(sa.select(offices.c.name)).scalars().all()
            raise NotFound("office_unknown", office=office, known=list(names))
        kept = None if row.calendar is None else KeptCalendar.read(str(row.calendar))
        return Session(connection, row.id, kept, row.sequence)

    def _check_whole(self) -> None:
        """Refuses a database that is not there, or was cut off."""
        if not self.exists():
            raise NotFound("database_missing", place=str(self._file))
        if self._file is not None and self._file.stat().st_size % _LEAST_PAGE:
            raise Refused("database_damaged", place=self.place, problem=_CUT_OFF)

    @contextmanager
    def _begun(self, office: str, how: str) -> Iterator[Session]:
        self._check_whole()
        with _explained(self.place), self._connected(how) as connection:
            yield self._open(connection, office)

    @contextmanager
    def upgrading(self, office: str) -> Iterator[Upgrade]:
        """A transaction in which a database has come to the newest revision; undone unless committed.

        A file that has to change is copied first, consistently, to a new file beside it.

        Raises:
            NotFound: no database, no such office in it.
            Refused: of a newer revision, busy, damaged, unreachable, or its folder is full or closed.
        """
        self._check_whole()
        with _explained(self.place), self._connected("IMMEDIATE") as connection:
            found = _revision(connection)
            if found is None or found > REVISION:
                raise Refused("database_revision", found=found, needed=REVISION, place=self.place)
            copy = self._copied() if found < REVISION else None
            try:
                if found < REVISION:
                    from requestflow.storage.migrations.run import migrate

                    migrate(connection)
                yield Upgrade(self._session(connection, office), found, copy)
            except BaseException:
                if copy is not None:
                    copy.unlink(missing_ok=True)
                raise

    def _copied(self) -> Path | None:
        """A copy of the database as it is now, beside it; None for a server, which has its own means.

        By a connection of its own, which reads while the caller's transaction keeps writers out.
        """
        if self._file is None:
            return None
        name = f"{self._file.stem}-before-{REVISION}"
        place = next(p for p in _names(self._file.with_name(name), self._file.suffix) if not p.exists())
        try:
            place.touch(mode=0o600)
            with (
                closing(sqlite3.connect(self._file)) as source,
                closing(sqlite3.connect(place)) as target,
            ):
                source.backup(target)
        except (OSError, sqlite3.Error) as error:
            place.unlink(missing_ok=True)
            raise Refused("file_unwritable", file=str(place), reason=str(error)) from error
        return place

    def _connected(self, how: str) -> Connection:
        options: dict[str, Any] = {"begin": how}
        if self._file is None:  # one snapshot for a reader; a writer sees what was committed before it
            level = "REPEATABLE READ" if how == _READING else "READ COMMITTED"
            options = {"isolation_level": level, "postgresql_readonly": how == _READING}
        try:
            return self._engine.execution_options(**options).connect()
        except (TypeError, ValueError):  # an option that the driver does not take
            raise Refused("bad_database_url", url=self.place) from None

    @contextmanager
    def reading(self, office: str) -> Iterator[Session]:
        """A snapshot to read from.

        Raises:
            NotFound: no database, no such office in it.
            Refused: busy, damaged, unreachable, or of another revision.
        """
        with self._begun(office, _READING) as session:
            yield session

    @contextmanager
    def writing(self, office: str) -> Iterator[Session]:
        """A transaction that writes; undone unless `commit` is called.

        Raises:
            NotFound, Refused: as for `reading`; read-only; `written_meanwhile`.
        """
        with self._begun(office, _WRITING) as session:
            head = sa.select(offices.c.id).where(offices.c.id == session.office_id)
            session.connection.execute(head.with_for_update())
            yield session


def salt() -> str:
    """A fresh salt for a personal part: what keeps a digest from being guessed."""
    return secrets.token_hex(16)
